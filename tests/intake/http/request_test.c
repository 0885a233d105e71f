#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/http/guard.h"

static struct request req;

static int setup(void **state)
{
    (void)state;
    return hash_start(NULL) == AF_OK && request_init(&req) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    request_release(&req);
    return 0;
}

static void set_headers(const struct pair *list, size_t count)
{
    req.headers = (struct pairs){list, count};
}

static void targets_are_cut_and_decoded(void **state)
{
    static const struct {
        const char *target, *path, *query, *host; /* path NULL: refused */
    } rows[] = {
        {"/",                    "/",        NULL, NULL },
        {"/a%20b/%E7%BD%91?q=1", "/a b/网", "1",  NULL },
        {"/a?q=%3F?",            "/a",       "??", NULL },
        {"/a//b",                "/a//b",    NULL, NULL },
        {"/a...",                "/a...",    NULL, NULL },
        {"http://x:8/a?q=2",     "/a",       "2",  "x:8"},
        {"HTTPS://x",            "/",        NULL, "x"  },
        {"http://x?q=3",         "/",        "3",  "x"  },
        {"",                     NULL,       NULL, NULL },
        {"a",                    NULL,       NULL, NULL },
        {"*",                    NULL,       NULL, NULL },
        {"?q=1",                 NULL,       NULL, NULL },
        {"ftp://x/a",            NULL,       NULL, NULL },
        {"/.",                   NULL,       NULL, NULL },
        {"/a/..",                NULL,       NULL, NULL },
        {"/a/%2E%2e/b",          NULL,       NULL, NULL },
        {"/a/..%2Fb",            NULL,       NULL, NULL },
        {"/a%7F",                NULL,       NULL, NULL },
        {"/a%1b",                NULL,       NULL, NULL },
        {"/a#b",                 NULL,       NULL, NULL },
        {"/a b",                 NULL,       NULL, NULL },
        {"/a\tb",                NULL,       NULL, NULL },
        {"/%",                   NULL,       NULL, NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes host = BYTES_NONE;
        enum status status;

        req.method = METHOD_GET;
        req.query = (struct pairs){0};
        status = request_set_target(&req, bytes_str(rows[i].target), &host, NULL);
        if ((status == AF_OK) != (rows[i].path != NULL))
            fail_msg("target %zu: %s", i, rows[i].target);
        if (status != AF_OK)
            continue;
        assert_string_equal((const char *)req.path.data, rows[i].path);
        assert_true(bytes_equal(request_query(&req, "q"), bytes_str(rows[i].query)));
        assert_true(bytes_equal(host, bytes_str(rows[i].host)));
    }
}

static void cookies_and_tokens_are_cut_out_of_their_headers(void **state)
{
    static const struct pair list[] = {
        {BYTES_LIT("cookie"),        BYTES_LIT("a=1; session=x=y ;b;ab=2;  c=\"3\"")},
        {BYTES_LIT("AUTHORIZATION"), BYTES_LIT("bearer  t0k/en= ")                  },
        {BYTES_LIT("Accept"),        BYTES_LIT("text/HTML;q=0.9 , */*")             },
    };

    (void)state;
    set_headers(list, 3);
    assert_true(bytes_equal(request_cookie(&req, "a"), BYTES_LIT("1")));
    assert_true(bytes_equal(request_cookie(&req, "session"), BYTES_LIT("x=y")));
    assert_true(bytes_equal(request_cookie(&req, "c"), BYTES_LIT("\"3\"")));
    assert_null(request_cookie(&req, "b").data);
    assert_null(request_cookie(&req, "A").data);
    assert_true(bytes_equal(request_bearer(&req), BYTES_LIT("t0k/en=")));
    assert_true(request_header_has(&req, "accept", "text/html"));
    assert_true(request_header_has(&req, "accept", "*/*"));
    assert_false(request_header_has(&req, "accept", "text"));
    set_headers(NULL, 0);
    assert_null(request_bearer(&req).data);
    assert_null(request_cookie(&req, "a").data);
}

static void hosts_are_names_with_a_port(void **state)
{
    static const struct {
        const char *host;
        bool good;
    } rows[] = {
        {"a",                       true },
        {"help.example-1.org:8080", true },
        {"127.0.0.1",               true },
        {"[::1]",                   true },
        {"[::1]:80",                true },
        {"a:",                      true },
        {"",                        false},
        {":80",                     false},
        {"a:b",                     false},
        {"a:123456",                false},
        {"[::1",                    false},
        {"[]",                      false},
        {"[::1]80",                 false},
        {"a b",                     false},
        {"a,b",                     false},
        {"a/b",                     false},
        {"a?b",                     false},
        {"a@b",                     false},
        {"a%41",                    false},
        {"\xe7\xbd\x91",            false},
        {"::1",                     false},
        {"a:80:80",                 false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pair list[] = {
            {BYTES_LIT("Host"), bytes_str(rows[i].host)}
        };
        struct error err;

        set_headers(list, 1);
        if ((guard_head(&req, "HTTP/1.1", BYTES_NONE, &err) == NULL) != rows[i].good)
            fail_msg("Host: %s", rows[i].host);
    }
    set_headers(NULL, 0);
}

/* A header as libmicrohttpd leaves it: NULs where blanks, colons and line ends were. */
static void layout_shows_what_lies_between_lines(void **state)
{
    static const char good[] = "GET\0/a?\0HTTP/1.1\0\0Host\0a\0\0X\0 b\0\0\0";
    struct pair list[] = {
        {bytes_of(good + 18, 4), bytes_of(good + 23, 1)},
        {bytes_of(good + 26, 1), bytes_of(good + 29, 1)}
    };
    struct pairs headers = {list, 2};
    struct head_layout layout = {good, good + 4, good + 8, 3, 34};
    struct error err;

    (void)state;
    assert_null(guard_layout(&layout, &headers, &err));
    for (size_t wrong = 30; wrong < 40; wrong++) { /* something hidden, or too little there */
        layout.head_bytes = wrong;
        assert_true((guard_layout(&layout, &headers, &err) == NULL) == (wrong == 34));
    }
    layout.head_bytes = 34;
    list[0].value.len = 0; /* as if a NUL had cut it */
    assert_ptr_equal(guard_layout(&layout, &headers, &err), &PROBLEM_MALFORMED);
    list[0].value.len = 1;
    list[1].name.data = (const uint8_t *)"X"; /* as if it had been folded and moved */
    assert_ptr_equal(guard_layout(&layout, &headers, &err), &PROBLEM_MALFORMED);
    list[1].name.data = (const uint8_t *)good + 26;
    layout.target_len = 2; /* as if a NUL had cut it */
    assert_ptr_equal(guard_layout(&layout, &headers, &err), &PROBLEM_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_cut_and_decoded),
        cmocka_unit_test(cookies_and_tokens_are_cut_out_of_their_headers),
        cmocka_unit_test(hosts_are_names_with_a_port),
        cmocka_unit_test(layout_shows_what_lies_between_lines),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
