/* Whose work a ticket is: given, taken, handed on, escalated and back; who may; what is told; two
 * people at once; what work lists, customers and check see of it. */
#include "tests/intake/desk/tasks.h"

#include "intake/desk/ticket_ties.h"

#include <pthread.h>

static const struct who ann = {.role = ROLE_ENGINEER, .name = "ann"},
                        bo = {.role = ROLE_ENGINEER, .name = "bo"},
                        dai = {.role = ROLE_ENGINEER, .name = "dai"};

static void a_ticket_is_a_task_of_the_group_it_is_routed_to(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    json_t *ticket = desk_record(f, no);
    const json_t *task = json_array_get(json_object_get(ticket, "tasks"), 0);

    demand_tasks(f, no, "desk - offered");
    demand_clocks(f, no, "ola:1 running 0");
    assert_int_equal(1, json_get_u64(task, "ring"));
    assert_string_equal("system", json_get_str(task, "by"));
    json_decref(ticket);
    assert_string_equal("", desk_faults(f));
}

static void it_is_given_to_one_of_the_group_taken_and_given_back(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    json_t *ticket;
    struct error err;

    assert_refused(AF_INVALID, assign_to(f, no, "dai", &told, &err));
    assert_non_null(strstr(err.text, "group desk"));
    assert_refused(AF_INVALID, assign_to(f, no, "nobody", &told, &err));
    assert_ok(assign_to(f, no, "ann", &told, &err));
    assert_string_equal("", told.text);
    demand_tasks(f, no, "desk ann offered");
    assert_refused(AF_CONFLICT, assign_to(f, no, "ann", &told, &err));
    assert_ok(assign_to(f, no, "cai", &told, &err)); /* works at night */
    assert_non_null(strstr(told.text, "not on duty"));
    assert_ok(ticket_take(f->app, &bo, no, &err)); /* from one who has not begun */
    demand_tasks(f, no, "desk bo owned");
    desk_assert_state(f, no, "in_progress");
    assert_refused(AF_CONFLICT, ticket_take(f->app, &ann, no, &err));
    assert_non_null(strstr(err.text, "bo has taken it"));
    assert_refused(AF_INVALID, ticket_take(f->app, &dai, no, &err));
    assert_ok(assign_to(f, no, "", &told, &err));
    demand_tasks(f, no, "desk - offered");
    assert_refused(AF_CONFLICT, assign_to(f, no, "", &told, &err));
    assert_ok(ticket_take(f->app, &ann, no, &err)); /* in progress it stays */
    ticket = desk_record(f, no);
    assert_int_equal(4, count_events(ticket, "assign") + count_events(ticket, "take") - 1);
    json_decref(ticket);
    assert_string_equal("", desk_faults(f));
}

static void that_he_is_away_is_told(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    struct error err;

    clock_fix(at("2026-11-24T10:00:00+08:00"));
    assert_ok(assign_to(f, no, "bo", &told, &err));
    assert_non_null(strstr(told.text, "bo is away"));
}

static void a_step_that_begins_work_is_the_mover_s(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f), other = desk_open(f);
    const struct who operator= who_operator();
    struct error err;

    assert_ok(ticket_move(f->app, &ann, no, BYTES_LIT("take"), BYTES_NONE, &err));
    demand_tasks(f, no, "desk ann owned");
    assert_refused(AF_INVALID,
                   ticket_move(f->app, &dai, other, BYTES_LIT("take"), BYTES_NONE, &err));
    /* the machine's operator is nobody's colleague */
    assert_ok(ticket_move(f->app, &operator, other, BYTES_LIT("take"), BYTES_NONE, &err));
    demand_tasks(f, other, "desk - offered");
    assert_refused(AF_INVALID, ticket_take(f->app, &operator, other, &err));
    assert_int_equal(AF_DENIED, ticket_take(f->app, CUSTOMER, other, &err));
}

/* --- transfers ------------------------------------------------------------------------------ */

