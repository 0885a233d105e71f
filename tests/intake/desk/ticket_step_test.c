/* What happens by itself before and after a clock runs out: each kind of step, when, to whom; what
 * is skipped, what fails, and that nothing happens twice. */
#include "tests/intake/desk/tasks.h"

#include "intake/ticket/ticket_steps.h"

/* "1 done, 2 waiting": the numbers and states. */
static void demand_steps(struct fixture *f, uint32_t no, const char *wanted)
{
    json_t *ticket = desk_record(f, no);
    const json_t *step;
    struct buf got = {0};
    size_t i;

    json_array_foreach(json_object_get(ticket, "steps"), i, step)
        buf_printf(&got, "%s%d %s", i > 0 ? ", " : "", (int)json_get_u64(step, "no"),
                   json_get_str(step, "state"));
    if (strcmp(wanted, buf_str(&got)) != 0)
        fail_msg("wanted %s\ngot    %s", wanted, buf_str(&got));
    buf_release(&got);
    assert_true(ticket_steps_are_sound(ticket));
    json_decref(ticket);
}

/* "step ann, escalated boss". */
static void demand_notices(struct fixture *f, uint32_t no, const char *wanted)
{
    json_t *ticket = desk_record(f, no);
    const json_t *notice;
    struct buf got = {0};
    size_t i;

    json_array_foreach(json_object_get(ticket, "notices"), i, notice)
        buf_printf(&got, "%s%s %s", i > 0 ? ", " : "", json_get_str(notice, "what"),
                   json_get_str(notice, "to"));
    if (strcmp(wanted, buf_str(&got)) != 0)
        fail_msg("wanted %s\ngot    %s", wanted, buf_str(&got));
    buf_release(&got);
    json_decref(ticket);
}

#define STEPS(text) TASK_GROUPS(",'steps':[" text "]")

static void each_is_done_when_its_time_has_come_and_once(void **state)
{
    struct fixture *f = *state;
    uint32_t no;

    set_rules(f, RULES_GROUPS,
              STEPS("{'when':'warned','do':'notify','to':'person'},"
                    "{'when':'breached','do':'notify','to':'lead'},"
                    "{'when':'+30','do':'escalate_management','to':'triage'}"));
    no = desk_open(f); /* an hour, warned after half of it */
    demand_steps(f, no, "1 waiting, 2 waiting, 3 waiting");
    sweep_at(f, "2026-11-23T09:29:00+08:00");
    demand_steps(f, no, "1 waiting, 2 waiting, 3 waiting");
    sweep_at(f, "2026-11-23T09:31:00+08:00");
    demand_steps(f, no, "1 done, 2 waiting, 3 waiting");
    demand_notices(f, no, "step lin.wei"); /* nobody has it: the lead */
    sweep_at(f, "2026-11-23T10:01:00+08:00");
    demand_steps(f, no, "1 done, 2 done, 3 due");
    sweep_at(f, "2026-11-23T10:29:00+08:00");
    demand_steps(f, no, "1 done, 2 done, 3 due");
    sweep_at(f, "2026-11-23T10:31:00+08:00");
    sweep_at(f, "2026-11-23T10:31:00+08:00");
    demand_steps(f, no, "1 done, 2 done, 3 done");
    demand_notices(f, no, "step lin.wei, step lin.wei, escalated lin.wei");
    assert_string_equal("", desk_faults(f));
}

static void a_breach_somebody_else_noticed_is_followed_too(void **state)
{
    struct fixture *f = *state;
    struct ticket_told told;
    uint32_t no;
    struct error err;

    set_rules(f, RULES_GROUPS, STEPS("{'when':'breached','do':'notify','to':'ann'}"));
    no = desk_open(f);
    clock_fix(at("2026-11-23T11:00:00+08:00"));
    assert_ok(assign_to(f, no, "bo", &told, &err)); /* before any sweep */
    demand_steps(f, no, "1 due");
    sweep_at(f, "2026-11-23T11:00:01+08:00");
    demand_steps(f, no, "1 done");
    demand_notices(f, no, "step ann");
}

static void it_goes_up_a_ring_by_itself(void **state)
{
    struct fixture *f = *state;
    json_t *ticket;
    uint32_t no;

    set_rules(f, RULES_GROUPS, STEPS("{'when':'breached','do':'escalate_functional'}"));
    no = desk_open(f);
    sweep_at(f, "2026-11-23T10:01:00+08:00");
    demand_tasks(f, no, "desk - escalated, net - offered");
    demand_clocks(f, no, "ola:1 stopped 61 breached, ola:2 running 0");
    demand_steps(f, no, "1 done");
    ticket = desk_record(f, no);
    assert_string_equal("system", json_get_str(ticket_task_last(ticket), "by"));
    assert_string_equal("ola:1 breached", json_get_str(ticket_task_no(ticket, 1), "reason"));
    json_decref(ticket);
    assert_string_equal("", desk_faults(f));
}

