/* sending.h: a body with files as it comes from HTTP: one file that is the whole body, or a form of
 * fields and files (http/multipart.h). Its memory is the same however long the files are; until
 * sending_end says so, nothing of it is kept, and a client that goes away leaves nothing. */
#ifndef ASKFIRST_INTAKE_ATTACHMENT_SENDING_H
#define ASKFIRST_INTAKE_ATTACHMENT_SENDING_H

#include "data/base/arena.h"
#include "data/base/json.h"
#include "data/base/limits.h"
#include "intake/http/pairs.h"

struct sending;

struct sending_options {
    const char *dir;           /* the data folder */
    struct bytes content_type; /* of the request: multipart/form-data, or anything else */
    struct bytes disposition;  /* its Content-Disposition, or empty */
    struct bytes name;         /* what the file is called, when that is said elsewhere; or empty */
    uint64_t bytes;            /* of the body, as declared; 0: unknown */
};

/* A request's body that may have files: those of one post, their forms' fields and delimiters. */
#define SENDING_BYTES_MAX                                                                          \
    ((size_t)ATTACHMENTS_A_POST_MAX * ATTACHMENT_BYTES_MAX + HTTP_BODY_TICKET_MAX)

enum status sending_new(const struct sending_options *options, struct sending **out,
                        struct error *err) MUST_USE;
/* AF_INVALID, AF_TOO_LARGE (they name the field), AF_FULL, AF_IO. After a refusal nothing more
 * may be taken. */
enum status sending_take(struct sending *sending, struct bytes piece, struct error *err) MUST_USE;
/* Every file is looked at first; when all are taken they are put on the disk. */
enum status sending_end(struct sending *sending, struct error *err) MUST_USE;

/* After sending_end: [{"name","type","bytes","hash"}, …]; NULL when no file came. Owned by it. */
const json_t *sending_files(const struct sending *sending);
/* A field of the form; {NULL, 0} when it had none of that name. UTF-8 without NUL. */
struct bytes sending_field(const struct sending *sending, const char *name);

/* All of them. */
struct pairs sending_fields(const struct sending *sending);

void sending_free(struct sending *sending); /* accepts NULL */

#endif
