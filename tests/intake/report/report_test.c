/* Reports: what one ticket adds to a period, by hand-made tickets; periods that add up; who may ask
 * for what. */
#include "tests/intake/api/fixture.h"

#include "intake/report/measure.h"
#include "intake/report/report.h"

#include <stdio.h>

static int64_t at(const char *text)
{
    int64_t at_ms;

    assert_true(clock_parse(bytes_str(text), &at_ms));
    return at_ms;
}

/* "opened 1, reopened 0/1, time_to_own 1:300000": what is not nothing. */
static void measured(const char *ticket, const char *from, const char *to, struct buf *out)
{
    const struct period period = {at(from), at(to), at("2026-12-31")};
    json_t *record = test_json_quoted(ticket), *json, *value;
    struct figures figures = {0};
    const char *name;

    measure_ticket(record, &period, &figures);
    json = figures_json(&figures);
    json_object_foreach(json, name, value)
    {
        const unsigned long long n = json_get_u64(value, "n"), of = json_get_u64(value, "of");

        if (json_integer_value(value) > 0)
            buf_printf(out, "%s %lld, ", name, (long long)json_integer_value(value));
        else if (of > 0 || (n > 0 && json_object_get(value, "of") != NULL))
            buf_printf(out, "%s %llu/%llu, ", name, n, of);
        else if (n > 0)
            buf_printf(out, "%s %llu min, ", name,
                       (unsigned long long)json_get_u64(value, "mean_ms") / 60000);
    }
    figures_release(&figures);
    json_decref(json);
    json_decref(record);
}

#define NOV "2026-11-01", "2026-12-01"
#define TICKET(more)                                                                               \
    "{'at':'2026-11-05T09:10:00Z','reported':'2026-11-05T09:00:00Z','entered_by':'customer',"      \
    "'channel':'web','state':'closed'," more "}"
#define CLOCK(kind, state, more)                                                                   \
    "{'kind':'" kind "','state':'" state "','warn_percent':75,'started':'2026-11-05T09:00:00Z'"    \
    more ",'runs':[{'from':'2026-11-05T09:00:00Z','spent_ms':60000,'target_ms':3600000,"          \
    "'calendar':'24x7'" RUN_END "}]}"
#define RUN_END ",'to':'2026-11-05T09:30:00Z'"
#define STEP(when, event, to)                                                                      \
    "{'at':'" when "','event':'" event "','from':'in_work','to':'" to "'}"
#define AGAIN(when) "{'at':'" when "','event':'reply','from':'closed','to':'in_progress'}"

/* Of a ticket without tasks. */
#define RINGS "resolved_ring_1 0/1, resolved_ring_2 0/1, resolved_ring_3 0/1, "
#define WAY "transferred 0/1, bounced 0/1, escalated 0/1, "

