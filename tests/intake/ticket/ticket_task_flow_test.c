/* The life of a task against a table of our own: every state with every event; and what a record's
 * tasks say of transfers. */
#include "tests/harness.h"

#include "intake/ticket/ticket_task_flow.h"

#include <stdio.h>

/* Columns in the order of enum task_event (assign, release, take, transfer, escalate, finish,
 * withdraw, revive), rows and letters in the order of task_state: F offered, W owned, D done,
 * T transferred, E escalated, X withdrawn; a dot is a step that does not exist. */
static const char letters[] = "FWDTEX";
static const char *const table[TASK_STATES] = {
    /* a r t t e f w r */
    "FFWTEDX.", /* offered */
    "FF.TEDX.", /* owned: nobody takes it from him, it is assigned */
    "........", /* done */
    "........", /* transferred */
    "........", /* escalated */
    ".......F", /* withdrawn: and merged tickets come back */
};

static void every_state_takes_the_events_of_the_table_and_no_other(void **state)
{
    (void)state;
    for (unsigned from = 0; from < TASK_STATES; from++)
        for (unsigned event = 0; event < TASK_EVENTS; event++) {
            const char wanted = table[from][event];
            enum task_state to = TASK_STATES;
            struct error err;
            enum status status =
                task_flow_step((enum task_state)from, (enum task_event)event, &to, &err);
            char got = status == AF_OK ? letters[to] : '.';

            if (got != wanted)
                fail_msg("%s, %s: wanted %c, got %c", task_state_name((enum task_state)from),
                         task_event_name((enum task_event)event), wanted, got);
            if (wanted == '.') {
                assert_int_equal(AF_CONFLICT, status);
                assert_int_equal(TASK_STATES, to);
                assert_non_null(strstr(err.text, task_state_name((enum task_state)from)));
            }
        }
}

static void names_are_read_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TASK_STATES; i++) {
        enum task_state back;

        assert_true(task_state_parse(task_state_name((enum task_state)i), &back));
        assert_int_equal(i, back);
    }
    for (unsigned i = 0; i < TASK_EVENTS; i++)
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(task_event_name((enum task_event)i),
                                    task_event_name((enum task_event)k));
    enum task_state ignored;

    assert_false(task_state_parse("", &ignored));
    assert_false(task_state_parse("Owned", &ignored));
}

/* Groups as letters, in order; a small letter was transferred, a capital one escalated, the last is
 * in hand (t: as triage). */
static json_t *ticket_of(const char *groups, bool is_triage)
{
    json_t *tasks = json_array();

    for (size_t i = 0; groups[i] != '\0'; i++) {
        const bool is_last = groups[i + 1] == '\0';
        char group[2] = {(char)(groups[i] | 0x20), '\0'};
        json_t *task = json_pack("{s:i,s:s,s:s,s:b}", "no", (int)i + 1, "group", group, "state",
                                 is_last                   ? "offered"
                                 : (groups[i] & 0x20) != 0 ? "transferred"
                                                           : "escalated",
                                 "triage", is_last && is_triage);

        assert_int_equal(0, json_array_append_new(tasks, task));
    }
    return json_pack("{s:o}", "tasks", tasks);
}

static void the_third_transfer_and_a_return_need_the_triage_lead(void **state)
{
    static const struct {
        const char *groups, *to;
        bool is_triage, needs;
        size_t transfers;
    } rows[] = {
        {"a",    "b", false, false, 0},
        {"ab",   "c", false, false, 1},
        {"ab",   "a", false, true,  1}, /* a return */
        {"abc",  "d", false, true,  2}, /* the third */
        {"abc",  "a", false, true,  2},
        {"Ab",   "c", false, false, 0}, /* an escalation is no transfer */
        {"Ab",   "a", false, true,  0}, /* but going back without a result is a return */
        {"ABc",  "d", false, false, 0},
        {"aBcd", "e", false, true,  2},
        {"abc",  "d", true,  false, 2}, /* he who decides may send it anywhere */
        {"abc",  "a", true,  false, 2},
        {"abcd", "e", false, true,  3}, /* and after him it goes to him again */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *ticket = ticket_of(rows[i].groups, rows[i].is_triage);

        if (ticket_needs_triage(ticket, rows[i].to) != rows[i].needs)
            fail_msg("row %zu: %s to %s", i, rows[i].groups, rows[i].to);
        assert_int_equal(rows[i].transfers, ticket_transfers(ticket));
        json_decref(ticket);
    }
}

static void the_last_task_is_in_hand_while_it_is_work(void **state)
{
    json_t *ticket = ticket_of("ab", false), *empty = json_object();

    (void)state;
    assert_int_equal(2, json_get_u64(ticket_task_in_hand(ticket), "no"));
    assert_int_equal(3, ticket_task_next_no(ticket));
    assert_ptr_equal(ticket_task_last(ticket), ticket_task_no(ticket, 2));
    assert_null(ticket_task_no(ticket, 3));
    assert_null(ticket_task_no(ticket, 0));
    (void)json_object_set_new(ticket_task_last(ticket), "state", json_string("done"));
    assert_null(ticket_task_in_hand(ticket));
    assert_null(ticket_task_in_hand(empty));
    assert_null(ticket_task_last(empty));
    assert_int_equal(2, ticket_task_next_no(empty)); /* its first is made before */
    json_decref(empty);
    json_decref(ticket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_takes_the_events_of_the_table_and_no_other),
        cmocka_unit_test(names_are_read_back),
        cmocka_unit_test(the_third_transfer_and_a_return_need_the_triage_lead),
        cmocka_unit_test(the_last_task_is_in_hand_while_it_is_work),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
