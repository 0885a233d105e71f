#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/http/answer.h"

static struct request req;
static struct reply rep;
static struct error err;

static int setup(void **state)
{
    (void)state;
    if (hash_start(NULL) != AF_OK || !request_init(&req))
        return -1;
    reply_init(&rep, req.arena);
    req.method = METHOD_GET;
    req.path = BYTES_LIT("/x");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    reply_release(&rep);
    request_release(&req);
    return 0;
}

static const char *header(const char *name)
{
    const struct bytes *value = reply_header_find(&rep, name);

    return value == NULL ? "" : (const char *)value->data;
}

static void set_header(const char *name, const char *value)
{
    static struct pair list[1];

    list[0] = (struct pair){bytes_str(name), bytes_str(value)};
    req.headers = (struct pairs){list, 1};
}

static void header_is_replaced_unless_added(void **state)
{
    (void)state;
    reply_header(&rep, "Cache-Control", "private");
    reply_header(&rep, "cache-control", "max-age=60");
    assert_int_equal(rep.header_count, 1);
    reply_header_add(&rep, "Set-Cookie", "a=1");
    reply_header_add(&rep, "Set-Cookie", "b=2");
    assert_int_equal(rep.header_count, 3);
    reply_set_defaults(&rep, "id");
    assert_string_equal(header("Cache-Control"), "max-age=60");
    assert_string_equal(header("X-Request-Id"), "id");
    assert_false(rep.failed);
}

static void header_with_a_line_break_fails_the_reply(void **state)
{
    static const char *const bad[] = {"a\r\nX: 1", "a\n", "\r", "a\x01", "a\x7f"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        rep.failed = false;
        reply_header(&rep, "Location", bad[i]);
        assert_true(rep.failed);
        assert_null(reply_header_find(&rep, "Location"));
    }
}

static void too_many_headers_fail_the_reply(void **state)
{
    (void)state;
    for (int i = 0; i < REPLY_HEADERS_MAX; i++)
        reply_header_add(&rep, "X", "1");
    assert_false(rep.failed);
    reply_header_add(&rep, "X", "1");
    assert_true(rep.failed);
}

static void fresh_copies_are_304(void **state)
{
    static const struct {
        const char *has;
        unsigned code;
    } rows[] = {
        {"\"17\"",           304},
        {"W/\"17\"",         304},
        {"*",                304},
        {"\"16\", \"17\"",   304},
        {"\"a,b\",\"17\"",   304},
        {"\"16\"",           200},
        {"17",               200},
        {"\"17",             200},
        {"",                 200},
        {"\"117\", \"171\"", 200},
    };

    (void)state;
    reply_etag(&rep, "17");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rep.code = 200;
        rep.body = BYTES_LIT("body");
        set_header("If-None-Match", rows[i].has);
        reply_check_fresh(&rep, &req);
        assert_int_equal(rep.code, rows[i].code);
        assert_int_equal(rep.body.len, rows[i].code == 304 ? 0 : 4);
    }
    req.method = METHOD_POST;
    rep.code = 200;
    set_header("If-None-Match", "\"17\"");
    reply_check_fresh(&rep, &req);
    assert_int_equal(rep.code, 200);
}

