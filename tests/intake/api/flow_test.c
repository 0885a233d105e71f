/* The life of a ticket against a table of our own: every state with every event. */
#include "tests/harness.h"

#include "intake/ticket/ticket_flow.h"

#include <stdio.h>

/* Columns in the order of enum ticket_event, rows and letters in the order of ticket_state:
 *   S submitted, A accepted, T triaged, D dispatched, P in progress, c waits for the customer,
 *   p for parts, h for others, R restored, V resolved, X closed, O out of scope, N cancelled,
 *   M spam, G merged; a dot is a step that does not exist. */
static const char letters[] = "SATDPcphRVXONMG";
static const char *const table[TICKET_STATES] = {
    /* a t d s  t c p h  r r r c  r r c s  m u */
    "A...P........ONMG.", /* submitted */
    ".T..P........ONMG.", /* accepted */
    "..D.P........ONMG.", /* triaged */
    "...PP........ONMG.", /* dispatched */
    ".....cph.RV..ONMG.", /* in_progress */
    "........P....ONMG.", /* pending_customer */
    "........P....ONMG.", /* pending_parts */
    "........P....ONMG.", /* pending_handoff */
    "........P.V..ONMG.", /* restored */
    "........P..X....G.", /* resolved */
    "............P...G.", /* closed */
    "..................", /* out_of_scope */
    "..................", /* cancelled */
    "..................", /* spam */
    ".................c", /* merged */
};

static void every_state_takes_the_events_of_the_table_and_no_other(void **state)
{
    /* As the commands of merging have it when they ask. */
    json_t *alone = test_json_quoted("{'links':[],'before_merge':{'state':'pending_customer'}}");
    json_t *merging = test_json_quoted("{'links':[],'merged_into':7}");
    json_t *waiting = test_json_quoted("{'handoffs':[{'no':1,'state':'sent'}],"
                                       "'parts':[{'no':1,'state':'requested'}]}");
    struct error err;

    (void)state;
    for (unsigned from = 0; from < TICKET_STATES; from++)
        for (unsigned event = 0; event < TICKET_EVENTS; event++) {
            char wanted = table[from][event];
            const json_t *ticket = event == EVENT_MERGE ? merging
                                   : event == EVENT_WAIT_PARTS || event == EVENT_WAIT_HANDOFF
                                       ? waiting
                                       : alone;
            enum ticket_state to = TICKET_STATES;
            enum status status = ticket_flow_step((enum ticket_state)from, (enum ticket_event)event,
                                                  ticket, "a reason", &to, &err);
            char got = status == AF_OK ? letters[to] : '.';

            if (got != wanted || ticket_flow_allows((enum ticket_state)from,
                                                    (enum ticket_event)event) != (wanted != '.'))
                fail_msg("%s, %s: wanted %c, got %c", ticket_state_name((enum ticket_state)from),
                         ticket_event_name((enum ticket_event)event), wanted, got);
            if (wanted == '.') {
                assert_int_equal(AF_CONFLICT, status);
                assert_int_equal(TICKET_STATES, to); /* a failed call leaves its output */
                assert_non_null(strstr(err.text, ticket_state_name((enum ticket_state)from)));
            }
        }
    json_decref(alone);
    json_decref(merging);
    json_decref(waiting);
}

static void a_bare_step_neither_merges_nor_takes_a_merge_back(void **state)
{
    json_t *alone = test_json_quoted("{'links':[]}");
    json_t *merged = test_json_quoted("{'merged_into':7,'before_merge':{'state':'submitted'}}");
    json_t *damaged = test_json_quoted("{'before_merge':{'state':'lost'}}");
    enum ticket_state to;
    struct error err;

    (void)state;
    assert_refused(AF_INVALID,
                   ticket_flow_step(TICKET_SUBMITTED, EVENT_MERGE, alone, "why", &to, &err));
    assert_refused(AF_INVALID,
                   ticket_flow_step(TICKET_MERGED, EVENT_UNMERGE, merged, "why", &to, &err));
    assert_refused(AF_CORRUPT,
                   ticket_flow_step(TICKET_MERGED, EVENT_UNMERGE, damaged, "why", &to, &err));
    json_decref(alone);
    json_decref(merged);
    json_decref(damaged);
}

static void steps_that_need_a_reason_ask_for_it(void **state)
{
    static const struct {
        enum ticket_state from;
        enum ticket_event event;
        enum status wanted;
    } cases[] = {
        {TICKET_SUBMITTED,   EVENT_REJECT, AF_INVALID },
        {TICKET_IN_PROGRESS, EVENT_CANCEL, AF_INVALID },
        {TICKET_IN_PROGRESS, EVENT_SPAM,   AF_OK      },
        {TICKET_CLOSED,      EVENT_REOPEN, AF_INVALID },
        {TICKET_RESOLVED,    EVENT_CLOSE,  AF_CONFLICT},
        {TICKET_SUBMITTED,   EVENT_TAKE,   AF_OK      },
    };
    json_t *ticket = test_json("{\"links\":[]}");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        enum ticket_state to;

        assert_int_equal(cases[i].wanted,
                         ticket_flow_step(cases[i].from, cases[i].event, ticket, "", &to, &err));
    }
    json_decref(ticket);
}

