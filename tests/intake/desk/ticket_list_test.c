/* Lists of tickets against a naive twin that reads them all and sorts; pages that follow one
 * another; what a page may cost; rows that `check` misses. */
#include "tests/intake/api/fixture.h"

#include "intake/intake_check.h"
#include "intake/ticket/ticket_queue.h"

#include <stdio.h>

#define TICKETS 160

static const char *const groups[] = {"desk", "network", "experts"};
static const char *const people[] = {"", "lin.wei", "mori"};

static uint32_t random_below(uint64_t *seed, uint32_t n)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % n;
}

static void open_many(struct fixture *f, uint64_t *seed)
{
    static const char *const severities[] = {"S1", "S2", "S3", "S4"};
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    static const char *const steps[] = {"take",    "wait_customer", "resume", "resolve",
                                        "close",   "reopen",        "spam",   "cancel",
                                        "restore", "accept"};

    for (uint32_t i = 0; i < TICKETS; i++) {
        struct ticket_opened opened;
        struct error err;

        clock_fix(START_MS + (int64_t)i * 3600000);
        assert_ok(ticket_open(f->app, &staff,
                              &(struct ticket_input){
                                  .severity = bytes_str(severities[random_below(seed, 4)]),
                                  .channel = BYTES_LIT("phone"),
                                  .title = BYTES_LIT("It blinks"),
                                  .product = bytes_str(random_below(seed, 9) == 0 ? "P" : "Q"),
                              },
                              &opened, &err));
        for (uint32_t s = random_below(seed, 8); s > 0; s--) {
            enum status status = ticket_move(f->app, &staff, opened.no,
                                             bytes_str(steps[random_below(seed, 10)]),
                                             BYTES_LIT("why not"), &err);

            assert_true(status == AF_OK || status == AF_CONFLICT);
        }
    }
}

/* A group and a person as those who route and assign would have written them. */
static void spread(struct fixture *f, uint64_t *seed)
{
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    for (uint32_t no = 1; no <= TICKETS; no++) {
        const struct command command = {.at_ms = clock_now_ms() + no};
        bool ok = true;
        json_t *ticket;

        assert_ok(ticket_load(txn, no, &ticket, &err));
        json_put(ticket, "group", json_string(groups[random_below(seed, 3)]), &ok);
        json_put(ticket, "person", json_string(people[random_below(seed, 3)]), &ok);
        assert_true(ok);
        assert_ok(ticket_save(txn, ticket, &command, &err));
        json_decref(ticket);
    }
    assert_ok(txn_commit(txn, &err));
}

/* --- the twin -------------------------------------------------------------------------------- */

struct row {
    uint32_t no;
    int64_t when;
};

static int by_due(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->when != y->when)
        return x->when < y->when ? -1 : 1;
    return x->no < y->no ? -1 : 1;
}

static bool wanted(const struct ticket_filter *filter, const json_t *ticket)
{
    const char *state = json_get_str(ticket, "state");
    bool is_open = strstr("closed out_of_scope cancelled spam", state) == NULL;

    if (bytes_equal(filter->state, BYTES_LIT("open")) && !is_open)
        return false;
    if (filter->state.len > 0 && !bytes_equal(filter->state, BYTES_LIT("open")) &&
        !bytes_equal(filter->state, bytes_str(state)))
        return false;
    if (filter->person.len > 0 &&
        (!is_open || !bytes_equal(filter->person, bytes_str(json_get_str(ticket, "person")))))
        return false;
    return (filter->group.len == 0 ||
            bytes_equal(filter->group, bytes_str(json_get_str(ticket, "group")))) &&
           (filter->product.len == 0 ||
            bytes_equal(filter->product, bytes_str(json_get_str(ticket, "product"))));
}

static size_t twin(struct fixture *f, const struct ticket_filter *filter, struct row *rows)
{
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    size_t count = 0;

    for (uint32_t no = TICKETS; no > 0; no--) {
        json_t *ticket, *clock;
        struct error err;
        size_t i;

        assert_ok(ticket_get(f->app, &staff, no, &ticket, &err));
        if (wanted(filter, ticket)) {
            struct row row = {no, INT64_MAX / 2};
            int64_t at_ms;

            if (strstr("closed out_of_scope cancelled spam", json_get_str(ticket, "state"))) {
                assert_true(clock_parse(bytes_str(json_get_str(ticket, "updated")), &at_ms));
                row.when = INT64_MAX - at_ms;
            } else {
                json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
                {
                    if (strcmp(json_get_str(clock, "state"), "running") == 0 &&
                        clock_parse(bytes_str(json_get_str(clock, "due")), &at_ms) &&
                        at_ms < row.when)
                        row.when = at_ms;
                }
            }
            rows[count++] = row;
        }
        json_decref(ticket);
    }
    if (filter->by_due)
        qsort(rows, count, sizeof rows[0], by_due);
    return count;
}

