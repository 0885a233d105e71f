/* raw.h: a server in this process and raw bytes to it. For the programs in tests/http. */
#ifndef ASKFIRST_TESTS_HTTP_RAW_H
#define ASKFIRST_TESTS_HTTP_RAW_H

#include "intake/http/form.h"
#include "intake/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RAW_WAIT_MS 20000 /* a bound for broken builds; no passing test waits for it */

struct raw_app {
    atomic_int calls;    /* handlers that ran */
    atomic_int smuggled; /* requests that must never be seen */
    atomic_bool holds;   /* /hold waits while this is set */
    atomic_int holding;
};

static enum status raw_hello(void *app, struct request *req, struct reply *rep, struct error *err)
{
    (void)req;
    (void)err;
    atomic_fetch_add(&((struct raw_app *)app)->calls, 1);
    reply_body(rep, "text/plain", BYTES_LIT("hello"));
    return AF_OK;
}

static enum status raw_smuggled(void *app, struct request *req, struct reply *rep,
                                struct error *err)
{
    atomic_fetch_add(&((struct raw_app *)app)->smuggled, 1);
    return raw_hello(app, req, rep, err);
}

/* Says back what it understood. */
static enum status raw_echo(void *app, struct request *req, struct reply *rep, struct error *err)
{
    atomic_fetch_add(&((struct raw_app *)app)->calls, 1);
    (void)err;
    if (req->body.len > 0)
        reply_body(rep, "application/octet-stream", buf_bytes(&req->body));
    else
        reply_body(rep, "text/plain", request_query(req, "q"));
    return AF_OK;
}

static enum status raw_json(void *app, struct request *req, struct reply *rep, struct error *err)
{
    const json_t *json;
    enum status status;

    atomic_fetch_add(&((struct raw_app *)app)->calls, 1);
    if ((status = request_json(req, rep, &json, err)) != AF_OK)
        return status;
    return reply_json(rep, 201, json_deep_copy(json), err);
}

static enum status raw_item(void *app, struct request *req, struct reply *rep, struct error *err)
{
    (void)app;
    if (bytes_equal(request_param(req, "id"), BYTES_LIT("none")))
        return error_set(err, AF_NOT_FOUND, "there is no item \"none\"");
    reply_etag(rep, "17");
    reply_body(rep, "text/plain", request_param(req, "id"));
    return AF_OK;
}

static enum status raw_hold(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct raw_app *a = app;

    atomic_fetch_add(&a->holding, 1);
    while (atomic_load(&a->holds))
        poll(NULL, 0, 1); /* stands for a long search; the test lets it go */
    return raw_hello(app, req, rep, err);
}

#define RAW_LARGE ((size_t)32 << 20) /* more than the sockets' buffers hold */

static enum status raw_large(void *app, struct request *req, struct reply *rep, struct error *err)
{
    static const uint8_t zeros[RAW_LARGE];

    (void)app;
    (void)req;
    (void)err;
    reply_body(rep, "application/octet-stream", bytes_of(zeros, sizeof zeros));
    return AF_OK;
}

static const struct route RAW_ROUTES[] = {
    {METHOD_GET,  "/",           raw_hello,    0,    0,          NULL},
    {METHOD_GET,  "/hello",      raw_hello,    0,    0,          NULL},
    {METHOD_GET,  "/smuggled",   raw_smuggled, 0,    0,          NULL},
    {METHOD_GET,  "/echo",       raw_echo,     0,    0,          NULL},
    {METHOD_POST, "/echo",       raw_echo,     1000, 0,          NULL},
    {METHOD_POST, "/json",       raw_json,     1000, ROUTE_JSON, NULL},
    {METHOD_GET,  "/items/{id}", raw_item,     0,    0,          NULL},
    {METHOD_GET,  "/hold",       raw_hold,     0,    0,          NULL},
    {METHOD_GET,  "/large",      raw_large,    0,    0,          NULL},
};

static struct server_options raw_options(struct raw_app *app)
{
    return (struct server_options){
        .listen = "127.0.0.1:0",
        .threads = 2,
        .routes = {RAW_ROUTES, sizeof RAW_ROUTES / sizeof RAW_ROUTES[0]},
        .app = app,
        .header_ms = RAW_WAIT_MS,
        .body_ms = RAW_WAIT_MS,
        .idle_ms = RAW_WAIT_MS,
        .sweep_ms = 5,
    };
}

static inline int raw_connect(unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* single bytes go out at once */
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    perror("connect");
    abort();
}

/* False when the server does not want more: then it has answered or closed. */
static inline bool raw_send(int fd, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static inline bool raw_say(int fd, const char *text)
{
    return raw_send(fd, text, strlen(text));
}

/* Reads into `in` once; 1 something came, 0 closed by the server, -1 nothing in time. */
static inline int raw_read_some(int fd, struct buf *in)
{
    struct pollfd wait = {fd, POLLIN, 0};
    uint8_t *room = buf_reserve(in, 65536);
    ssize_t n;

    if (room == NULL)
        return -1;
    in->data[in->len] = 0;
    if (poll(&wait, 1, RAW_WAIT_MS) != 1)
        return -1;
    n = recv(fd, room, 65536, 0);
    if (n <= 0)
        return 0; /* a reset is a close */
    in->len += (size_t)n;
    in->data[in->len] = 0;
    return 1;
}

/* Reads until the server closes; false when it did not in time. */
static inline bool raw_read_all(int fd, struct buf *in)
{
    int got;

    while ((got = raw_read_some(fd, in)) == 1)
        ;
    return got == 0;
}

static inline size_t raw_count(const struct buf *in, const char *what)
{
    size_t count = 0;

    for (const char *at = buf_str(in); (at = strstr(at, what)) != NULL; at++)
        count++;
    return count;
}

/* Reads until `count` times `what` came; false when the server closed or was silent. */
static inline bool raw_read_until(int fd, struct buf *in, const char *what, size_t count)
{
    while (raw_count(in, what) < count) {
        if (raw_read_some(fd, in) != 1)
            return false;
    }
    return true;
}

/* The code of the first status line; 0 when there is none. */
static inline int raw_code(const struct buf *in)
{
    return strncmp(buf_str(in), "HTTP/1.1 ", 9) == 0 ? (int)strtol(buf_str(in) + 9, NULL, 10) : 0;
}

/* libmicrohttpd 0.9.75 writes its own refusal of a bad Content-Length, or of a pool that is
 * full, with two headers, the second where the first one's body should be. We cannot reach it
 * there. Both say the same code and that the connection is at its end. */
static inline bool raw_is_double(const struct buf *in)
{
    char line[16];

    snprintf(line, sizeof line, "HTTP/1.1 %d", raw_code(in));
    return raw_code(in) >= 400 && raw_count(in, "HTTP/1.1 ") == 2 && raw_count(in, line) == 2 &&
           raw_count(in, "Connection: close") == 2;
}

/* One request on a connection of its own that both sides then close. */
static inline int raw_ask(unsigned port, const char *text, struct buf *in)
{
    int fd = raw_connect(port);

    raw_say(fd, text);
    shutdown(fd, SHUT_WR);
    buf_clear(in);
    if (!raw_read_all(fd, in))
        buf_clear(in);
    close(fd);
    return raw_code(in);
}

#endif