static void only_a_resolved_by_link_closes_without_a_reason(void **state)
{
    static const struct {
        const char *ticket;
        enum status wanted;
    } cases[] = {
        {"{\"links\":[{\"case\":\"K-1\",\"role\":\"consulted\"}]}",   AF_CONFLICT},
        {"{\"links\":[{\"case\":\"K-1\",\"role\":\"not_helpful\"}]}", AF_CONFLICT},
        {"{\"links\":[{\"case\":\"K-1\",\"role\":\"sent\"},"
         "{\"case\":\"K-1\",\"role\":\"resolved_by\"}]}",    AF_OK      },
        {"{}",                                                        AF_CONFLICT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *ticket = test_json(cases[i].ticket);
        enum ticket_state to;
        struct error err;

        assert_int_equal(cases[i].wanted,
                         ticket_flow_step(TICKET_RESOLVED, EVENT_CLOSE, ticket, "", &to, &err));
        assert_int_equal(AF_OK, ticket_flow_step(TICKET_RESOLVED, EVENT_CLOSE, ticket,
                                                 "nothing to record", &to, &err));
        assert_int_equal(TICKET_CLOSED, to);
        json_decref(ticket);
    }
}

/* Every state that a handoff or part request can be in, against every step that it bears on: what
 * it waits for must be awaited, what ends it must have nothing open, and what was shipped cannot be
 * called back. A letter for each step that may be: p and h waits, c close, r reject, n cancel, s
 * spam. */
static void what_others_owe_decides_which_steps_may_be(void **state)
{
    static const struct {
        const char *ticket, *may;
    } rows[] = {
        {"{}",                                                                  "crnsm"},
        {"{'handoffs':[{'no':1,'state':'sent'}]}",                              "hn"   },
        {"{'handoffs':[{'no':1,'state':'accepted'}]}",                          "hn"   },
        {"{'handoffs':[{'no':1,'state':'declined'}]}",                          "n"    },
        {"{'handoffs':[{'no':1,'state':'answered'}]}",                          "n"    },
        {"{'handoffs':[{'no':1,'state':'confirmed'}]}",                         "crnsm"},
        {"{'handoffs':[{'no':1,'state':'withdrawn'}]}",                         "crnsm"},
        {"{'handoffs':[{'no':1,'state':'confirmed'},{'no':2,'state':'sent'}]}", "hn"   },
        {"{'parts':[{'no':1,'state':'requested','qty':2}]}",                    "pn"   },
        {"{'parts':[{'no':1,'state':'promised','qty':2}]}",                     "pn"   },
        {"{'parts':[{'no':1,'state':'shipped','qty':2,'shipped':1}]}",          "p"    },
        {"{'parts':[{'no':1,'state':'received','qty':2,'shipped':2}]}",         "crnsm"},
        {"{'parts':[{'no':1,'state':'received','qty':2,'shipped':2,'returns':true,"
         "'returned':1}]}",                                            ""     },
        {"{'parts':[{'no':1,'state':'received','qty':2,'shipped':2,'returns':true,"
         "'kept':true}]}",                                             "crnsm"},
        {"{'parts':[{'no':1,'state':'returned','qty':2,'shipped':2}]}",         "crnsm"},
        {"{'parts':[{'no':1,'state':'cancelled','qty':2}]}",                    "crnsm"},
    };
    static const struct {
        char letter;
        enum ticket_state from;
        enum ticket_event event;
    } steps[] = {
        {'p', TICKET_IN_PROGRESS, EVENT_WAIT_PARTS  },
        {'h', TICKET_IN_PROGRESS, EVENT_WAIT_HANDOFF},
        {'c', TICKET_RESOLVED,    EVENT_CLOSE       },
        {'r', TICKET_IN_PROGRESS, EVENT_REJECT      },
        {'n', TICKET_IN_PROGRESS, EVENT_CANCEL      },
        {'s', TICKET_IN_PROGRESS, EVENT_SPAM        },
        {'m', TICKET_IN_PROGRESS, EVENT_MERGE       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t n = 0; n < sizeof steps / sizeof steps[0]; n++) {
            json_t *ticket = test_json_quoted(rows[i].ticket);
            bool may = strchr(rows[i].may, steps[n].letter) != NULL;
            enum ticket_state to;
            struct error err;

            assert_int_equal(0, json_object_set_new(ticket, "merged_into", json_integer(7)));
            if (ticket_flow_step(steps[n].from, steps[n].event, ticket, "why", &to, &err) !=
                (may ? AF_OK : AF_CONFLICT))
                fail_msg("%s: %c", rows[i].ticket, steps[n].letter);
            json_decref(ticket);
        }
}

static void names_are_parsed_back_and_others_are_not(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TICKET_STATES; i++) {
        enum ticket_state parsed;

        assert_true(
            ticket_state_parse(bytes_str(ticket_state_name((enum ticket_state)i)), &parsed));
        assert_int_equal(i, parsed);
        assert_int_equal(letters[i] != 'X' && letters[i] != 'O' && letters[i] != 'N' &&
                             letters[i] != 'M' && letters[i] != 'G',
                         ticket_state_is_open((enum ticket_state)i));
    }
    for (unsigned i = 0; i < TICKET_EVENTS; i++) {
        enum ticket_event parsed;

        assert_true(
            ticket_event_parse(bytes_str(ticket_event_name((enum ticket_event)i)), &parsed));
        assert_int_equal(i, parsed);
    }
    for (size_t i = 0; i < 4; i++) {
        static const char *const wrong[] = {"", "Closed", "close ", "in progress"};
        enum ticket_state a_state;
        enum ticket_event an_event;

        assert_false(ticket_state_parse(bytes_str(wrong[i]), &a_state));
        assert_false(ticket_event_parse(bytes_str(wrong[i]), &an_event));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_takes_the_events_of_the_table_and_no_other),
        cmocka_unit_test(a_bare_step_neither_merges_nor_takes_a_merge_back),
        cmocka_unit_test(steps_that_need_a_reason_ask_for_it),
        cmocka_unit_test(only_a_resolved_by_link_closes_without_a_reason),
        cmocka_unit_test(what_others_owe_decides_which_steps_may_be),
        cmocka_unit_test(names_are_parsed_back_and_others_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
