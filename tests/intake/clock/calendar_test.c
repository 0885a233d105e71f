/* Working hours: worked examples, what is refused, and any calendar against a minute at a time. */
#include "tests/intake/clock/calendars.h"

#include "data/base/limits.h"

#include <stdio.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

static void targets_fall_where_people_would_count_them(void **state)
{
    /* clang-format off */
    static const struct {
        const char *calendar, *from;
        int minutes;
        const char *due;
    } rows[] = {
        /* before opening, over lunch, over the weekend, exactly to the end */
        {DESK,   "2026-11-23T08:00:00+08:00", 60,     "2026-11-23T10:00:00+08:00"},
        {DESK,   "2026-11-23T11:30:00+08:00", 60,     "2026-11-23T14:00:00+08:00"},
        {DESK,   "2026-11-20T17:30:00+08:00", 60,     "2026-11-23T09:30:00+08:00"},
        {DESK,   "2026-11-23T09:00:00+08:00", 450,    "2026-11-23T18:00:00+08:00"},
        {DESK,   "2026-11-23T09:00:00+08:00", 451,    "2026-11-24T09:01:00+08:00"},
        {DESK,   "2026-11-22T09:00:00+08:00", 0,      "2026-11-22T09:00:00+08:00"},
        /* over National Day; the Saturday after it is worked, and an hour of that Sunday */
        {DESK,   "2026-09-30T17:00:00+08:00", 120,    "2026-10-08T10:00:00+08:00"},
        {DESK,   "2026-10-09T17:30:00+08:00", 60,     "2026-10-10T09:30:00+08:00"},
        {DESK,   "2026-10-10T17:30:00+08:00", 60,     "2026-10-11T10:30:00+08:00"},
        {DESK,   "2026-10-11T10:30:00+08:00", 60,     "2026-10-12T09:30:00+08:00"},
        /* asked from another side of the earth: the calendar's own zone counts */
        {DESK,   "2026-11-22T20:00:00-05:00", 60,     "2026-11-23T10:00:00+08:00"},
        /* round the clock is real time, also when the clocks change */
        {ALWAYS, "2026-03-29T01:30:00+01:00", 60,     "2026-03-29T03:30:00+02:00"},
        {ALWAYS, "2026-10-25T02:30:00+02:00", 60,     "2026-10-25T02:30:00+01:00"},
        {ALWAYS, "2026-01-01T00:00:00Z",      525600, "2027-01-01T00:00:00Z"     },
        /* a night shift is an hour shorter in March and longer in October */
        {NIGHTS, "2026-03-28T22:00:00+01:00", 7 * 60, "2026-03-29T06:00:00+02:00"},
        {NIGHTS, "2026-10-24T22:00:00+02:00", 9 * 60, "2026-10-25T06:00:00+01:00"},
        {NIGHTS, "2026-11-21T05:00:00+01:00", 120,    "2026-11-21T23:00:00+01:00"},
        /* the eve's shift is worked into the closed day, which has none of its own */
        {NIGHTS, "2026-12-26T05:00:00+01:00", 120,    "2027-01-01T23:00:00+01:00"},
        /* half past two does not exist in March, and comes twice in October */
        {EARLY,  "2026-03-29T00:00:00+01:00", 60,     "2026-03-29T04:00:00+02:00"},
        {EARLY,  "2026-10-25T00:00:00+02:00", 8 * 60, "2026-10-25T09:30:00+01:00"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar *calendar = calendar_of(rows[i].calendar);
        char got[CLOCK_TEXT_BYTES];
        int64_t due_ms, work_ms;
        struct error err;

        assert_ok(calendar_add(calendar, at(rows[i].from), (int64_t)rows[i].minutes * MINUTE_MS,
                               &due_ms, &err));
        clock_format(due_ms, got);
        if (due_ms != at(rows[i].due))
            fail_msg("%s: %s + %d minutes: wanted %s, got %s", calendar_name(calendar),
                     rows[i].from, rows[i].minutes, rows[i].due, got);
        assert_ok(calendar_between(calendar, at(rows[i].from), due_ms, &work_ms, &err));
        assert_int_equal(rows[i].minutes, work_ms / MINUTE_MS);
        calendar_free(calendar);
    }
}

static void what_is_no_calendar_is_refused_by_its_place(void **state)
{
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"{}",                                                                     "\"name\""                   },
        {"{'name':'x'}",                                                           "\"zone\""                   },
        {"{'name':'x','zone':'Mars/Olympus','week':{}}",                           "Mars/Olympus"               },
        {"{'name':'x','zone':'UTC'}",                                              "\"week\""                   },
        {"{'name':'x','zone':'UTC','week':{'monday':[]}}",                         "monday"                     },
        {"{'name':'x','zone':'UTC','week':{'mon':'9-5'}}",                         "mon"                        },
        {"{'name':'x','zone':'UTC','week':{'mon':['9:00-17:00']}}",                "9:00-17:00"                 },
        {"{'name':'x','zone':'UTC','week':{'mon':['09:00-25:00']}}",               "25:00"                      },
        {"{'name':'x','zone':'UTC','week':{'mon':['09:60-10:00']}}",               "09:60"                      },
        {"{'name':'x','zone':'UTC','week':{'mon':['09:00-09:00']}}",               "09:00-09:00"                },
        {"{'name':'x','zone':'UTC','week':{'mon':['24:00-02:00']}}",               "24:00-02:00"                },
        {"{'name':'x','zone':'UTC','week':{'mon':['09:00-10:000']}}",              "09:00-10:000"               },
        {"{'name':'x','zone':'UTC','week':{'mon':[7]}}",                           "mon"                        },
        {"{'name':'x','zone':'UTC','week':{'mon':['09:00-12:00','11:00-13:00']}}", "overlap"                    },
        {"{'name':'x','zone':'UTC','week':{'mon':['22:00-06:00'],"
         "'tue':['05:00-09:00']}}",                                       "mon reach into those of tue"},
        {"{'name':'x','zone':'UTC','week':{},'closed':[{'from':'2026-02-30',"
         "'to':'2026-03-01'}]}",                                          "2026-02-30"                 },
        {"{'name':'x','zone':'UTC','week':{},'closed':[{'from':'2026-03-01',"
         "'to':'2026-02-01'}]}",                                          "before"                     },
        {"{'name':'x','zone':'UTC','week':{},'closed':{}}",                        "\"closed\""                 },
        {"{'name':'x','zone':'UTC','week':{},'open':[7]}",                         "\"date\""                   },
        {"{'name':'x','zone':'UTC','week':{},'open':[{'date':'1969-12-31'}]}",     "1969-12-31"                 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = test_json_quoted(rows[i].json);
        struct calendar *calendar = NULL;
        struct error err;

        assert_refused(AF_INVALID, calendar_new(json, &calendar, &err));
        assert_null(calendar);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s: \"%s\" does not say %s", rows[i].json, err.text, rows[i].says);
        json_decref(json);
    }
}

