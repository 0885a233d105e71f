#include "tests/harness.h"

#include "data/base/clock.h"

#include <stdio.h>
#include <time.h>

static void texts_and_times_agree(void **state)
{
    static const struct {
        const char *text;
        int64_t at_ms;
    } rows[] = {
        {"1970-01-01T00:00:00.000Z",      0              },
        {"1970-01-01",                    0              },
        {"2026-11-22T01:53:10.123Z",      1795312390123  },
        {"2026-11-22T01:53:10.1234567Z",  1795312390123  },
        {"2026-11-22t09:53:10.123+08:00", 1795312390123  },
        {"2026-11-21 20:23:10.123-05:30", 1795312390123  },
        {"2000-02-29T00:00:00Z",          951782400000   },
        {"1969-12-31T23:59:59.999Z",      -1             },
        {"0000-01-01T00:00:00Z",          -62167219200000},
        {"9999-12-31T23:59:59.999Z",      253402300799999},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t at_ms;

        assert_true(clock_parse(bytes_str(rows[i].text), &at_ms));
        assert_true(at_ms == rows[i].at_ms);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "2026",
        "2026-11",
        "2026-13-01",
        "2026-00-01",
        "2026-11-31",
        "2026-02-29",
        "1900-02-29",
        "2026-11-00",
        "2026-1-1",
        "26-11-22",
        "2026-11-22T",
        "2026-11-22T01:53",
        "2026-11-22T01:53:10",
        "2026-11-22T24:00:00Z",
        "2026-11-22T01:60:00Z",
        "2026-11-22T01:53:61Z",
        "2026-11-22T01:53:10.Z",
        "2026-11-22T01:53:10+8:00",
        "2026-11-22T01:53:10+24:00",
        "2026-11-22T01:53:10Zx",
        "2026-11-22x",
        "x026-11-22",
        "2026-11-22T01:53:10.123",
        " 2026-11-22",
        "2026-11-22T01:53:10,5Z",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t at_ms = 42;

        if (clock_parse(bytes_str(rows[i]), &at_ms))
            fail_msg("%s was taken", rows[i]);
        assert_true(at_ms == 42);
    }
}

/* Every day of the calendar against the C library, and back. */
static void every_day_is_that_of_the_c_library(void **state)
{
    (void)state;
    for (int64_t day = -719528; day <= 2932896; day += 13) {
        time_t seconds = (time_t)(day * 86400);
        char text[CLOCK_TEXT_BYTES], wanted[64];
        struct tm tm;
        int64_t back;

        clock_format(day * 86400000 + 1, text);
        assert_non_null(gmtime_r(&seconds, &tm));
        (void)snprintf(wanted, sizeof wanted, "%04d-%02d-%02dT00:00:00.001Z", tm.tm_year + 1900,
                       tm.tm_mon + 1, tm.tm_mday);
        assert_string_equal(wanted, text);
        assert_true(clock_parse(bytes_str(text), &back));
        assert_true(back == day * 86400000 + 1);
    }
}

static void a_fixed_clock_stands_still_until_it_is_let_go(void **state)
{
    int64_t before = clock_steady_us();

    (void)state;
    clock_fix(12345);
    assert_true(clock_now_ms() == 12345);
    assert_true(clock_now_ms() == 12345);
    clock_fix(-1);
    assert_true(clock_now_ms() > 1600000000000);
    assert_true(clock_steady_us() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_and_times_agree),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(every_day_is_that_of_the_c_library),
        cmocka_unit_test(a_fixed_clock_stands_still_until_it_is_let_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
