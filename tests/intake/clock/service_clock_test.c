/* Promises of time: worked examples, any course of events against a count of minutes, damage. */
#include "tests/intake/clock/calendars.h"

#include "intake/clock/service_clock.h"

#include <stdio.h>

/* A course of events, with what must hold after each. Times of due are in the calendar's zone. */
struct step {
    enum { START, PAUSE, RESUME, RETARGET, STOP, CANCEL, LOOK } what;
    const char *at;
    int target_min;
    const char *calendar; /* to go on with; NULL: the same */
    const char *due;      /* NULL: none */
    int spent_min;        /* in ended runs */
    const char *breached; /* NULL: not */
};

/* clang-format off */
#define S 8 * 60 /* minutes of a working day with its target */
static const struct step meets_before_lunch[] = {
    {START,  "2026-11-23T09:00:00+08:00", 120, DESK, "2026-11-23T11:00:00+08:00",   0, NULL},
    {LOOK,   "2026-11-23T11:00:00+08:00",   0, NULL, "2026-11-23T11:00:00+08:00",   0, NULL},
    {STOP,   "2026-11-23T11:00:00+08:00",   0, NULL, "2026-11-23T11:00:00+08:00", 120, NULL},
    {LOOK,   "2026-11-25T11:00:00+08:00",   0, NULL, "2026-11-23T11:00:00+08:00", 120, NULL},
};
static const struct step breaches_when_it_was_due_not_when_seen[] = {
    {START,  "2026-11-20T17:00:00+08:00", 120, DESK, "2026-11-23T10:00:00+08:00",   0, NULL},
    {LOOK,   "2026-11-26T03:00:00+08:00",   0, NULL, "2026-11-23T10:00:00+08:00",   0, "2026-11-23T10:00:00+08:00"},
    {PAUSE,  "2026-11-26T09:30:00+08:00",   0, NULL, NULL,                       1440, "2026-11-23T10:00:00+08:00"},
    {RESUME, "2026-11-26T14:00:00+08:00",   0, NULL, "2026-11-26T14:00:00+08:00", 1440, "2026-11-23T10:00:00+08:00"},
    {STOP,   "2026-11-26T14:30:00+08:00",   0, NULL, "2026-11-26T14:00:00+08:00", 1470, "2026-11-23T10:00:00+08:00"},
};
/* Eight hours from the eve of National Day; the customer is asked on the last working hour and
 * answers in the middle of the first day after it: the holiday was within the pause. */
