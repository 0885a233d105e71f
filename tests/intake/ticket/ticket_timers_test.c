/* Timers in a record: one of each kind, the first of them, and a bound. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/clock/service_clock.h"
#include "intake/ticket/ticket_timers.h"

#include <stdio.h>

static void a_timer_is_set_moved_and_cleared(void **state)
{
    json_t *ticket = json_object();
    const char *what;
    int64_t at_ms;
    struct error err;

    (void)state;
    assert_true(ticket_timers_next_ms(ticket) == CLOCK_NEVER);
    assert_ok(ticket_timer_set(ticket, "confirm", 5000, &err));
    assert_ok(ticket_timer_set(ticket, "handoff:2", 3000, &err));
    assert_true(ticket_timers_next_ms(ticket) == 3000);
    assert_ok(ticket_timer_set(ticket, "handoff:2", 9000, &err));
    assert_true(ticket_timers_next_ms(ticket) == 5000);
    assert_int_equal(2, json_array_size(json_object_get(ticket, "timers")));

    assert_false(ticket_timers_due(ticket, 5000, &what, &at_ms)); /* not before: at */
    assert_true(ticket_timers_due(ticket, 5001, &what, &at_ms));
    assert_string_equal("confirm", what);
    assert_true(at_ms == 5000);

    ticket_timer_clear(ticket, "nothing of that name");
    ticket_timer_clear(ticket, "confirm");
    assert_true(ticket_timers_next_ms(ticket) == 9000);
    ticket_timer_clear(ticket, "handoff:2");
    assert_null(json_object_get(ticket, "timers")); /* no trace of them is left */
    json_decref(ticket);
}

static void a_ticket_waits_for_a_bounded_number_of_things(void **state)
{
    json_t *ticket = json_object();
    struct error err;

    (void)state;
    for (int i = 0; i < TICKET_TIMERS_MAX; i++) {
        char what[TICKET_TIMER_WHAT_BYTES_MAX + 1];

        (void)snprintf(what, sizeof what, "visit:%d", i);
        assert_ok(ticket_timer_set(ticket, what, 1000 + i, &err));
    }
    assert_int_equal(AF_TOO_LARGE, ticket_timer_set(ticket, "one more", 1, &err));
    assert_ok(ticket_timer_set(ticket, "visit:7", 1, &err)); /* one that is there may move */
    assert_true(ticket_timers_are_sound(ticket));
    ticket_timers_clear(ticket);
    assert_true(ticket_timers_next_ms(ticket) == CLOCK_NEVER);
    json_decref(ticket);
}

static void what_is_no_timer_is_noticed(void **state)
{
    static const struct {
        const char *json;
        bool is_sound;
    } rows[] = {
        {"{}",                                                                               true },
        {"{'timers':[{'what':'a','at':'2026-11-22T01:53:10.123Z'}]}",                         true },
        {"{'timers':{}}",                                                                    false},
        {"{'timers':[7]}",                                                                   false},
        {"{'timers':[{'what':'','at':'2026-11-22T01:53:10.123Z'}]}",                          false},
        {"{'timers':[{'what':'a','at':'soon'}]}",                                            false},
        {"{'timers':[{'what':'a','at':'2026-11-22T01:53:10.123Z'},"
         "{'what':'a','at':'2026-11-22T01:53:10.123Z'}]}",                                    false},
        {"{'timers':[{'what':'0123456789012345678901234567890123456789012345678',"
         "'at':'2026-11-22T01:53:10.123Z'}]}",                                                false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *ticket = test_json_quoted(rows[i].json);

        if (ticket_timers_are_sound(ticket) != rows[i].is_sound)
            fail_msg("%s", rows[i].json);
        json_decref(ticket);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timer_is_set_moved_and_cleared),
        cmocka_unit_test(a_ticket_waits_for_a_bounded_number_of_things),
        cmocka_unit_test(what_is_no_timer_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
