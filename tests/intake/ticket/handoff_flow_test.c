/* The lives of handoffs and part requests against tables of our own: every state, every event. */
#include "tests/harness.h"

#include "intake/ticket/handoff_flow.h"
#include "intake/ticket/part_flow.h"

/* Columns in the order of the events, rows and letters in the order of the states; a dot is a step
 * that does not exist, a star marks one that needs a reason. */

/* S sent, A accepted, D declined, V answered, C confirmed, W withdrawn */
static const char handoff_letters[] = "SADVCW";
static const char *const handoff_table[HANDOFF_STATES] = {
    /* accept decline answer confirm send withdraw overdue */
    "A D*V . . W*S ", /* sent */
    ". . V . . W*A ", /* accepted */
    ". . . C S*W*. ", /* declined */
    ". . . C S*W*. ", /* answered */
    ". . . . . . . ", /* confirmed */
    ". . . . . . . ", /* withdrawn */
};

/* R requested, P promised, S shipped, V received, B returned, C cancelled */
static const char part_letters[] = "RPSVBC";
static const char *const part_table[PART_STATES] = {
    /* promise ship receive return keep reduce lost cancel late return_late */
    "P S . . . R*. C*R . ", /* requested */
    "P S . . . P*. C*P . ", /* promised */
    "S S S . . S*S*. S . ", /* shipped */
    ". . . V V*. . . . V ", /* received */
    ". . . . . . . . . . ", /* returned */
    ". . . . . . . . . . ", /* cancelled */
};

static void every_pair_of_a_handoff_is_as_the_table_says(void **state)
{
    (void)state;
    for (unsigned from = 0; from < HANDOFF_STATES; from++)
        for (unsigned event = 0; event < HANDOFF_EVENTS; event++) {
            const char wanted = handoff_table[from][2 * event];
            const bool asks = handoff_table[from][2 * event + 1] == '*';
            enum handoff_state to = HANDOFF_STATES;
            struct error err;
            enum status status = handoff_flow_step((enum handoff_state)from,
                                                   (enum handoff_event)event, "why", &to, &err);

            assert_int_equal(wanted == '.' ? AF_CONFLICT : AF_OK, status);
            assert_int_equal(wanted, status == AF_OK ? handoff_letters[to] : '.');
            to = HANDOFF_STATES;
            status = handoff_flow_step((enum handoff_state)from, (enum handoff_event)event, "", &to,
                                       &err);
            assert_int_equal(wanted == '.' ? AF_CONFLICT : asks ? AF_INVALID : AF_OK, status);
            if (status != AF_OK)
                assert_int_equal(HANDOFF_STATES, to); /* a failed call leaves its output */
        }
}

static void every_pair_of_a_part_request_is_as_the_table_says(void **state)
{
    (void)state;
    for (unsigned from = 0; from < PART_STATES; from++)
        for (unsigned event = 0; event < PART_EVENTS; event++) {
            const char wanted = part_table[from][2 * event];
            const bool asks = part_table[from][2 * event + 1] == '*';
            enum part_state to = PART_STATES;
            struct error err;
            enum status status =
                part_flow_step((enum part_state)from, (enum part_event)event, "why", &to, &err);

            assert_int_equal(wanted == '.' ? AF_CONFLICT : AF_OK, status);
            assert_int_equal(wanted, status == AF_OK ? part_letters[to] : '.');
            to = PART_STATES;
            status = part_flow_step((enum part_state)from, (enum part_event)event, "", &to, &err);
            assert_int_equal(wanted == '.' ? AF_CONFLICT : asks ? AF_INVALID : AF_OK, status);
            if (status != AF_OK)
                assert_int_equal(PART_STATES, to);
        }
}

static void names_are_parsed_back_and_others_are_not(void **state)
{
    enum handoff_state handoff_state;
    enum handoff_event handoff_event;
    enum part_state part_state;
    enum part_event part_event;

    (void)state;
    for (unsigned i = 0; i < HANDOFF_STATES; i++) {
        assert_true(handoff_state_parse(bytes_str(handoff_state_name((enum handoff_state)i)),
                                        &handoff_state));
        assert_int_equal(i, handoff_state);
    }
    for (unsigned i = 0; i < HANDOFF_EVENTS; i++) {
        assert_true(handoff_event_parse(bytes_str(handoff_event_name((enum handoff_event)i)),
                                        &handoff_event));
        assert_int_equal(i, handoff_event);
    }
    for (unsigned i = 0; i < PART_STATES; i++) {
        assert_true(part_state_parse(bytes_str(part_state_name((enum part_state)i)), &part_state));
        assert_int_equal(i, part_state);
    }
    for (unsigned i = 0; i < PART_EVENTS; i++) {
        assert_true(part_event_parse(bytes_str(part_event_name((enum part_event)i)), &part_event));
        assert_int_equal(i, part_event);
    }
    assert_false(handoff_state_parse(BYTES_LIT("Sent"), &handoff_state));
    assert_false(handoff_event_parse(BYTES_LIT(""), &handoff_event));
    assert_false(part_state_parse(BYTES_LIT("lost"), &part_state));
    assert_false(part_event_parse(BYTES_LIT("shipped"), &part_event));
}

/* What the target may do by his link is little, and none of it is a step of the desk's. */
static void a_target_accepts_declines_and_answers_and_no_more(void **state)
{
    (void)state;
    for (unsigned i = 0; i < HANDOFF_EVENTS; i++)
        assert_int_equal(i == HANDOFF_ACCEPT || i == HANDOFF_DECLINE || i == HANDOFF_ANSWER,
                         handoff_event_is_targets((enum handoff_event)i));
    for (unsigned i = 0; i < PART_EVENTS; i++)
        assert_int_equal(i == PART_LATE || i == PART_RETURN_LATE,
                         part_event_is_systems((enum part_event)i));
    for (unsigned i = 0; i < HANDOFF_STATES; i++) {
        assert_int_equal(i <= HANDOFF_ANSWERED, handoff_is_open((enum handoff_state)i));
        assert_int_equal(i <= HANDOFF_ACCEPTED, handoff_is_awaited((enum handoff_state)i));
    }
    for (unsigned i = 0; i < PART_STATES; i++)
        assert_int_equal(i <= PART_SHIPPED, part_is_awaited((enum part_state)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_a_handoff_is_as_the_table_says),
        cmocka_unit_test(every_pair_of_a_part_request_is_as_the_table_says),
        cmocka_unit_test(names_are_parsed_back_and_others_are_not),
        cmocka_unit_test(a_target_accepts_declines_and_answers_and_no_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