static const struct step a_holiday_inside_a_pause[] = {
    {START,  "2026-09-30T14:00:00+08:00",   S, DESK, "2026-10-08T14:30:00+08:00",   0, NULL},
    {PAUSE,  "2026-09-30T17:00:00+08:00",   0, NULL, NULL,                        180, NULL},
    {LOOK,   "2026-10-08T15:00:00+08:00",   0, NULL, NULL,                        180, NULL},
    {RESUME, "2026-10-08T15:00:00+08:00",   0, NULL, "2026-10-09T11:00:00+08:00", 180, NULL},
    {STOP,   "2026-10-09T10:00:00+08:00",   0, NULL, "2026-10-09T11:00:00+08:00", 420, NULL},
};
/* A pause within a holiday costs nothing and gains nothing. */
static const struct step a_pause_inside_a_holiday[] = {
    {START,  "2026-09-30T14:00:00+08:00",   S, DESK, "2026-10-08T14:30:00+08:00",   0, NULL},
    {PAUSE,  "2026-10-02T10:00:00+08:00",   0, NULL, NULL,                        240, NULL},
    {RESUME, "2026-10-05T10:00:00+08:00",   0, NULL, "2026-10-08T14:30:00+08:00", 240, NULL},
};
/* S3 to S1 half way: from eight desk hours to four round the clock; two are spent. */
static const struct step severity_raised_half_way[] = {
    {START,    "2026-11-23T16:00:00+08:00",   S, DESK,   "2026-11-24T16:30:00+08:00",   0, NULL},
    {RETARGET, "2026-11-23T20:00:00+08:00", 240, ALWAYS, "2026-11-23T22:00:00+08:00", 120, NULL},
    {STOP,     "2026-11-23T21:00:00+08:00",   0, NULL,   "2026-11-23T22:00:00+08:00", 180, NULL},
};
/* Raised when more is spent than the new target: due at once. */
static const struct step severity_raised_too_late[] = {
    {START,    "2026-11-23T09:00:00+08:00",   S, DESK,   "2026-11-24T09:30:00+08:00",   0, NULL},
    {RETARGET, "2026-11-23T15:30:00+08:00", 240, ALWAYS, "2026-11-23T15:30:00+08:00", 300, NULL},
    {LOOK,     "2026-11-23T15:31:00+08:00",   0, NULL,   "2026-11-23T15:30:00+08:00", 300, "2026-11-23T15:30:00+08:00"},
};
/* Lowered: more time, but what was breached stays so. */
static const struct step severity_lowered[] = {
    {START,    "2026-11-23T09:00:00+08:00",  60, DESK,   "2026-11-23T10:00:00+08:00",   0, NULL},
    {RETARGET, "2026-11-23T11:00:00+08:00",   S, DESK,   "2026-11-24T09:30:00+08:00", 120, "2026-11-23T10:00:00+08:00"},
    {STOP,     "2026-11-23T15:00:00+08:00",   0, NULL,   "2026-11-24T09:30:00+08:00", 270, "2026-11-23T10:00:00+08:00"},
};
static const struct step changed_while_it_waits[] = {
    {START,    "2026-11-23T09:00:00+08:00", 240, DESK,   "2026-11-23T14:30:00+08:00",   0, NULL},
    {PAUSE,    "2026-11-23T10:00:00+08:00",   0, NULL,   NULL,                         60, NULL},
    {RETARGET, "2026-11-23T11:00:00+08:00", 120, DESK,   NULL,                         60, NULL},
    {RESUME,   "2026-11-24T09:00:00+08:00",   0, NULL,   "2026-11-24T10:00:00+08:00",  60, NULL},
};
static const struct step no_hours_are_lost_twice[] = { /* what is already so changes nothing */
    {START,  "2026-11-23T09:00:00+08:00", 240, DESK, "2026-11-23T14:30:00+08:00",   0, NULL},
    {RESUME, "2026-11-23T10:00:00+08:00",   0, NULL, "2026-11-23T14:30:00+08:00",   0, NULL},
    {PAUSE,  "2026-11-23T11:00:00+08:00",   0, NULL, NULL,                        120, NULL},
    {PAUSE,  "2026-11-23T12:00:00+08:00",   0, NULL, NULL,                        120, NULL},
    {STOP,   "2026-11-23T17:00:00+08:00",   0, NULL, NULL,                        120, NULL},
    {RESUME, "2026-11-23T18:00:00+08:00",   0, NULL, NULL,                        120, NULL},
    {PAUSE,  "2026-11-24T18:00:00+08:00",   0, NULL, NULL,                        120, NULL},
};
/* A night shift over the hour that the clocks lose, then over the one they win. */
static const struct step clocks_go_forward[] = {
    {START,  "2026-03-28T22:00:00+01:00", 420, NIGHTS, "2026-03-29T06:00:00+02:00", 0, NULL},
    {STOP,   "2026-03-29T06:00:00+02:00",   0, NULL,   "2026-03-29T06:00:00+02:00", 420, NULL},
};
static const struct step clocks_go_back[] = {
    {START,  "2026-10-24T22:00:00+02:00", 480, NIGHTS, "2026-10-25T05:00:00+01:00", 0, NULL},
    {PAUSE,  "2026-10-25T02:30:00+01:00",   0, NULL,   NULL,                      330, NULL},
};
static const struct step cancelled[] = {
    {START,  "2026-11-23T09:00:00+08:00",  60, DESK, "2026-11-23T10:00:00+08:00", 0, NULL},
    {CANCEL, "2026-11-23T09:30:00+08:00",   0, NULL, NULL,                        0, NULL},
    {LOOK,   "2026-11-25T09:30:00+08:00",   0, NULL, NULL,                        0, NULL},
};
#define COURSE(name) {#name, name, sizeof name / sizeof name[0]}
static const struct { const char *name; const struct step *steps; size_t count; } courses[] = {
    COURSE(meets_before_lunch), COURSE(breaches_when_it_was_due_not_when_seen),
    COURSE(a_holiday_inside_a_pause), COURSE(a_pause_inside_a_holiday),
    COURSE(severity_raised_half_way), COURSE(severity_raised_too_late), COURSE(severity_lowered),
    COURSE(changed_while_it_waits), COURSE(no_hours_are_lost_twice), COURSE(clocks_go_forward),
    COURSE(clocks_go_back), COURSE(cancelled),
};
/* clang-format on */

