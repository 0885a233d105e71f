/* Holidays from iCalendar files: as published, folded, repeating, and what is no such file. */
#include "tests/intake/clock/calendars.h"

#include "data/base/limits.h"
#include "intake/clock/ical.h"

#include <stdio.h>

#define CALENDAR(events)                                                                           \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n" events "END:VCALENDAR\r\n"
#define EVENT(lines) "BEGIN:VEVENT\r\nUID:1\r\n" lines "END:VEVENT\r\n"

static void demand(const char *text, int first, int last, const char *closed, const char *open,
                   unsigned ignored)
{
    struct ical_days days;
    json_t *wanted_closed = test_json_quoted(closed), *wanted_open = test_json_quoted(open);
    struct error err;

    assert_ok(ical_read(bytes_str(text), first, last, &days, &err));
    if (!json_equal(wanted_closed, days.closed) || !json_equal(wanted_open, days.open))
        fail_msg("%s\ngave %s and %s", text, json_dumps(days.closed, 0), json_dumps(days.open, 0));
    assert_int_equal(ignored, days.ignored);
    json_decref(wanted_closed);
    json_decref(wanted_open);
    json_decref(days.closed);
    json_decref(days.open);
}

static void days_off_and_make_up_days_are_told_apart(void **state)
{
    (void)state;
    demand(CALENDAR(EVENT("DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261008\r\n"
                          "SUMMARY:国庆节（休）\r\n") EVENT("DTSTART;VALUE=DATE:20261010\r\n"
                                                            "SUMMARY:国庆节（班）\r\n")),
           2026, 2026, "[{'from':'2026-10-01','to':'2026-10-07','name':'国庆节（休）'}]",
           "[{'date':'2026-10-10','name':'国庆节（班）'}]", 0);
    /* a DURATION instead of an end; a folded line; bare line feeds; an event of an hour */
    demand("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261231\n"
           "DURATION:P2D\nSUMMARY:New Ye\n ar\nEND:VEVENT\nBEGIN:VEVENT\n"
           "DTSTART:20261101T100000Z\nDTEND:20261101T110000Z\nSUMMARY:meeting\nEND:VEVENT\n"
           "END:VCALENDAR\n",
           2026, 2026, "[{'from':'2026-12-31','to':'2027-01-01','name':'New Year'}]", "[]", 1);
    demand(CALENDAR(EVENT("DTSTART;VALUE=DATE:20260207\r\nDTEND;VALUE=DATE:20260209\r\n"
                          "SUMMARY:Make-up Working Day\r\n")),
           2026, 2026, "[]",
           "[{'date':'2026-02-07','name':'Make-up Working Day'},"
           "{'date':'2026-02-08','name':'Make-up Working Day'}]",
           0);
    demand(CALENDAR(""), 2026, 2026, "[]", "[]", 0);
}

static void repeating_days_fall_in_the_years_asked_for(void **state)
{
    (void)state;
    /* Constitution Day every year; Sports Day on the second Monday of October; one left out */
    demand(CALENDAR(EVENT("DTSTART;VALUE=DATE:20000503\r\nRRULE:FREQ=YEARLY\r\n"
                          "SUMMARY:憲法記念日\r\n")
                        EVENT("DTSTART;VALUE=DATE:20201012\r\n"
                              "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=2MO\r\n"
                              "EXDATE;VALUE=DATE:20261012\r\nSUMMARY:スポーツの日\r\n")),
           2026, 2027,
           "[{'from':'2026-05-03','to':'2026-05-03','name':'憲法記念日'},"
           "{'from':'2027-05-03','to':'2027-05-03','name':'憲法記念日'},"
           "{'from':'2027-10-11','to':'2027-10-11','name':'スポーツの日'}]",
           "[]", 0);
    /* an end of its own */
    demand(CALENDAR(EVENT("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY;COUNT=2\r\n"
                          "SUMMARY:x\r\n")),
           2026, 2030,
           "[{'from':'2026-01-01','to':'2026-01-01','name':'x'},"
           "{'from':'2026-01-02','to':'2026-01-02','name':'x'}]",
           "[]", 0);
}

