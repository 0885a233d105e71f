/* Windows of working hours and days: worked examples, and days against a walk by the minute. */
#include "tests/intake/clock/calendars.h"

#include "data/base/limits.h"
#include "intake/clock/window.h"

#define HOUR_MS (60 * MINUTE_MS)

static void windows_end_where_people_count_them_to(void **state)
{
    static const struct {
        const char *calendar, *window, *from, *end;
    } rows[] = {
        /* a Thursday's morning and its night are one day; the weekend is none */
        {DESK,   "{'days':3}",  "2026-11-19T09:00:00+08:00",     "2026-11-24T18:00:00+08:00"},
        {DESK,   "{'days':3}",  "2026-11-19T23:59:59.999+08:00", "2026-11-24T18:00:00+08:00"},
        {DESK,   "{'days':1}",  "2026-11-20T17:59:59.999+08:00", "2026-11-23T18:00:00+08:00"},
        {DESK,   "{'days':1}",  "2026-11-21T10:00:00+08:00",     "2026-11-23T18:00:00+08:00"},
        {DESK,   "{'days':5}",  "2026-11-22T09:53:10.123+08:00", "2026-11-27T18:00:00+08:00"},
        /* before National Day: 8, 9, the Saturday made up for it, an hour of the Sunday, Monday */
        {DESK,   "{'days':1}",  "2026-09-30T12:00:00+08:00",     "2026-10-08T18:00:00+08:00"},
        {DESK,   "{'days':3}",  "2026-09-30T12:00:00+08:00",     "2026-10-10T18:00:00+08:00"},
        {DESK,   "{'days':4}",  "2026-09-30T12:00:00+08:00",     "2026-10-11T11:00:00+08:00"},
        {DESK,   "{'days':5}",  "2026-09-30T12:00:00+08:00",     "2026-10-12T18:00:00+08:00"},
        {DESK,   "{'hours':1}", "2026-11-20T17:30:00+08:00",     "2026-11-23T09:30:00+08:00"},
        {DESK,   "{'hours':8}", "2026-09-30T12:30:00+08:00",     "2026-10-08T14:00:00+08:00"},
        {ALWAYS, "{'days':2}",  "2026-11-20T08:00:00+01:00",     "2026-11-23T00:00:00+01:00"},
        {ALWAYS, "{'hours':5}", "2026-11-20T08:00:00+01:00",     "2026-11-20T13:00:00+01:00"},
        /* clocks go back on the 25th: the day has 25 hours and is one day */
        {ALWAYS, "{'days':1}",  "2026-10-24T12:00:00+02:00",     "2026-10-26T00:00:00+01:00"},
        /* a night shift is the evening's day, also when one asks in the middle of it */
        {NIGHTS, "{'days':1}",  "2026-11-20T12:00:00+01:00",     "2026-11-22T06:00:00+01:00"},
        {NIGHTS, "{'days':1}",  "2026-11-21T03:00:00+01:00",     "2026-11-28T06:00:00+01:00"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar *calendar = calendar_of(rows[i].calendar);
        json_t *json = test_json_quoted(rows[i].window);
        const struct window window = window_read(json);
        char text[CLOCK_TEXT_BYTES];
        int64_t end_ms;
        struct error err;

        assert_ok(window_end(calendar, &window, at(rows[i].from), &end_ms, &err));
        clock_format(end_ms, text);
        if (end_ms != at(rows[i].end))
            fail_msg("row %zu: %s from %s ends %s and not %s", i, rows[i].window, rows[i].from,
                     text, rows[i].end);
        json_decref(json);
        calendar_free(calendar);
    }
}

/* The last worked minute of the n-th worked date after the one it begins on. */
static int64_t walk_days(struct calendar *calendar, uint32_t days, int64_t from_ms)
{
    char first[CALENDAR_TEXT_BYTES], day[CALENDAR_TEXT_BYTES], now[CALENDAR_TEXT_BYTES];
    int64_t end_ms = 0;
    uint32_t seen = 0;
    struct error err;

    calendar_text(calendar, from_ms, first);
    memcpy(day, first, sizeof day);
    for (int64_t at_ms = from_ms - from_ms % MINUTE_MS;; at_ms += MINUTE_MS) {
        int64_t work_ms;

        assert_ok(calendar_between(calendar, at_ms, at_ms + MINUTE_MS, &work_ms, &err));
        calendar_text(calendar, at_ms, now);
        if (work_ms == 0 || strncmp(now, first, 10) == 0)
            continue;
        if (strncmp(now, day, 10) != 0) {
            if (seen == days)
                return end_ms;
            seen++;
            memcpy(day, now, sizeof day);
        }
        end_ms = at_ms + MINUTE_MS;
    }
}

static void days_are_those_of_a_walk_by_the_minute(void **state)
{
    struct test_random random = test_random_new();
    struct calendar *calendar = calendar_of(DESK);

    (void)state;
    for (int i = 0; i < 25; i++) {
        const struct window window = {.days = 1 + test_random_below(&random, 4)};
        int64_t from_ms = at("2026-09-20T00:00:00Z") +
                          (int64_t)test_random_below(&random, 30 * 24 * 3600) * 1000;
        int64_t end_ms;
        struct error err;

        assert_ok(window_end(calendar, &window, from_ms, &end_ms, &err));
        assert_int_equal(walk_days(calendar, window.days, from_ms), end_ms);
    }
    calendar_free(calendar);
}

static void a_calendar_without_hours_is_told_and_plain_time_stands_for_it(void **state)
{
    struct calendar *calendar = calendar_of("{'name':'never','zone':'UTC','week':{}}");
    const struct window days = {.days = 2}, hours = {.hours = 3};
    const int64_t from_ms = at("2026-11-20T08:00:00Z");
    int64_t end_ms;
    struct error err;

    (void)state;
    assert_refused(AF_NOT_FOUND, window_end(calendar, &days, from_ms, &end_ms, &err));
    assert_refused(AF_NOT_FOUND, window_end(calendar, &hours, from_ms, &end_ms, &err));
    assert_true(window_end_plain(&days, from_ms) == from_ms + 48 * HOUR_MS);
    assert_true(window_end_plain(&hours, from_ms) == from_ms + 3 * HOUR_MS);
    calendar_free(calendar);
}

static void the_longest_window_can_be_computed(void **state)
{
    struct calendar *calendar = calendar_of(DESK);
    json_t *json = json_pack("{s:i}", "days", WINDOW_DAYS_MAX + 1);
    struct window window = window_read(json);
    int64_t end_ms;
    struct error err;

    (void)state;
    assert_int_equal(WINDOW_DAYS_MAX, window.days); /* no more than that is read */
    assert_ok(window_end(calendar, &window, at("2026-11-20T08:00:00Z"), &end_ms, &err));
    window = (struct window){.hours = WINDOW_HOURS_MAX};
    assert_ok(window_end(calendar, &window, at("2026-11-20T08:00:00Z"), &end_ms, &err));
    json_decref(json);
    calendar_free(calendar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_end_where_people_count_them_to),
        cmocka_unit_test(days_are_those_of_a_walk_by_the_minute),
        cmocka_unit_test(a_calendar_without_hours_is_told_and_plain_time_stands_for_it),
        cmocka_unit_test(the_longest_window_can_be_computed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
