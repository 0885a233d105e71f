/* The emergency team of an S1: called together, told in stages at a beat, restored before resolved,
 * its root cause before closed; and management escalations. */
#include "tests/intake/desk/tasks.h"

#define TEAM(more)                                                                                 \
    "{'severities':[{'id':'S1','name':'a','definition':'a'},"                                      \
    "{'id':'S2','name':'b','definition':'b'},{'id':'S3','name':'c','definition':'c'},"             \
    "{'id':'S4','name':'d','definition':'d'}]" more "}"

static int begin(void **state)
{
    if (tasks_begin(state) != 0)
        return -1;
    set_rules(*state, RULES_SEVERITIES,
              TEAM(",'emergency':{'lead':'boss','people':['ann','fay'],'beat_minutes':60}"));
    return 0;
}

/* "first, progress": the stages told. */
static void demand_stages(struct fixture *f, uint32_t no, const char *wanted)
{
    json_t *ticket = desk_record(f, no);
    const json_t *item;
    struct buf got = {0};
    size_t i;

    json_array_foreach(json_object_get(json_object_get(ticket, "emergency"), "notices"), i, item)
        buf_printf(&got, "%s%s", i > 0 ? ", " : "", json_get_str(item, "stage"));
    if (strcmp(wanted, buf_str(&got)) != 0)
        fail_msg("wanted %s\ngot    %s", wanted, buf_str(&got));
    buf_release(&got);
    json_decref(ticket);
}

static size_t count_notices(struct fixture *f, uint32_t no, const char *what)
{
    json_t *ticket = desk_record(f, no);
    const json_t *notice;
    size_t count = 0, i;

    json_array_foreach(json_object_get(ticket, "notices"), i, notice)
    {
        count += strcmp(json_get_str(notice, "what"), what) == 0;
    }
    json_decref(ticket);
    return count;
}

static enum status tell(struct fixture *f, uint32_t no, const char *stage, const char *text,
                        struct error *err)
{
    return ticket_notice(f->app, LIN, no, bytes_str(stage), bytes_str(text), false, err);
}

static enum status step(struct fixture *f, uint32_t no, const char *event, struct error *err)
{
    return ticket_move(f->app, LIN, no, bytes_str(event), BYTES_LIT("a reason"), err);
}

static void an_s1_calls_its_team_together_and_tells_it_at_once(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open_as(f, "S1", "a@example.org");
    json_t *ticket = desk_record(f, no);
    const json_t *team = json_object_get(ticket, "emergency");

    assert_string_equal("boss", json_get_str(team, "lead"));
    assert_int_equal(2, json_array_size(json_object_get(team, "people")));
    assert_int_equal(60, json_get_u64(team, "beat_minutes"));
    demand_stages(f, no, "first");
    assert_int_equal(3, count_notices(f, no, "s1_first"));
    json_decref(ticket);
    ticket = desk_record(f, desk_open(f));
    assert_null(json_object_get(ticket, "emergency")); /* an S3 has none */
    json_decref(ticket);
    assert_string_equal("", desk_faults(f));
}

static void progress_is_due_at_each_beat_until_it_is_restored(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open_as(f, "S1", "a@example.org");
    struct error err;

    sweep_at(f, "2026-11-23T09:59:00+08:00");
    assert_int_equal(0, count_notices(f, no, "s1_progress_due"));
    sweep_at(f, "2026-11-23T10:01:00+08:00");
    sweep_at(f, "2026-11-23T10:02:00+08:00");
    assert_int_equal(1, count_notices(f, no, "s1_progress_due"));
    clock_fix(at("2026-11-23T10:30:00+08:00"));
    assert_ok(tell(f, no, "progress", "half of it is up", &err));
    sweep_at(f, "2026-11-23T11:29:00+08:00"); /* an hour from the last word */
    assert_int_equal(1, count_notices(f, no, "s1_progress_due"));
    sweep_at(f, "2026-11-23T11:31:00+08:00");
    assert_int_equal(2, count_notices(f, no, "s1_progress_due"));
    assert_refused(AF_CONFLICT, tell(f, no, "restored", "all of it", &err)); /* it is not */
    assert_ok(step(f, no, "take", &err));
    assert_ok(step(f, no, "restore", &err));
    sweep_at(f, "2026-11-23T18:00:00+08:00");
    assert_int_equal(2, count_notices(f, no, "s1_progress_due"));
    assert_ok(tell(f, no, "restored", "all of it", &err));
    demand_stages(f, no, "first, progress, restored, restored");
    assert_ok(step(f, no, "resume", &err)); /* down again */
    sweep_at(f, "2026-11-23T19:01:00+08:00");
    assert_int_equal(3, count_notices(f, no, "s1_progress_due"));
    assert_string_equal("", desk_faults(f));
}