/* The calendars of one course, by name. */
struct shelf {
    struct calendar *calendars[8];
    size_t count;
};

static struct calendar *on_shelf(void *context, const char *name)
{
    struct shelf *shelf = context;

    for (size_t i = 0; i < shelf->count; i++)
        if (strcmp(calendar_name(shelf->calendars[i]), name) == 0)
            return shelf->calendars[i];
    return NULL;
}

static struct calendar *put_on_shelf(struct shelf *shelf, const char *json)
{
    assert_true(shelf->count < sizeof shelf->calendars / sizeof shelf->calendars[0]);
    return shelf->calendars[shelf->count++] = calendar_of(json);
}

static void clear_shelf(struct shelf *shelf)
{
    while (shelf->count > 0)
        calendar_free(shelf->calendars[--shelf->count]);
}

static void take_step(struct service_clock *clock, struct shelf *shelf, const struct step *step)
{
    struct calendar *next = step->calendar != NULL ? put_on_shelf(shelf, step->calendar) : NULL;
    struct calendar *now =
        step->what == START ? NULL : on_shelf(shelf, service_clock_calendar(clock));
    int64_t target_ms = step->target_min * MINUTE_MS;
    struct error err;

    switch (step->what) {
    case START:
        assert_ok(service_clock_start(clock, "resolve", target_ms, 75, next, at(step->at), &err));
        break;
    case PAUSE:
        assert_ok(service_clock_pause(clock, now, at(step->at), &err));
        break;
    case RESUME:
        assert_ok(service_clock_resume(clock, now, at(step->at), &err));
        break;
    case RETARGET:
        assert_ok(service_clock_retarget(clock, now, next, target_ms, at(step->at), &err));
        break;
    case STOP:
        assert_ok(service_clock_stop(clock, now, at(step->at), &err));
        break;
    case CANCEL:
        service_clock_cancel(clock, at(step->at));
        break;
    case LOOK:
        (void)service_clock_advance(clock, at(step->at));
    }
}

static void demand_time(const char *course, size_t n, const char *what, const char *wanted,
                        int64_t got_ms)
{
    char got[CLOCK_TEXT_BYTES] = "none";

    if (got_ms != CLOCK_NEVER)
        clock_format(got_ms, got);
    if (got_ms != (wanted == NULL ? CLOCK_NEVER : at(wanted)))
        fail_msg("%s, step %zu: %s: wanted %s, got %s", course, n, what,
                 wanted == NULL ? "none" : wanted, got);
}

static struct service_clock read_back(struct service_clock *clock)
{
    json_t *json = service_clock_json(clock);
    struct service_clock again;
    json_t *twice;
    struct error err;

    assert_non_null(json);
    assert_ok(service_clock_read(json, &again, &err));
    twice = service_clock_json(&again);
    assert_true(json_equal(json, twice));
    json_decref(twice);
    json_decref(json);
    service_clock_release(clock);
    return again;
}

