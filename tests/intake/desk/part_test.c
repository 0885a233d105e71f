/* Part requests through their services: promises, portions, returns, who hears, guards, lists. */
#include "tests/intake/desk/outside_fixture.h"

#include "intake/ticket/part_flow.h"

static enum status request(struct fixture *f, uint32_t no, uint32_t qty, uint32_t *request_no,
                           struct error *err)
{
    const struct who who = lin();

    return part_request(f->app, &who, no,
                        &(struct part_input){.part = BYTES_LIT("PSU-650"),
                                             .name = BYTES_LIT("Power supply"),
                                             .qty = qty},
                        request_no, err);
}

static enum status step(struct fixture *f, uint32_t no, const char *event, uint32_t qty,
                        const char *reason, struct error *err)
{
    const struct who who = lin();

    return part_step(
        f->app, &who, no, 1,
        &(struct part_step){.event = bytes_str(event), .qty = qty, .reason = bytes_str(reason)},
        err);
}

/* A ticket with one request of so many pieces. */
static uint32_t with_request(struct fixture *f, uint32_t qty)
{
    const uint32_t no = new_ticket(f, "S2", "x");
    uint32_t request_no;
    struct error err;

    assert_ok(request(f, no, qty, &request_no, &err));
    assert_int_equal(1, request_no);
    return no;
}

/* As staff see it: "state qty shipped/received/returned". */
static void demand(struct fixture *f, uint32_t no, const char *wanted)
{
    char said[80];

    (void)snprintf(said, sizeof said, "%s %s %s/%s/%s", text_at(f, no, "parts.0.state"),
                   text_at(f, no, "parts.0.qty"), text_at(f, no, "parts.0.shipped"),
                   text_at(f, no, "parts.0.received"), text_at(f, no, "parts.0.returned"));
    assert_string_equal(wanted, said);
}

/* Shipped: "office" (09:00-12:00, 13:30-18:00 in Shanghai), 240, 450, 900, 2250 minutes by
 * severity; defective ones are due back after 4500. */
static void a_promise_is_the_stock_points_working_time_or_what_it_says(void **state)
{
    static const struct {
        const char *given, *promise; /* "": refused */
    } rows[] = {
        {"",                          "2026-11-23T10:00:00.000Z"}, /* S2: one day */
        {"2026-11-24T10:00:00+08:00", "2026-11-24T02:00:00.000Z"},
        {"2026-11-25",                "2026-11-25T10:00:00.000Z"}, /* when they go home */
        {"2026-11-28",                ""                        }, /* a Saturday */
        {"2026-11-22",                ""                        }, /* has passed, and a Sunday */
        {"2026-11-23T08:59:59+08:00", ""                        },
        {"soon",                      ""                        },
    };
    struct fixture *f = *state;
    const struct who who = lin();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct part_input input = {
            .part = BYTES_LIT("P"), .qty = 1, .promise = bytes_str(rows[i].given)};
        struct error err;
        uint32_t no, request_no;

        at("2026-11-23T09:00:00+08:00");
        no = new_ticket(f, "S2", "x");
        if (rows[i].promise[0] == '\0') {
            assert_refused(AF_INVALID, part_request(f->app, &who, no, &input, &request_no, &err));
            assert_non_null(strstr(err.text, "\"promise\""));
            continue;
        }
        assert_ok(part_request(f->app, &who, no, &input, &request_no, &err));
        assert_string_equal(rows[i].promise, text_at(f, no, "parts.0.promise"));
        assert_string_equal("central", text_at(f, no, "parts.0.stock_point"));
    }
    assert_sound(f);
}

static void a_moved_promise_keeps_the_first(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin();
    struct error err;
    uint32_t no;

    at("2026-11-23T09:00:00+08:00");
    no = with_request(f, 2);
    assert_ok(part_step(f->app, &who, no, 1,
                        &(struct part_step){.event = BYTES_LIT("promise"),
                                            .promise = BYTES_LIT("2026-11-27"),
                                            .from_stock = PART_NO},
                        &err));
    demand(f, no, "promised 2 0/0/0");
    assert_string_equal("2026-11-27T10:00:00.000Z", text_at(f, no, "parts.0.promise"));
    assert_string_equal("2026-11-23T10:00:00.000Z", text_at(f, no, "parts.0.first_promise"));
    assert_string_equal("2026-11-27T10:00:00.000Z", text_at(f, no, "timers.0.at"));
    assert_refused(AF_INVALID, step(f, no, "promise", 0, "", &err)); /* without a date */
    assert_sound(f);
}

