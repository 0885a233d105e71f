#include "intake/http/exchange.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/http/access.h"
#include "intake/http/answer.h"
#include "intake/http/carry.h"
#include "intake/http/guard.h"
#include "intake/http/listen.h"

#include <stdlib.h>

struct exchange {
    struct request req;
    struct reply rep;
    struct error err;
    const struct problem_kind *refusal; /* instead of a handler; its sentence is in `err` */
    bool has_begun, is_answered;
    bool is_last_word; /* written past the library, see carry.h */
    struct head_layout layout;
    struct bytes target; /* copied before the library cuts it */
    uint64_t received;   /* bytes of body, those that were dropped too */
    int64_t begun_us;    /* the header was there */
    int64_t body_until_us;
};

/* libmicrohttpd 0.9 is about to split and unescape the query in its own, looser way, and when
 * its pool is full of parameters it neither answers nor closes. It works in place on the very
 * bytes it shows here, so a query that ends where it begins keeps it from doing so. */
static void hide_query(const char *target)
{
#if MHD_VERSION < 0x01000000
    char *mark = strchr(target, '?');

    if (mark != NULL)
        mark[1] = '\0';
#else
    (void)target;
#endif
}

void *exchange_on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct hub *hub = cls;
    struct exchange *x = calloc(1, sizeof *x);
    struct line *line = line_of(connection);

    if (line != NULL && line->is_used)
        watch_set(line->watch, hub_in_ms(hub->options.header_ms));
    if (line != NULL)
        line->is_used = true;
    if (x == NULL || target == NULL || !request_init(&x->req)) {
        free(x);
        return NULL;
    }
    x->begun_us = clock_steady_us();
    x->layout.target = target;
    x->layout.target_len = strlen(target);
    x->target = arena_copy(x->req.arena, bytes_str(target));
    reply_init(&x->rep, x->req.arena);
    hide_query(target);
    hub_count_open(hub, true);
    return x;
}

struct collect {
    struct pair *list;
    size_t count;
};

static enum MHD_Result collect_one(void *cls, enum MHD_ValueKind kind, const char *name,
                                   size_t name_len, const char *value, size_t value_len)
{
    struct collect *to = cls;

    (void)kind;
    if (to->count == HTTP_HEADERS_MAX)
        return MHD_NO;
    to->list[to->count++] = (struct pair){bytes_of(name, name_len), bytes_of(value, value_len)};
    return MHD_YES;
}

/* Whether the connection's pool has room left for the header of a reply: when it has not, the
 * library closes without a word. It spends a record on each line and copies the cookies. */
static bool has_reply_room(struct MHD_Connection *connection, const struct exchange *x)
{
    size_t records = (size_t)MHD_get_connection_values_n(
        connection, MHD_HEADER_KIND | MHD_COOKIE_KIND, NULL, NULL);
    size_t used = x->layout.head_bytes + records * 64 + request_header(&x->req, "Cookie").len;

    return used + HTTP_REPLY_HEADER_ROOM <= HTTP_POOL_BYTES;
}

static const struct problem_kind *read_headers(struct MHD_Connection *connection,
                                               struct exchange *x)
{
    int count = MHD_get_connection_values_n(connection, MHD_HEADER_KIND, NULL, NULL);
    struct collect to = {arena_array(x->req.arena, HTTP_HEADERS_MAX, sizeof *to.list), 0};

    if (to.list == NULL || x->target.data == NULL) {
        arena_exhausted(x->req.arena, &x->err);
        return &PROBLEM_INTERNAL;
    }
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, collect_one, &to);
    x->req.headers = (struct pairs){to.list, to.count};
    if (count > HTTP_HEADERS_MAX || x->layout.head_bytes > HTTP_HEADER_BYTES_MAX ||
        !has_reply_room(connection, x)) {
        error_set(&x->err, AF_TOO_LARGE,
                  "the header has %zu bytes in %d lines, and %u in %d are the most",
                  x->layout.head_bytes, count, HTTP_HEADER_BYTES_MAX, HTTP_HEADERS_MAX);
        return &PROBLEM_HEADER_LARGE;
    }
    return NULL;
}

/* All that makes it doubtful where this request ends and the next begins. */
static const struct problem_kind *check_head(struct MHD_Connection *connection, struct exchange *x,
                                             const char *version)
{
    const struct problem_kind *kind = read_headers(connection, x);
    struct bytes authority = BYTES_NONE;

#if MHD_VERSION < 0x01000000 /* from 1.0 on the library does this by itself when strict */
    if (kind == NULL)
        kind = guard_layout(&x->layout, &x->req.headers, &x->err);
#endif
    if (kind != NULL)
        return kind;
    if (request_set_target(&x->req, x->target, &authority, &x->err) != AF_OK)
        return x->err.status == AF_INVALID ? &PROBLEM_MALFORMED : &PROBLEM_INTERNAL;
    return guard_head(&x->req, version, authority, &x->err);
}

static bool has_body(const struct request *req)
{
    return request_header(req, "Transfer-Encoding").data != NULL ||
           guard_content_length(req, 0) > 0;
}

static const struct body_taker *taker_of(const struct request *req)
{
    return req->route != NULL && (req->route->flags & ROUTE_TAKER) != 0 ? req->route->more : NULL;
}

static void drop_taken(struct request *req)
{
    if (req->taken != NULL)
        taker_of(req)->end(req->taken);
    req->taken = NULL;
}

/* What a taker's refusal becomes. */
static const struct problem_kind *kind_of(const struct exchange *x, enum status status)
{
    return x->rep.problem != NULL ? x->rep.problem : problem_of_status(status);
}

static enum MHD_Result finish(struct hub *hub, struct MHD_Connection *connection,
                              struct exchange *x)
{
    const struct answer_to to = {&hub->options, &x->req, &x->rep, &x->err};