static void clocks_run_as_people_would_count(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof courses / sizeof courses[0]; c++) {
        struct service_clock clock = {0};
        struct shelf shelf = {0};

        for (size_t n = 0; n < courses[c].count; n++) {
            const struct step *step = &courses[c].steps[n];

            take_step(&clock, &shelf, step);
            clock = read_back(&clock);
            demand_time(courses[c].name, n, "due", step->due, clock.due_ms);
            demand_time(courses[c].name, n, "breached", step->breached, clock.breached_ms);
            if (service_clock_spent_ms(&clock) != step->spent_min * MINUTE_MS)
                fail_msg("%s, step %zu: wanted %d minutes spent, got %lld", courses[c].name, n,
                         step->spent_min, (long long)(service_clock_spent_ms(&clock) / MINUTE_MS));
        }
        service_clock_release(&clock);
        clear_shelf(&shelf);
    }
}

static void a_warning_comes_once_and_before_the_breach(void **state)
{
    struct calendar *desk = calendar_of(DESK);
    struct service_clock clock;
    struct error err;

    (void)state;
    assert_ok(service_clock_start(&clock, "respond", 120 * MINUTE_MS, 75, desk,
                                  at("2026-11-23T11:00:00+08:00"), &err));
    assert_int_equal(at("2026-11-23T14:00:00+08:00"), clock.warn_ms);
    assert_int_equal(clock.warn_ms, service_clock_next_ms(&clock));
    assert_false(service_clock_advance(&clock, clock.warn_ms));
    assert_true(service_clock_advance(&clock, clock.warn_ms + 1));
    assert_int_equal(at("2026-11-23T14:00:00+08:00"), clock.warned_ms);
    assert_int_equal(clock.due_ms, service_clock_next_ms(&clock));
    /* after a pause it is not warned again */
    assert_ok(service_clock_pause(&clock, desk, at("2026-11-23T14:10:00+08:00"), &err));
    assert_int_equal(CLOCK_NEVER, service_clock_next_ms(&clock));
    assert_ok(service_clock_resume(&clock, desk, at("2026-11-23T15:00:00+08:00"), &err));
    assert_int_equal(at("2026-11-23T15:20:00+08:00"), service_clock_next_ms(&clock));
    assert_true(service_clock_advance(&clock, at("2026-11-24")));
    assert_int_equal(CLOCK_NEVER, service_clock_next_ms(&clock));
    assert_false(service_clock_advance(&clock, at("2026-11-25")));
    service_clock_release(&clock);
    /* nobody asked for a warning */
    assert_ok(service_clock_start(&clock, "respond", 1, 0, desk, at("2026-11-23"), &err));
    assert_int_equal(clock.due_ms, service_clock_next_ms(&clock));
    service_clock_release(&clock);
    calendar_free(desk);
}

/* --- a minute at a time --------------------------------------------------------------------- */

static bool is_worked(struct calendar *calendar, int64_t at_ms)
{
    int64_t work_ms;
    struct error err;

    assert_ok(calendar_between(calendar, at_ms, at_ms + MINUTE_MS, &work_ms, &err));
    return work_ms == MINUTE_MS;
}

