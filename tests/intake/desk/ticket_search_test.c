/* Lists of what texts find. */
#include "tests/intake/api/fixture.h"

#include <stdio.h>

static struct who staff(void)
{
    return who_staff(ROLE_ENGINEER, "lin.wei");
}

static uint32_t open_one(struct fixture *f, const char *title, const char *product)
{
    const struct who who = staff();
    const struct ticket_input input = {
        .channel = BYTES_LIT("phone"), .title = bytes_str(title), .product = bytes_str(product)};
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    return opened.no;
}

static void move(struct fixture *f, uint32_t no, const char *event)
{
    const struct who who = staff();
    struct error err;

    assert_ok(ticket_move(f->app, &who, no, bytes_str(event), BYTES_LIT("why not"), &err));
}

/* The numbers that the filter lists, in order. */
static const char *listed(struct fixture *f, struct ticket_filter filter)
{
    static char numbers[200];
    const struct who who = staff();
    const json_t *row;
    struct error err;
    json_t *list;
    size_t i;

    filter.limit = filter.limit == 0 ? 50 : filter.limit;
    assert_ok(ticket_list(f->app, &who, &filter, &list, &err));
    numbers[0] = '\0';
    json_array_foreach(json_object_get(list, "tickets"), i, row)
    {
        size_t len = strlen(numbers);

        (void)snprintf(numbers + len, sizeof numbers - len, "%s%u", i == 0 ? "" : " ",
                       (unsigned)json_get_u64(row, "n"));
        assert_true(json_is_array(json_object_get(row, "reasons")));
    }
    json_decref(list);
    return numbers;
}

#define FOUND(...) listed(f, (struct ticket_filter){.text = BYTES_LIT("diode"), __VA_ARGS__})

static void a_text_is_filtered_as_other_lists_are(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff(), customer = who_customer();
    struct ticket_filter filter = {.text = BYTES_LIT("diode"), .limit = 10};
    struct error err;
    json_t *list;

    (void)open_one(f, "Diode", "A");
    (void)open_one(f, "Diode flickers", "B");
    (void)open_one(f, "Diode flickers in the dark", "B");
    (void)open_one(f, "No such thing", "B");
    (void)open_one(f, "Diode flickers in the dark at times", "B");
    move(f, 2, "take");
    move(f, 3, "take");
    move(f, 3, "resolve");
    move(f, 5, "cancel");
    assert_string_equal("1 2 3 5", FOUND());
    assert_string_equal("1 2", FOUND(.limit = 2));
    assert_string_equal("2 3 5", FOUND(.product = BYTES_LIT("B")));
    assert_string_equal("1 2 3", FOUND(.state = BYTES_LIT("open")));
    assert_string_equal("1", FOUND(.state = BYTES_LIT("submitted")));
    assert_string_equal("2", FOUND(.state = BYTES_LIT("in_progress")));
    assert_string_equal("3", FOUND(.state = BYTES_LIT("resolved")));
    assert_string_equal("5", FOUND(.state = BYTES_LIT("cancelled")));
    assert_string_equal("", FOUND(.state = BYTES_LIT("closed")));
    assert_string_equal("1 2 3 5", FOUND(.group = BYTES_LIT("desk")));
    assert_string_equal("", FOUND(.group = BYTES_LIT("none")));
    assert_string_equal("", FOUND(.person = BYTES_LIT("nobody")));
    assert_refused(AF_DENIED, ticket_list(f->app, &customer, &filter, &list, &err));
    filter.state = BYTES_LIT("nonsense");
    assert_refused(AF_INVALID, ticket_list(f->app, &who, &filter, &list, &err));
}

/* Copies of one ticket, all found by the same word; the first says more, so it is found last. */
static void make_many(struct fixture *f, uint32_t count)
{
    const struct command command = {.at_ms = START_MS, .seq = 1}; /* which the index reads later */
    struct txn *txn;
    struct error err;
    json_t *ticket;

    assert_int_equal(1, open_one(f, "Diode that is broken in many other ways as well", "A"));
    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(ticket_load(txn, 1, &ticket, &err));
    for (uint32_t no = 2; no <= count; no++) {
        bool ok = true;

        json_put(ticket, "n", json_integer(no), &ok);
        json_put(ticket, "title", json_string("Diode"), &ok);
        json_put(ticket, "group", json_string("others"), &ok);
        (void)json_object_del(ticket, "queued");
        (void)json_object_del(ticket, "next_clock");
        (void)json_object_del(ticket, "indexed");
        assert_true(ok);
        assert_ok(ticket_save(txn, ticket, &command, &err));
    }
    json_decref(ticket);
    assert_ok(txn_commit(txn, &err));
}

static void one_list_looks_at_a_bounded_number_of_tickets(void **state)
{
    struct fixture *f = *state;

    make_many(f, TICKET_SEARCH_MOST);
    assert_string_equal("1", FOUND(.group = BYTES_LIT("desk")));
}

static void what_is_found_beyond_that_is_not_listed(void **state)
{
    struct fixture *f = *state;

    make_many(f, TICKET_SEARCH_MOST + 1);
    assert_string_equal("", FOUND(.group = BYTES_LIT("desk")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(a_text_is_filtered_as_other_lists_are),
        TEST(one_list_looks_at_a_bounded_number_of_tickets),
        TEST(what_is_found_beyond_that_is_not_listed),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
