/* Visits: which tickets get one, the share that chance decides, what comes of them, and the list
 * against a naive twin. */
#include "tests/intake/desk/ending.h"

#include "intake/ticket/ticket_visit.h"

#include <math.h>
#include <stdlib.h>

#define VISITS(share)                                                                              \
    "{'is':{'severities':['S1','S2'],'share_per_mille':" #share                                    \
    ",'score_max':2,'group':'desk','calendar':'office','due':{'days':1}}}"

static const json_t *first_visit(const json_t *ticket)
{
    return json_array_get(json_object_get(ticket, "visits"), 0);
}

static void visits_are_made_by_rule_when_a_ticket_closes(void **state)
{
    static const struct {
        const char *severity, *rule, *why; /* NULL: none */
    } rows[] = {
        {"S1", VISITS(0),    "severity"},
        {"S2", VISITS(0),    "severity"},
        {"S3", VISITS(0),    NULL      },
        {"S4", VISITS(0),    NULL      },
        {"S4", VISITS(1000), "share"   },
        {"S1", VISITS(1000), "severity"},
    };
    const struct who who = lin();
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *ticket;

        set_closing(f, "visits", rows[i].rule);
        ticket = read_ticket(f, &who, closed_ticket(f, rows[i].severity));
        assert_string_equal(rows[i].why != NULL ? rows[i].why : "",
                            json_get_str(first_visit(ticket), "why"));
        json_decref(ticket);
    }
    demand_sound_and_repeatable(f);
}

/* Over 10,000 numbers, for secrets that nobody knows: within five standard deviations. */
static void the_share_is_what_the_rule_says_and_nobody_chooses(void **state)
{
    static const uint32_t shares[] = {0, 1, 50, 100, 500, 999, 1000};
    uint8_t secret[32], other[32];

    (void)state;
    hash_random(secret, sizeof secret);
    hash_random(other, sizeof other);
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        const double p = shares[i] / 1000.0, spread = sqrt(10000 * p * (1 - p));
        int picked = 0, same = 0;

        for (uint32_t no = 1; no <= 10000; no++) {
            bool is_in = closing_is_in_share(bytes_of(secret, 32), no, shares[i]);

            assert_int_equal(is_in, closing_is_in_share(bytes_of(secret, 32), no, shares[i]));
            picked += is_in;
            same += is_in == closing_is_in_share(bytes_of(other, 32), no, shares[i]);
        }
        if (fabs(picked - 10000 * p) > 5 * spread + 1e-9)
            fail_msg("%d of 10,000 at %u per mille", picked, shares[i]);
        if (shares[i] == 500)
            assert_true(same > 4700 && same < 5300); /* another store picks others */
    }
}

static enum status report(struct fixture *f, uint32_t no, const char *result, int64_t score,
                          struct error *err)
{
    const struct who who = lin();

    return visit_report(f->app, &who, no, 1,
                        &(struct visit_report){.result = bytes_str(result),
                                               .score = score,
                                               .text = BYTES_LIT("he said")},
                        err);
}

static void what_came_of_a_visit_is_written_down_once(void **state)
{
    static const struct {
        const char *result;
        int64_t score;
        enum status status;
        const char *after;
    } rows[] = {
        {"solved",      5, AF_OK,      "done"},
        {"solved",      0, AF_OK,      "done"},
        {"not_solved",  1, AF_OK,      "done"},
        {"not_reached", 0, AF_OK,      "due" },
        {"not_reached", 3, AF_INVALID, "due" },
        {"solved",      6, AF_INVALID, "due" },
        {"maybe",       0, AF_INVALID, "due" },
        {"",            0, AF_INVALID, "due" },
    };
    const struct who who = lin(), customer = who_customer();
    struct fixture *f = *state;
    struct error err;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t no = closed_ticket(f, "S1");
        json_t *ticket;

        assert_int_equal(rows[i].status, report(f, no, rows[i].result, rows[i].score, &err));
        ticket = read_ticket(f, &who, no);
        assert_string_equal(rows[i].after, json_get_str(first_visit(ticket), "state"));
        assert_int_equal(strcmp(rows[i].result, "not_reached") == 0 && rows[i].status == AF_OK,
                         json_get_u64(first_visit(ticket), "tries"));
        if (strcmp(rows[i].after, "done") == 0) {
            assert_int_equal(rows[i].score, json_get_u64(first_visit(ticket), "score"));
            assert_string_equal("lin", json_get_str(first_visit(ticket), "by"));
            assert_refused(AF_CONFLICT, report(f, no, "solved", 5, &err));
            assert_null(json_object_get(ticket, "timers"));
        }
        json_decref(ticket);
    }
    assert_refused(AF_NOT_FOUND, report(f, open_ticket(f, "S1"), "solved", 5, &err));
    assert_refused(AF_DENIED,
                   visit_report(f->app, &customer, 1, 1,
                                &(struct visit_report){.result = BYTES_LIT("solved")}, &err));
    demand_sound_and_repeatable(f);
}

