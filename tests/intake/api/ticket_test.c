/* Which tickets may be opened, what a link counts, who sees what; and ticket numbers. */
#include "tests/intake/api/fixture.h"

#include "data/base/limits.h"

#include <stdio.h>
#include <stdlib.h>

/* --- the answer step ---------------------------------------------------------------------- */

enum before { NO_CONSULT, OPEN, OPEN_EMPTY, SOLVED, NOT_SOLVED, NO_RESULT, BEFORES };

static const char *consult_that_is(struct fixture *f, enum before before)
{
    const struct who who = who_customer();
    const char *id = NULL;
    struct error err;

    if (before == NO_CONSULT)
        return NULL;
    id = begin_consult(f, before == OPEN_EMPTY || before == NO_RESULT ? "qqqq zzzz" : "router");
    if (before == SOLVED)
        assert_ok(settle(f, &who, id, true, "K-1", 0, &err));
    if (before == NOT_SOLVED || before == NO_RESULT)
        assert_ok(settle(f, &who, id, false, "", 0, &err));
    return id;
}

static enum status open_one(struct fixture *f, const struct ticket_input *input,
                            struct ticket_opened *opened, struct error *err)
{
    const struct who who = who_customer();

    return ticket_open(f->app, &who, input, opened, err);
}

/* Every class, channel, severity and consult there can be, against the rule in our own words. */
static void a_ticket_needs_a_consult_that_did_not_solve_it_or_an_exemption(void **state)
{
    static const char *const classes[] = {"technical", "parts", "complaint", "non_technical"};
    static const char *const channels[] = {"web",   "wechat", "app", "api",
                                           "phone", "mail",   "rep", "audit"};
    static const char *const severities[] = {"S1", "S2", "S3", "S4"};
    struct fixture *f = *state;

    for (size_t class = 0; class < 4; class ++)
        for (size_t channel = 0; channel < 8; channel++)
            for (size_t severity = 0; severity < 4; severity++)
                for (enum before before = NO_CONSULT; before < BEFORES; before++) {
                    bool exempt = severity == 0 || channel >= 4 || class == 3;
                    bool asked =
                        before == NOT_SOLVED || before == NO_RESULT || before == OPEN_EMPTY;
                    const char *consult;
                    struct ticket_opened opened;
                    struct error err;
                    enum status status;

                    if (severity == 2 && class > 0 && channel > 0 && channel < 7)
                        continue; /* S3 and S2 are alike: half the time */
                    consult = consult_that_is(f, before);
                    status = open_one(f,
                                      &(struct ticket_input){
                                          .consult_id = consult,
                                          .class = bytes_str(classes[class]),
                                          .severity = bytes_str(severities[severity]),
                                          .channel = bytes_str(channels[channel]),
                                          .title = BYTES_LIT("It blinks"),
                                      },
                                      &opened, &err);
                    if (status != (exempt || asked ? AF_OK : AF_CONFLICT))
                        fail_msg("%s, %s, %s, consult %d: %s", classes[class], channels[channel],
                                 severities[severity], (int)before, status_name(status));
                }
}

static void an_exemption_is_written_down_only_when_it_was_needed(void **state)
{
    static const struct {
        const char *class, *severity, *channel;
        enum before before;
        const char *wanted;
    } cases[] = {
        {"technical",     "S1", "web",   NO_CONSULT, "severity S1"        },
        {"non_technical", "S3", "web",   NO_CONSULT, "class non_technical"},
        {"technical",     "S3", "phone", NO_CONSULT, "phone"              },
        {"technical",     "S3", "mail",  NO_CONSULT, "mail"               },
        {"technical",     "S1", "web",   NOT_SOLVED, ""                   },
        {"technical",     "S3", "web",   NOT_SOLVED, ""                   },
    };
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_ENGINEER, "lin");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *consult = consult_that_is(f, cases[i].before);
        struct ticket_opened opened;
        struct error err;
        json_t *ticket;

        assert_ok(open_one(f,
                           &(struct ticket_input){.consult_id = consult,
                                                  .class = bytes_str(cases[i].class),
                                                  .severity = bytes_str(cases[i].severity),
                                                  .channel = bytes_str(cases[i].channel),
                                                  .title = BYTES_LIT("x")},
                           &opened, &err));
        assert_ok(ticket_get(f->app, &lin, opened.no, &ticket, &err));
        assert_string_equal(cases[i].wanted, json_get_str(ticket, "exempt"));
        if (consult != NULL)
            assert_string_equal(consult, json_get_str(json_object_get(ticket, "consult"), "id"));
        json_decref(ticket);
    }
}

