/* request.h: one HTTP request as a handler sees it: complete, decoded, inside its limits.
 *
 * A handler runs once, when the whole body is there. Every bytes and pointer reached from a
 * request is borrowed from it and is good until the reply has been sent; so is memory from
 * its arena, which is the place for all that a handler builds. Nothing is to be freed.
 * Texts from path and query are valid UTF-8 without NUL and end with a NUL that does not
 * count; header values hold no control character but the tab; the body is any bytes. */
#ifndef ASKFIRST_INTAKE_HTTP_REQUEST_H
#define ASKFIRST_INTAKE_HTTP_REQUEST_H

#include "data/base/hash.h"
#include "data/base/json.h"
#include "intake/http/pairs.h"

#include <netinet/in.h>

enum http_method {
    METHOD_OTHER, /* known to nobody here */
    METHOD_GET,   /* also stands in a route for HEAD */
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_COUNT
};

struct route;
struct reply;

struct request {
    struct arena *arena; /* HTTP_REQUEST_ARENA_BYTES at most */
    enum http_method method;
    const struct route *route;   /* NULL while and when none is found */
    struct bytes path;           /* decoded, without query; begins with '/' */
    struct bytes path_raw;       /* as it came; what the router cuts at '/' */
    struct pairs params;         /* "{id}" of the pattern and what stands there */
    struct pairs query;          /* decoded */
    struct pairs headers;        /* as they came; duplicates are kept */
    struct buf body;             /* at most the route's limit */
    void *taken;                 /* of the route's taker (router.h) */
    char peer[INET6_ADDRSTRLEN]; /* who is connected, as text; perhaps a proxy */
    char id[ID_HEX_BYTES];       /* X-Request-Id, also in the log */
    bool is_stopping;            /* the server is going down: long work should not begin */
    json_t *json;                /* of request_json; owned here */
};

/* Path parameter of a route's pattern; asking for one that the pattern lacks is our mistake. */
struct bytes request_param(const struct request *req, const char *name);

/* Query parameter, the first of that name; {NULL, 0} when absent, {"", 0} when empty. */
struct bytes request_query(const struct request *req, const char *name);

/* Query parameter as a whole number; `absent` when it is not there. AF_INVALID names it. */
enum status request_query_u64(const struct request *req, const char *name, uint64_t min,
                              uint64_t max, uint64_t absent, uint64_t *out,
                              struct error *err) MUST_USE;

/* Header by name in any case; {NULL, 0} when absent. Blanks around it are gone. */
struct bytes request_header(const struct request *req, const char *name);

/* One cookie of the Cookie header (RFC 6265 §5.4); {NULL, 0} when absent. */
struct bytes request_cookie(const struct request *req, const char *name);

/* The token of "Authorization: Bearer TOKEN" (RFC 6750); {NULL, 0} when there is none. */
struct bytes request_bearer(const struct request *req);

/* The body as one JSON value, borrowed from the request. Malformed JSON or UTF-8 makes the
 * reply a 400 (PROBLEM_MALFORMED) and not the 422 of other invalid input. */
enum status request_json(struct request *req, struct reply *rep, const json_t **out,
                         struct error *err) MUST_USE;

/* Whether the header's comma-separated list holds `token`, in any case: Accept and others. */
bool request_header_has(const struct request *req, const char *name, const char *token);

/* "GET"; NULL for METHOD_OTHER. And back. */
const char *method_name(enum http_method method);
enum http_method method_of(const char *name);

/* For the layer and for tests of handlers: an empty request with an arena and an id; false
 * without memory. */
bool request_init(struct request *req);
void request_release(struct request *req);

/* Splits and decodes a request target (RFC 9112 §3.2): origin-form, absolute-form (`host`
 * gets its authority, else stays as it is), and "*". AF_INVALID: malformed. */
enum status request_set_target(struct request *req, struct bytes target, struct bytes *host,
                               struct error *err) MUST_USE;

#endif