static void it_is_raised_by_itself_with_clocks_and_team(void **state)
{
    struct fixture *f = *state;
    json_t *ticket;
    uint32_t no;

    set_rules(f, RULES_GROUPS, STEPS("{'when':'+30','do':'raise'}"));
    no = desk_open_as(f, "S4", "a@example.org"); /* two hours: 9:00 to 11:00 */
    sweep_at(f, "2026-11-23T11:20:00+08:00");
    sweep_at(f, "2026-11-23T11:31:00+08:00");
    ticket = desk_record(f, no);
    assert_string_equal("S3", json_get_str(ticket, "severity"));
    assert_int_equal(1, count_events(ticket, "severity"));
    json_decref(ticket);
    demand_steps(f, no, "1 done, 2 waiting"); /* of the new target; breached for ever, so never */
    assert_string_equal("", desk_faults(f));
}

static void what_cannot_be_done_says_why(void **state)
{
    struct fixture *f = *state;
    json_t *ticket;
    uint32_t no;

    set_rules(f, RULES_GROUPS, STEPS("{'when':'breached','do':'raise'}"));
    no = desk_open_as(f, "S1", "a@example.org"); /* half an hour */
    sweep_at(f, "2026-11-23T09:31:00+08:00");
    demand_steps(f, no, "1 failed");
    ticket = desk_record(f, no);
    assert_non_null(strstr(json_get_str(ticket_step_no(ticket, 1), "why"), "S1"));
    assert_int_equal(1, count_events(ticket, "step_failed"));
    json_decref(ticket);
    set_rules(f, RULES_GROUPS,
              "{'groups':[{'id':'desk','name':'d','ring':3,'calendar':'24x7','ola':{'S3':10},"
              "'steps':[{'when':'breached','do':'escalate_functional'}]}]}");
    no = desk_open(f);
    sweep_at(f, "2026-11-23T10:31:00+08:00");
    demand_steps(f, no, "1 failed");
    assert_string_equal("", desk_faults(f));
}

static void what_is_kept_in_time_needs_no_help(void **state)
{
    struct fixture *f = *state;
    struct ticket_told told;
    uint32_t no, other;
    struct error err;

    set_rules(f, RULES_GROUPS,
              STEPS("{'when':'warned','do':'notify','to':'lead'},"
                    "{'when':'+30','do':'notify','to':'lead'}"));
    no = desk_open(f);
    other = desk_open(f);
    clock_fix(at("2026-11-23T09:20:00+08:00"));
    assert_ok(transfer_to(f, LIN, no, "net", &told, &err));
    demand_steps(f, no, "1 skipped, 2 skipped");
    sweep_at(f, "2026-11-23T10:01:00+08:00"); /* breached; half an hour later is a step */
    demand_steps(f, other, "1 done, 2 due");
    clock_fix(at("2026-11-23T10:10:00+08:00"));
    assert_ok(transfer_to(f, LIN, other, "net", &told, &err));
    sweep_at(f, "2026-11-23T10:31:00+08:00");
    demand_steps(f, other, "1 done, 2 skipped");
    demand_notices(f, no, "");
}

static void steps_are_of_a_severity_and_a_clock(void **state)
{
    struct fixture *f = *state;
    struct error err;
    uint32_t no;

    set_rules(
        f, RULES_LEVELS,
        "{'default':'all','levels':[{'id':'all','calendar':'24x7','warn_percent':50,"
        "'steps':[{'when':'warned','clock':'resolve','do':'notify','to':'ann'},"
        "{'when':'breached','severity':'S2','do':'notify','to':'bo'}],"
        "'targets':{'S1':{},'S2':{'respond':10,'resolve':60},'S3':{'resolve':120},'S4':{}}}]}");
    no = desk_open(f);
    demand_steps(f, no, "1 waiting");
    clock_fix(at("2026-11-23T09:05:00+08:00"));
    assert_ok(ticket_severity(f->app, LIN, no, BYTES_LIT("S2"), BYTES_LIT("worse"), false, &err));
    /* resolve's old one makes room for the new; respond is promised for the first time */
    demand_steps(f, no, "1 skipped, 2 waiting, 3 waiting, 4 waiting");
    sweep_at(f, "2026-11-23T09:11:00+08:00");
    demand_notices(f, no, "step bo");
    sweep_at(f, "2026-11-23T10:01:00+08:00");
    demand_notices(f, no, "step bo, step ann, step bo");
    assert_string_equal("", desk_faults(f));
}