struct turn {
    const char *event;
    uint32_t qty;
    enum status wanted;
    const char *then; /* state and counts afterwards */
};

/* Pieces that go, come and go back in portions, each count within the one before it. */
static void portions_are_counted(void **state)
{
    static const struct turn turns[] = {
        {"receive",     1, AF_CONFLICT, "requested 3 0/0/0"},
        {"ship",        4, AF_CONFLICT, "requested 3 0/0/0"},
        {"ship",        1, AF_OK,       "shipped 3 1/0/0"  },
        {"cancel",      0, AF_CONFLICT, "shipped 3 1/0/0"  },
        {"receive",     2, AF_CONFLICT, "shipped 3 1/0/0"  },
        {"receive",     0, AF_OK,       "shipped 3 1/1/0"  }, /* all that is on its way */
        {"receive",     0, AF_INVALID,  "shipped 3 1/1/0"  }, /* nothing is */
        {"return",      1, AF_CONFLICT, "shipped 3 1/1/0"  }, /* when all have come */
        {"ship",        0, AF_OK,       "shipped 3 3/1/0"  },
        {"ship",        1, AF_CONFLICT, "shipped 3 3/1/0"  },
        {"lost",        3, AF_CONFLICT, "shipped 3 3/1/0"  },
        {"lost",        1, AF_OK,       "shipped 3 2/1/0"  },
        {"reduce",      3, AF_CONFLICT, "shipped 3 2/1/0"  },
        {"reduce",      1, AF_CONFLICT, "shipped 3 2/1/0"  },
        {"reduce",      2, AF_OK,       "shipped 2 2/1/0"  },
        {"receive",     1, AF_OK,       "received 2 2/2/0" },
        {"return",      3, AF_CONFLICT, "received 2 2/2/0" },
        {"return",      1, AF_OK,       "received 2 2/2/1" },
        {"late",        0, AF_INVALID,  "received 2 2/2/1" }, /* by itself only */
        {"return_late", 0, AF_INVALID,  "received 2 2/2/1" },
        {"explode",     0, AF_INVALID,  "received 2 2/2/1" },
        {"return",      0, AF_OK,       "returned 2 2/2/2" },
        {"keep",        0, AF_CONFLICT, "returned 2 2/2/2" },
    };
    struct fixture *f = *state;
    const uint32_t no = with_request(f, 3);

    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        struct error err;

        if (step(f, no, turns[i].event, turns[i].qty, "so", &err) != turns[i].wanted)
            fail_msg("turn %zu, %s %u", i, turns[i].event, turns[i].qty);
        demand(f, no, turns[i].then);
        assert_sound(f);
    }
}

static void a_request_whose_only_shipment_is_lost_begins_again(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = with_request(f, 1);
    struct error err;

    assert_ok(step(f, no, "ship", 0, "", &err));
    assert_refused(AF_INVALID, step(f, no, "lost", 0, "", &err)); /* says why */
    assert_ok(step(f, no, "lost", 0, "the van burnt", &err));
    demand(f, no, "requested 1 0/0/0");
    assert_string_equal("part:1", text_at(f, no, "timers.0.what"));
    assert_ok(step(f, no, "ship", 0, "", &err));
    assert_ok(step(f, no, "receive", 0, "", &err));
    demand(f, no, "received 1 1/1/0");
    assert_sound(f);
}