static void a_consult_becomes_one_ticket_and_no_second(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_customer();
    const char *id = consult_that_is(f, OPEN);
    const struct ticket_input urgent = {
        .consult_id = id, .severity = BYTES_LIT("S1"), .title = BYTES_LIT("All down")};
    struct ticket_opened opened;
    json_t *consult;
    struct error err;

    assert_ok(open_one(f, &urgent, &opened, &err));
    assert_refused(AF_CONFLICT, open_one(f, &urgent, &opened, &err));
    assert_ok(ask_get(f->app, id, &consult, &err));
    assert_string_equal("not_solved", json_get_str(consult, "state"));
    assert_int_equal(1, json_get_u64(consult, "ticket"));
    json_decref(consult);
    /* What became a ticket was not solved: nobody counts a use afterwards. */
    assert_refused(AF_CONFLICT, settle(f, &who, id, true, "K-1", 5, &err));
    assert_int_equal(0, uses(f, "K-1", USE_SOLVED));
    assert_ok(settle(f, &who, id, false, "", 0, &err));
}

static void title_text_and_product_come_from_the_consult(void **state)
{
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_ENGINEER, "lin");
    const char *id = consult_that_is(f, NOT_SOLVED);
    struct ticket_opened opened;
    struct error err;
    json_t *ticket;

    assert_ok(open_one(f, &(struct ticket_input){.consult_id = id}, &opened, &err));
    assert_string_equal("AF-2026-000001", opened.name);
    assert_ok(ticket_get(f->app, &lin, opened.no, &ticket, &err));
    assert_string_equal("router", json_get_str(ticket, "title"));
    assert_string_equal("router", json_get_str(ticket, "text"));
    assert_string_equal("technical", json_get_str(ticket, "class"));
    assert_string_equal("S3", json_get_str(ticket, "severity"));
    assert_string_equal("submitted", json_get_str(ticket, "state"));
    json_decref(ticket);
}

static void bad_fields_are_refused_and_named(void **state)
{
    static const char long_line[TICKET_TITLE_BYTES_MAX + 2] = {[0 ... TICKET_TITLE_BYTES_MAX] =
                                                                   'x'};
    static const struct {
        const char *class, *severity, *channel, *title, *text, *contact, *named;
        enum status wanted;
    } cases[] = {
        {"rude", "S3", "phone", "x",       "",             "{}",                           "class",    AF_INVALID  },
        {"",     "S5", "phone", "x",       "",             "{}",                           "severity", AF_INVALID  },
        {"",     "S3", "fax",   "x",       "",             "{}",                           "channel",  AF_INVALID  },
        {"",     "S3", "phone", "",        "",             "{}",                           "title",    AF_INVALID  },
        {"",     "S3", "phone", " \t",     "",             "{}",                           "title",    AF_INVALID  },
        {"",     "S3", "phone", "\xFF",    "",             "{}",                           "title",    AF_INVALID  },
        {"",     "S3", "phone", long_line, "",             "{}",                           "title",    AF_TOO_LARGE},
        {"",     "S3", "phone", "x",       "\xED\xA0\x80", "{}",                           "text",     AF_INVALID  },
        {"",     "S3", "phone", "x",       "",             "[]",                           "contact",  AF_INVALID  },
        {"",     "S3", "phone", "x",       "",             "{\"mail\":1}",                 "mail",     AF_INVALID  },
        {"",     "S3", "phone", "x",       "",             "{\"mail\":\"a\\r\\nBcc: b\"}", "mail",     AF_INVALID  },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *contact = test_json(cases[i].contact);
        struct ticket_opened opened;
        struct error err;

        assert_refused(cases[i].wanted,
                       open_one(f,
                                &(struct ticket_input){.class = bytes_str(cases[i].class),
                                                       .severity = bytes_str(cases[i].severity),
                                                       .channel = bytes_str(cases[i].channel),
                                                       .title = bytes_str(cases[i].title),
                                                       .text = bytes_str(cases[i].text),
                                                       .contact = contact},
                                &opened, &err));
        if (strstr(err.text, cases[i].named) == NULL)
            fail_msg("\"%s\" does not name %s", err.text, cases[i].named);
        json_decref(contact);
    }
}