static void a_transfer_says_why_and_what_it_is_not(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    const json_t *task;
    json_t *ticket;
    struct error err;

    assert_refused(
        AF_INVALID,
        ticket_transfer(f->app, LIN, no,
                        &(struct ticket_transfer){BYTES_LIT("net"), BYTES_NONE, BYTES_LIT("power")},
                        &told, &err));
    assert_non_null(strstr(err.text, "reason"));
    assert_refused(AF_INVALID, ticket_transfer(f->app, LIN, no,
                                               &(struct ticket_transfer){
                                                   BYTES_LIT("net"), BYTES_LIT("why"), BYTES_NONE},
                                               &told, &err));
    assert_non_null(strstr(err.text, "ruled_out"));
    assert_refused(AF_INVALID, transfer_to(f, LIN, no, "moon", &told, &err));
    assert_non_null(strstr(err.text, "moon"));
    assert_refused(AF_CONFLICT, transfer_to(f, LIN, no, "desk", &told, &err));
    assert_non_null(strstr(err.text, "already"));
    demand_tasks(f, no, "desk - offered"); /* nothing half-done */

    clock_fix(at("2026-11-23T09:20:00+08:00"));
    assert_ok(transfer_to(f, LIN, no, "net", &told, &err));
    assert_string_equal("", told.text);
    demand_tasks(f, no, "desk - transferred, net - offered");
    demand_clocks(f, no, "ola:1 stopped 20, ola:2 running 0");
    ticket = desk_record(f, no);
    assert_string_equal("net", json_get_str(ticket, "group"));
    task = json_array_get(json_object_get(ticket, "tasks"), 0);
    assert_string_equal("not ours", json_get_str(task, "reason"));
    assert_string_equal("power, cables", json_get_str(task, "ruled_out"));
    assert_string_equal("net", json_get_str(task, "to"));
    assert_int_equal(1, ticket_transfers(ticket));
    json_decref(ticket);
}

static void the_third_transfer_goes_to_the_triage_lead(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    json_t *ticket;
    struct error err;

    assert_ok(transfer_to(f, &ann, no, "net", &told, &err));
    assert_ok(transfer_to(f, &ann, no, "cloud", &told, &err));
    assert_ok(transfer_to(f, &ann, no, "open", &told, &err));
    assert_non_null(strstr(told.text, "triage lead"));
    assert_non_null(strstr(told.text, "lin.wei"));
    demand_tasks(f, no,
                 "desk - transferred, net - transferred, cloud - transferred, desk lin.wei offered "
                 "triage");
    ticket = desk_record(f, no);
    assert_string_equal("open",
                        json_get_str(ticket_task_last(ticket), "wanted")); /* where it would be */
    json_decref(ticket);
    /* only he sends it on, or who may overrule him; and anywhere */
    assert_refused(AF_DENIED, transfer_to(f, &ann, no, "net", &told, &err));
    assert_ok(transfer_to(f, LIN, no, "net", &told, &err));
    assert_string_equal("", told.text);
    assert_ok(transfer_to(f, &dai, no, "rd", &told, &err)); /* and then it is his again */
    assert_non_null(strstr(told.text, "triage lead"));
    assert_ok(transfer_to(f, MORI, no, "rd", &told, &err));
    assert_string_equal("", desk_faults(f));
}

static void a_return_goes_to_the_triage_lead_or_his_group_when_he_is_away(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    struct error err;

    clock_fix(at("2026-11-25T09:00:00+08:00"));
    assert_ok(transfer_to(f, LIN, no, "net", &told, &err));
    assert_ok(transfer_to(f, &dai, no, "desk", &told, &err));
    assert_non_null(strstr(told.text, "had it already"));
    demand_tasks(f, no, "desk - transferred, net - transferred, desk - offered triage");
    assert_ok(transfer_to(f, &ann, no, "net", &told, &err)); /* nobody's: anybody decides */
}

/* What is decided from an older ticket is refused by the rule itself, not by luck. */
static void a_command_that_would_go_round_is_refused(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    struct outcome outcome = {0};
    struct error err;

    assert_ok(transfer_to(f, LIN, no, "net", &told, &err));
    assert_int_equal(AF_CONFLICT, propose(f->app, LIN, "ticket.transfer", NULL, 0,
                                          json_pack("{s:i,s:s,s:i,s:s,s:s,s:s}", "ticket", (int)no,
                                                    "group", "desk", "ring", 1, "reason", "r",
                                                    "ruled_out", "o", "by", "x"),
                                          &outcome, &err));
    assert_non_null(strstr(err.text, "goes round"));
}