static void what_is_late_is_marked_once_and_somebody_told(void **state)
{
    struct fixture *f = *state;
    struct error err;
    uint32_t no;

    set_rules(f, RULES_STOCK,
              "{'points':[{'id':'north','name':'N','calendar':'24x7','manager':'bo.he',"
              "'promise':{'S1':60,'S2':60,'S3':60,'S4':60},'return':60}]}");
    at("2026-11-23T09:00:00Z");
    no = with_request(f, 2);
    assert_ok(step(f, no, "ship", 1, "", &err)); /* a portion keeps no promise */
    at("2026-11-23T10:00:00Z");
    assert_int_equal(0, sweep(f).timers);
    at("2026-11-23T10:00:01Z");
    assert_int_equal(1, sweep(f).timers);
    assert_int_equal(0, sweep(f).timers);
    assert_string_equal("2026-11-23T10:00:00.000Z", text_at(f, no, "parts.0.late"));
    assert_string_equal("part_late", text_at(f, no, "notices.0.what"));
    assert_string_equal("bo.he", text_at(f, no, "notices.0.to"));
    assert_ok(step(f, no, "ship", 0, "", &err));
    assert_ok(step(f, no, "receive", 0, "", &err));
    assert_string_equal("2026-11-23T11:00:01.000Z", text_at(f, no, "parts.0.return_due"));
    at("2026-11-23T11:00:02Z");
    assert_int_equal(1, sweep(f).timers);
    assert_string_equal("2026-11-23T11:00:01.000Z", text_at(f, no, "parts.0.return_late"));
    assert_string_equal("part_arrived", text_at(f, no, "notices.1.what")); /* whose work it is */
    assert_string_equal("part_return_late", text_at(f, no, "notices.2.what"));
    assert_ok(step(f, no, "return", 0, "", &err));
    assert_string_equal("", text_at(f, no, "timers.0.what"));
    assert_sound(f);
}

static void waiting_for_parts_ends_when_all_have_arrived(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = with_request(f, 2);
    uint32_t second;
    const struct who who = lin();
    struct error err;

    assert_ok(move(f, no, "take", "", &err));
    assert_ok(request(f, no, 1, &second, &err));
    assert_int_equal(2, second);
    assert_ok(move(f, no, "wait_parts", "", &err));
    assert_ok(step(f, no, "ship", 0, "", &err));
    assert_ok(step(f, no, "receive", 1, "", &err));
    assert_ok(step(f, no, "receive", 1, "", &err));
    assert_string_equal("pending_parts", text_at(f, no, "state"));
    assert_ok(part_step(
        f->app, &who, no, 2,
        &(struct part_step){.event = BYTES_LIT("cancel"), .reason = BYTES_LIT("not needed")},
        &err));
    assert_string_equal("in_progress", text_at(f, no, "state"));
    assert_refused(AF_CONFLICT, move(f, no, "wait_parts", "", &err));
}

static void a_ticket_does_not_close_before_its_parts_are_settled(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = with_request(f, 1);
    struct error err;

    assert_ok(move(f, no, "take", "", &err));
    assert_ok(move(f, no, "resolve", "", &err));
    assert_refused(AF_CONFLICT, move(f, no, "close", "none", &err));
    assert_non_null(strstr(err.text, "part request 1 (PSU-650, requested) is open"));
    assert_ok(step(f, no, "ship", 0, "", &err));
    assert_ok(step(f, no, "receive", 0, "", &err));
    assert_refused(AF_CONFLICT, move(f, no, "close", "none", &err)); /* one is due back */
    assert_refused(AF_INVALID, step(f, no, "keep", 0, "", &err));
    assert_ok(step(f, no, "keep", 0, "the customer scrapped it", &err));
    demand(f, no, "received 1 1/1/0");
    assert_ok(move(f, no, "close", "none", &err));
    assert_sound(f);
}

static void cancelling_a_ticket_cancels_what_was_not_shipped(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = with_request(f, 2);
    uint32_t second;
    struct error err;

    assert_ok(request(f, no, 1, &second, &err));
    assert_ok(step(f, no, "ship", 1, "", &err));
    assert_refused(AF_CONFLICT, move(f, no, "cancel", "no more", &err));
    assert_non_null(strstr(err.text, "part request 1 (PSU-650, shipped) was shipped"));
    assert_ok(step(f, no, "lost", 0, "it came back to us", &err));
    assert_ok(move(f, no, "cancel", "no more", &err));
    assert_string_equal("cancelled", text_at(f, no, "parts.0.state"));
    assert_string_equal("cancelled", text_at(f, no, "parts.1.state"));
    assert_string_equal("no more", text_at(f, no, "parts.1.history.1.reason"));
    assert_sound(f);
}