/* --- repeats and the follow-up link -------------------------------------------------------- */

static void a_key_used_again_gives_the_same_ticket_and_link(void **state)
{
    struct fixture *f = *state;
    json_t *mine = test_json("{\"mail\":\"a@example.org\",\"name\":\"A\"}");
    json_t *same = test_json("{\"name\":\"A\",\"mail\":\"a@example.org\"}");
    json_t *other = test_json("{\"mail\":\"b@example.org\",\"name\":\"A\"}");
    struct ticket_input input = {.channel = BYTES_LIT("phone"),
                                 .title = BYTES_LIT("x"),
                                 .contact = mine,
                                 .key = "ticket:abc"};
    struct ticket_opened first, second;
    struct error err;

    assert_ok(open_one(f, &input, &first, &err));
    assert_ok(open_one(f, &input, &second, &err));
    assert_int_equal(first.no, second.no);
    assert_string_equal(first.follow_up, second.follow_up);
    input.contact = same;
    assert_ok(open_one(f, &input, &second, &err));
    assert_int_equal(first.no, second.no);
    input.contact = other;
    assert_refused(AF_CONFLICT, open_one(f, &input, &second, &err));
    input.contact = mine;
    input.text = BYTES_LIT("another");
    assert_refused(AF_CONFLICT, open_one(f, &input, &second, &err));
    json_decref(mine);
    json_decref(same);
    json_decref(other);
}

static void a_key_that_was_forgotten_never_gives_an_old_link_to_a_new_ticket(void **state)
{
    struct fixture *f = *state;
    const struct ticket_input input = {
        .channel = BYTES_LIT("phone"), .title = BYTES_LIT("x"), .key = "ticket:1"};
    const struct ticket_input other = {.channel = BYTES_LIT("phone"), .title = BYTES_LIT("y")};
    struct ticket_opened first, second;
    struct error err;
    uint32_t no;

    assert_ok(open_one(f, &input, &first, &err));
    clock_fix(START_MS + (int64_t)(IDEMPOTENCY_DAYS + 1) * 86400000);
    for (int i = 0; i < 20; i++) /* each new command forgets a few old ones */
        assert_ok(open_one(f, &other, &second, &err));
    assert_refused(AF_CONFLICT, open_one(f, &input, &second, &err));
    assert_ok(ticket_by_follow_up(f->app, bytes_str(first.follow_up), &no, &err));
    assert_int_equal(first.no, no);
}