static void a_supervisor_waives_with_a_reason(void **state)
{
    static const enum role roles[] = {ROLE_ENGINEER, ROLE_AUTHOR};
    const struct who boss = who_staff(ROLE_SUPERVISOR, "boss"), who = lin();
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S1");
    struct error err;
    json_t *ticket;

    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        const struct who below = who_staff(roles[i], "lin");

        assert_refused(AF_DENIED, visit_waive(f->app, &below, no, 1, BYTES_LIT("busy"), &err));
    }
    assert_refused(AF_INVALID, visit_waive(f->app, &boss, no, 1, BYTES_LIT(""), &err));
    assert_refused(AF_NOT_FOUND, visit_waive(f->app, &boss, no, 2, BYTES_LIT("x"), &err));
    assert_ok(visit_waive(f->app, &boss, no, 1, BYTES_LIT("he moved away"), &err));
    assert_refused(AF_CONFLICT, visit_waive(f->app, &boss, no, 1, BYTES_LIT("x"), &err));
    ticket = read_ticket(f, &who, no);
    assert_string_equal("he moved away", json_get_str(first_visit(ticket), "text"));
    json_decref(ticket);
    demand_sound_and_repeatable(f);
}

static void a_visit_nobody_made_in_time_is_overdue_once(void **state)
{
    const struct who who = lin();
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S1");
    const int64_t due_ms = INT64_C(1795600800000); /* 2026-11-25T10:00:00Z: Wednesday evening */
    uint64_t version;
    json_t *ticket;

    sweep_at(f, due_ms);
    ticket = read_ticket(f, &who, no);
    assert_string_equal("2026-11-25T10:00:00.000Z", json_get_str(first_visit(ticket), "due"));
    assert_false(json_get_bool(first_visit(ticket), "overdue"));
    json_decref(ticket);
    sweep_at(f, due_ms + 1);
    ticket = read_ticket(f, &who, no);
    assert_true(json_get_bool(first_visit(ticket), "overdue"));
    assert_int_equal(1, json_array_size(json_object_get(ticket, "notices")));
    version = json_get_u64(ticket, "version");
    json_decref(ticket);
    sweep_at(f, due_ms + DAY_MS);
    ticket = read_ticket(f, &who, no);
    assert_int_equal(version, json_get_u64(ticket, "version"));
    json_decref(ticket);
    demand_sound_and_repeatable(f);
}

static void reopening_waives_what_is_due_and_closing_asks_anew(void **state)
{
    const struct who who = lin();
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S1");
    json_t *ticket;

    step(f, no, "reopen", "again");
    ticket = read_ticket(f, &who, no);
    assert_string_equal("waived", json_get_str(first_visit(ticket), "state"));
    assert_string_equal("system", json_get_str(first_visit(ticket), "by"));
    json_decref(ticket);
    step(f, no, "restore", "");
    step(f, no, "resolve", "");
    step(f, no, "close", "nothing new");
    ticket = read_ticket(f, &who, no);
    assert_int_equal(2, json_array_size(json_object_get(ticket, "visits")));
    json_decref(ticket);
    demand_sound_and_repeatable(f);
}

/* A bad score on a ticket that is open again: somebody asks, also after it closed or was
 * cancelled. */
static void a_visit_of_a_score_outlives_a_close_and_not_a_cancellation(void **state)
{
    const struct who who = lin();
    struct fixture *f = *state;

    set_closing(f, "visits", VISITS(0));
    for (int cancels = 0; cancels < 2; cancels++) {
        uint32_t no = closed_ticket(f, "S4");
        struct error err;
        json_t *ticket;

        step(f, no, "reopen", "again");
        assert_ok(survey_answer_for(f->app, &who, no, 1, BYTES_LIT("twice!"), &err));
        if (cancels == 1) {
            step(f, no, "cancel", "he bought another");
        } else {
            step(f, no, "restore", "");
            step(f, no, "resolve", "");
            step(f, no, "close", "nothing new");
        }
        ticket = read_ticket(f, &who, no);
        assert_string_equal(cancels == 1 ? "waived" : "due",
                            json_get_str(first_visit(ticket), "state"));
        assert_int_equal(cancels == 0, json_object_get(ticket, "timers") != NULL);
        json_decref(ticket);
    }
    demand_sound_and_repeatable(f);
}

static void promise_nothing(struct fixture *f)
{
    const struct who admin = who_staff(ROLE_ADMIN, "boss");
    json_t *complaints, *doc = test_json_quoted(
        "{'levels':[{'id':'a','calendar':'office','targets':{'S1':{},'S2':{},'S3':{},'S4':{}}}],"
        "'default':'a'}");
    uint32_t version;
    struct error err;

    assert_ok(rules_set(f->app, &admin, RULES_LEVELS, doc, RULES_ANY_VERSION, &version, &complaints,
                        &err));
    json_decref(doc);
}

