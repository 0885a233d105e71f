/* upload.h: one file on its way in, from its first byte to a blob with a type and a clean name.
 *
 *   upload_begin ── is there room?          (data/blob.h)
 *   upload_take  ── written and looked at   (sniff.h)
 *   upload_end   ── is it of a type that is taken? then on the disk for good
 *
 * Taken is everything but programs, by their bytes or by an ending that Windows runs: support desks
 * need logs, pictures, configurations, captures and dumps of any make. Nothing is looked for
 * inside: no virus scanner, and an archive may hold anything. */
#ifndef ASKFIRST_INTAKE_ATTACHMENT_UPLOAD_H
#define ASKFIRST_INTAKE_ATTACHMENT_UPLOAD_H

#include "data/base/hash.h"
#include "data/base/json.h"
#include "data/base/limits.h"
#include "intake/attachment/sniff.h"

struct upload; /* belongs to one request */

struct uploaded {
    struct digest hash;
    uint64_t bytes;
    const struct file_type *type;
    char name[FILE_NAME_BYTES_MAX + 1]; /* clean */
};

/* DIR is the data folder. `field` names it in sentences and outlives it; `name` is as its sender
 * called it, any bytes, or empty; `bytes` as declared, 0 when unknown. AF_TOO_LARGE, AF_FULL. */
enum status upload_begin(const char *dir, const char *field, struct bytes name, uint64_t bytes,
                         struct upload **out, struct error *err) MUST_USE;
/* AF_TOO_LARGE past ATTACHMENT_BYTES_MAX; AF_FULL, AF_IO. */
enum status upload_take(struct upload *upload, struct bytes piece, struct error *err) MUST_USE;
/* Would it be taken, now that all of it is there? AF_INVALID: it is empty, or a program. */
enum status upload_check(const struct upload *upload, struct error *err) MUST_USE;
/* Checks, and puts it on the disk. The upload is gone in either case, and of one that was refused
 * nothing is left. */
enum status upload_end(struct upload *upload, struct uploaded *out, struct error *err) MUST_USE;
void upload_abort(struct upload *upload); /* leaves nothing; accepts NULL */

/* {"name","type","bytes","hash"}, as commands have it (ticket_files.h). NULL without memory. */
json_t *uploaded_json(const struct uploaded *file);

#endif