/* clang-format off */
static const struct {
    const char *ticket, *from, *to, *wanted;
} rows[] = {
    {TICKET("'consult':'c'"), NOV,
     "opened 1, opened_by_customer 1/1, opened_by_rep 0/1, opened_after_asking 1/1, "},
    {TICKET("'consult':'c'"), "2026-12-01", "2026-12-31", ""},
    {TICKET("'consult':'c'"), "2026-11-05T09:10:00Z", "2026-11-05T09:10:01Z",
     "opened 1, opened_by_customer 1/1, opened_by_rep 0/1, opened_after_asking 1/1, "},
    {TICKET("'consult':'c'"), "2026-11-05T09:00:00Z", "2026-11-05T09:10:00Z", ""},

    /* what is left out */
    {"{'at':'2026-11-05T09:10:00Z','state':'spam'}", NOV, ""},
    {"{'at':'2026-11-05T09:10:00Z','state':'merged'}", NOV, ""},
    {"{'at':'2026-11-05T09:10:00Z','state':'cancelled','channel':'rep','clocks':["
     CLOCK("respond", "stopped", ",'stopped':'2026-11-05T09:30:00Z'") "]}", NOV,
     "opened 1, opened_by_customer 0/1, opened_by_rep 1/1, opened_after_asking 0/1, "},

    /* a promise: kept when stopped in time, broken when due, in the month that was */
    {"{'clocks':[" CLOCK("respond", "stopped", ",'stopped':'2026-11-05T09:30:00Z'") "]}", NOV,
     "respond_on_time 1/1, "},
    {"{'clocks':[" CLOCK("restore", "stopped",
     ",'stopped':'2026-12-05T09:30:00Z','breached':'2026-11-30T10:00:00Z'") "]}", NOV,
     "restore_on_time 0/1, "},
    {"{'clocks':[" CLOCK("restore", "stopped",
     ",'stopped':'2026-12-05T09:30:00Z','breached':'2026-11-30T10:00:00Z'") "]}",
     "2026-12-01", "2026-12-31", ""},
    {"{'clocks':[" CLOCK("resolve", "cancelled", ",'stopped':'2026-11-05T09:30:00Z'") "]}", NOV,
     ""},
#undef RUN_END
#define RUN_END ""
    /* still open and past its due time, which nobody has written down yet */
    {"{'clocks':[" CLOCK("resolve", "running", ",'due':'2026-11-05T10:00:00Z'") "]}", NOV,
     "resolve_on_time 0/1, "},
    {"{'clocks':[" CLOCK("resolve", "running", ",'due':'2027-01-05T10:00:00Z'") "]}", NOV, ""},

    /* work */
    {"{'reported':'2026-10-31T23:00:00Z','history':["
     STEP("2026-11-01T00:00:00Z", "take", "in_progress") ","
     STEP("2026-11-01T01:00:00Z", "resume", "in_progress") "]}", NOV, "time_to_own 60 min, "},
    {"{'reported':'2026-11-01T00:00:00Z','history':["
     STEP("2026-11-01T01:00:00Z", "wait_customer", "pending_customer") ","
     STEP("2026-11-01T03:00:00Z", "reply", "in_progress") ","
     STEP("2026-11-01T04:00:00Z", "resolve", "resolved") "],'posts':["
     "{'at':'2026-11-01T01:00:00Z','from':'staff'},{'at':'2026-11-01T05:00:00Z','from':'staff'},"
     "{'at':'2026-11-01T01:00:00Z','from':'staff','internal':true}]}", NOV,
     "resolved 1, reopened 0/1, time_to_own 180 min, time_to_resolve 120 min, first_contact 0/1, "
     RINGS},
    {"{'history':[" STEP("2026-11-01T04:00:00Z", "resolve", "resolved") "]}", NOV,
     "resolved 1, reopened 0/1, first_contact 1/1, "
     RINGS},
    {"{'history':[" STEP("2026-11-01T04:00:00Z", "resolve", "resolved") ","
     STEP("2026-11-02T04:00:00Z", "close", "closed") ","
     AGAIN("2026-11-08T03:00:00Z") "]}", NOV,
     "resolved 1, closed 1, reopened 1/1, linked 0/1, first_contact 0/1, "
     RINGS WAY},
    {"{'history':[" STEP("2026-11-01T04:00:00Z", "resolve", "resolved") ","
     STEP("2026-11-02T04:00:00Z", "close", "closed") ","
     AGAIN("2026-11-08T05:00:00Z") "],"
     "'links':[{'role':'not_helpful'},{'role':'sent'}]}", NOV,
     "resolved 1, closed 1, reopened 1/1, linked 1/1, first_contact 1/1, "
     RINGS WAY},
    /* nothing new when a merge is taken back, and in what leaves the state as it is */
    {"{'history':[{'at':'2026-11-02T00:00:00Z','from':'merged','to':'closed'},"
     "{'at':'2026-11-02T00:00:00Z','event':'severity','from':'resolved','to':'resolved'}]}", NOV,
     ""},
    /* surveys and visits */
    {"{'survey':{'expires':'2026-11-20T00:00:00Z','at':'2026-11-10T00:00:00Z','score':4}}", NOV,
     "surveys_answered 1/1, satisfied 1/1, "},
    {"{'survey':{'expires':'2026-12-20T00:00:00Z','at':'2026-11-10T00:00:00Z','score':3}}", NOV,
     "surveys_answered 1/1, satisfied 0/1, "},
    {"{'survey':{'expires':'2026-11-20T00:00:00Z'}}", NOV, "surveys_answered 0/1, "},
    {"{'survey':{'expires':'2027-01-20T00:00:00Z'}}", "2026-01-01", "2028-01-01", ""},
    {"{'visits':[{'state':'done','due':'2026-12-02T00:00:00Z','at':'2026-11-30T00:00:00Z'},"
     "{'state':'done','due':'2026-11-02T00:00:00Z','at':'2026-11-03T00:00:00Z'},"
     "{'state':'due','due':'2026-11-02T00:00:00Z'},{'state':'waived','due':'2026-11-02T00:00:00Z'},"
     "{'state':'due','due':'2026-12-02T00:00:00Z'}]}", NOV, "visits_in_time 1/3, "},
    /* tasks: which ring had it then; a group that had it before somebody else had; grey or not */
    {"{'history':[" STEP("2026-11-03T00:00:00Z", "resolve", "resolved") ","
     STEP("2026-11-04T00:00:00Z", "close", "closed") "],'tasks':["
     "{'no':1,'group':'a','ring':1,'at':'2026-11-01T00:00:00Z','state':'transferred'},"
     "{'no':2,'group':'b','ring':1,'at':'2026-11-01T01:00:00Z','state':'transferred'},"
     "{'no':3,'group':'a','ring':1,'at':'2026-11-02T00:00:00Z','state':'escalated'},"
     "{'no':4,'group':'c','ring':2,'at':'2026-11-02T01:00:00Z','state':'done'},"
     "{'no':5,'group':'c','ring':2,'at':'2026-11-05T00:00:00Z','state':'done'}]}", NOV,
     "resolved 1, closed 1, reopened 0/1, linked 0/1, first_contact 1/1, resolved_ring_1 0/1, "
     "resolved_ring_2 1/1, resolved_ring_3 0/1, transferred 1/1, bounced 1/1, escalated 1/1, "},
    {"{'tasks':[{'no':1},{'no':2,'grey':true}],'clocks':["
     CLOCK("ola:1", "running", ",'due':'2026-11-05T10:00:00Z'") ","
     CLOCK("ola:2", "running", ",'due':'2026-11-05T10:00:00Z'") "]}", NOV, "tasks_in_time 0/1, "},
    /* each sending by its own due time: late, then in time; and one called back before */
    {"{'handoffs':[{'history':["
     "{'event':'send','at':'2026-11-01T00:00:00Z','due':'2026-11-02T00:00:00Z'},"
     "{'event':'accept','at':'2026-11-01T01:00:00Z'},"
     "{'event':'answer','at':'2026-11-03T00:00:00Z'},"
     "{'event':'send','at':'2026-11-04T00:00:00Z','due':'2026-11-06T00:00:00Z'},"
     "{'event':'decline','at':'2026-11-05T00:00:00Z'}]},{'history':["
     "{'event':'send','at':'2026-11-01T00:00:00Z','due':'2026-11-02T00:00:00Z'},"
     "{'event':'withdraw','at':'2026-11-01T12:00:00Z'}]}]}", NOV, "handoffs_in_time 1/2, "},
    {"{'parts':[{'at':'2026-11-01T00:00:00Z','first_promise':'2026-11-02T00:00:00Z',"
     "'from_stock':true,'all_shipped':'2026-11-02T00:00:00Z'},"
     "{'at':'2026-11-01T00:00:00Z','from_stock':false,"
     "'first_promise':'2026-11-02T00:00:00Z','promise':'2026-11-09T00:00:00Z',"
     "'all_shipped':'2026-11-08T00:00:00Z'},{'state':'cancelled','at':'2026-11-01T00:00:00Z',"
     "'first_promise':'2026-11-02T00:00:00Z'}]}", NOV, "parts_in_time 1/2, parts_from_stock 1/2, "},
    /* resolved in October, back in November: one that came back, none that was resolved */
    {"{'history':[" STEP("2026-10-01T04:00:00Z", "resolve", "resolved") ","
     STEP("2026-10-02T04:00:00Z", "close", "closed") ","
     AGAIN("2026-11-08T03:00:00Z") "]}", NOV, "reopened 1/0, "},
};
/* clang-format on */