/* All pages, one after another. */
static size_t ask_pages(struct fixture *f, struct ticket_filter filter, uint32_t *numbers)
{
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    char after[64] = "";
    size_t count = 0;

    for (;;) {
        json_t *list, *row;
        struct error err;
        size_t i;

        filter.after = bytes_str(after);
        assert_ok(ticket_list(f->app, &staff, &filter, &list, &err));
        json_array_foreach(json_object_get(list, "tickets"), i, row)
        {
            assert_true(count < TICKETS);
            numbers[count++] = (uint32_t)json_get_u64(row, "n");
        }
        assert_true(i <= filter.limit);
        filter.before = (uint32_t)json_get_u64(list, "next");
        (void)snprintf(after, sizeof after, "%s", json_get_str(list, "after"));
        json_decref(list);
        if (after[0] == '\0' && filter.before == 0)
            return count;
    }
}

static void demand_same(struct fixture *f, const struct ticket_filter *filter)
{
    static struct row rows[TICKETS];
    static uint32_t numbers[TICKETS];
    size_t count = twin(f, filter, rows), got = ask_pages(f, *filter, numbers);

    for (size_t i = 0; i < count && i < got; i++)
        if (rows[i].no != numbers[i])
            fail_msg("state %.*s group %.*s: place %zu is ticket %u, not %u",
                     (int)filter->state.len, (const char *)filter->state.data,
                     (int)filter->group.len, (const char *)filter->group.data, i, numbers[i],
                     rows[i].no);
    assert_int_equal(count, got);
}

static void lists_are_those_of_the_twin(void **state)
{
    static const char *const states[] = {"",         "open",     "submitted", "in_progress",
                                         "resolved", "closed",   "spam",      "pending_customer"};
    static const char *const some_groups[] = {"", "desk", "experts", "nobody"};
    struct fixture *f = *state;
    uint64_t seed = 20261122;

    open_many(f, &seed);
    spread(f, &seed);
    for (unsigned due = 0; due < 2; due++)
        for (size_t s = 0; s < sizeof states / sizeof states[0]; s++)
            for (size_t g = 0; g < 4; g++)
                for (size_t p = 0; p < 3; p++)
                    demand_same(f, &(struct ticket_filter){
                                       .state = bytes_str(states[s]),
                                       .group = bytes_str(some_groups[g]),
                                       .person = bytes_str(people[p]),
                                       .product = bytes_str((s + g + p) % 3 == 0 ? "P" : ""),
                                       .by_due = due == 1,
                                       .limit = (uint32_t)(7 + 20 * p)});
}

static void demand_counts(struct fixture *f, const char *group, const char *person)
{
    static struct row rows[TICKETS];
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    uint32_t counts[TICKET_STATES];
    struct error err;

    assert_ok(ticket_counts(f->app, &staff, bytes_str(group), bytes_str(person), counts, &err));
    for (unsigned s = 0; s < TICKET_STATES; s++) {
        const struct ticket_filter filter = {
            .state = bytes_str(ticket_state_name((enum ticket_state)s)),
            .group = bytes_str(person[0] != '\0' ? "" : group),
            .person = bytes_str(person)};

        assert_int_equal(twin(f, &filter, rows), counts[s]);
    }
}

static void how_many_there_are_is_counted_without_reading_them(void **state)
{
    struct fixture *f = *state;
    uint64_t seed = 7;

    open_many(f, &seed);
    spread(f, &seed);
    demand_counts(f, "", "");
    demand_counts(f, "experts", "");
    demand_counts(f, "desk", "mori");
    demand_counts(f, "nobody", "");
}

static void a_filter_that_is_none_is_refused(void **state)
{
    static const struct ticket_filter rows[] = {
        {.limit = 0},
        {.limit = TICKET_LIST_MAX + 1},
        {.limit = 1, .state = BYTES_LIT("gone")},
        {.limit = 1, .by_due = true, .after = BYTES_LIT("yesterday")},
        {.limit = 1, .by_due = true, .after = BYTES_LIT("17-")},
        {.limit = 1, .by_due = true, .after = BYTES_LIT("17-4 ")},
        {.limit = 1, .by_due = true, .after = BYTES_LIT("-17-4")},
        {.limit = 1, .by_due = true, .after = BYTES_LIT("17-4294967295")},
    };
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei"), customer = who_customer();
    struct fixture *f = *state;
    json_t *list;
    struct error err;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (ticket_list(f->app, &staff, &rows[i], &list, &err) != AF_INVALID)
            fail_msg("row %zu", i);
    assert_int_equal(AF_DENIED, ticket_list(f->app, &customer,
                                            &(struct ticket_filter){.limit = 1}, &list, &err));
}

