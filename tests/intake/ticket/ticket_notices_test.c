/* Notices in a record: numbered in order, bounded, and known when they are damaged. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/ticket/ticket_notices.h"

static void notices_are_numbered_and_due(void **state)
{
    json_t *ticket = json_object(), *second;
    struct error err;

    (void)state;
    assert_ok(ticket_notice_add(ticket, "first", "lin.wei", 1000, "", &err));
    assert_ok(ticket_notice_add(ticket, "handoff_overdue", "li.na", 2000, "no answer yet", &err));
    assert_null(json_object_get(json_array_get(json_object_get(ticket, "notices"), 0), "text"));
    second = json_array_get(json_object_get(ticket, "notices"), 1);
    assert_int_equal(2, json_get_u64(second, "no"));
    assert_string_equal("handoff_overdue", json_get_str(second, "what"));
    assert_string_equal("li.na", json_get_str(second, "to"));
    assert_string_equal("1970-01-01T00:00:02.000Z", json_get_str(second, "at"));
    assert_string_equal("no answer yet", json_get_str(second, "text"));
    assert_string_equal("due", json_get_str(second, "state"));
    assert_true(ticket_notices_are_sound(ticket));
    json_decref(ticket);
}

static void a_ticket_has_a_bounded_number_of_notices(void **state)
{
    json_t *ticket = json_object();
    struct error err;

    (void)state;
    for (int i = 0; i < TICKET_NOTICES_MAX; i++)
        assert_ok(ticket_notice_add(ticket, "progress", "lin.wei", i, "", &err));
    assert_int_equal(AF_TOO_LARGE, ticket_notice_add(ticket, "progress", "lin.wei", 1, "", &err));
    assert_true(ticket_notices_are_sound(ticket));
    json_decref(ticket);
}

static void what_is_no_notice_is_noticed(void **state)
{
    static const struct {
        const char *json;
        bool is_sound;
    } rows[] = {
        {"{}",              true },
        {"{'notices':{}}",  false},
        {"{'notices':[7]}", false},
        {"{'notices':[{'no':1,'what':'a','to':'b','at':'2026-11-22T01:53:10.123Z','state':'sent'}]"
         "}",                  true                     },
        {"{'notices':[{'no':2,'what':'a','to':'b','at':'2026-11-22T01:53:10.123Z','state':'sent'}]"
         "}",                 false },
        {"{'notices':[{'no':1,'what':'','to':'b','at':'2026-11-22T01:53:10.123Z','state':'sent'}]}",
         false},
        {"{'notices':[{'no':1,'what':'a','at':'2026-11-22T01:53:10.123Z','state':'sent'}]}",             false                  },
        {"{'notices':[{'no':1,'what':'a','to':'b','at':'soon','state':'sent'}]}",false},
        {"{'notices':[{'no':1,'what':'a','to':'b','at':'2026-11-22T01:53:10.123Z','state':'x'}]}",
         false                               },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *ticket = test_json_quoted(rows[i].json);

        if (ticket_notices_are_sound(ticket) != rows[i].is_sound)
            fail_msg("row %zu: %s", i, rows[i].json);
        json_decref(ticket);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notices_are_numbered_and_due),
        cmocka_unit_test(a_ticket_has_a_bounded_number_of_notices),
        cmocka_unit_test(what_is_no_notice_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