static void a_ticket_has_a_bounded_number_of_tasks(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct buf members = {0};
    struct ticket_told told;
    struct error err;

    buf_add_str(&members, "{'group':'net','tasks':[");
    for (int i = 1; i <= TICKET_TASKS_MAX; i++)
        buf_printf(&members,
                   "%s{'no':%d,'group':'net','state':'%s','at':'2026-11-23T01:00:00.000Z'%s}",
                   i > 1 ? "," : "", i, i < TICKET_TASKS_MAX ? "escalated" : "offered",
                   i < TICKET_TASKS_MAX ? ",'ended':'2026-11-23T01:00:00.000Z'" : "");
    buf_add_str(&members, "]}");
    desk_damage(f, no, buf_str(&members));
    buf_release(&members);
    assert_refused(AF_TOO_LARGE, transfer_to(f, LIN, no, "desk", &told, &err));
}

/* --- rings ------------------------------------------------------------------------------------ */

static void escalations_climb_ring_by_ring_and_results_come_back(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    const json_t *task;
    json_t *ticket;
    struct error err;

    assert_ok(ticket_take(f->app, &ann, no, &err));
    assert_refused(AF_CONFLICT, escalate(f, no, "rd", "new", &told, &err)); /* skips a ring */
    assert_refused(AF_CONFLICT, escalate(f, no, "open", "", &told, &err));
    assert_refused(AF_INVALID, escalate(f, no, "moon", "", &told, &err));
    assert_ok(escalate(f, no, "", "", &told, &err));
    assert_non_null(strstr(told.text, "net"));
    assert_ok(ticket_take(f->app, &dai, no, &err));
    assert_refused(AF_INVALID, escalate(f, no, "", "", &told, &err)); /* R&D asks how mature */
    assert_non_null(strstr(err.text, "maturity"));
    assert_refused(AF_INVALID, escalate(f, no, "", "ripe", &told, &err));
    assert_refused(AF_INVALID,
                   ticket_escalate(f->app, LIN, no,
                                   &(struct ticket_escalation){.reason = BYTES_LIT("r"),
                                                               .maturity = BYTES_LIT("new"),
                                                               .is_grey = true},
                                   &told, &err));
    assert_non_null(strstr(err.text, "grey_reason"));
    assert_ok(ticket_escalate(f->app, LIN, no,
                              &(struct ticket_escalation){.reason = BYTES_LIT("r"),
                                                          .maturity = BYTES_LIT("new"),
                                                          .is_grey = true,
                                                          .grey_reason = BYTES_LIT("known")},
                              &told, &err));
    demand_tasks(f, no, "desk ann escalated, net dai escalated, rd - offered");
    ticket = desk_record(f, no);
    task = ticket_task_last(ticket);
    assert_string_equal("new", json_get_str(task, "maturity"));
    assert_true(json_get_bool(task, "grey"));
    assert_string_equal("known", json_get_str(task, "grey_reason"));
    assert_int_equal(3, json_get_u64(task, "ring"));
    assert_int_equal(0, ticket_transfers(ticket)); /* an escalation is no transfer */
    json_decref(ticket);
    assert_refused(AF_CONFLICT, escalate(f, no, "", "new", &told, &err)); /* nobody knows more */

    assert_refused(AF_INVALID, ticket_result(f->app, LIN, no, BYTES_NONE, &err));
    assert_ok(ticket_result(f->app, LIN, no, BYTES_LIT("a bug"), &err));
    demand_tasks(f, no, "desk ann escalated, net dai escalated, rd - done, net dai offered");
    assert_ok(ticket_result(f->app, &dai, no, BYTES_LIT("update it"), &err));
    demand_tasks(
        f, no, "desk ann escalated, net dai escalated, rd - done, net dai done, desk ann offered");
    assert_refused(AF_CONFLICT, ticket_result(f->app, &ann, no, BYTES_LIT("x"), &err));
    assert_string_equal("", desk_faults(f));
}