static void a_follow_up_key_opens_its_own_ticket_alone(void **state)
{
    struct fixture *f = *state;
    const struct ticket_input input = {.channel = BYTES_LIT("phone"), .title = BYTES_LIT("x")};
    static const struct bytes wrong[] = {BYTES_LIT(""), BYTES_LIT("0"), BYTES_LIT("\xFF"),
                                         BYTES_LIT("00000000000000000000000000000000")};
    struct ticket_opened first, second;
    struct error err;
    uint32_t no;

    assert_ok(open_one(f, &input, &first, &err));
    assert_ok(open_one(f, &input, &second, &err));
    assert_string_not_equal(first.follow_up, second.follow_up);
    assert_ok(ticket_by_follow_up(f->app, bytes_str(first.follow_up), &no, &err));
    assert_int_equal(first.no, no);
    assert_ok(ticket_by_follow_up(f->app, bytes_str(second.follow_up), &no, &err));
    assert_int_equal(second.no, no);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(AF_NOT_FOUND, ticket_by_follow_up(f->app, wrong[i], &no, &err));
}

/* --- links -------------------------------------------------------------------------------- */

static void links_count_by_role_and_by_who_links(void **state)
{
    static const struct {
        const char *by, *case_id, *role;
        enum use use; /* USE_KINDS: none that has a counter */
    } cases[] = {
        {"mori", "K-1", "resolved_by", USE_CITED    },
        {"lin",  "K-1", "resolved_by", USE_SELF_USED},
        {"lin",  "K-2", "sent",        USE_SENT     },
        {"mori", "K-2", "sent",        USE_SENT     },
        {"lin",  "K-2", "consulted",   USE_KINDS    },
        {"lin",  "K-2", "not_helpful", USE_KINDS    },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct who who = who_staff(ROLE_ENGINEER, cases[i].by);
        struct ticket_opened opened;
        struct error err;
        uint64_t before[USE_COUNTED];

        assert_ok(open_one(
            f, &(struct ticket_input){.channel = BYTES_LIT("phone"), .title = BYTES_LIT("x")},
            &opened, &err));
        for (enum use use = USE_SHOWN; use < USE_COUNTED; use++)
            before[use] = uses(f, cases[i].case_id, use);
        for (int repeat = 0; repeat < 3; repeat++)
            assert_ok(ticket_link(f->app, &who, opened.no, bytes_str(cases[i].case_id),
                                  bytes_str(cases[i].role), &err));
        for (enum use use = USE_SHOWN; use < USE_COUNTED; use++)
            assert_int_equal(before[use] + (use == cases[i].use), uses(f, cases[i].case_id, use));
    }
}

static void bad_links_are_refused(void **state)
{
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_ENGINEER, "lin"), nobody = who_customer();
    struct ticket_opened opened;
    struct error err;

    assert_ok(
        open_one(f, &(struct ticket_input){.channel = BYTES_LIT("phone"), .title = BYTES_LIT("x")},
                 &opened, &err));
    assert_refused(AF_NOT_FOUND, ticket_link(f->app, &lin, opened.no, BYTES_LIT("none"),
                                             BYTES_LIT("sent"), &err));
    assert_refused(AF_INVALID, ticket_link(f->app, &lin, opened.no, BYTES_LIT("K-1"),
                                           BYTES_LIT("liked"), &err));
    assert_refused(AF_NOT_FOUND,
                   ticket_link(f->app, &lin, 99, BYTES_LIT("K-1"), BYTES_LIT("sent"), &err));
    assert_refused(AF_DENIED, ticket_link(f->app, &nobody, opened.no, BYTES_LIT("K-1"),
                                          BYTES_LIT("sent"), &err));
}

/* --- thread and views --------------------------------------------------------------------- */