static void a_ticket_has_a_bounded_number_of_visits_and_closes_all_the_same(void **state)
{
    const struct who who = lin();
    struct fixture *f = *state;
    json_t *ticket;
    uint32_t no;

    promise_nothing(f); /* each reopening starts a clock, and those are bounded too */
    no = closed_ticket(f, "S1");
    for (int i = 0; i < TICKET_VISITS_MAX + 1; i++) {
        step(f, no, "reopen", "again");
        step(f, no, "restore", "");
        step(f, no, "resolve", "");
        step(f, no, "close", "nothing new");
    }
    ticket = read_ticket(f, &who, no);
    assert_string_equal("closed", json_get_str(ticket, "state"));
    assert_int_equal(TICKET_VISITS_MAX, json_array_size(json_object_get(ticket, "visits")));
    json_decref(ticket);
}

/* --- the list --------------------------------------------------------------------------------- */

#define TICKETS 60

struct due {
    int64_t due_ms;
    uint32_t no;
    bool is_experts;
};

static int by_due(const void *a, const void *b)
{
    const struct due *one = a, *other = b;

    if (one->due_ms != other->due_ms)
        return one->due_ms < other->due_ms ? -1 : 1;
    return one->no < other->no ? -1 : one->no > other->no;
}

static size_t make_visits(struct fixture *f, struct due *due)
{
    struct test_random random = test_random_new();
    const struct who boss = who_staff(ROLE_SUPERVISOR, "boss"), who = lin();
    size_t count = 0;

    for (int i = 0; i < TICKETS; i++) {
        const bool is_experts = test_random_below(&random, 3) == 0;
        struct error err;
        json_t *ticket;
        uint32_t no;

        if (i % 10 == 0)
            set_closing(f, "visits",
                        i % 20 == 0 ? VISITS(0)
                                    : "{'is':{'severities':['S1'],'share_per_mille':0,'score_max':"
                                      "2,'group':'experts',"
                                      "'calendar':'24x7','due':{'hours':7}}}");
        clock_fix(START_MS + (int64_t)test_random_below(&random, 5) * DAY_MS);
        no = closed_ticket(f, "S1");
        ticket = read_ticket(f, &who, no);
        due[count] = (struct due){
            .no = no,
            .is_experts = strcmp("experts", json_get_str(first_visit(ticket), "group")) == 0};
        assert_true(
            clock_parse(bytes_str(json_get_str(first_visit(ticket), "due")), &due[count].due_ms));
        json_decref(ticket);
        if (is_experts)
            assert_ok(visit_waive(f->app, &boss, no, 1, BYTES_LIT("x"), &err));
        else
            count++;
    }
    qsort(due, count, sizeof due[0], by_due);
    return count;
}

static void the_list_pages_through_what_is_due_in_order(void **state)
{
    static const char *const groups[] = {"", "desk", "experts", "nobody"};
    const struct who who = lin();
    struct fixture *f = *state;
    struct due due[TICKETS];
    size_t count = make_visits(f, due);

    for (size_t g = 0; g < 4; g++)
        for (uint32_t limit = 1; limit <= TICKETS; limit += 7) {
            struct visit_filter filter = {.group = bytes_str(groups[g]), .limit = limit};
            char after[64] = "";
            size_t at = 0;

            do {
                json_t *list;
                const json_t *row;
                size_t i;
                struct error err;

                assert_ok(visit_list(f->app, &who, &filter, &list, &err));
                json_array_foreach(json_object_get(list, "visits"), i, row)
                {
                    while (g > 0 && (g == 3 || due[at].is_experts != (g == 2)))
                        at++;
                    assert_true(at < count);
                    assert_int_equal(due[at].no, json_get_u64(row, "n"));
                    at++;
                }
                (void)snprintf(after, sizeof after, "%s", json_get_str(list, "after"));
                filter.after = bytes_str(after);
                json_decref(list);
            } while (after[0] != '\0');
            for (; at < count; at++)
                assert_true(g == 3 || (g > 0 && due[at].is_experts != (g == 2)));
        }
    demand_sound_and_repeatable(f);
}

static void a_list_that_cannot_be_is_refused(void **state)
{
    static const char *const wrong[] = {
        "x", "000000000000000000000000000", "00000000000000000000000000000",
        "g000000000000000000000000000", "ffffffffffffffff000000010001"};
    const struct who who = lin(), customer = who_customer();
    struct fixture *f = *state;
    struct error err;
    json_t *list;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(AF_INVALID,
                       visit_list(f->app, &who,
                                  &(struct visit_filter){.limit = 5, .after = bytes_str(wrong[i])},
                                  &list, &err));
    assert_refused(AF_DENIED,
                   visit_list(f->app, &customer, &(struct visit_filter){.limit = 5}, &list, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(visits_are_made_by_rule_when_a_ticket_closes),
        TEST(the_share_is_what_the_rule_says_and_nobody_chooses),
        TEST(what_came_of_a_visit_is_written_down_once),
        TEST(a_supervisor_waives_with_a_reason),
        TEST(a_visit_nobody_made_in_time_is_overdue_once),
        TEST(reopening_waives_what_is_due_and_closing_asks_anew),
        TEST(a_visit_of_a_score_outlives_a_close_and_not_a_cancellation),
        TEST(a_ticket_has_a_bounded_number_of_visits_and_closes_all_the_same),
        TEST(the_list_pages_through_what_is_due_in_order),
        TEST(a_list_that_cannot_be_is_refused),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