static void the_next_ring_is_found_by_rule_then_by_skill(void **state)
{
    static const struct {
        const char *product, *rules, *group;
    } rows[] = {
        {"HG8",    "",                                                                             "net"  }, /* the first */
        {"Ledger", "",                                                                             "cloud"}, /* skilled */
        {"HG8",    "{'id':'a','product':'HG8','group':'cloud'}",                                   "cloud"},
        {"HG8",    "{'id':'a','severity':'S3','group':'desk'}",                                    "net"  }, /* other ring */
        {"Ledger", "{'id':'a','severity':'S3','group':'net'}",                                     "net"  }, /* rule first */
        {"Ledger",
         "{'id':'a','severity':'S3','group':'net'},{'id':'b','product':'Ledger','group':'cloud'}", "cloud"},
    };
    struct fixture *f = *state;

    set_rules(f, RULES_PRODUCTS,
              "{'products':[{'id':'HG8','kind':'box','maturity':'ending'},"
              "{'id':'Ledger','kind':'box'}]}");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ticket_opened opened;
        struct ticket_told told;
        char text[512];
        json_t *ticket;
        struct error err;

        (void)snprintf(text, sizeof text, "{'fallback':'desk','rules':[]}");
        set_rules(f, RULES_ROUTING, text);
        assert_ok(ticket_open(f->app, LIN,
                              &(struct ticket_input){.channel = BYTES_LIT("phone"),
                                                     .title = BYTES_LIT("x"),
                                                     .product = bytes_str(rows[i].product)},
                              &opened, &err));
        (void)snprintf(text, sizeof text, "{'fallback':'desk','rules':[%s]}", rows[i].rules);
        set_rules(f, RULES_ROUTING, text);
        assert_ok(escalate(f, opened.no, "", "", &told, &err));
        ticket = desk_record(f, opened.no);
        if (strcmp(rows[i].group, json_get_str(ticket, "group")) != 0)
            fail_msg("row %zu: %s", i, json_get_str(ticket, "group"));
        json_decref(ticket);
    }
}

/* Nobody says how mature it is when the products document does. */
static void the_product_s_maturity_goes_along(void **state)
{
    struct fixture *f = *state;
    struct ticket_opened opened;
    struct ticket_told told;
    json_t *ticket;
    struct error err;

    set_rules(f, RULES_PRODUCTS, "{'products':[{'id':'HG8','kind':'box','maturity':'ending'}]}");
    assert_ok(ticket_open(f->app, LIN,
                          &(struct ticket_input){.channel = BYTES_LIT("phone"),
                                                 .title = BYTES_LIT("x"),
                                                 .product = BYTES_LIT("HG8")},
                          &opened, &err));
    assert_ok(escalate(f, opened.no, "", "", &told, &err));
    assert_ok(escalate(f, opened.no, "", "", &told, &err));
    ticket = desk_record(f, opened.no);
    assert_string_equal("ending", json_get_str(ticket_task_last(ticket), "maturity"));
    json_decref(ticket);
}

/* --- what the ticket's own steps do ----------------------------------------------------------- */

static void a_resolved_ticket_has_no_task_in_hand_and_a_wakened_one_another(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f), gone = desk_open(f);
    struct ticket_told told;
    struct error err;

    assert_ok(ticket_take(f->app, &ann, no, &err));
    clock_fix(at("2026-11-23T09:10:00+08:00"));
    assert_ok(ticket_move(f->app, &ann, no, BYTES_LIT("resolve"), BYTES_LIT("new cable"), &err));
    demand_tasks(f, no, "desk ann done");
    demand_clocks(f, no, "ola:1 stopped 10");
    assert_refused(AF_CONFLICT, assign_to(f, no, "bo", &told, &err));
    assert_refused(AF_CONFLICT, transfer_to(f, LIN, no, "net", &told, &err));
    clock_fix(at("2026-11-23T10:00:00+08:00"));
    desk_reply(f, CUSTOMER, no, "it blinks again");
    demand_tasks(f, no, "desk ann done, desk ann offered");
    demand_clocks(f, no, "ola:1 stopped 10, ola:2 running 0");
    desk_move(f, no, "resolve close reopen");
    demand_tasks(f, no, "desk ann done, desk ann done, desk ann offered");
    demand_clocks(f, no, "ola:1 stopped 10, ola:2 stopped 0, ola:3 running 0");
    desk_move(f, gone, "spam");
    demand_tasks(f, gone, "desk - withdrawn");
    demand_clocks(f, gone, "ola:1 cancelled 0");
    assert_string_equal("", desk_faults(f));
}