static void the_customer_does_not_see_what_is_internal(void **state)
{
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_ENGINEER, "lin"), holder = who_customer();
    struct ticket_opened opened;
    struct buf text = {0};
    struct error err;
    json_t *ticket;

    assert_ok(
        open_one(f, &(struct ticket_input){.channel = BYTES_LIT("phone"), .title = BYTES_LIT("x")},
                 &opened, &err));
    assert_ok(ticket_reply(f->app, &lin, opened.no, BYTES_LIT("he is rude"), true, NULL, &err));
    assert_ok(ticket_reply(f->app, &lin, opened.no, BYTES_LIT("good day"), false, NULL, &err));
    /* A customer cannot write an internal post. */
    assert_ok(ticket_reply(f->app, &holder, opened.no, BYTES_LIT("hello"), true, NULL, &err));
    assert_ok(ticket_link(f->app, &lin, opened.no, BYTES_LIT("K-1"), BYTES_LIT("sent"), &err));
    assert_ok(ticket_move(f->app, &lin, opened.no, BYTES_LIT("take"), BYTES_LIT("mine"), &err));
    assert_ok(ticket_get(f->app, &holder, opened.no, &ticket, &err));
    assert_int_equal(2, json_array_size(json_object_get(ticket, "posts")));
    assert_ok(json_write(ticket, false, &text, &err));
    buf_add_u8(&text, 0);
    for (size_t i = 0; i < 5; i++) {
        static const char *const hidden[] = {"rude", "\"lin\"", "\"by\"", "internal", "mine"};

        if (strstr((const char *)text.data, hidden[i]) != NULL)
            fail_msg("the customer sees %s", hidden[i]);
    }
    buf_release(&text);
    json_decref(ticket);
    assert_ok(ticket_get(f->app, &lin, opened.no, &ticket, &err));
    assert_int_equal(3, json_array_size(json_object_get(ticket, "posts")));
    json_decref(ticket);
}

static void a_customers_word_wakes_what_waits_and_not_what_ended(void **state)
{
    static const struct {
        const char *events[4]; /* from submitted */
        const char *after;     /* a customer's post; NULL: it is refused */
    } cases[] = {
        {{"accept"},                   "accepted"     },
        {{"take"},                     "in_progress"  },
        {{"take", "wait_customer"},    "in_progress"  },
        {{"take", "restore"},          "restored"     },
        {{"take", "resolve"},          "in_progress"  },
        {{"take", "resolve", "close"}, "in_progress"  },
        {{"cancel"},                   NULL           },
        {{"spam"},                     NULL           },
    };
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_ENGINEER, "lin"), holder = who_customer();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticket_opened opened;
        struct error err;
        json_t *ticket;

        assert_ok(open_one(
            f, &(struct ticket_input){.channel = BYTES_LIT("phone"), .title = BYTES_LIT("x")},
            &opened, &err));
        for (size_t n = 0; n < 4 && cases[i].events[n] != NULL; n++)
            assert_ok(ticket_move(f->app, &lin, opened.no, bytes_str(cases[i].events[n]),
                                  BYTES_LIT("because"), &err));
        if (cases[i].after == NULL) {
            assert_refused(AF_CONFLICT, ticket_reply(f->app, &holder, opened.no, BYTES_LIT("hello"),
                                                     false, NULL, &err));
            continue;
        }
        assert_ok(ticket_reply(f->app, &holder, opened.no, BYTES_LIT("hello"), false, NULL, &err));
        assert_ok(ticket_get(f->app, &lin, opened.no, &ticket, &err));
        assert_string_equal(cases[i].after, json_get_str(ticket, "state"));
        json_decref(ticket);
    }
}

static void the_list_pages_down_without_gaps_or_repeats(void **state)
{
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_ENGINEER, "lin"), nobody = who_customer();
    struct ticket_filter filter = {.limit = 4};
    struct ticket_opened opened;
    struct error err;
    uint32_t wanted = 23;
    json_t *list;

    for (uint32_t i = 0; i < wanted; i++)
        assert_ok(open_one(
            f, &(struct ticket_input){.channel = BYTES_LIT("phone"), .title = BYTES_LIT("x")},
            &opened, &err));
    do {
        size_t i;
        json_t *row;

        assert_ok(ticket_list(f->app, &lin, &filter, &list, &err));
        json_array_foreach(json_object_get(list, "tickets"), i, row)
        {
            assert_int_equal(wanted--, json_get_u64(row, "n"));
        }
        filter.before = (uint32_t)json_get_u64(list, "next");
        json_decref(list);
    } while (filter.before != 0);
    assert_int_equal(0, wanted);
    assert_refused(AF_DENIED, ticket_list(f->app, &nobody, &filter, &list, &err));
    filter = (struct ticket_filter){.limit = 0};
    assert_refused(AF_INVALID, ticket_list(f->app, &lin, &filter, &list, &err));
    filter = (struct ticket_filter){.limit = 1, .state = BYTES_LIT("lost")};
    assert_refused(AF_INVALID, ticket_list(f->app, &lin, &filter, &list, &err));
    filter = (struct ticket_filter){.limit = 200, .state = BYTES_LIT("closed")};
    assert_ok(ticket_list(f->app, &lin, &filter, &list, &err));
    assert_int_equal(0, json_array_size(json_object_get(list, "tickets")));
    json_decref(list);
}