    x->is_answered = true;
    line_set_deadline(connection, DEADLINE_NONE); /* a handler takes the time it needs */
    x->req.is_stopping = atomic_load(&hub->is_stopping);
    if (x->refusal != NULL)
        answer_problem(&to, x->refusal);
    else
        answer_request(&to);
    drop_taken(&x->req);
    if (x->refusal == &PROBLEM_HEADER_LARGE || x->received > HTTP_DRAIN_BYTES)
        x->is_last_word = carry_last_word(connection, &x->rep);
    else
        return carry_reply(hub, connection, &x->rep);
    return MHD_NO; /* close */
}

static void learn_peer(struct MHD_Connection *connection, struct request *req)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

    listen_peer_text(info == NULL ? NULL : info->client_addr, req->peer);
}

/* The header is there. Whatever is refused for its framing is answered now, which ends the
 * connection; everything else waits for the body. */
static enum MHD_Result begin(struct hub *hub, struct MHD_Connection *connection, struct exchange *x,
                             const char *version)
{
    const struct answer_to to = {&hub->options, &x->req, &x->rep, &x->err};
    uint64_t len;

    x->has_begun = true;
    x->begun_us = clock_steady_us();
    learn_peer(connection, &x->req);
    x->refusal = check_head(connection, x, version);
    if (x->refusal != NULL || line_of(connection) == NULL) {
        x->rep.closes = true;
        return x->refusal == NULL ? MHD_NO : finish(hub, connection, x);
    }
    x->refusal = answer_route(&to);
    if (x->refusal == NULL && taker_of(&x->req) != NULL) {
        enum status status = taker_of(&x->req)->begin(hub->options.app, &x->req, &x->rep, &x->err);

        x->refusal = status == AF_OK ? NULL : kind_of(x, status);
    }
    if (!has_body(&x->req))
        return MHD_YES;
    len = guard_content_length(&x->req, 0);
    x->rep.closes = x->refusal != NULL || len == 0; /* chunked: see README, "chunks" */
    if (x->refusal != NULL &&
        (len > HTTP_DRAIN_BYTES || request_header(&x->req, "Expect").data != NULL))
        return finish(hub, connection, x);
    x->body_until_us = hub_in_ms(hub->options.body_ms);
    line_set_deadline(connection, x->body_until_us);
    return MHD_YES;
}

/* False when it was refused. */
static bool keep_piece(struct exchange *x, struct bytes piece)
{
    const struct body_taker *taker = taker_of(&x->req);
    enum status status = AF_OK;

    if (taker != NULL) {
        status = taker->take(&x->req, piece, &x->err);
    } else {
        buf_add(&x->req.body, piece);
        status = buf_status(&x->req.body, "the body of a request", &x->err);
    }
    if (status == AF_OK)
        return true;
    x->refusal = taker != NULL ? kind_of(x, status) : &PROBLEM_INTERNAL;
    drop_taken(&x->req);
    return false;
}

static enum MHD_Result take_body(struct hub *hub, struct MHD_Connection *connection,
                                 struct exchange *x, struct bytes piece)
{
    x->received += piece.len;
    line_set_deadline(connection, x->body_until_us + hub_grace_us(hub, x->received));
    if (x->refusal != NULL)
        return x->received > HTTP_DRAIN_BYTES ? finish(hub, connection, x) : MHD_YES;
    if (x->received > x->req.route->body_bytes_max) {
        error_set(&x->err, AF_TOO_LARGE, "the body is longer than %zu bytes",
                  x->req.route->body_bytes_max);
        x->refusal = &PROBLEM_TOO_LARGE;
        x->rep.closes = true;
        buf_release(&x->req.body);
        drop_taken(&x->req);
        return MHD_YES;
    }
    if (!keep_piece(x, piece))
        x->rep.closes = true;
    return MHD_YES;
}

enum MHD_Result exchange_on_request(void *cls, struct MHD_Connection *connection,
                                    const char *target, const char *method, const char *version,
                                    const char *upload, size_t *upload_bytes, void **exchange)
{
    struct hub *hub = cls;
    struct exchange *x = *exchange;
    size_t len = *upload_bytes;

    (void)target; /* the library's decoded copy */
    if (x == NULL || x->is_answered)
        return MHD_NO;
    if (!x->has_begun) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);

        x->req.method = method_of(method);
        x->layout.method = method;
        x->layout.version = version;
        x->layout.head_bytes = info == NULL ? 0 : info->header_size;
        return begin(hub, connection, x, version);
    }
    if (len == 0)
        return finish(hub, connection, x);
    *upload_bytes = 0; /* taken, all of it */
    return take_body(hub, connection, x, bytes_of(upload, len));
}

void exchange_on_completed(void *cls, struct MHD_Connection *connection, void **exchange,
                           enum MHD_RequestTerminationCode code)
{
    struct hub *hub = cls;
    struct exchange *x = *exchange;
    struct access access;

    line_set_deadline(connection, hub_in_ms(hub->options.idle_ms));
    if (x == NULL)
        return;
    access = (struct access){&x->req,
                             x->is_answered ? x->rep.code : 0,
                             x->rep.has_file ? x->rep.file_bytes : x->rep.body.len,
                             clock_steady_us() - x->begun_us,
                             code != MHD_REQUEST_TERMINATED_COMPLETED_OK && !x->is_last_word,
                             x->is_answered && x->rep.code >= 500 ? x->err.text : NULL};
    if (hub->options.access_log || (access.code >= 500 && access.code != 501))
        access_log(hub->options.log_fd, &access);
    drop_taken(&x->req);
    reply_release(&x->rep);
    request_release(&x->req);
    free(x);
    *exchange = NULL;
    hub_count_open(hub, false);
}