static void limits_are_told(void **state)
{
    char name[CALENDAR_NAME_BYTES_MAX + 2];
    json_t *json = test_json("{\"name\":\"x\",\"zone\":\"UTC\",\"week\":{\"mon\":[]}}");
    json_t *day = json_object_get(json_object_get(json, "week"), "mon");
    struct calendar *calendar = NULL;
    int64_t start, end;
    struct error err;

    (void)state;
    /* nobody ever works */
    assert_ok(calendar_new(json, &calendar, &err));
    assert_refused(AF_NOT_FOUND, calendar_next(calendar, 0, &start, &end, &err));
    assert_non_null(strstr(err.text, "calendar x"));
    assert_refused(AF_NOT_FOUND, calendar_add(calendar, 0, 1, &end, &err));
    assert_ok(calendar_between(calendar, 0, at("2026-01-01"), &end, &err));
    assert_int_equal(0, end);
    assert_int_equal(0, calendar_known_until(calendar));
    calendar_free(calendar);
    /* stretches of a day */
    for (int i = 0; i <= CALENDAR_DAY_STRETCHES_MAX; i++) {
        char text[32];

        (void)snprintf(text, sizeof text, "%02d:00-%02d:30", i, i);
        assert_int_equal(0, json_array_append_new(day, json_string(text)));
        if (i == CALENDAR_DAY_STRETCHES_MAX) {
            assert_refused(AF_TOO_LARGE, calendar_new(json, &calendar, &err));
        } else {
            assert_ok(calendar_new(json, &calendar, &err));
            /* one Monday after another has so many half hours, and no target of 20 years fits */
            assert_refused(AF_NOT_FOUND, calendar_add(calendar, 0,
                                                      INT64_C(30) * MINUTE_MS * (i + 1) *
                                                          (CALENDAR_ADD_DAYS / 7 + 2),
                                                      &end, &err));
            calendar_free(calendar);
        }
    }
    json_array_clear(day);
    /* days that differ: as many as fit, not one more */
    json_object_set_new(json, "closed",
                        test_json("[{\"from\":\"2026-01-01\",\"to\":\"2036-12-13\"}]"));
    assert_int_equal(CALENDAR_DAYS_MAX, (at("2036-12-14") - at("2026-01-01")) / (1440 * MINUTE_MS));
    assert_ok(calendar_new(json, &calendar, &err));
    assert_int_equal(at("2036-12-14"), calendar_known_until(calendar));
    calendar_free(calendar);
    json_object_set_new(json, "open", test_json("[{\"date\":\"2037-01-01\"}]"));
    assert_refused(AF_TOO_LARGE, calendar_new(json, &calendar, &err));
    /* names */
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    json_object_set_new(json, "name", json_string(name));
    assert_refused(AF_TOO_LARGE, calendar_new(json, &calendar, &err));
    json_decref(json);
    /* a week without a stretch for CALENDAR_WALK_DAYS, then one */
    calendar = calendar_of("{\"name\":\"x\",\"zone\":\"UTC\",\"week\":{},"
                           "\"open\":[{\"date\":\"2026-01-01\",\"hours\":[\"00:00-01:00\"]}]}");
    assert_ok(calendar_next(calendar, at("2026-01-01") - CALENDAR_WALK_DAYS * INT64_C(86400000),
                            &start, &end, &err));
    assert_int_equal(at("2026-01-01"), start);
    assert_refused(AF_NOT_FOUND,
                   calendar_next(calendar,
                                 at("2026-01-01") - (CALENDAR_WALK_DAYS + 1) * INT64_C(86400000),
                                 &start, &end, &err));
    calendar_free(calendar);
}