/* --- numbers ------------------------------------------------------------------------------ */

static void a_ticket_is_found_by_number_or_name(void **state)
{
    static const struct {
        struct bytes text;
        uint32_t wanted; /* 0: refused */
    } cases[] = {
        {BYTES_LIT("1"),                    1         },
        {BYTES_LIT("000123"),               123       },
        {BYTES_LIT("AF-2026-000123"),       123       },
        {BYTES_LIT("af-2026-000123"),       123       },
        {BYTES_LIT("Af-1999-1"),            1         },
        {BYTES_LIT("AF-2026-4294967295"),   4294967295},
        {BYTES_LIT("4294967295"),           4294967295},
        {BYTES_LIT("4294967296"),           0         },
        {BYTES_LIT("9999999999"),           0         },
        {BYTES_LIT("18446744073709551617"), 0         },
        {BYTES_LIT("0"),                    0         },
        {BYTES_LIT(""),                     0         },
        {BYTES_LIT("AF-2026-"),             0         },
        {BYTES_LIT("AF-2026-x"),            0         },
        {BYTES_LIT("AF-2026-000000"),       0         },
        {BYTES_LIT("AF2026000123"),         0         },
        {BYTES_LIT("BF-2026-000123"),       0         },
        {BYTES_LIT("-1"),                   0         },
        {BYTES_LIT("+1"),                   0         },
        {BYTES_LIT(" 1"),                   0         },
        {BYTES_LIT("1 "),                   0         },
        {BYTES_LIT("1e3"),                  0         },
        {BYTES_LIT("0x10"),                 0         },
        {BYTES_LIT("1\0"),                  0         },
        {BYTES_LIT("\xEF\xBC\x91"),         0         }, /* a wide digit */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t no = 77;
        bool ok = ticket_parse_no(cases[i].text, &no);

        if (ok != (cases[i].wanted != 0) || (ok && no != cases[i].wanted) || (!ok && no != 77))
            fail_msg("\"%s\": %d, %u", (const char *)cases[i].text.data, ok, no);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_ticket_needs_a_consult_that_did_not_solve_it_or_an_exemption, fixture_begin,
            fixture_end),
        cmocka_unit_test_setup_teardown(an_exemption_is_written_down_only_when_it_was_needed,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_consult_becomes_one_ticket_and_no_second, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(title_text_and_product_come_from_the_consult, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(bad_fields_are_refused_and_named, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(a_key_used_again_gives_the_same_ticket_and_link,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(
            a_key_that_was_forgotten_never_gives_an_old_link_to_a_new_ticket, fixture_begin,
            fixture_end),
        cmocka_unit_test_setup_teardown(a_follow_up_key_opens_its_own_ticket_alone, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(links_count_by_role_and_by_who_links, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(bad_links_are_refused, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(the_customer_does_not_see_what_is_internal, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(a_customers_word_wakes_what_waits_and_not_what_ended,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(the_list_pages_down_without_gaps_or_repeats, fixture_begin,
                                        fixture_end),
        cmocka_unit_test(a_ticket_is_found_by_number_or_name),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