static void every_failing_status_has_its_code(void **state)
{
    static const struct {
        enum status status;
        unsigned code;
    } rows[] = {
        {AF_NOT_FOUND, 404},
        {AF_INVALID,   422},
        {AF_CONFLICT,  409},
        {AF_CHANGED,   412},
        {AF_DENIED,    403},
        {AF_TOO_LARGE, 413},
        {AF_BUSY,      503},
        {AF_FULL,      507},
        {AF_CORRUPT,   500},
        {AF_NEWER,     500},
        {AF_IO,        500},
        {AF_NO_MEMORY, 500}
    };

    (void)state;
    assert_int_equal(sizeof rows / sizeof rows[0], AF_STATUS_COUNT - 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(problem_of_status(rows[i].status)->code, rows[i].code);
}

static enum status conflict(void *app, struct request *r, struct reply *out, struct error *e)
{
    static const struct problem_kind kind = {"ask-first", 409, "Ask first", "…"};

    (void)app;
    (void)r;
    reply_header(out, "Link", "</consults/7>; rel=related");
    reply_problem(out, &kind, json_pack("{s:s}", "consult", "/consults/7"));
    return error_set(e, AF_CONFLICT, "the answer step is missing");
}

static enum status broken(void *app, struct request *r, struct reply *out, struct error *e)
{
    (void)app;
    (void)r;
    (void)out;
    return error_set(e, AF_CORRUPT, "table cases, key 7: checksum differs");
}

static enum status busy(void *app, struct request *r, struct reply *out, struct error *e)
{
    (void)app;
    (void)r;
    (void)out;
    return error_set(e, AF_BUSY, "too many commands are waiting");
}

static enum status bad_header(void *app, struct request *r, struct reply *out, struct error *e)
{
    (void)app;
    (void)r;
    (void)e;
    reply_redirect(out, "/a\r\nSet-Cookie: x");
    return AF_OK;
}

static enum status page(void *app, const struct request *r, const struct problem *p,
                        struct buf *html, struct error *e)
{
    (void)app;
    (void)r;
    (void)e;
    buf_printf(html, "<h1>%s</h1>%s", p->kind->title, p->detail);
    return AF_OK;
}

/* Runs `handler` as the server would; the body stays in rep. */
static void answer(handler_fn handler, unsigned flags)
{
    const struct server_options options = {.error_page = page};
    const struct answer_to to = {&options, &req, &rep, &err};
    struct route route = {METHOD_GET, "/x", handler, 0, flags, NULL};

    req.route = &route;
    answer_request(&to);
    req.route = NULL;
}

static bool body_has(const char *text)
{
    return strstr((const char *)rep.body.data, text) != NULL;
}

static void problem_of_a_handler_keeps_its_kind_members_and_headers(void **state)
{
    (void)state;
    answer(conflict, 0);
    assert_int_equal(rep.code, 409);
    assert_true(body_has("\"type\":\"/problems/ask-first\""));
    assert_true(body_has("\"detail\":\"the answer step is missing\""));
    assert_true(body_has("\"consult\":\"/consults/7\""));
    assert_string_equal(header("Content-Type"), "application/problem+json");
    assert_string_equal(header("Link"), "</consults/7>; rel=related");
}

static void what_failed_inside_is_not_told(void **state)
{
    (void)state;
    answer(broken, 0);
    assert_int_equal(rep.code, 500);
    assert_false(body_has("checksum"));
    assert_true(body_has(req.id));
}

static void busy_says_when_to_come_back(void **state)
{
    (void)state;
    answer(busy, 0);
    assert_int_equal(rep.code, 503);
    assert_string_equal(header("Retry-After"), "1");
}

static void split_response_becomes_a_500(void **state)
{
    (void)state;
    answer(bad_header, 0);
    assert_int_equal(rep.code, 500);
    assert_null(reply_header_find(&rep, "Location"));
    assert_null(reply_header_find(&rep, "Set-Cookie"));
}

static void people_get_a_page(void **state)
{
    (void)state;
    answer(busy, ROUTE_PAGE);
    assert_int_equal(rep.code, 503);
    assert_string_equal(header("Content-Type"), "text/html; charset=utf-8");
    assert_true(body_has("<h1>Busy</h1>too many commands are waiting"));
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(header_is_replaced_unless_added),
        EACH(header_with_a_line_break_fails_the_reply),
        EACH(too_many_headers_fail_the_reply),
        EACH(fresh_copies_are_304),
        EACH(every_failing_status_has_its_code),
        EACH(problem_of_a_handler_keeps_its_kind_members_and_headers),
        EACH(what_failed_inside_is_not_told),
        EACH(busy_says_when_to_come_back),
        EACH(split_response_becomes_a_500),
        EACH(people_get_a_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