/* --- a minute at a time --------------------------------------------------------------------- */

#define TWIN_DAYS 24
#define TWIN_MINUTES (TWIN_DAYS * 1440)

static const char *const zones[] = {"Asia/Shanghai",       "Europe/Berlin",    "America/New_York",
                                    "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"};
/* Weeks in which clocks change somewhere, and one in which none does. */
static const char *const begins[] = {"2026-03-05T00:00:00Z", "2026-03-24T00:00:00Z",
                                     "2026-04-01T00:00:00Z", "2026-10-20T00:00:00Z",
                                     "2026-10-28T00:00:00Z", "2026-07-01T00:00:00Z"};

/* One shift a day at most so that nights never reach into the next hours: start before 12:00. */
static void random_hours(struct test_random *random, char *text, size_t room)
{
    unsigned start = test_random_below(random, 12 * 60);
    unsigned len = 1 + test_random_below(random, 12 * 60 - 1), end = start + len;

    if (test_random_below(random, 4) == 0)
        text[0] = '\0';
    else
        (void)snprintf(text, room, "\"%02u:%02u-%02u:%02u\"", start / 60, start % 60, end / 60,
                       end % 60);
    if (test_random_below(random, 6) == 0) /* a night, worked until before anything begins */
        (void)snprintf(text, room, "\"23:%02u-00:00\"", test_random_below(random, 60));
}

struct twin_day {
    bool has;
    int start, end; /* minutes of the day */
};