static void a_ticket_counts_for_what_was_decided_in_the_period(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf got = {0};

        measured(rows[i].ticket, rows[i].from, rows[i].to, &got);
        if (strcmp(rows[i].wanted, buf_str(&got)) != 0)
            fail_msg("row %zu\nwanted %s\ngot    %s", i, rows[i].wanted, buf_str(&got));
        buf_release(&got);
    }
}

static void durations_are_told_by_mean_median_and_p90(void **state)
{
    static const struct {
        int count;
        long long mean, median, p90;
    } sizes[] = {
        {1,   1,  1,  1 },
        {2,   1,  1,  2 },
        {10,  5,  5,  9 },
        {11,  6,  6,  10},
        {100, 50, 50, 90},
    };

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct figures figures = {0};
        const json_t *told;
        json_t *json;

        for (int ms = sizes[i].count; ms > 0; ms--) /* 1 … count, from above */
            figures_duration(&figures, FIGURE_TIME_TO_OWN, ms);
        json = figures_json(&figures);
        told = json_object_get(json, "time_to_own");
        assert_int_equal(sizes[i].count, json_get_u64(told, "n"));
        assert_int_equal(sizes[i].mean, json_get_u64(told, "mean_ms"));
        assert_int_equal(sizes[i].median, json_get_u64(told, "median_ms"));
        assert_int_equal(sizes[i].p90, json_get_u64(told, "p90_ms"));
        json_decref(json);
        figures_release(&figures);
    }
}

