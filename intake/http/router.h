/* router.h: from method and path to a handler.
 *
 * Routes are one static const table; the order does not matter, except that of two patterns
 * that both fit, the earlier wins. A pattern is a path whose segments are literal or one
 * "{name}", which takes any one segment that is not empty, decoded; "{name...}" at the end
 * takes the rest of the path, slashes included (for files). */
#ifndef ASKFIRST_INTAKE_HTTP_ROUTER_H
#define ASKFIRST_INTAKE_HTTP_ROUTER_H

#include "intake/http/reply.h"
#include "intake/http/request.h"

#define ROUTE_PARAMS_MAX 4
#define ROUTE_SEGMENTS_MAX 16 /* a longer path is nobody's: 404 */

/* Fills `rep` and returns AF_OK, or returns a failing status with a sentence in `err`, which
 * becomes a problem. Runs on a thread of the server's pool; `app` is server_options.app. */
typedef enum status (*handler_fn)(void *app, struct request *req, struct reply *rep,
                                  struct error *err);

enum route_flag {
    ROUTE_JSON = 1 << 0,          /* the body is application/json, else 415 */
    ROUTE_FORM = 1 << 1,          /* the body is a form (form.h); with ROUTE_JSON: either */
    ROUTE_OPTIONAL_BODY = 1 << 2, /* no 411 when there is none */
    ROUTE_PAGE = 1 << 3,          /* for people: problems are shown by server_options.error_page */
    ROUTE_TAKER = 1 << 4          /* route.more is a struct body_taker */
};

/* A body that is taken as it comes instead of collected: request.body stays empty, and memory is
 * the same however long it is. What fails becomes a problem as a handler's failing does, and the
 * rest of the body is dropped. */
struct body_taker {
    /* The header is there, before any of the body: may who asks do that? Sets request.taken. */
    handler_fn begin;
    enum status (*take)(struct request *req, struct bytes piece, struct error *err);
    /* Once, when the handler is done, the body was refused or the client went away, and before the
     * reply is sent; not when `taken` was never set. */
    void (*end)(void *taken);
};

struct route {
    enum http_method method; /* METHOD_GET serves HEAD too */
    const char *pattern;
    handler_fn handler;
    size_t body_bytes_max; /* 0: takes no body */
    unsigned flags;
    const void *more; /* the application's own (a role, a file), unless ROUTE_TAKER */
};

struct routes {
    const struct route *list;
    size_t count;
};

enum route_result { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD, ROUTE_NO_MEMORY };

/* Finds the route of req->method and req->path_raw (set by request_set_target) and sets
 * req->route and req->params. ROUTE_NO_MEMORY leaves its sentence in `err`. */
enum route_result router_find(const struct routes *routes, struct request *req, struct error *err);

/* "GET, HEAD, OPTIONS" for the Allow header: the methods that this path takes. Arena memory;
 * NULL without memory. */
const char *router_allow(const struct routes *routes, struct request *req);

#endif