/* Old ones that have ended make room; those that wait do not. */
static void steps_are_bounded(void **state)
{
    struct fixture *f = *state;
    uint32_t no;

    set_rules(f, RULES_GROUPS, STEPS("{'when':'warned','do':'notify','to':'ann'}"));
    no = desk_open(f);
    for (int waiting = 0; waiting < 2; waiting++) {
        struct buf members = {0};
        struct ticket_told told;
        json_t *ticket;
        struct error err;

        buf_add_str(&members, "{'clocks':[{'kind':'x','state':'running','warn_percent':0,'started':"
                              "'2026-11-23T01:00:00.000Z','due':'2027-11-23T01:00:00.000Z','runs':"
                              "[{'from':'2026-11-23T01:00:00.000Z','spent_ms':0,'target_ms':1,"
                              "'calendar':'24x7'}]}],'steps':[");
        for (int i = 1; i <= TICKET_STEPS_MAX; i++)
            buf_printf(&members,
                       "%s{'no':%d,'clock':'x','when':'warned','do':'notify','state':'%s'}",
                       i > 1 ? "," : "", i, waiting ? "waiting" : "done");
        buf_add_str(&members, "]}");
        desk_damage(f, no, buf_str(&members));
        buf_release(&members);
        if (waiting) {
            assert_refused(AF_TOO_LARGE, transfer_to(f, MORI, no, "desk", &told, &err));
        } else {
            assert_ok(transfer_to(f, MORI, no, "net", &told, &err));
            assert_ok(transfer_to(f, MORI, no, "desk", &told, &err)); /* to its lead */
            ticket = desk_record(f, no);
            assert_int_equal(TICKET_STEPS_MAX, json_array_size(json_object_get(ticket, "steps")));
            json_decref(ticket);
            assert_ok(transfer_to(f, MORI, no, "net", &told, &err));
        }
    }
}

static void a_document_says_what_is_wrong_with_steps(void **state)
{
    static const struct {
        const char *step, *place;
    } rows[] = {
        {"{'when':'warned','do':'notify','to':'ann'}",       NULL                         },
        {"{'when':'+1','severity':'S1','do':'raise'}",       NULL                         },
        {"{'when':'soon','do':'raise'}",                     "groups[0].steps[0].when"    },
        {"{'when':'+','do':'raise'}",                        "groups[0].steps[0].when"    },
        {"{'when':'+0','do':'raise'}",                       "groups[0].steps[0].when"    },
        {"{'when':'+1000000','do':'raise'}",                 "groups[0].steps[0].when"    },
        {"{'when':'+6h','do':'raise'}",                      "groups[0].steps[0].when"    },
        {"{'do':'raise'}",                                   "groups[0].steps[0].when"    },
        {"{'when':'warned','do':'dance'}",                   "groups[0].steps[0].do"      },
        {"{'when':'warned','do':'notify'}",                  "groups[0].steps[0].to"      },
        {"{'when':'warned','do':'escalate_management'}",     "groups[0].steps[0].to"      },
        {"{'when':'warned','do':'raise','clock':'respond'}", "groups[0].steps[0].clock"   },
        {"{'when':'warned','do':'raise','severity':'S7'}",   "groups[0].steps[0].severity"},
        {"7",                                                "groups[0].steps[0]"         },
    };
    const struct who admin = who_staff(ROLE_ADMIN, "boss");
    struct fixture *f = *state;
    struct buf many = {0};

    for (size_t i = 0; i <= sizeof rows / sizeof rows[0]; i++) {
        const bool is_last = i == sizeof rows / sizeof rows[0];
        const char *place = is_last ? "groups[0].steps" : rows[i].place;
        json_t *doc, *complaints = NULL;
        struct buf text = {0};
        uint32_t version;
        struct error err;
        enum status status;

        for (int k = 0; is_last && k <= RULES_STEPS_MAX; k++)
            buf_printf(&many, "%s{'when':'warned','do':'raise'}", k > 0 ? "," : "");
        buf_printf(&text,
                   "{'groups':[{'id':'desk','name':'d','ring':1,'calendar':'24x7','steps':[%s]}]}",
                   is_last ? buf_str(&many) : rows[i].step);
        doc = test_json_quoted(buf_str(&text));
        status = rules_set(f->app, &admin, RULES_GROUPS, doc, RULES_ANY_VERSION, &version,
                           &complaints, &err);
        if ((status == AF_OK) != (place == NULL))
            fail_msg("row %zu", i);
        if (place != NULL)
            assert_string_equal(place, json_get_str(json_array_get(complaints, 0), "place"));
        json_decref(complaints);
        json_decref(doc);
        buf_release(&text);
    }
    buf_release(&many);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tasks_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_is_done_when_its_time_has_come_and_once),
        TEST(a_breach_somebody_else_noticed_is_followed_too),
        TEST(it_goes_up_a_ring_by_itself),
        TEST(it_is_raised_by_itself_with_clocks_and_team),
        TEST(what_cannot_be_done_says_why),
        TEST(what_is_kept_in_time_needs_no_help),
        TEST(steps_are_of_a_severity_and_a_clock),
        TEST(steps_are_bounded),
        TEST(a_document_says_what_is_wrong_with_steps),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
