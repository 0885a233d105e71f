/* asset.h: the style sheet, the script and the icon: files of this folder, put into the program
 * by embed.sh as they are, by gzip and by brotli.
 *
 * The address holds a hash of the content, so a browser keeps a file for ever and a new build is
 * seen at once. */
#ifndef ASKFIRST_INTAKE_WEB_ASSET_H
#define ASKFIRST_INTAKE_WEB_ASSET_H

#include "intake/http/reply.h"
#include "intake/http/request.h"

enum asset_coding { ASSET_PLAIN, ASSET_GZIP, ASSET_BROTLI, ASSET_CODINGS };

struct asset {
    const char *name, *hash, *type;
    struct {
        const uint8_t *begin, *end;
    } coded[ASSET_CODINGS];
};
extern const struct asset asset_table[]; /* ended by a NULL name */

/* "/a/HASH/NAME"; the name must be one of ours. */
const char *asset_url(const char *name);

/* GET /a/{hash}/{name} */
enum status asset_get(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
