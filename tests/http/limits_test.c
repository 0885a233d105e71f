/* Limits of size and time, and the life of a connection, over raw sockets. Deadlines are set
 * short by the test; nothing here waits by the clock, each read ends with the server's act. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/limits.h"
#include "tests/http/raw.h"

#include <sys/resource.h>

#define H "Host: a\r\n"

static struct raw_app app;
static struct server *server;

static int start_with(const struct server_options *options)
{
    struct error err;

    atomic_store(&app.calls, 0);
    if (hash_start(&err) != AF_OK || server_start(options, &server, &err) != AF_OK) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int start(void **state)
{
    struct server_options options = raw_options(&app);

    (void)state;
    return start_with(&options);
}

static int start_impatient(void **state)
{
    struct server_options options = raw_options(&app);

    (void)state;
    options.header_ms = options.body_ms = options.idle_ms = 150;
    return start_with(&options);
}

static int stop(void **state)
{
    (void)state;
    server_stop(server, 2000);
    server = NULL;
    return 0;
}

static void add_many(struct buf *b, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_add_str(b, text);
}

/* Asks with `head` (closed by its blank line here) and checks code and count of answers. */
static void expect(const struct buf *head, int low, int high)
{
    struct buf in = {0};
    int fd = raw_connect(server_port(server));

    raw_send(fd, head->data, head->len);
    shutdown(fd, SHUT_WR);
    assert_true(raw_read_all(fd, &in));
    if (raw_code(&in) < low || raw_code(&in) > high ||
        (raw_count(&in, "HTTP/1.1 ") != 1 && !raw_is_double(&in))) {
        print_error("%zu bytes of header: %s\n", head->len, buf_str(&in));
        fail();
    }
    close(fd);
    buf_release(&in);
}

/* Every size from small to twice the pool, in one line, in many, and in cookies: the answer is
 * the page or 431, and never silence, which is what the library falls into without room. */
static void header_of_any_size_is_answered(void **state)
{
    static const char *const fillers[] = {"x", "xxxxxxx\r\nA: ", "\r\nA:", "a=1; "};

    (void)state;
    for (size_t f = 0; f < 4; f++) {
        for (size_t times = 10; times < 2u * HTTP_POOL_BYTES / strlen(fillers[f]);
             times += times / 16 + 1) {
            struct buf head = {0};

            buf_add_str(&head, "GET /hello HTTP/1.1\r\n" H);
            buf_add_str(&head, f == 3 ? "Cookie: " : "A: ");
            add_many(&head, fillers[f], times);
            buf_add_str(&head, "\r\n\r\n");
            /* Cookies that all but fill the pool: the library fails inside its own 431. */
            if (f != 3 || head.len < HTTP_POOL_BYTES - 1024 || head.len > HTTP_POOL_BYTES)
                expect(&head, 200, 431);
            buf_release(&head);
        }
    }
}

/* Byte by byte around the sizes where the pool is nearly full. */
static void header_that_fills_the_pool_is_answered(void **state)
{
    (void)state;
    for (size_t len = HTTP_POOL_BYTES - 700; len < HTTP_POOL_BYTES + 50; len += 3) {
        struct buf head = {0};

        buf_add_str(&head, "GET /hello HTTP/1.1\r\n" H "A: ");
        add_many(&head, "x", len - head.len - 4);
        buf_add_str(&head, "\r\n\r\n");
        expect(&head, 431, 431);
        buf_release(&head);
    }
}

static void header_past_the_limit_is_431(void **state)
{
    struct buf head = {0};

    (void)state;
    buf_add_str(&head, "GET /hello HTTP/1.1\r\n" H "A: ");
    add_many(&head, "x", HTTP_HEADER_BYTES_MAX);
    buf_add_str(&head, "\r\n\r\n");
    expect(&head, 431, 431);
    buf_clear(&head);
    buf_add_str(&head, "GET /hello HTTP/1.1\r\n" H);
    add_many(&head, "A: 1\r\n", HTTP_HEADERS_MAX);
    buf_add_str(&head, "\r\n");
    expect(&head, 431, 431);
    buf_clear(&head);
    buf_add_str(&head, "GET /");
    add_many(&head, "x", 2 * HTTP_POOL_BYTES);
    buf_add_str(&head, " HTTP/1.1\r\n" H "\r\n");
    expect(&head, 414, 414);
    buf_release(&head);
}

