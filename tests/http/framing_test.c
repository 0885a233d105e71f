/* Requests that two parsers may cut differently, and requests that only look odd. A refused
 * one has another request behind it, which must never be seen; an accepted one is followed
 * by a second, which must be answered too: so each row also proves where the request ended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/http/raw.h"

static struct raw_app app;
static struct server *server;

struct row {
    const char *what;
    int code; /* 0: closed without an answer */
    const char *bytes;
    size_t len;
};

#define ROW(what, code, text)                                                                      \
    {                                                                                              \
        what, code, text, sizeof(text) - 1                                                         \
    }
#define H "Host: a\r\n"
#define CHUNKS "5\r\nhello\r\n0\r\n\r\n"

static const struct row refused[] = {
    ROW("Content-Length and chunked", 400,
        "POST /echo HTTP/1.1\r\n" H
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" CHUNKS),
    ROW("chunked and Content-Length", 400,
        "POST /echo HTTP/1.1\r\n" H
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" CHUNKS),
    ROW("two Content-Lengths", 400,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    ROW("two equal Content-Lengths", 400,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\ncontent-length: 5\r\n\r\nhello"),
    ROW("gzip as transfer coding", 501,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: gzip\r\n\r\nhello"),
    ROW("gzip, chunked", 501,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n" CHUNKS),
    ROW("identity", 501, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n" CHUNKS),
    ROW("chunked twice in one line", 501,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked, chunked\r\n\r\n" CHUNKS),
    ROW("chunked in two lines", 400,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nTransfer-Encoding: "
        "chunked\r\n\r\n" CHUNKS),
    ROW("chunked with a tail", 501,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: xchunked\r\n\r\n" CHUNKS),
    ROW("vertical tab before chunked", 400,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: \vchunked\r\n\r\n" CHUNKS),
    ROW("chunked in HTTP/1.0", 400,
        "POST /echo HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n" CHUNKS),
    ROW("blank before the colon", 400,
        "POST /echo HTTP/1.1\r\n" H "Content-Length : 5\r\n\r\nhello"),
    ROW("blank before a name", 400, "GET / HTTP/1.1\r\n X: 1\r\n" H "\r\n"),
    ROW("no colon", 400, "GET / HTTP/1.1\r\n" H "Nonsense\r\n\r\n"),
    ROW("empty name", 400, "GET / HTTP/1.1\r\n" H ": 5\r\n\r\n"),
    ROW("no Host", 400, "GET / HTTP/1.1\r\nX: 1\r\n\r\n"),
    ROW("no line at all", 400, "GET / HTTP/1.1\r\n\r\n"),
    ROW("two Hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ROW("empty Host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    ROW("Host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    ROW("Host with a name before @", 400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
    ROW("two Cookies", 400, "GET / HTTP/1.1\r\n" H "Cookie: a=1\r\nCookie: a=2\r\n\r\n"),
    ROW("two Authorizations", 400,
        "GET / HTTP/1.1\r\n" H "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"),
    ROW("NUL in a value", 400, "GET / HTTP/1.1\r\n" H "X: a\0b\r\n\r\n"),
    ROW("NUL that hides a name", 400, "GET / HTTP/1.1\r\n" H "X: a\0\r\nY: b\r\n\r\n"),
    ROW("NUL in a name", 400, "GET / HTTP/1.1\r\n" H "X\0: a\r\n\r\n"),
    ROW("NUL as a line", 400, "GET / HTTP/1.1\r\n" H "\0Content-Length: 5\r\n\r\nhello"),
    ROW("NUL alone as a line", 400, "GET / HTTP/1.1\r\n" H "\0\r\n\r\n"),
    ROW("NUL in the target", 400, "GET /\0/x HTTP/1.1\r\n" H "\r\n"),
    ROW("NUL in the query", 400, "GET /echo?q=\0x HTTP/1.1\r\n" H "\r\n"),
    ROW("NUL in the method", 400, "GE\0T / HTTP/1.1\r\n" H "\r\n"),
    ROW("bare CR in a value", 400, "GET / HTTP/1.1\r\n" H "X: a\rb\r\n\r\n"),
    ROW("bare LF after the request line", 400, "GET / HTTP/1.1\n" H "\r\n"),
    ROW("bare LF after a header line", 400, "GET / HTTP/1.1\r\n" H "X: a\nY: b\r\n\r\n"),
    ROW("bare LF that ends the header", 400, "GET / HTTP/1.1\r\n" H "\n"),
    ROW("all lines end in bare LF", 400, "GET / HTTP/1.1\nHost: a\n\n"),
    ROW("folded value", 400, "GET / HTTP/1.1\r\n" H "X: a\r\n b\r\n\r\n"),
    ROW("folded last line", 400, "GET / HTTP/1.1\r\nX: 1\r\nHost: a\r\n\tb\r\n\r\n"),
    ROW("folding that makes a Content-Length", 400,
        "POST /echo HTTP/1.1\r\n" H "Content: 5\r\n -Length\r\n\r\nhello"),
    ROW("two blanks after the method", 400, "GET  / HTTP/1.1\r\n" H "\r\n"),
    ROW("blank in the target", 400, "GET /a b HTTP/1.1\r\n" H "\r\n"),
    ROW("two blanks before the version", 400, "GET /  HTTP/1.1\r\n" H "\r\n"),
    ROW("no version", 400, "GET /\r\n" H "\r\n"),
    ROW("HTTP/2.0", 505, "GET / HTTP/2.0\r\n" H "\r\n"),
    ROW("HTTP/0.9", 505, "GET / HTTP/0.9\r\n" H "\r\n"),
    ROW("version in small letters", 400, "GET / http/1.1\r\n" H "\r\n"),
    ROW("%00 in the path", 400, "GET /items/a%00b HTTP/1.1\r\n" H "\r\n"),
    ROW("%ff in the path", 400, "GET /items/%ff HTTP/1.1\r\n" H "\r\n"),
    ROW("overlong UTF-8 in the path", 400, "GET /items/%c0%af HTTP/1.1\r\n" H "\r\n"),
    ROW("surrogate in the query", 400, "GET /echo?q=%ed%a0%80 HTTP/1.1\r\n" H "\r\n"),
    ROW("%zz in the query", 400, "GET /echo?q=%zz HTTP/1.1\r\n" H "\r\n"),
    ROW("% at the end", 400, "GET /echo?q=1% HTTP/1.1\r\n" H "\r\n"),
    ROW("raw Latin-1 in the query", 400, "GET /echo?q=\xe4 HTTP/1.1\r\n" H "\r\n"),
    ROW("line break in the path", 400, "GET /items/a%0d%0ab HTTP/1.1\r\n" H "\r\n"),
    ROW("dot segments", 400, "GET /items/../hello HTTP/1.1\r\n" H "\r\n"),
    ROW("dot segments in disguise", 400, "GET /items/%2e%2E/hello HTTP/1.1\r\n" H "\r\n"),
    ROW("a fragment", 400, "GET /hello#x HTTP/1.1\r\n" H "\r\n"),
    ROW("target without a slash", 400, "GET hello HTTP/1.1\r\n" H "\r\n"),
    ROW("authority form", 400, "CONNECT a:80 HTTP/1.1\r\n" H "\r\n"),
    ROW("asterisk with GET", 400, "GET * HTTP/1.1\r\n" H "\r\n"),
    ROW("absolute form for another host", 400, "GET http://b/hello HTTP/1.1\r\n" H "\r\n"),
    ROW("body larger than the route takes", 413,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 99999999\r\n\r\nhello"),
    ROW("Content-Length past 64 bits", 413,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 99999999999999999999\r\n\r\nhello"),
    ROW("Content-Length with a sign", 400,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: +5\r\n\r\nhello"),
    ROW("Content-Length in hex", 400,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 0x5\r\n\r\nhello"),
    ROW("Content-Length as a list", 400,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: 5, 5\r\n\r\nhello"),
    ROW("empty Content-Length", 400, "POST /echo HTTP/1.1\r\n" H "Content-Length:\r\n\r\nhello"),
    ROW("negative Content-Length", 400,
        "POST /echo HTTP/1.1\r\n" H "Content-Length: -5\r\n\r\nhello"),
    ROW("chunk size that is no number", 400,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n"),
    ROW("chunk size past 64 bits", 413,
        "POST /echo HTTP/1.1\r\n" H
        "Transfer-Encoding: chunked\r\n\r\n11111111111111111\r\nhello\r\n0\r\n\r\n"),
    ROW("chunk longer than its size", 400,
        "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n"),
};

static const struct row accepted[] = {
    ROW("plain", 200, "GET /hello HTTP/1.1\r\n" H "\r\n"),
    ROW("blank lines before it", 200, "\r\n\r\nGET /hello HTTP/1.1\r\n" H "\r\n"),
    ROW("no blank after a colon", 200, "GET /hello HTTP/1.1\r\nHost:a\r\nX:\r\n\r\n"),
    ROW("blanks around a value", 200, "GET /hello HTTP/1.1\r\nHost: \t a \t\r\n\r\n"),
    ROW("Host with a port", 200, "GET /hello HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
    ROW("HEAD", 200, "HEAD /hello HTTP/1.1\r\n" H "\r\n"),
    ROW("query", 200, "GET /echo?q=%E7%BD%91+a&b HTTP/1.1\r\n" H "\r\n"),
    ROW("raw UTF-8 in the query", 200, "GET /echo?q=\xe7\xbd\x91 HTTP/1.1\r\n" H "\r\n"),
    ROW("an escaped slash in a parameter", 200, "GET /items/a%2Fb HTTP/1.1\r\n" H "\r\n"),
    ROW("absolute form", 200, "GET HTTP://A/hello HTTP/1.1\r\n" H "\r\n"),
    ROW("body", 200, "POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello"),
    ROW("empty body", 200, "POST /echo HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"),
    ROW("cookies", 200, "GET /hello HTTP/1.1\r\n" H "Cookie: a=1; b=\"2\"; c\r\n\r\n"),
    ROW("unknown path", 404, "GET /none HTTP/1.1\r\n" H "\r\n"),
    ROW("unknown item", 404, "GET /items/none HTTP/1.1\r\n" H "\r\n"),
    ROW("wrong method", 405, "DELETE /hello HTTP/1.1\r\n" H "\r\n"),
    ROW("unknown method", 405, "BREW /hello HTTP/1.1\r\n" H "\r\n"),
    ROW("OPTIONS", 204, "OPTIONS /hello HTTP/1.1\r\n" H "\r\n"),
    ROW("OPTIONS of all", 204, "OPTIONS * HTTP/1.1\r\n" H "\r\n"),
    ROW("POST without a length", 411, "POST /echo HTTP/1.1\r\n" H "\r\n"),
    ROW("not modified", 304, "GET /items/1 HTTP/1.1\r\n" H "If-None-Match: W/\"17\"\r\n\r\n"),
    ROW("problem type", 200, "GET /problems/not-found HTTP/1.1\r\n" H "\r\n"),
    ROW("unknown problem type", 404, "GET /problems/x HTTP/1.1\r\n" H "\r\n"),
};

static int start(void **state)
{
    struct server_options options = raw_options(&app);
    struct error err;

    (void)state;
    if (hash_start(&err) != AF_OK || server_start(&options, &server, &err) != AF_OK)
        return -1;
    return 0;
}

static int stop(void **state)
{
    (void)state;
    server_stop(server, 1000);
    return 0;
}

static void fail_row(const struct row *row, const char *why, const struct buf *in)
{
    print_error("%s: %s\n%s\n", row->what, why, buf_str(in));
    fail();
}

static void refused_requests_get_one_answer_and_a_closed_connection(void **state)
{
    static const char next[] = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const struct row *row = &refused[i];
        int fd = raw_connect(server_port(server));
        struct buf in = {0};

        raw_send(fd, row->bytes, row->len);
        raw_say(fd, next);
        if (!raw_read_all(fd, &in))
            fail_row(row, "is not closed", &in);
        if (raw_code(&in) != row->code)
            fail_row(row, "has another code", &in);
        if (raw_count(&in, "HTTP/1.1 ") > 1 && !raw_is_double(&in))
            fail_row(row, "is answered twice", &in);
        if (raw_count(&in, "HTTP/1.1 ") > 1)
            print_message("two status lines: %s\n", row->what);
        if (atomic_load(&app.smuggled) != 0)
            fail_row(row, "lets a second request in", &in);
        close(fd);
        buf_release(&in);
    }
}

static void accepted_requests_end_where_they_end(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        const struct row *row = &accepted[i];
        int fd = raw_connect(server_port(server));
        struct buf in = {0};

        raw_send(fd, row->bytes, row->len);
        raw_say(fd, "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        if (!raw_read_all(fd, &in))
            fail_row(row, "is not closed", &in);
        if (raw_code(&in) != row->code)
            fail_row(row, "has another code", &in);
        if (raw_count(&in, "HTTP/1.1 ") != 2 || raw_count(&in, "HTTP/1.1 200") < 1)
            fail_row(row, "is not followed by the second answer", &in);
        close(fd);
        buf_release(&in);
    }
}

/* The same rows a byte at a time: the library's buffer grows and moves meanwhile. */
static void rows_mean_the_same_a_byte_at_a_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        const struct row *row = &accepted[i];
        int fd = raw_connect(server_port(server));
        struct buf in = {0};

        for (size_t k = 0; k < row->len; k++)
            raw_send(fd, row->bytes + k, 1);
        shutdown(fd, SHUT_WR);
        if (!raw_read_all(fd, &in))
            fail_row(row, "is not closed", &in);
        if (raw_code(&in) != row->code)
            fail_row(row, "has another code", &in);
        close(fd);
        buf_release(&in);
    }
}

static void chunked_body_is_read_and_ends_the_connection(void **state)
{
    int fd = raw_connect(server_port(server));
    struct buf in = {0};

    (void)state;
    raw_say(fd, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: Chunked\r\n\r\n"
                "5;x=y\r\nhello\r\n3\r\n wo\r\n0\r\nT: 1\r\n\r\n"
                "GET /smuggled HTTP/1.1\r\n" H "\r\n");
    assert_true(raw_read_all(fd, &in));
    assert_int_equal(raw_code(&in), 200);
    assert_int_equal(raw_count(&in, "HTTP/1.1 "), 1);
    assert_non_null(strstr(buf_str(&in), "\r\n\r\nhello wo"));
    assert_int_equal(atomic_load(&app.smuggled), 0);
    close(fd);
    buf_release(&in);
}

static void http_1_0_needs_no_host(void **state)
{
    struct buf in = {0};

    (void)state;
    assert_int_equal(raw_ask(server_port(server), "GET /hello HTTP/1.0\r\n\r\n", &in), 200);
    buf_release(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_requests_get_one_answer_and_a_closed_connection),
        cmocka_unit_test(accepted_requests_end_where_they_end),
        cmocka_unit_test(rows_mean_the_same_a_byte_at_a_time),
        cmocka_unit_test(chunked_body_is_read_and_ends_the_connection),
        cmocka_unit_test(http_1_0_needs_no_host),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