static void what_is_no_calendar_is_refused(void **state)
{
    static const char nul[] = "BEGIN:VCALENDAR\0END:VCALENDAR";
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"",                                                                     "empty"       },
        {"hello",                                                                "VCALENDAR"   },
        {"BEGIN:VCARD\r\nEND:VCARD\r\n",                                         "VCALENDAR"   },
        {CALENDAR(EVENT("SUMMARY:no date\r\n")),                                 "\"no date\"" },
        {CALENDAR(EVENT("DTSTART;VALUE=DATE:20260231\r\nSUMMARY:February\r\n")), "\"February\""},
    };
    struct ical_days days;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (ical_read(bytes_str(rows[i].text), 2026, 2026, &days, &err) != AF_INVALID)
            fail_msg("%s was taken", rows[i].text);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s: \"%s\" does not say %s", rows[i].text, err.text, rows[i].says);
    }
    assert_refused(AF_INVALID, ical_read(bytes_of(nul, sizeof nul - 1), 2026, 2026, &days, &err));
}

static void limits_are_told(void **state)
{
    char *big = malloc(ICAL_BYTES_MAX + 1);
    char text[512];
    struct ical_days days;
    struct error err;

    (void)state;
    assert_non_null(big);
    memset(big, '\n', ICAL_BYTES_MAX + 1);
    assert_refused(AF_TOO_LARGE,
                   ical_read(bytes_of(big, ICAL_BYTES_MAX + 1), 2026, 2026, &days, &err));
    assert_refused(AF_INVALID, ical_read(bytes_of(big, ICAL_BYTES_MAX), 2026, 2026, &days, &err));
    free(big);
    /* a rule that repeats by the second is not followed for a year */
    assert_refused(AF_TOO_LARGE,
                   ical_read(bytes_str(CALENDAR(EVENT("DTSTART;VALUE=DATE:20200101\r\n"
                                                      "RRULE:FREQ=SECONDLY\r\nSUMMARY:tick\r\n"))),
                             2026, 2026, &days, &err));
    assert_non_null(strstr(err.text, "tick"));
    (void)snprintf(text, sizeof text, "%d", ICAL_REPEATS_MAX);
    assert_non_null(strstr(err.text, text));
    /* more days than a calendar has: ten years of one event */
    assert_refused(AF_TOO_LARGE,
                   ical_read(bytes_str(CALENDAR(EVENT("DTSTART;VALUE=DATE:20200101\r\n"
                                                      "RRULE:FREQ=DAILY\r\nSUMMARY:x\r\n"))),
                             2020, 2036, &days, &err));
    assert_refused(AF_TOO_LARGE,
                   ical_read(bytes_str(CALENDAR(EVENT("DTSTART;VALUE=DATE:20200101\r\n"
                                                      "DTEND;VALUE=DATE:20990101\r\n"))),
                             2020, 2036, &days, &err));
}

/* The file is the newer word on each of its dates; what it does not speak of stays. */
static void a_file_put_into_a_calendar_replaces_its_dates(void **state)
{
    json_t *json = test_json_quoted(DESK);
    struct calendar *calendar;
    struct ical_days days;
    int64_t due_ms;
    struct error err;

    (void)state;
    assert_ok(ical_read(
        bytes_str(CALENDAR(EVENT("DTSTART;VALUE=DATE:20261010\r\nSUMMARY:off after all\r\n")
                               EVENT("DTSTART;VALUE=DATE:20261006\r\nSUMMARY:国庆节（班）\r\n"))),
        2026, 2026, &days, &err));
    assert_true(ical_merge(json, &days));
    assert_ok(calendar_new(json, &calendar, &err));
    assert_ok(
        calendar_add(calendar, at("2026-09-30T18:00:00+08:00"), 60 * MINUTE_MS, &due_ms, &err));
    assert_int_equal(at("2026-10-06T10:00:00+08:00"), due_ms);
    assert_ok(
        calendar_add(calendar, at("2026-10-09T18:00:00+08:00"), 30 * MINUTE_MS, &due_ms, &err));
    assert_int_equal(at("2026-10-11T10:30:00+08:00"), due_ms); /* Sunday's hour is still there */
    calendar_free(calendar);
    json_decref(json);
    json_decref(days.closed);
    json_decref(days.open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_off_and_make_up_days_are_told_apart),
        cmocka_unit_test(repeating_days_fall_in_the_years_asked_for),
        cmocka_unit_test(what_is_no_calendar_is_refused),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(a_file_put_into_a_calendar_replaces_its_dates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