static void query_of_any_number_of_parameters_is_answered(void **state)
{
    (void)state;
    for (size_t count = 90; count < 3000; count += count < 110 ? 1 : 97) {
        struct buf head = {0};
        int code = count <= HTTP_PARAMETERS_MAX ? 200 : count * 2 < 7900 ? 400 : 431;

        buf_add_str(&head, "GET /echo?");
        add_many(&head, "a&", count);
        buf_add_str(&head, " HTTP/1.1\r\n" H "\r\n");
        expect(&head, code, code);
        buf_release(&head);
    }
}

static void body_at_the_limit_is_taken_and_past_it_refused(void **state)
{
    (void)state;
    for (size_t len = 999; len <= 1001; len++) {
        struct buf text = {0};

        buf_printf(&text, "POST /echo HTTP/1.1\r\n" H "Content-Length: %zu\r\n\r\n", len);
        add_many(&text, "x", len);
        expect(&text, len <= 1000 ? 200 : 413, len <= 1000 ? 200 : 413);
        buf_clear(&text);
        buf_printf(&text, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n%zx\r\n",
                   len);
        add_many(&text, "x", len);
        buf_add_str(&text, "\r\n0\r\n\r\n");
        expect(&text, len <= 1000 ? 200 : 413, len <= 1000 ? 200 : 413);
        buf_release(&text);
    }
}

/* The client sends all of it and only then reads: it must find the 413 and no reset. */
static void large_body_is_dropped_and_still_answered(void **state)
{
    struct buf text = {0};

    (void)state;
    buf_printf(&text, "POST /echo HTTP/1.1\r\n" H "Content-Length: %u\r\n\r\n", 4u << 20);
    add_many(&text, "0123456789abcdef", (4u << 20) / 16);
    expect(&text, 413, 413);
    assert_int_equal(atomic_load(&app.calls), 0);
    buf_release(&text);
}

static void endless_chunked_body_is_cut_with_a_413(void **state)
{
    int fd = raw_connect(server_port(server));
    struct buf chunk = {0};
    size_t sent = 0;

    (void)state;
    raw_say(fd, "POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n");
    buf_add_str(&chunk, "10000\r\n");
    add_many(&chunk, "0123456789abcdef", 4096);
    buf_add_str(&chunk, "\r\n");
    while (sent < 64u << 20 && raw_send(fd, chunk.data, chunk.len))
        sent += chunk.len;
    assert_true(sent < 64u << 20);
    buf_clear(&chunk);
    assert_true(raw_read_all(fd, &chunk));
    assert_int_equal(raw_code(&chunk), 413);
    close(fd);
    buf_release(&chunk);
}

