/* problem.h: what goes wrong, as RFC 9457 wants it said: a stable type, a code, a title.
 *
 * A kind is static and const. Its type URI is "/problems/" and its name; the server answers
 * that address with the kind itself, so that a type can be looked up. The layer's own kinds
 * are here; an application adds a table of its own to the server's options. */
#ifndef ASKFIRST_INTAKE_HTTP_PROBLEM_H
#define ASKFIRST_INTAKE_HTTP_PROBLEM_H

#include "data/base/json.h"

#define PROBLEM_PATH "/problems/"

struct problem_kind {
    const char *name;    /* "not-found": for programs, never changes */
    unsigned code;       /* the HTTP status */
    const char *title;   /* "Not found": for people, the same each time */
    const char *meaning; /* one or two sentences: when it comes and what to do */
};

/* One problem that happened. */
struct problem {
    const struct problem_kind *kind;
    const char *detail;   /* the sentence of struct error */
    const char *instance; /* path of the request */
    const char *request_id;
    const json_t *extra; /* members beside the standard ones, or NULL */
};

extern const struct problem_kind PROBLEM_MALFORMED;       /* 400 */
extern const struct problem_kind PROBLEM_SIGN_IN;         /* 401 */
extern const struct problem_kind PROBLEM_DENIED;          /* 403 */
extern const struct problem_kind PROBLEM_NOT_FOUND;       /* 404 */
extern const struct problem_kind PROBLEM_METHOD;          /* 405 */
extern const struct problem_kind PROBLEM_CONFLICT;        /* 409 */
extern const struct problem_kind PROBLEM_LENGTH_REQUIRED; /* 411 */
extern const struct problem_kind PROBLEM_CHANGED;         /* 412, If-Match */
extern const struct problem_kind PROBLEM_TOO_LARGE;       /* 413 */
extern const struct problem_kind PROBLEM_MEDIA_TYPE;      /* 415 */
extern const struct problem_kind PROBLEM_RANGE;           /* 416 */
extern const struct problem_kind PROBLEM_INVALID;         /* 422 */
extern const struct problem_kind PROBLEM_PRECONDITION;    /* 428, If-Match is missing */
extern const struct problem_kind PROBLEM_RATE;            /* 429 */
extern const struct problem_kind PROBLEM_HEADER_LARGE;    /* 431 */
extern const struct problem_kind PROBLEM_INTERNAL;        /* 500 */
extern const struct problem_kind PROBLEM_NOT_IMPLEMENTED; /* 501, unknown transfer coding */
extern const struct problem_kind PROBLEM_BUSY;            /* 503 */
extern const struct problem_kind PROBLEM_FULL;            /* 507 */

/* The kind that a handler's failing status becomes by itself. Never for AF_OK. */
const struct problem_kind *problem_of_status(enum status status);

/* The kind of that name, among the layer's own and then `more`; NULL when there is none. */
const struct problem_kind *problem_find(const struct problem_kind *more, size_t more_count,
                                        struct bytes name);

/* application/problem+json. */
enum status problem_write(const struct problem *problem, struct buf *out,
                          struct error *err) MUST_USE;

#endif
