#include "intake/http/answer.h"

#include "intake/http/guard.h"

#include <stdlib.h>

#define PROBLEM_TYPE "application/problem+json"
#define PAGE_TYPE "text/html; charset=utf-8"
#define EVERY_METHOD "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

static bool wants_page(const struct request *req)
{
    if (req->route != NULL)
        return (req->route->flags & ROUTE_PAGE) != 0;
    return request_header_has(req, "Accept", "text/html");
}

/* False when there is no page or it failed; then JSON says it. */
static bool put_page(const struct answer_to *to, const struct problem *problem)
{
    struct buf html = {0};
    bool ok = to->options->error_page != NULL && wants_page(to->req) &&
              to->options->error_page(to->options->app, to->req, problem, &html, NULL) == AF_OK &&
              buf_ok(&html);

    if (ok)
        reply_take(to->rep, PAGE_TYPE, &html);
    buf_release(&html);
    return ok;
}

static void put_json(const struct answer_to *to, const struct problem *problem)
{
    struct buf text = {0};

    if (problem_write(problem, &text, NULL) == AF_OK)
        reply_take(to->rep, PROBLEM_TYPE, &text);
    else
        reply_body(to->rep, PROBLEM_TYPE, BYTES_LIT("{\"type\":\"" PROBLEM_PATH "internal\"}"));
    buf_release(&text);
}

/* Headers that a kind never goes without. */
static void put_headers(struct reply *rep, const struct problem_kind *kind)
{
    bool waits = kind->code == 503 || kind->code == 429;

    if (waits && reply_header_find(rep, "Retry-After") == NULL)
        reply_header(rep, "Retry-After", "1");
    if (kind->code == 401 && reply_header_find(rep, "WWW-Authenticate") == NULL)
        reply_header(rep, "WWW-Authenticate", "Bearer");
}

void answer_problem(const struct answer_to *to, const struct problem_kind *kind)
{
    struct reply *rep = to->rep;
    /* What failed inside is for the log and not for the one who asked. */
    const struct problem problem = {
        kind, kind == &PROBLEM_INTERNAL ? "the log has more under this request id" : to->err->text,
        to->req->path.len == 0 ? NULL : (const char *)to->req->path.data, to->req->id, rep->extra};

    reply_drop_file(rep);
    reply_code(rep, kind->code);
    put_headers(rep, kind);
    if (!put_page(to, &problem))
        put_json(to, &problem);
    reply_set_defaults(rep, to->req->id);
}

static const struct problem_kind *no_path(const struct answer_to *to)
{
    struct request *req = to->req;
    bool is_own = bytes_has_prefix(req->path, BYTES_LIT(PROBLEM_PATH)) &&
                  (req->method == METHOD_GET || req->method == METHOD_HEAD);

    if (is_own || (req->method == METHOD_OPTIONS && bytes_equal(req->path, BYTES_LIT("*"))))
        return NULL; /* answered by answer_request */
    error_set(to->err, AF_NOT_FOUND, "there is nothing at this address");
    return &PROBLEM_NOT_FOUND;
}

static const struct problem_kind *no_method(const struct answer_to *to)
{
    const char *allow = router_allow(&to->options->routes, to->req);

    reply_header(to->rep, "Allow", allow);
    if (to->req->method == METHOD_OPTIONS)
        return NULL;
    error_set(to->err, AF_INVALID, "this address takes %s", allow == NULL ? "others" : allow);
    return &PROBLEM_METHOD;
}

const struct problem_kind *answer_route(const struct answer_to *to)
{
    switch (router_find(&to->options->routes, to->req, to->err)) {
    case ROUTE_FOUND:
        return guard_body(to->req, to->err);
    case ROUTE_NO_PATH:
        return no_path(to);
    case ROUTE_NO_METHOD:
        return no_method(to);
    case ROUTE_NO_MEMORY:
        break;
    }
    return &PROBLEM_INTERNAL;
}

/* GET /problems/NAME: the kind itself. */
static enum status describe_problem(const struct answer_to *to)
{
    struct bytes name = to->req->path;
    const struct problem_kind *kind;

    name = bytes_of(name.data + sizeof PROBLEM_PATH - 1, name.len - (sizeof PROBLEM_PATH - 1));
    kind = problem_find(to->options->problems, to->options->problem_count, name);
    if (kind == NULL)
        return error_set(to->err, AF_NOT_FOUND, "there is no problem type of this name");
    reply_header(to->rep, "Cache-Control", "public, max-age=3600");
    return reply_json(to->rep, 200,
                      json_pack("{s:s+, s:i, s:s, s:s}", "type", PROBLEM_PATH, kind->name, "status",
                                (int)kind->code, "title", kind->title, "meaning", kind->meaning),
                      to->err);
}

static enum status answer_alone(const struct answer_to *to)
{
    if (to->req->method != METHOD_OPTIONS)
        return describe_problem(to);
    reply_code(to->rep, 204);
    if (reply_header_find(to->rep, "Allow") == NULL)
        reply_header(to->rep, "Allow", EVERY_METHOD);
    return AF_OK;
}

static const struct problem_kind *kind_of_failure(const struct answer_to *to, enum status status)
{
    if (status == AF_OK) { /* but the reply could not be built */
        error_set(to->err, AF_NO_MEMORY, "a reply had a header that cannot be sent, or no memory");
        return &PROBLEM_INTERNAL;
    }
    return to->rep->problem != NULL ? to->rep->problem : problem_of_status(status);
}

void answer_request(const struct answer_to *to)
{
    const struct route *route = to->req->route;
    enum status status = route == NULL
                             ? answer_alone(to)
                             : route->handler(to->options->app, to->req, to->rep, to->err);

    if (status == AF_OK && !to->rep->failed) {
        reply_check_fresh(to->rep, to->req);
        reply_set_defaults(to->rep, to->req->id);
    }
    if (status != AF_OK || to->rep->failed)
        answer_problem(to, kind_of_failure(to, status));
}