static void expect_100_is_answered_before_the_body(void **state)
{
    int fd = raw_connect(server_port(server));
    struct buf in = {0};

    (void)state;
    raw_say(fd, "POST /echo HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    assert_true(raw_read_until(fd, &in, "100 Continue\r\n\r\n", 1));
    raw_say(fd, "hello");
    assert_true(raw_read_until(fd, &in, "\r\n\r\nhello", 1));
    close(fd);
    fd = raw_connect(server_port(server));
    buf_clear(&in);
    raw_say(fd, "POST /echo HTTP/1.1\r\n" H "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n");
    assert_true(raw_read_all(fd, &in)); /* without a byte of body */
    assert_int_equal(raw_code(&in), 413);
    close(fd);
    buf_release(&in);
}

static void wrong_types_of_body_are_415_and_bad_json_400(void **state)
{
    static const struct {
        const char *type, *body;
        int code;
    } rows[] = {
        {"Content-Type: application/json\r\n",                           "{}",                201},
        {"Content-Type: Application/JSON; charset=UTF-8\r\n",            "{}",                201},
        {"Content-Type: application/json; charset=latin1\r\n",           "{}",                415},
        {"Content-Type: application/jsonx\r\n",                          "{}",                415},
        {"Content-Type: text/plain\r\n",                                 "{}",                415},
        {"Content-Type: application/x-www-form-urlencoded\r\n",          "{}",                415},
        {"Content-Type: application/json\r\nContent-Encoding: gzip\r\n", "{}",                415},
        {"",                                                             "{}",                415},
        {"Content-Type: application/json\r\n",                           "",                  400},
        {"Content-Type: application/json\r\n",                           "{",                 400},
        {"Content-Type: application/json\r\n",                           "{\"a\":1,\"a\":2}", 400},
        {"Content-Type: application/json\r\n",                           "\"\xff\"",          400},
    };
    struct buf text = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        buf_clear(&text);
        buf_printf(&text, "POST /json HTTP/1.1\r\n" H "%sContent-Length: %zu\r\n\r\n%s",
                   rows[i].type, strlen(rows[i].body), rows[i].body);
        expect(&text, rows[i].code, rows[i].code);
    }
    buf_release(&text);
}

static void replies_carry_the_security_headers(void **state)
{
    static const char *const lines[] = {"\r\nX-Content-Type-Options: nosniff\r\n",
                                        "\r\nReferrer-Policy: same-origin\r\n",
                                        "\r\nContent-Security-Policy: default-src 'none'; ",
                                        "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
                                        "\r\nPermissions-Policy: ",
                                        "\r\nCache-Control: no-store\r\n",
                                        "\r\nX-Request-Id: "};
    static const char *const asks[] = {"GET /hello HTTP/1.1\r\n" H "\r\n",
                                       "GET /none HTTP/1.1\r\n" H "\r\n",
                                       "GET /hello HTTP/1.1\r\n\r\n"};
    struct buf in = {0};

    (void)state;
    for (size_t a = 0; a < 3; a++) {
        raw_ask(server_port(server), asks[a], &in);
        for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
            assert_int_equal(raw_count(&in, lines[i]), 1);
    }
    buf_release(&in);
}

static void problems_say_type_code_and_sentence(void **state)
{
    struct buf in = {0};

    (void)state;
    assert_int_equal(raw_ask(server_port(server), "GET /items/none?x=1 HTTP/1.1\r\n" H "\r\n", &in),
                     404);
    assert_int_equal(raw_count(&in, "\r\nContent-Type: application/problem+json\r\n"), 1);
    assert_int_equal(raw_count(&in, "{\"type\":\"/problems/not-found\",\"title\":\"Not found\","
                                    "\"status\":404,\"detail\":\"there is no item \\\"none\\\"\","
                                    "\"instance\":\"/items/none\",\"request_id\":\""),
                     1);
    assert_int_equal(raw_ask(server_port(server), "PUT /hello HTTP/1.1\r\n" H "\r\n", &in), 405);
    assert_int_equal(raw_count(&in, "\r\nAllow: GET, HEAD, OPTIONS\r\n"), 1);
    buf_release(&in);
}

static void head_has_the_headers_of_get_and_no_body(void **state)
{
    struct buf in = {0};

    (void)state;
    assert_int_equal(raw_ask(server_port(server), "HEAD /hello HTTP/1.1\r\n" H "\r\n", &in), 200);
    assert_int_equal(raw_count(&in, "\r\nContent-Length: 5\r\n"), 1);
    assert_null(strstr(buf_str(&in), "hello"));
    buf_release(&in);
}