static void wrong_requests_are_refused(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin(), customer = who_customer();
    const uint32_t no = new_ticket(f, "S2", "x");
    char *text = calloc(1, CONTACT_BYTES_MAX + 2);
    uint32_t n;
    struct error err;

    assert_non_null(text);
    assert_refused(AF_INVALID, request(f, no, 0, &n, &err));
    assert_refused(AF_INVALID, request(f, no, PART_QTY_MAX + 1, &n, &err));
    assert_refused(AF_NOT_FOUND, request(f, 99, 1, &n, &err));
    assert_refused(AF_INVALID,
                   part_request(f->app, &who, no, &(struct part_input){.qty = 1}, &n, &err));
    assert_refused(AF_DENIED,
                   part_request(f->app, &customer, no,
                                &(struct part_input){.part = BYTES_LIT("P"), .qty = 1}, &n, &err));
    assert_refused(AF_INVALID, part_request(f->app, &who, no,
                                            &(struct part_input){.part = BYTES_LIT("P"),
                                                                 .qty = 1,
                                                                 .stock_point = BYTES_LIT("moon")},
                                            &n, &err));
    memset(text, 'a', PART_NUMBER_BYTES_MAX + 1);
    assert_refused(AF_TOO_LARGE,
                   part_request(f->app, &who, no,
                                &(struct part_input){.part = bytes_str(text), .qty = 1}, &n, &err));
    memset(text, 'a', CONTACT_BYTES_MAX + 1);
    assert_refused(AF_TOO_LARGE,
                   part_request(f->app, &who, no,
                                &(struct part_input){
                                    .part = BYTES_LIT("P"), .qty = 1, .ship_to = bytes_str(text)},
                                &n, &err));
    assert_ok(request(f, no, 1, &n, &err));
    text[TRACKING_BYTES_MAX + 1] = '\0';
    assert_refused(AF_TOO_LARGE, part_step(f->app, &who, no, 1,
                                           &(struct part_step){.event = BYTES_LIT("ship"),
                                                               .tracking = bytes_str(text)},
                                           &err));
    assert_refused(AF_NOT_FOUND, part_step(f->app, &who, no, 2,
                                           &(struct part_step){.event = BYTES_LIT("ship")}, &err));
    for (unsigned i = 1; i < TICKET_PARTS_MAX; i++)
        assert_ok(request(f, no, 1, &n, &err));
    assert_refused(AF_TOO_LARGE, request(f, no, 1, &n, &err));
    /* a point that wants nothing back, and one of several has to be named */
    set_rules(f, RULES_STOCK,
              "{'points':[{'id':'a','name':'A','calendar':'24x7',"
              "'promise':{'S1':6,'S2':6,'S3':6,'S4':6}},{'id':'b','name':'B','calendar':'24x7',"
              "'promise':{'S1':6,'S2':6,'S3':6,'S4':6}}]}");
    assert_refused(AF_INVALID, request(f, new_ticket(f, "S2", "x"), 1, &n, &err));
    assert_non_null(strstr(err.text, "several"));
    assert_refused(AF_INVALID, part_request(f->app, &who, new_ticket(f, "S2", "x"),
                                            &(struct part_input){.part = BYTES_LIT("P"),
                                                                 .qty = 1,
                                                                 .stock_point = BYTES_LIT("a"),
                                                                 .returns = PART_YES},
                                            &n, &err));
    free(text);
}

static void a_request_takes_a_bounded_number_of_steps_and_then_only_its_end(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin();
    const struct part_step promise = {.event = BYTES_LIT("promise"),
                                      .promise = BYTES_LIT("2027-01-04")};
    const uint32_t no = with_request(f, 1);
    struct error err;

    for (unsigned i = 1; i < PART_TURNS_MAX; i++)
        assert_ok(part_step(f->app, &who, no, 1, &promise, &err));
    assert_refused(AF_TOO_LARGE, part_step(f->app, &who, no, 1, &promise, &err));
    assert_ok(step(f, no, "cancel", 0, "enough", &err));
    assert_sound(f);
}