/* The record as a program before this one wrote it. */
static void a_ticket_of_before_there_were_tasks_gets_its_first(void **state)
{
    struct fixture *f = *state;
    struct ticket_told told;
    struct error err;

    for (int closed = 0; closed < 2; closed++) {
        uint32_t no = desk_open(f);
        struct txn *txn;
        json_t *record;
        uint8_t key[4];

        put_be32(key, no);
        if (closed)
            desk_move(f, no, "take resolve close");
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        assert_ok(ticket_load(txn, no, &record, &err));
        (void)json_object_del(record, "tasks");
        assert_ok(store_put_json(txn, TABLE_TICKET, bytes_of(key, sizeof key), record, &err));
        assert_ok(txn_commit(txn, &err));
        json_decref(record);
        if (closed) {
            desk_move(f, no, "reopen");
            demand_tasks(f, no, "desk lin.wei done, desk lin.wei offered");
        } else {
            assert_ok(transfer_to(f, LIN, no, "net", &told, &err));
            demand_tasks(f, no, "desk - transferred, net - offered");
        }
    }
}

static void an_unmerged_ticket_has_its_task_again(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f), into = desk_open(f), survivor;
    struct error err;

    desk_move(f, no, "take");
    clock_fix(at("2026-11-23T09:10:00+08:00"));
    assert_ok(ticket_merge(f->app, MORI, no, into, BYTES_LIT("the same"), &survivor, &err));
    demand_tasks(f, no, "desk lin.wei withdrawn");
    demand_clocks(f, no, "ola:1 cancelled 0");
    assert_ok(ticket_unmerge(f->app, MORI, no, BYTES_LIT("it was another"), &err));
    demand_tasks(f, no, "desk lin.wei offered");
    demand_clocks(f, no, "ola:1 running 0"); /* as it was: its task's */
    assert_string_equal("", desk_faults(f));
}

/* --- two at once ------------------------------------------------------------------------------ */

struct racer {
    struct fixture *f;
    struct who who;
    uint32_t no;
    enum status status;
};

static void *race(void *argument)
{
    struct racer *racer = argument;
    struct error err;

    racer->status = ticket_take(racer->f->app, &racer->who, racer->no, &err);
    return NULL;
}

static void of_two_who_take_it_at_once_one_has_it(void **state)
{
    struct fixture *f = *state;

    for (int round = 0; round < 20; round++) {
        uint32_t no = desk_open(f);
        struct racer racers[] = {
            {f, ann, no, AF_OK},
            {f, bo,  no, AF_OK}
        };
        pthread_t threads[2];
        json_t *ticket;

        for (int i = 0; i < 2; i++)
            assert_int_equal(0, pthread_create(&threads[i], NULL, race, &racers[i]));
        for (int i = 0; i < 2; i++)
            assert_int_equal(0, pthread_join(threads[i], NULL));
        assert_int_equal(AF_CONFLICT,
                         racers[0].status == AF_OK ? racers[1].status : racers[0].status);
        ticket = desk_record(f, no);
        assert_string_equal(racers[0].status == AF_OK ? "ann" : "bo",
                            json_get_str(ticket, "person"));
        json_decref(ticket);
    }
    assert_string_equal("", desk_faults(f));
}

/* --- who sees it ------------------------------------------------------------------------------ */