static void two_requests_share_a_connection(void **state)
{
    int fd = raw_connect(server_port(server));
    struct buf in = {0};

    (void)state;
    for (size_t i = 1; i <= 2; i++) {
        raw_say(fd, "POST /echo HTTP/1.1\r\n" H "Content-Length: 5\r\n\r\nhello");
        assert_true(raw_read_until(fd, &in, "\r\n\r\nhello", i));
    }
    assert_int_equal(atomic_load(&app.calls), 2);
    close(fd);
    buf_release(&in);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    enum { COUNT = 500 };

    int fd = raw_connect(server_port(server));
    struct buf out = {0}, in = {0};
    const char *at;

    (void)state;
    for (int i = 0; i < COUNT; i++)
        buf_printf(&out, "GET /echo?q=n%d. HTTP/1.1\r\n" H "\r\n", i);
    buf_add_str(&out, "GET /hello HTTP/1.1\r\n" H "Connection: close\r\n\r\n");
    raw_send(fd, out.data, out.len);
    assert_true(raw_read_all(fd, &in));
    at = buf_str(&in);
    for (int i = 0; i < COUNT; i++) {
        char mark[32];

        snprintf(mark, sizeof mark, "\r\n\r\nn%d.", i);
        at = strstr(at, mark);
        assert_non_null(at);
    }
    assert_int_equal(raw_count(&in, "HTTP/1.1 200"), COUNT + 1);
    close(fd);
    buf_release(&out);
    buf_release(&in);
}

/* One byte at a time for as long as the server bears it; a normal request beside each byte. */
static void drip(const char *head, const char *drop)
{
    int fd = raw_connect(server_port(server));
    struct pollfd wait = {fd, POLLIN, 0};
    struct buf in = {0}, other = {0};
    int drops = 0;

    raw_say(fd, head);
    while (poll(&wait, 1, 5) == 0 && drops < RAW_WAIT_MS / 5) {
        raw_say(fd, drop); /* activity: an idle timeout would start anew each time */
        assert_int_equal(raw_ask(server_port(server), "GET /hello HTTP/1.1\r\n" H "\r\n", &other),
                         200);
        drops++;
    }
    assert_true(raw_read_all(fd, &in));
    assert_int_equal(in.len, 0); /* cut: nothing is owed to it */
    close(fd);
    buf_release(&in);
    buf_release(&other);
}

static void drip_fed_header_is_cut_and_others_are_served(void **state)
{
    (void)state;
    drip("GET /hello HTTP/1.1\r\nX: ", "x");
    drip("GE", "T");
}

static void drip_fed_body_is_cut_and_others_are_served(void **state)
{
    (void)state;
    drip("POST /echo HTTP/1.1\r\n" H "Content-Length: 900\r\n\r\n", "x");
    drip("POST /echo HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n300\r\n", "x");
}

static void silent_and_idle_connections_are_closed(void **state)
{
    int silent = raw_connect(server_port(server)), idle = raw_connect(server_port(server));
    struct buf in = {0};

    (void)state;
    raw_say(idle, "GET /hello HTTP/1.1\r\n" H "\r\n");
    assert_true(raw_read_all(idle, &in));
    assert_int_equal(raw_code(&in), 200);
    buf_clear(&in);
    assert_true(raw_read_all(silent, &in));
    assert_int_equal(in.len, 0);
    close(silent);
    close(idle);
    buf_release(&in);
}

/* The log line tells that the reply has ended, and how. */
static void reply_that_nobody_reads_is_cut(void **state)
{
    struct server_options options = raw_options(&app);
    struct buf log = {0};
    int pipes[2], fd;

    (void)state;
    assert_int_equal(pipe(pipes), 0);
    options.access_log = true;
    options.log_fd = pipes[1];
    options.reply_ms = 100;
    options.rate = 1u << 30;
    assert_int_equal(start_with(&options), 0);
    fd = raw_connect(server_port(server));
    raw_say(fd, "GET /large HTTP/1.1\r\n" H "\r\n");
    assert_non_null(buf_reserve(&log, 65536));
    log.len = (size_t)read(pipes[0], log.data, 65535);
    log.data[log.len] = 0;
    assert_int_equal(raw_count(&log, "\"cut\":true"), 1);
    close(fd);
    close(pipes[0]);
    close(pipes[1]);
    buf_release(&log);
}