/* Twice as long after each, up to a day: a month of silence is some thirty entries. */
static void one_that_nobody_tends_is_told_of_less_and_less(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open_as(f, "S1", "a@example.org");
    const int64_t opened_ms = at("2026-11-23T09:00:00+08:00");
    int64_t last_hour = 0, gap = 0;
    struct ticket_swept swept;
    struct error err;
    size_t told = 0;

    for (int64_t hour = 1; hour <= 30 * 24; hour++) {
        clock_fix(opened_ms + hour * 3600000 + 1);
        assert_ok(ticket_sweep(f->app, &swept, &err));
        if (count_notices(f, no, "s1_progress_due") == told)
            continue;
        assert_int_equal(++told, count_notices(f, no, "s1_progress_due"));
        assert_true(hour - last_hour >= gap && hour - last_hour <= 25);
        gap = hour - last_hour;
        last_hour = hour;
    }
    assert_true(told > 25 && told < 36);
    assert_ok(tell(f, no, "progress", "at last", &err));
    clock_fix(clock_now_ms() + 3660000);
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(told + 1, count_notices(f, no, "s1_progress_due"));
}

static void it_is_restored_before_resolved_and_explained_before_closed(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open_as(f, "S1", "a@example.org");
    struct error err;

    assert_ok(step(f, no, "take", &err));
    assert_refused(AF_CONFLICT, step(f, no, "resolve", &err));
    assert_non_null(strstr(err.text, "restored"));
    assert_ok(step(f, no, "restore", &err));
    assert_ok(step(f, no, "resolve", &err));
    assert_refused(AF_CONFLICT, step(f, no, "close", &err));
    assert_non_null(strstr(err.text, "root"));
    assert_ok(tell(f, no, "root_cause", "a cable was cut", &err));
    assert_ok(step(f, no, "close", &err));
    demand_stages(f, no, "first, restored, root_cause");
    assert_refused(AF_CONFLICT, tell(f, no, "progress", "x", &err));
}

static void raised_it_has_a_team_and_lowered_none(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    json_t *ticket;
    struct error err;

    assert_refused(AF_CONFLICT, tell(f, no, "progress", "x", &err));
    assert_ok(ticket_take(f->app, LIN, no, &err));
    assert_ok(
        ticket_severity(f->app, LIN, no, BYTES_LIT("S1"), BYTES_LIT("all is down"), false, &err));
    ticket = desk_record(f, no);
    /* with who has it */
    assert_int_equal(
        3, json_array_size(json_object_get(json_object_get(ticket, "emergency"), "people")));
    json_decref(ticket);
    assert_ok(ticket_severity(f->app, LIN, no, BYTES_LIT("S3"), BYTES_NONE, true, &err));
    sweep_at(f, "2026-11-23T12:00:00+08:00");
    assert_int_equal(0, count_notices(f, no, "s1_progress_due"));
    assert_refused(AF_CONFLICT, tell(f, no, "progress", "x", &err));
    assert_ok(step(f, no, "resolve", &err)); /* no S1: no guards */
    assert_ok(step(f, no, "resume", &err));
    assert_ok(ticket_severity(f->app, LIN, no, BYTES_LIT("S1"), BYTES_LIT("again"), false, &err));
    demand_stages(f, no, "first, first");
    assert_ok(step(f, no, "restore", &err));
    assert_ok(step(f, no, "resolve", &err));
    assert_refused(AF_CONFLICT, step(f, no, "close", &err));
    assert_string_equal("", desk_faults(f));
}

static void without_a_rule_there_is_no_team_and_without_a_lead_the_group_s(void **state)
{
    struct fixture *f = *state;
    uint32_t no;
    json_t *ticket;
    struct error err;

    set_rules(f, RULES_SEVERITIES, TEAM(""));
    no = desk_open_as(f, "S1", "a@example.org");
    demand_stages(f, no, "");
    desk_move(f, no, "take restore resolve close"); /* no root cause is asked for */
    set_rules(f, RULES_SEVERITIES, TEAM(",'emergency':{'beat_minutes':5}"));
    no = desk_open_as(f, "S1", "a@example.org");
    ticket = desk_record(f, no);
    assert_string_equal("lin.wei", json_get_str(json_object_get(ticket, "emergency"), "lead"));
    json_decref(ticket);
    (void)err;
}

static void a_customer_sees_the_public_notices_alone(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open_as(f, "S1", "a@example.org");
    const json_t *notices;
    json_t *ticket;
    struct error err;

    assert_ok(tell(f, no, "progress", "we suspect the new firmware", &err));
    ticket = desk_get(f, CUSTOMER, no);
    assert_null(json_object_get(ticket, "emergency"));
    json_decref(ticket);
    assert_ok(ticket_notice(f->app, LIN, no, BYTES_LIT("progress"), BYTES_LIT("we are at it"), true,
                            &err));
    ticket = desk_get(f, CUSTOMER, no);
    notices = json_object_get(json_object_get(ticket, "emergency"), "notices");
    assert_int_equal(1, json_array_size(notices));
    assert_string_equal("we are at it", json_get_str(json_array_get(notices, 0), "text"));
    assert_null(json_object_get(json_array_get(notices, 0), "by"));
    assert_null(json_object_get(json_object_get(ticket, "emergency"), "lead"));
    json_decref(ticket);
    assert_refused(AF_INVALID, tell(f, no, "party", "x", &err));
    assert_refused(AF_INVALID, tell(f, no, "progress", " ", &err));
    assert_int_equal(AF_DENIED, ticket_notice(f->app, CUSTOMER, no, BYTES_LIT("progress"),
                                              BYTES_LIT("x"), true, &err));
}

