/* server.h: the HTTP server: from listening to stopping. It knows nothing of cases or tickets.
 *
 * libmicrohttpd 0.9.75 reads and writes the sockets on a pool of epoll threads; handlers run
 * on those threads. What that library lets pass and should not is refused in guard.h; that it
 * knows no total deadline is mended in deadline.h. No TLS here: a proxy does that. */
#ifndef ASKFIRST_INTAKE_HTTP_SERVER_H
#define ASKFIRST_INTAKE_HTTP_SERVER_H

#include "intake/http/router.h"

/* Writes a whole page about a problem for a person (ROUTE_PAGE, or an unknown path asked for
 * as text/html). When it fails the problem goes out as JSON. */
typedef enum status (*error_page_fn)(void *app, const struct request *req,
                                     const struct problem *problem, struct buf *html,
                                     struct error *err);

/* A zero means the default, which limits.h gives with its reason. */
struct server_options {
    const char *listen; /* "127.0.0.1:8080", "[::1]:0", ":8080" (every address), port 0: any */
    unsigned threads;   /* default: the number of cores */
    unsigned connections_max;
    unsigned connections_per_address_max;
    unsigned header_ms;   /* whole header, from the connection or the request line */
    unsigned body_ms;     /* whole body, plus a second for each `rate` bytes received */
    unsigned idle_ms;     /* between two requests */
    unsigned reply_ms;    /* whole reply, plus a second for each `rate` bytes of it */
    unsigned rate;        /* bytes that a body or a reply must move in a second */
    unsigned sweep_ms;    /* how often deadlines are looked at */
    struct routes routes; /* static */
    const struct problem_kind *problems; /* the application's own kinds, or NULL */
    size_t problem_count;
    error_page_fn error_page; /* NULL: JSON for everybody */
    void *app;
    bool access_log; /* a line for each request; without it only for those that end in 5xx */
    int log_fd;      /* default: 2 */
};

struct server;

/* AF_INVALID: `listen` is not an address; AF_BUSY: the port is taken; AF_DENIED: it needs
 * rights; AF_IO, AF_NO_MEMORY. Everything `options` points to stays until server_stop. */
enum status server_start(const struct server_options *options, struct server **out,
                         struct error *err) MUST_USE;

/* "127.0.0.1:40123": what it listens on, with the port that was picked. */
const char *server_address(const struct server *server);
unsigned server_port(const struct server *server);

/* Takes no more connections, lets open requests finish for up to `grace_ms`, then cuts what
 * is left, joins all threads and frees. Accepts NULL. */
void server_stop(struct server *server, unsigned grace_ms);

#endif