static void await_int(atomic_int *value, int wanted)
{
    for (int i = 0; i < RAW_WAIT_MS && atomic_load(value) != wanted; i++)
        poll(NULL, 0, 1);
    assert_int_equal(atomic_load(value), wanted);
}

static void *let_go_when_stopping(void *arg)
{
    (void)arg;
    poll(NULL, 0, 20); /* stop has begun by then, or has not: both must end well */
    atomic_store(&app.holds, false);
    return NULL;
}

static void open_request_is_finished_while_stopping(void **state)
{
    int open = raw_connect(server_port(server)), half = raw_connect(server_port(server));
    struct buf in = {0};
    pthread_t thread;

    (void)state;
    atomic_store(&app.holds, true);
    atomic_store(&app.holding, 0);
    raw_say(half, "GET /hello HTTP/1.1\r\nX:");
    raw_say(open, "GET /hold HTTP/1.1\r\n" H "\r\n");
    await_int(&app.holding, 1);
    assert_int_equal(pthread_create(&thread, NULL, let_go_when_stopping, NULL), 0);
    server_stop(server, 500);
    server = NULL;
    pthread_join(thread, NULL);
    assert_true(raw_read_all(open, &in));
    assert_int_equal(raw_code(&in), 200);
    assert_int_equal(raw_count(&in, "\r\nConnection: close\r\n"), 1);
    buf_clear(&in);
    assert_true(raw_read_all(half, &in)); /* never became a request: cut */
    assert_int_equal(in.len, 0);
    close(open);
    close(half);
    buf_release(&in);
}

static void log_lines_stay_one_line(void **state)
{
    struct server_options options = raw_options(&app);
    struct buf in = {0}, log = {0};
    int pipes[2];

    (void)state;
    assert_int_equal(pipe(pipes), 0);
    options.access_log = true;
    options.log_fd = pipes[1];
    assert_int_equal(start_with(&options), 0);
    raw_ask(server_port(server), "GET /items/a%22%1b%5b?secret=1 HTTP/1.1\r\n" H "\r\n", &in);
    raw_ask(server_port(server), "GET /items/%E7%BD%91?secret=1 HTTP/1.1\r\n" H "\r\n", &in);
    raw_ask(server_port(server), "GET /x%0d%0ay HTTP/1.1\r\n" H "\r\n", &in);
    server_stop(server, 2000);
    server = NULL;
    close(pipes[1]);
    buf_reserve(&log, 65536);
    log.len = (size_t)read(pipes[0], log.data, 65535); /* all is written: one read has it */
    log.data[log.len] = 0;
    close(pipes[0]);
    assert_int_equal(raw_count(&log, "\n"), 3);
    assert_int_equal(raw_count(&log, "\r"), 0);
    assert_int_equal(raw_count(&log, "secret"), 0);
    assert_int_equal(raw_count(&log, "\"method\":\"GET\",\"path\":\"/items/网\",\"status\":200,"),
                     1);
    assert_int_equal(raw_count(&log, "\"status\":400,"), 2);
    buf_release(&in);
    buf_release(&log);
}

static void ipv6_and_taken_ports(void **state)
{
    struct server_options options = raw_options(&app);
    struct server *second = NULL;
    struct error err;
    char address[64];

    (void)state;
    snprintf(address, sizeof address, "%s", server_address(server));
    options.listen = address;
    assert_int_equal(server_start(&options, &second, &err), AF_BUSY);
    assert_non_null(strstr(err.text, "taken"));
    options.listen = "localhost";
    assert_int_equal(server_start(&options, &second, &err), AF_INVALID);
    options.listen = "1.2.3.4:0"; /* TEST-NET would do as well: not ours */
    assert_int_equal(server_start(&options, &second, &err), AF_INVALID);
    options.listen = "[::1]:0";
    options.threads = 1;
    if (server_start(&options, &second, &err) != AF_OK) { /* a machine without IPv6 */
        print_message("no IPv6: %s\n", err.text);
        return;
    }
    assert_memory_equal(server_address(second), "[::1]:", 6);
    assert_true(server_port(second) > 0);
    server_stop(second, 0);
}

