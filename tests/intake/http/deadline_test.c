#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/clock.h"
#include "intake/http/deadline.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS 20000 /* a bound for broken builds */

static struct sweeper *sweeper;
static int ends[2];

static int setup(void **state)
{
    (void)state;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return -1;
    return sweeper_start(2, &sweeper, NULL) == AF_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    sweeper_stop(sweeper);
    close(ends[0]);
    close(ends[1]);
    return 0;
}

/* Whether the other end was shut down, waiting for it. */
static bool is_cut(void)
{
    struct pollfd wait = {ends[1], POLLIN, 0};
    char byte;

    return poll(&wait, 1, WAIT_MS) == 1 && recv(ends[1], &byte, 1, MSG_DONTWAIT) == 0;
}

static void socket_is_shut_down_past_its_deadline(void **state)
{
    struct watch *watch = watch_new(sweeper, ends[0], clock_steady_us() + 1000);

    (void)state;
    assert_non_null(watch);
    assert_true(is_cut());
    assert_true(watch_was_cut(watch));
    watch_free(watch);
}

static void deadline_can_be_put_off(void **state)
{
    int others[2];
    struct watch *kept = watch_new(sweeper, ends[0], DEADLINE_NONE), *lost;
    struct pollfd now = {ends[1], POLLIN, 0};

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, others), 0);
    watch_set(kept, clock_steady_us() + (int64_t)WAIT_MS * 1000);
    lost = watch_new(sweeper, others[0], clock_steady_us() + 1000);
    for (int i = 0; i < WAIT_MS && !watch_was_cut(lost); i++)
        poll(NULL, 0, 1);
    assert_true(watch_was_cut(lost)); /* so the sweeper has looked at both */
    assert_false(watch_was_cut(kept));
    assert_int_equal(poll(&now, 1, 0), 0);
    watch_set(kept, 0);
    assert_true(is_cut());
    watch_free(lost);
    watch_free(kept);
    close(others[0]);
    close(others[1]);
}

static void removed_watches_are_forgotten_in_any_order(void **state)
{
    struct watch *w[5];

    (void)state;
    for (size_t i = 0; i < 5; i++)
        w[i] = watch_new(sweeper, ends[0], DEADLINE_NONE);
    assert_int_equal(sweeper_count(sweeper), 5);
    for (size_t i = 0; i < 5; i++)
        watch_free(w[(i * 3 + 2) % 5]); /* the middle, then an end, and so on */
    assert_int_equal(sweeper_count(sweeper), 0);
    watch_free(NULL);
    watch_set(NULL, 0);
    assert_false(watch_was_cut(NULL));
}

static void all_can_be_cut_at_once(void **state)
{
    struct watch *watch = watch_new(sweeper, ends[0], DEADLINE_NONE);

    (void)state;
    sweeper_cut_all(sweeper);
    assert_true(is_cut());
    watch_free(watch);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(socket_is_shut_down_past_its_deadline),
        EACH(deadline_can_be_put_off),
        EACH(removed_watches_are_forgotten_in_any_order),
        EACH(all_can_be_cut_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
