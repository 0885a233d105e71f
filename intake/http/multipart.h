/* multipart.h: multipart/form-data (RFC 7578, RFC 2046 §5.1), read as it comes: what a page's form
 * with files sends without script. Never more than one part's header is held, and what of its
 * content may be the beginning of a delimiter.
 *
 *   --BOUNDARY CRLF
 *   Content-Disposition: form-data; name="…"[; filename="…"] CRLF
 *   [Content-Type: …  CRLF] CRLF
 *   content CRLF
 *   --BOUNDARY-- [CRLF]
 *
 * Stricter than the RFC, as browsers are: nothing before the first delimiter or after the last,
 * no blanks after a boundary, no transfer encoding, no part without a name. Not libmicrohttpd's
 * MHD_PostProcessor: its reading of boundaries had CVE-2023-27371, and it is lenient. */
#ifndef ASKFIRST_INTAKE_HTTP_MULTIPART_H
#define ASKFIRST_INTAKE_HTTP_MULTIPART_H

#include "intake/http/disposition.h"

/* Called in this order for each part; `data` any number of times. What they answer ends the
 * reading. `part` is borrowed until begin returns. */
struct multipart_sink {
    enum status (*begin)(void *context, const struct disposition *part, struct error *err);
    enum status (*data)(void *context, struct bytes piece, struct error *err);
    enum status (*end)(void *context, struct error *err);
    void *context;
};

struct multipart;

/* AF_INVALID: the type is another, or its boundary is none. `sink` is copied. */
enum status multipart_new(struct bytes content_type, const struct multipart_sink *sink,
                          struct multipart **out, struct error *err) MUST_USE;
/* AF_INVALID: malformed; AF_TOO_LARGE: too many parts, or the header of one too long. After a
 * refusal nothing more may be fed. */
enum status multipart_feed(struct multipart *multipart, struct bytes piece,
                           struct error *err) MUST_USE;
/* Was the last delimiter there? */
enum status multipart_finish(const struct multipart *multipart, struct error *err) MUST_USE;
void multipart_free(struct multipart *multipart); /* accepts NULL */

#endif