static void any_course_equals_a_count_of_minutes(void **state)
{
    struct test_random random = test_random_new();
    struct calendar *calendars[] = {calendar_of(DESK), calendar_of(ALWAYS), calendar_of(NIGHTS)};

    (void)state;
    for (int round = 0; round < 60; round++) {
        int64_t now_ms =
            at("2026-09-25T00:00:00Z") + (int64_t)test_random_below(&random, 30 * 1440) * MINUTE_MS;
        struct calendar *calendar = calendars[test_random_below(&random, 3)];
        int target = 1 + (int)test_random_below(&random, 2000), spent = 0;
        int64_t breached_ms = CLOCK_NEVER;
        bool runs = true;
        struct service_clock clock;
        struct error err;

        assert_ok(
            service_clock_start(&clock, "ola", target * MINUTE_MS, 80, calendar, now_ms, &err));
        for (int event = 0; event < 12; event++) {
            struct calendar *next = calendars[test_random_below(&random, 3)];

            for (unsigned wait = test_random_below(&random, 1500); wait > 0; wait--) {
                if (runs && breached_ms == CLOCK_NEVER && spent >= target)
                    breached_ms = now_ms;
                spent += runs && is_worked(calendar, now_ms);
                now_ms += MINUTE_MS;
            }
            switch (test_random_below(&random, 3)) {
            case 0:
                assert_ok(service_clock_pause(&clock, calendar, now_ms, &err));
                runs = false;
                break;
            case 1:
                assert_ok(service_clock_resume(&clock, calendar, now_ms, &err));
                runs = true;
                break;
            default:
                target = 1 + (int)test_random_below(&random, 3000);
                assert_ok(service_clock_retarget(&clock, calendar, next, target * MINUTE_MS, now_ms,
                                                 &err));
                calendar = next;
            }
        }
        assert_ok(service_clock_stop(&clock, calendar, now_ms, &err));
        assert_int_equal(spent, service_clock_spent_ms(&clock) / MINUTE_MS);
        /* the count sees a breach at the first minute after the target, worked or not */
        if ((breached_ms == CLOCK_NEVER) != (clock.breached_ms == CLOCK_NEVER) ||
            (breached_ms != CLOCK_NEVER && breached_ms != clock.breached_ms))
            fail_msg("round %d: breached %lld, counted %lld", round, (long long)clock.breached_ms,
                     (long long)breached_ms);
        service_clock_release(&clock);
    }
    for (size_t i = 0; i < sizeof calendars / sizeof calendars[0]; i++)
        calendar_free(calendars[i]);
}

/* --- limits, damage, words ------------------------------------------------------------------ */

static void a_clock_cannot_be_paused_for_ever(void **state)
{
    struct calendar *always = calendar_of(ALWAYS);
    struct service_clock clock;
    int64_t now_ms = at("2026-01-01");
    struct error err;

    (void)state;
    assert_ok(service_clock_start(&clock, "ola", 600 * MINUTE_MS, 0, always, now_ms, &err));
    for (int i = 1; i < CLOCK_RUNS_MAX; i++) {
        assert_ok(service_clock_pause(&clock, always, now_ms += 10, &err));
        assert_ok(service_clock_resume(&clock, always, now_ms += 10, &err));
    }
    assert_refused(AF_TOO_LARGE, service_clock_retarget(&clock, always, always, 1, now_ms, &err));
    assert_int_equal(CLOCK_RUNNING, clock.state); /* as it was */
    assert_int_equal(600 * MINUTE_MS, service_clock_target_ms(&clock));
    assert_ok(service_clock_pause(&clock, always, now_ms += 10, &err));
    assert_refused(AF_TOO_LARGE, service_clock_resume(&clock, always, now_ms += 10, &err));
    assert_int_equal(CLOCK_PAUSED, clock.state);
    assert_int_equal(10 * CLOCK_RUNS_MAX, service_clock_spent_ms(&clock));
    service_clock_release(&clock);
    calendar_free(always);
}

static void a_calendar_without_hours_is_refused_and_nothing_changes(void **state)
{
    struct calendar *never = calendar_of("{'name':'never','zone':'UTC','week':{}}");
    struct calendar *always = calendar_of(ALWAYS);
    struct service_clock clock;
    struct error err;

    (void)state;
    assert_refused(AF_NOT_FOUND,
                   service_clock_start(&clock, "ola", MINUTE_MS, 0, never, at("2026-01-01"), &err));
    assert_ok(service_clock_start(&clock, "ola", MINUTE_MS, 0, always, at("2026-01-01"), &err));
    assert_refused(AF_NOT_FOUND, service_clock_retarget(&clock, always, never, MINUTE_MS * 2,
                                                        at("2026-01-01") + 1, &err));
    assert_int_equal(CLOCK_RUNNING, clock.state);
    assert_int_equal(1, clock.runs_count);
    assert_int_equal(CLOCK_NEVER, clock.runs[0].to_ms);
    assert_int_equal(at("2026-01-01") + MINUTE_MS, clock.due_ms);
    service_clock_release(&clock);
    calendar_free(always);
    calendar_free(never);
}