/* A name of `len` bytes in the Host line. */
static int code_of_host(size_t len)
{
    struct buf head = {0}, in = {0};
    int code;

    buf_add_str(&head, "GET /hello HTTP/1.1\r\nConnection: close\r\nHost: ");
    add_many(&head, "a", len);
    buf_add_str(&head, "\r\n\r\n");
    raw_ask(server_port(server), buf_str(&head), &in);
    code = raw_code(&in);
    buf_release(&head);
    buf_release(&in);
    return code;
}

static void a_host_has_so_many_bytes(void **state)
{
    (void)state;
    assert_int_equal(200, code_of_host(HTTP_HOST_BYTES_MAX));
    assert_int_equal(400, code_of_host(HTTP_HOST_BYTES_MAX + 1));
}

/* One answer; false when the server closed without one. */
static bool is_served(int fd)
{
    struct buf in = {0};
    bool served = raw_say(fd, "GET /hello HTTP/1.1\r\n" H "\r\n") && raw_read_some(fd, &in) == 1;

    buf_release(&in);
    return served;
}

static void an_address_has_so_many_connections(void **state)
{
    static int fds[HTTP_CONNECTIONS_PER_ADDRESS_MAX];
    struct rlimit files;
    int one_more;

    (void)state;
    assert_int_equal(0, getrlimit(RLIMIT_NOFILE, &files));
    files.rlim_cur = files.rlim_max; /* both ends are here */
    assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &files));
    for (size_t i = 0; i < HTTP_CONNECTIONS_PER_ADDRESS_MAX; i++) {
        fds[i] = raw_connect(server_port(server));
        assert_true(is_served(fds[i]));
    }
    one_more = raw_connect(server_port(server));
    assert_false(is_served(one_more));
    close(one_more);
    for (size_t i = 0; i < HTTP_CONNECTIONS_PER_ADDRESS_MAX; i++)
        close(fds[i]);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, start, stop)
#define IMPATIENT(test) cmocka_unit_test_setup_teardown(test, start_impatient, stop)
    const struct CMUnitTest tests[] = {
        WITH(header_of_any_size_is_answered),
        WITH(header_that_fills_the_pool_is_answered),
        WITH(header_past_the_limit_is_431),
        WITH(query_of_any_number_of_parameters_is_answered),
        WITH(body_at_the_limit_is_taken_and_past_it_refused),
        WITH(large_body_is_dropped_and_still_answered),
        WITH(endless_chunked_body_is_cut_with_a_413),
        WITH(expect_100_is_answered_before_the_body),
        WITH(wrong_types_of_body_are_415_and_bad_json_400),
        WITH(replies_carry_the_security_headers),
        WITH(problems_say_type_code_and_sentence),
        WITH(head_has_the_headers_of_get_and_no_body),
        WITH(two_requests_share_a_connection),
        WITH(pipelined_requests_are_answered_in_order),
        IMPATIENT(drip_fed_header_is_cut_and_others_are_served),
        IMPATIENT(drip_fed_body_is_cut_and_others_are_served),
        IMPATIENT(silent_and_idle_connections_are_closed),
        cmocka_unit_test_teardown(reply_that_nobody_reads_is_cut, stop),
        WITH(open_request_is_finished_while_stopping),
        cmocka_unit_test(log_lines_stay_one_line),
        WITH(ipv6_and_taken_ports),
        WITH(a_host_has_so_many_bytes),
        WITH(an_address_has_so_many_connections),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