/* A filter that nothing passes looks at a bounded number of tickets and says where it stopped. */
static void one_page_looks_at_a_bounded_number_of_tickets(void **state)
{
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    struct fixture *f = *state;
    struct ticket_opened opened;
    struct txn *txn;
    struct error err;
    json_t *ticket, *list;
    uint32_t counts[TICKET_STATES];

    assert_ok(ticket_open(f->app, &staff,
                          &(struct ticket_input){.channel = BYTES_LIT("phone"),
                                                 .title = BYTES_LIT("It blinks")},
                          &opened, &err));
    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(ticket_load(txn, opened.no, &ticket, &err));
    for (json_int_t no = 2; no <= TICKET_LIST_SCAN_MAX + 5; no++) {
        const struct command command = {.at_ms = clock_now_ms()};
        bool ok = true;

        json_put(ticket, "n", json_integer(no), &ok);
        (void)json_object_del(ticket, "queued");
        (void)json_object_del(ticket, "next_clock");
        assert_true(ok);
        assert_ok(ticket_save(txn, ticket, &command, &err));
    }
    json_decref(ticket);
    assert_ok(txn_commit(txn, &err));
    for (unsigned due = 0; due < 2; due++) {
        struct ticket_filter filter = {
            .product = BYTES_LIT("none has it"), .limit = 5, .by_due = due == 1};

        assert_ok(ticket_list(f->app, &staff, &filter, &list, &err));
        assert_int_equal(0, json_array_size(json_object_get(list, "tickets")));
        if (due == 0)
            assert_int_equal(6, json_get_u64(list, "next"));
        else
            assert_true(json_get_str(list, "after")[0] != '\0');
        json_decref(list);
    }
    assert_ok(ticket_counts(f->app, &staff, BYTES_NONE, BYTES_NONE, counts, &err));
    assert_int_equal(TICKET_COUNT_MAX, counts[TICKET_SUBMITTED]); /* there are more */
}

/* --- check ----------------------------------------------------------------------------------- */

static void remember(void *context, const char *sentence)
{
    char *said = context;

    if (said[0] == '\0')
        (void)snprintf(said, 300, "%s", sentence);
}

static void a_row_that_is_missing_or_too_many_is_named(void **state)
{
    static const char *const wanted_words[] = {"", "is not in table ticket_queue",
                                               "table ticket_queue", "its history ends"};
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    struct fixture *f = *state;
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &staff,
                          &(struct ticket_input){.channel = BYTES_LIT("phone"),
                                                 .title = BYTES_LIT("It blinks")},
                          &opened, &err));
    for (unsigned round = 0; round < 4; round++) {
        uint8_t bytes[QUEUE_KEY_BYTES_MAX], number[4];
        struct queue_place place;
        char said[300] = "";
        struct txn *txn;
        json_t *ticket;

        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        assert_ok(ticket_load(txn, opened.no, &ticket, &err));
        place = ticket_queue_place_of(ticket, 0);
        if (round == 1)
            assert_ok(store_delete(txn, TABLE_TICKET_QUEUE,
                                   ticket_queue_key('a', "", &place, bytes), &err));
        if (round == 2)
            assert_ok(store_put(txn, TABLE_TICKET_QUEUE,
                                ticket_queue_key('p', "mori", &place, bytes), BYTES_LIT(""),
                                &err));
        if (round == 3) {
            bool ok = true;

            json_put(ticket, "state", json_string("closed"), &ok);
            put_be32(number, opened.no);
            assert_ok(store_put_json(txn, TABLE_TICKET, bytes_of(number, 4), ticket, &err));
        }
        for (const check_more_fn *look = intake_checks; *look != NULL; look++)
            assert_ok((*look)(txn, remember, said, &err));
        if (round == 0 ? said[0] != '\0' : strstr(said, wanted_words[round]) == NULL)
            fail_msg("round %u: \"%s\"", round, said);
        json_decref(ticket);
        txn_abort(txn);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(lists_are_those_of_the_twin),
        TEST(how_many_there_are_is_counted_without_reading_them),
        TEST(a_filter_that_is_none_is_refused),
        TEST(one_page_looks_at_a_bounded_number_of_tickets),
        TEST(a_row_that_is_missing_or_too_many_is_named),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