static void damaged_clocks_are_told(void **state)
{
#define RUN "{'from':'2026-01-01T00:00:00Z','spent_ms':0,'target_ms':1,'calendar':'x'}"
#define HEAD "'kind':'ola','warn_percent':75,'started':'2026-01-01T00:00:00Z'"
    static const char *const rows[] = {
        "{}",
        "{" HEAD ",'state':'paused','runs':[]}",
        "{" HEAD ",'state':'walking','runs':[" RUN "]}",
        "{" HEAD ",'state':'running','runs':[" RUN "]}", /* due when? */
        "{" HEAD ",'state':'paused','due':'soon','runs':[" RUN "]}",
        "{" HEAD ",'state':'paused','runs':[7]}",
        "{" HEAD ",'state':'paused','runs':[{'from':'2026-01-01T00:00:00Z','spent_ms':-1,"
        "'target_ms':1,'calendar':'x'}]}",
        "{'kind':'ola','warn_percent':100,'started':'2026-01-01T00:00:00Z','state':'paused',"
        "'runs':[" RUN "]}",
        "{'kind':'ola','warn_percent':1,'state':'paused','runs':[" RUN "]}",
    };
    struct service_clock clock = {0};
    struct error err;
    json_t *good = test_json_quoted("{" HEAD ",'state':'paused','runs':[" RUN "]}");

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = test_json_quoted(rows[i]);

        assert_refused(AF_CORRUPT, service_clock_read(json, &clock, &err));
        assert_null(clock.runs);
        json_decref(json);
    }
    assert_ok(service_clock_read(good, &clock, &err));
    service_clock_release(&clock);
    json_decref(good);
}

static void explain_shows_each_stretch(void **state)
{
    static const char wanted[] =
        "resolve: 8 h of working time, started 2026-09-30 14:00\n"
        "  2026-09-30 14:00 - 17:00             cn-desk  +3 h = 3 h of 8 h\n"
        "  paused until 2026-10-08 15:00\n"
        "  2026-10-08 15:00 - 18:00             cn-desk  +3 h = 6 h of 8 h\n"
        "  2026-10-09 09:00 - 10:00             cn-desk  +1 h = 7 h of 8 h\n"
        "stopped 2026-10-09 10:00, was due 2026-10-09 11:00, warned 2026-10-08 18:00\n";
    struct service_clock clock = {0};
    struct shelf shelf = {0};
    struct buf out = {0};
    struct error err;

    (void)state;
    for (size_t n = 0; n < 5; n++)
        take_step(&clock, &shelf, &a_holiday_inside_a_pause[n]);
    assert_ok(service_clock_explain(&clock, 0, on_shelf, &shelf, &out, &err));
    if (!bytes_equal(bytes_str(wanted), buf_bytes(&out)))
        fail_msg("got:\n%.*s", (int)buf_bytes(&out).len, (const char *)buf_bytes(&out).data);
    buf_release(&out);
    service_clock_release(&clock);
    clear_shelf(&shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clocks_run_as_people_would_count),
        cmocka_unit_test(a_warning_comes_once_and_before_the_breach),
        cmocka_unit_test(any_course_equals_a_count_of_minutes),
        cmocka_unit_test(a_clock_cannot_be_paused_for_ever),
        cmocka_unit_test(a_calendar_without_hours_is_refused_and_nothing_changes),
        cmocka_unit_test(damaged_clocks_are_told),
        cmocka_unit_test(explain_shows_each_stretch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