/* The rules say who; a command that somebody brings may not. */
static void a_team_is_bounded(void **state)
{
    const struct who admin = who_staff(ROLE_ADMIN, "boss");
    struct fixture *f = *state;
    struct buf text = {0};
    json_t *doc, *complaints = NULL;
    uint32_t version;
    struct error err;

    buf_add_str(&text, "[");
    for (int i = 0; i <= TICKET_TEAM_MAX; i++)
        buf_printf(&text, "%s\"p%d\"", i > 0 ? "," : "", i);
    buf_add_str(&text, "]");
    doc = test_json_quoted(TEAM(",'emergency':{'beat_minutes':60}"));
    json_object_set_new(json_object_get(doc, "emergency"), "people", test_json(buf_str(&text)));
    assert_refused(AF_INVALID, rules_set(f->app, &admin, RULES_SEVERITIES, doc, RULES_ANY_VERSION,
                                         &version, &complaints, &err));
    assert_string_equal("emergency.people", json_get_str(json_array_get(complaints, 0), "place"));
    json_decref(complaints);
    json_decref(doc);
    buf_release(&text);
}

/* --- management ------------------------------------------------------------------------------- */

static enum status manage(struct fixture *f, uint32_t no, const char *about, const char *to,
                          const char *why, struct error *err)
{
    return ticket_manage(f->app, LIN, no, bytes_str(about), bytes_str(to), bytes_str(why), err);
}

static void management_is_told_has_to_answer_and_changes_no_task(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    const json_t *list;
    json_t *ticket;
    struct error err;

    assert_refused(AF_INVALID, manage(f, no, "weather", "", "x", &err));
    assert_refused(AF_INVALID, manage(f, no, "progress", "", "", &err));
    assert_refused(AF_INVALID, manage(f, no, "progress", "an", "slow", &err)); /* a slip */
    assert_non_null(strstr(err.text, "an"));
    assert_ok(manage(f, no, "progress", "", "a week without a word", &err)); /* the lead */
    assert_ok(manage(f, no, "key_person", "fay", "their chairman called", &err));
    ticket = desk_record(f, no);
    list = json_object_get(ticket, "escalations");
    assert_string_equal("lin.wei", json_get_str(json_array_get(list, 0), "to"));
    assert_int_equal(1, json_get_u64(json_array_get(list, 0), "level"));
    assert_int_equal(2, json_get_u64(json_array_get(list, 1), "level"));
    json_decref(ticket);
    assert_int_equal(2, count_notices(f, no, "escalated"));
    demand_tasks(f, no, "desk - offered");

    assert_int_equal(AF_NOT_FOUND, ticket_answer(f->app, LIN, no, 3, BYTES_LIT("x"), &err));
    assert_refused(AF_INVALID, ticket_answer(f->app, LIN, no, 1, BYTES_NONE, &err));
    assert_ok(ticket_answer(f->app, LIN, no, 1, BYTES_LIT("two more people"), &err));
    assert_refused(AF_CONFLICT, ticket_answer(f->app, LIN, no, 1, BYTES_LIT("x"), &err));
    desk_move(f, no, "spam");
    assert_refused(AF_CONFLICT, manage(f, no, "progress", "", "slow", &err));
    assert_string_equal("", desk_faults(f));
}

static void escalations_are_bounded(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct buf members = {0};
    struct error err;

    buf_add_str(&members, "{'escalations':[");
    for (int i = 1; i <= TICKET_ESCALATIONS_MAX; i++)
        buf_printf(&members,
                   "%s{'no':%d,'level':1,'about':'progress','to':'x','why':'y','state':'open','at':"
                   "'2026-11-23T01:00:00.000Z'}",
                   i > 1 ? "," : "", i);
    buf_add_str(&members, "]}");
    desk_damage(f, no, buf_str(&members));
    buf_release(&members);
    assert_refused(AF_TOO_LARGE, manage(f, no, "progress", "", "slow", &err));
    assert_string_equal("", desk_faults(f));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_s1_calls_its_team_together_and_tells_it_at_once),
        TEST(progress_is_due_at_each_beat_until_it_is_restored),
        TEST(one_that_nobody_tends_is_told_of_less_and_less),
        TEST(it_is_restored_before_resolved_and_explained_before_closed),
        TEST(raised_it_has_a_team_and_lowered_none),
        TEST(without_a_rule_there_is_no_team_and_without_a_lead_the_group_s),
        TEST(a_customer_sees_the_public_notices_alone),
        TEST(a_team_is_bounded),
        TEST(management_is_told_has_to_answer_and_changes_no_task),
        TEST(escalations_are_bounded),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