static void a_report_is_for_supervisors_and_says_what_is_wrong(void **state)
{
    static const struct {
        const char *from, *to, *by;
    } wrong[] = {
        {"",           "",           ""      },
        {"yesterday",  "",           ""      },
        {"2026-11-01", "soon",       ""      },
        {"2026-11-02", "2026-11-02", ""      },
        {"2026-11-01", "",           "colour"},
    };
    const struct who supervisor = who_staff(ROLE_SUPERVISOR, "boss");
    const struct who engineer = who_staff(ROLE_ENGINEER, "lin.wei");
    struct fixture *f = *state;
    struct report_request request = {.from = BYTES_LIT("2026-11-01")};
    struct error err;
    json_t *report;

    assert_refused(AF_DENIED, report_tickets(f->app, &engineer, &request, &report, &err));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        request = (struct report_request){bytes_str(wrong[i].from), bytes_str(wrong[i].to),
                                          bytes_str(wrong[i].by)};
        assert_refused(AF_INVALID, report_tickets(f->app, &supervisor, &request, &report, &err));
    }
}

/* A ticket for each of more products than a report has parts. */
static void a_report_has_a_bounded_number_of_parts(void **state)
{
    const struct who supervisor = who_staff(ROLE_SUPERVISOR, "boss");
    const struct report_request request = {.from = BYTES_LIT("2026-11-01"),
                                           .by = BYTES_LIT("product")};
    const struct command command = {.at_ms = START_MS, .seq = 1};
    struct fixture *f = *state;
    struct txn *txn;
    struct error err;
    json_t *report;

    for (json_int_t last = REPORT_PARTS_MAX; last <= REPORT_PARTS_MAX + 1; last++) {
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        for (json_int_t no = last > REPORT_PARTS_MAX ? last : 1; no <= last; no++) {
            json_t *ticket = json_pack("{s:I,s:s,s:o,s:o}", "n", no, "state", "closed", "at",
                                       json_from_time(START_MS), "product",
                                       json_sprintf("P-%lld", (long long)no));

            assert_ok(ticket_save(txn, ticket, &command, &err));
            json_decref(ticket);
        }
        assert_ok(txn_commit(txn, &err));
        clock_fix(START_MS + 1);
        if (last > REPORT_PARTS_MAX) {
            assert_refused(AF_TOO_LARGE,
                           report_tickets(f->app, &supervisor, &request, &report, &err));
            continue;
        }
        assert_ok(report_tickets(f->app, &supervisor, &request, &report, &err));
        assert_int_equal(REPORT_PARTS_MAX, json_array_size(json_object_get(report, "parts")));
        json_decref(report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        cmocka_unit_test(a_ticket_counts_for_what_was_decided_in_the_period),
        cmocka_unit_test(durations_are_told_by_mean_median_and_p90),
        TEST(a_report_is_for_supervisors_and_says_what_is_wrong),
        TEST(a_report_has_a_bounded_number_of_parts),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