static void a_customer_sees_no_tasks(void **state)
{
    static const char *const ours[] = {"tasks",   "escalations", "steps", "emergency",
                                       "notices", "group",       "person"};
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct ticket_told told;
    json_t *ticket;
    struct error err;

    assert_ok(assign_to(f, no, "ann", &told, &err));
    assert_ok(transfer_to(f, LIN, no, "net", &told, &err));
    assert_ok(ticket_manage(f->app, LIN, no, BYTES_LIT("progress"), BYTES_LIT("ann"),
                            BYTES_LIT("slow"), &err));
    ticket = desk_get(f, CUSTOMER, no);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_null(json_object_get(ticket, ours[i]));
    assert_int_equal(1, json_array_size(json_object_get(ticket, "history")));
    json_decref(ticket);
}

static void damage_is_named(void **state)
{
    static const struct {
        const char *members, *said;
    } rows[] = {
        {"{'tasks':[]}",                                                                          "its \"tasks\" are none"},
        {"{'tasks':[{'no':1,'group':'desk','state':'happy','at':'2026-11-23T01:00:00.000Z'}]}",
         "its \"tasks\""                                                                                                  },
        {"{'tasks':[{'no':2,'group':'desk','state':'offered','at':'2026-11-23T01:00:00.000Z'}]}",
         "its \"tasks\""                                                                                                  },
        {"{'tasks':[{'no':1,'group':'net','state':'offered','at':'2026-11-23T01:00:00.000Z'}]}",
         "the last one's"                                                                                                 },
        {"{'tasks':[{'no':1,'group':'desk','state':'done','at':'2026-11-23T01:00:00.000Z'}]}",
         "its \"tasks\""                                                                                                  },
        {"{'tasks':[{'no':1,'group':'desk','state':'offered','at':'soon'}]}",                     "its \"tasks\""         },
        {"{'tasks':[{'no':1,'from':1,'group':'desk','state':'offered','at':'2026-11-23T01:00:00."
         "000Z'}]}",                                                                                        "its \"tasks\""                                                                                                       },
        {"{'escalations':[{'no':1}]}",                                                                                       "its \"escalations\""},
        {"{'emergency':{'people':[]}}",                                                                                       "its \"emergency\""                                                                                                      },
        {"{'steps':[{'no':1}]}",                                                                                       "its \"steps\""},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t no = desk_open(f);
        char wanted[128];
        json_t *before = desk_record(f, no);
        struct error err;
        struct txn *txn;
        uint8_t key[4];

        (void)snprintf(wanted, sizeof wanted, "key %u: ", no);
        desk_damage(f, no, rows[i].members);
        if (strstr(desk_faults(f), rows[i].said) == NULL || strstr(desk_faults(f), wanted) == NULL)
            fail_msg("row %zu: %s", i, desk_faults(f));
        put_be32(key, no);
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        assert_ok(store_put_json(txn, TABLE_TICKET, bytes_of(key, sizeof key), before, &err));
        assert_ok(txn_commit(txn, &err));
        json_decref(before);
    }
    assert_string_equal("", desk_faults(f));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tasks_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_ticket_is_a_task_of_the_group_it_is_routed_to),
        TEST(it_is_given_to_one_of_the_group_taken_and_given_back),
        TEST(that_he_is_away_is_told),
        TEST(a_step_that_begins_work_is_the_mover_s),
        TEST(a_transfer_says_why_and_what_it_is_not),
        TEST(the_third_transfer_goes_to_the_triage_lead),
        TEST(a_return_goes_to_the_triage_lead_or_his_group_when_he_is_away),
        TEST(a_command_that_would_go_round_is_refused),
        TEST(a_ticket_has_a_bounded_number_of_tasks),
        TEST(escalations_climb_ring_by_ring_and_results_come_back),
        TEST(the_next_ring_is_found_by_rule_then_by_skill),
        TEST(the_product_s_maturity_goes_along),
        TEST(a_resolved_ticket_has_no_task_in_hand_and_a_wakened_one_another),
        TEST(a_ticket_of_before_there_were_tasks_gets_its_first),
        TEST(an_unmerged_ticket_has_its_task_again),
        TEST(of_two_who_take_it_at_once_one_has_it),
        TEST(a_customer_sees_no_tasks),
        TEST(damage_is_named),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