static json_t *random_calendar(struct test_random *random, const char *zone,
                               struct twin_day week[7])
{
    static const char *const names[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    json_t *json = json_pack("{s:s,s:s,s:{}}", "name", "twin", "zone", zone, "week");

    for (unsigned d = 0; d < 7; d++) {
        char hours[32], list[40];
        int sh, sm, eh, em;

        random_hours(random, hours, sizeof hours);
        (void)snprintf(list, sizeof list, "[%s]", hours);
        json_object_set_new(json_object_get(json, "week"), names[d], test_json(list));
        week[d] = (struct twin_day){0};
        if (sscanf(hours, "\"%d:%d-%d:%d\"", &sh, &sm, &eh, &em) == 4) {
            week[d] = (struct twin_day){true, sh * 60 + sm, eh * 60 + em};
            if (week[d].end <= week[d].start)
                week[d].end += 1440;
        }
    }
    return json;
}

/* open[i]: is minute i after `from_ms` worked? A boundary has passed once the local clock has ever
 * shown it or more: so the twin remembers the furthest it has shown. */
static void walk_minutes(const char *zone, int64_t from_ms, const struct twin_day week[7],
                         bool open[TWIN_MINUTES])
{
    UErrorCode code = U_ZERO_ERROR;
    UChar name[64];
    UCalendar *icu;
    int64_t furthest = INT64_MIN;

    icu = ucal_open(u_uastrcpy(name, zone), -1, "en", UCAL_GREGORIAN, &code);
    assert_true(U_SUCCESS(code));
    for (int64_t i = -3 * 1440; i < TWIN_MINUTES; i++) {
        int64_t at_ms = from_ms + i * MINUTE_MS, local, day, minute;
        bool is_open = false;

        ucal_setMillis(icu, (UDate)at_ms, &code);
        local =
            at_ms + ucal_get(icu, UCAL_ZONE_OFFSET, &code) + ucal_get(icu, UCAL_DST_OFFSET, &code);
        if (local > furthest)
            furthest = local;
        day = furthest / (1440 * MINUTE_MS);
        minute = furthest / MINUTE_MS - day * 1440;
        for (int back = 0; back <= 1; back++) {
            const struct twin_day *d = &week[(day - back + 3) % 7];

            is_open |= d->has && minute + back * 1440 >= d->start && minute + back * 1440 < d->end;
        }
        if (i >= 0)
            open[i] = is_open;
    }
    assert_true(U_SUCCESS(code));
    ucal_close(icu);
}

static void check_twin(struct calendar *calendar, int64_t from_ms, const bool open[TWIN_MINUTES],
                       const char *what, struct test_random *random)
{
    for (int n = 0; n < 20; n++) {
        int begin = (int)test_random_below(random, TWIN_MINUTES / 2), i = begin, worked = 0;
        int wanted = (int)test_random_below(random, 3000);
        int64_t due_ms, work_ms;
        struct error err;

        while (i < TWIN_MINUTES && worked < wanted)
            worked += open[i++];
        if (worked < wanted)
            continue;
        assert_ok(calendar_add(calendar, from_ms + begin * INT64_C(60000), wanted * INT64_C(60000),
                               &due_ms, &err));
        if (due_ms != from_ms + i * INT64_C(60000))
            fail_msg("%s: minute %d + %d: wanted minute %d, got %lld", what, begin, wanted, i,
                     (long long)((due_ms - from_ms) / 60000));
        i = begin + (int)test_random_below(random, TWIN_MINUTES / 2);
        worked = 0;
        for (int m = begin; m < i; m++)
            worked += open[m];
        assert_ok(calendar_between(calendar, from_ms + begin * INT64_C(60000),
                                   from_ms + i * INT64_C(60000), &work_ms, &err));
        assert_int_equal(worked, work_ms / 60000);
    }
}

static void any_calendar_equals_a_count_of_minutes(void **state)
{
    struct test_random random = test_random_new();
    bool *open = calloc(TWIN_MINUTES, sizeof *open);

    (void)state;
    assert_non_null(open);
    for (int round = 0; round < 40; round++) {
        const char *zone = zones[test_random_below(&random, sizeof zones / sizeof zones[0])];
        int64_t from_ms = at(begins[test_random_below(&random, sizeof begins / sizeof begins[0])]);
        struct calendar *calendar = NULL;
        struct twin_day week[7];
        json_t *json = random_calendar(&random, zone, week);
        char *text = json_dumps(json, 0);
        struct error err;

        assert_ok(calendar_new(json, &calendar, &err));
        walk_minutes(zone, from_ms, week, open);
        check_twin(calendar, from_ms, open, text, &random);
        calendar_free(calendar);
        json_decref(json);
        free(text);
    }
    free(open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_fall_where_people_would_count_them),
        cmocka_unit_test(what_is_no_calendar_is_refused_by_its_place),
        cmocka_unit_test(limits_are_told),
        cmocka_unit_test(any_calendar_equals_a_count_of_minutes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