static void open_requests_are_listed_by_promise(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin();
    const uint32_t later = with_request(f, 1);
    struct error err;
    json_t *list;
    uint32_t n, sooner;

    sooner = new_ticket(f, "S1", "y");
    assert_ok(request(f, sooner, 1, &n, &err));
    assert_ok(part_list(f->app, &who,
                        &(struct outside_filter){.name = BYTES_LIT("central"), .limit = 10}, &list,
                        &err));
    assert_int_equal(2, json_array_size(json_object_get(list, "parts")));
    assert_int_equal(sooner, json_get_u64(json_array_get(json_object_get(list, "parts"), 0), "n"));
    json_decref(list);
    assert_ok(step(f, sooner, "ship", 0, "", &err));
    assert_ok(step(f, sooner, "receive", 0, "", &err));
    assert_ok(part_list(f->app, &who,
                        &(struct outside_filter){.state = BYTES_LIT("awaited"), .limit = 10}, &list,
                        &err));
    assert_int_equal(1, json_array_size(json_object_get(list, "parts")));
    assert_int_equal(later, json_get_u64(json_array_get(json_object_get(list, "parts"), 0), "n"));
    json_decref(list);
    /* what is due back is open too */
    assert_ok(part_list(f->app, &who,
                        &(struct outside_filter){.state = BYTES_LIT("received"), .limit = 10},
                        &list, &err));
    assert_int_equal(1, json_array_size(json_object_get(list, "parts")));
    json_decref(list);
    assert_refused(AF_INVALID,
                   part_list(f->app, &who,
                             &(struct outside_filter){.state = BYTES_LIT("returned"), .limit = 10},
                             &list, &err));
}

static void a_customer_sees_promise_and_tracking_and_not_our_stock(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin(), customer = who_customer();
    const uint32_t no = with_request(f, 1);
    struct error err;
    json_t *ticket, *part;
    char *all;

    assert_ok(part_step(f->app, &who, no, 1,
                        &(struct part_step){.event = BYTES_LIT("ship"),
                                            .carrier = BYTES_LIT("SF"),
                                            .tracking = BYTES_LIT("SF1234")},
                        &err));
    ticket = get(f, &customer, no);
    part = json_array_get(json_object_get(ticket, "parts"), 0);
    assert_string_equal("shipped", json_get_str(part, "state"));
    assert_string_equal("PSU-650", json_get_str(part, "part"));
    assert_true(json_get_str(part, "promise")[0] != '\0');
    assert_string_equal(
        "SF1234", json_get_str(json_array_get(json_object_get(part, "shipments"), 0), "tracking"));
    all = json_dumps(ticket, 0);
    for (unsigned i = 0; i < 5; i++) {
        static const char *const internal[] = {"central", "lin.wei", "first_promise", "from_stock",
                                               "reason"};

        if (strstr(all, internal[i]) != NULL)
            fail_msg("a customer sees \"%s\" in %s", internal[i], all);
    }
    free(all);
    json_decref(ticket);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
    const struct CMUnitTest tests[] = {
        TEST(a_promise_is_the_stock_points_working_time_or_what_it_says),
        TEST(a_moved_promise_keeps_the_first),
        TEST(portions_are_counted),
        TEST(a_request_whose_only_shipment_is_lost_begins_again),
        TEST(what_is_late_is_marked_once_and_somebody_told),
        TEST(waiting_for_parts_ends_when_all_have_arrived),
        TEST(a_ticket_does_not_close_before_its_parts_are_settled),
        TEST(cancelling_a_ticket_cancels_what_was_not_shipped),
        TEST(wrong_requests_are_refused),
        TEST(a_request_takes_a_bounded_number_of_steps_and_then_only_its_end),
        TEST(open_requests_are_listed_by_promise),
        TEST(a_customer_sees_promise_and_tracking_and_not_our_stock),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
