/* guard.h: what is refused before a handler runs.
 *
 * libmicrohttpd 0.9.75 takes requests that two parsers may cut in different places (Request
 * smuggling: RFC 9112 §11.2): Content-Length beside Transfer-Encoding, two Content-Lengths,
 * NUL, bare LF and folded lines in the header. Each of these is answered once, and the
 * connection is closed, since nobody can say where the next request would begin. */
#ifndef ASKFIRST_INTAKE_HTTP_GUARD_H
#define ASKFIRST_INTAKE_HTTP_GUARD_H

#include "intake/http/router.h"

/* Where libmicrohttpd left the pieces of a request's header, all in one block of memory. */
struct head_layout {
    const char *method, *target, *version; /* each ends with a NUL */
    size_t target_len;                     /* when it was first seen, before it was cut */
    size_t head_bytes;                     /* from the method to the end of the blank line */
};

/* NULL, or the kind of problem with its sentence in `err`. The connection must be closed. */

/* The lines of the header follow each other exactly as "NAME:VALUE CR LF" would: nothing is
 * hidden between them (a NUL, a bare LF, a folded line, a second blank). */
const struct problem_kind *guard_layout(const struct head_layout *layout,
                                        const struct pairs *headers, struct error *err);

/* Names are tokens, values without control characters, Host is there once and sane, framing
 * is one Content-Length or one "chunked" and not both. `authority`: of an absolute-form
 * target, or BYTES_NONE. */
const struct problem_kind *guard_head(const struct request *req, const char *version,
                                      struct bytes authority, struct error *err);

/* What the body claims against what the route takes: length, limit, type. */
const struct problem_kind *guard_body(const struct request *req, struct error *err);

/* The one Content-Length, or `absent`. After guard_head. */
uint64_t guard_content_length(const struct request *req, uint64_t absent);

#endif
