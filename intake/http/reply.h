/* reply.h: what a handler says back: a code, headers, a body.
 *
 * Calls cannot fail one by one: a header with a line break in it, or no memory, marks the
 * reply and it goes out as a 500. Each name set by the handler takes the place of the
 * layer's own header of that name: security headers, X-Request-Id and
 * "Cache-Control: no-store" are on every reply without being asked for.
 *
 *     static enum status get_case(void *app, struct request *req, struct reply *rep,
 *                                 struct error *err)
 *     {
 *         ...
 *         if ((status = case_find(app, request_param(req, "id"), &found, err)) != AF_OK)
 *             return status;               // 404 problem+json with the sentence of `err`
 *         reply_etag(rep, found->version); // and 304 by itself
 *         return reply_json(rep, 200, case_json(found), err);
 *     } */
#ifndef ASKFIRST_INTAKE_HTTP_REPLY_H
#define ASKFIRST_INTAKE_HTTP_REPLY_H

#include "intake/http/pairs.h"
#include "intake/http/problem.h"
#include "intake/http/request.h"

#define REPLY_HEADERS_MAX 24 /* ours are 9; a page with cookies sets a handful */

struct reply {
    struct arena *arena; /* the request's */
    unsigned code;       /* 200 unless set */
    bool failed;         /* a call above could not do its work */
    bool closes;         /* no further request on this connection */
    size_t header_count;
    struct pair headers[REPLY_HEADERS_MAX];
    struct bytes body; /* borrowed from arena, `kept` or static memory */
    struct buf kept;   /* taken over by reply_take; freed once the reply is sent */
    bool has_file;     /* instead of `body`: of reply_file; closed once sent */
    int file;
    uint64_t file_at, file_bytes;       /* what of it is sent */
    const struct problem_kind *problem; /* of reply_problem */
    json_t *extra;                      /* of reply_problem; owned */
};

void reply_code(struct reply *rep, unsigned code);

/* Sets (replaces) or adds (Set-Cookie, Link) one header; the texts are copied. */
void reply_header(struct reply *rep, const char *name, const char *value);
void reply_header_add(struct reply *rep, const char *name, const char *value);
void reply_headerf(struct reply *rep, const char *name, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* `body` is borrowed until the reply is sent: the request's arena or static memory.
 * `reply_take` takes the bytes over and leaves the buffer empty. */
void reply_body(struct reply *rep, const char *type, struct bytes body);
void reply_take(struct reply *rep, const char *type, struct buf *body);

/* An open file of `bytes`, taken over; what a single Range asks of it, when If-Range holds (RFC
 * 9110 §14). After reply_etag. AF_INVALID is a 416: it asks for nothing that is there. */
enum status reply_file(struct reply *rep, const struct request *req, const char *type, int fd,
                       uint64_t bytes, struct error *err) MUST_USE;
/* Closes it when it is not to be sent after all. */
void reply_drop_file(struct reply *rep);

/* Steals `json`; NULL is no memory. */
enum status reply_json(struct reply *rep, unsigned code, json_t *json, struct error *err) MUST_USE;

/* 303 (See Other) to `location`: after a form. */
void reply_redirect(struct reply *rep, const char *location);

/* A strong ETag from any text without '"' ("17", a digest). A GET whose If-None-Match holds
 * it is answered 304 without a body. */
void reply_etag(struct reply *rep, const char *tag);

/* Before a handler returns a failing status: another kind than problem_of_status would give,
 * and members beside the standard ones (stolen; NULL: none). The sentence is `err`'s. Headers
 * set so far stay (WWW-Authenticate, Retry-After, Link), a body does not. */
void reply_problem(struct reply *rep, const struct problem_kind *kind, json_t *extra);

/* For the layer and for tests of handlers. */
void reply_init(struct reply *rep, struct arena *arena);
void reply_release(struct reply *rep);
const struct bytes *reply_header_find(const struct reply *rep, const char *name);
/* Adds what every reply carries, unless the handler set it. */
void reply_set_defaults(struct reply *rep, const char *request_id);
/* Turns a 200 into a 304 when the request has the same thing already. */
void reply_check_fresh(struct reply *rep, const struct request *req);

#endif
