/* Two questions in one ticket: what the new one takes along, and what may not be. */
#include "tests/intake/desk/desk.h"

#include "data/dump.h"
#include "data/tables.h"
#include "intake/desk/ticket_split.h"
#include "intake/desk/ticket_ties.h"
#include "intake/ticket/ticket_relation.h"

static enum status split(struct fixture *f, const struct who *who, uint32_t no, const char *posts,
                         struct ticket_opened *out, struct error *err)
{
    json_t *list = test_json_quoted(posts);
    const enum status status =
        ticket_split(f->app, who, no,
                     &(struct ticket_split_input){.posts = list,
                                                  .title = BYTES_LIT("It rings twice"),
                                                  .reason = BYTES_LIT("another question"),
                                                  .key = "a key"},
                     out, err);

    json_decref(list);
    return status;
}

#define MINUTE_MS INT64_C(60000)

/* Ticket 1: posts 1 (customer), 2 (staff), 3 (internal), 4 (customer). */
static uint32_t open_thread(struct fixture *f)
{
    const uint32_t no = desk_open(f);
    struct error err;

    clock_fix(START_MS + MINUTE_MS);
    desk_reply(f, CUSTOMER, no, "And it rings twice.");
    clock_fix(START_MS + (TICKET_REPORT_DAYS + 1) * 24 * 60 * MINUTE_MS);
    desk_reply(f, LIN, no, "Since when?");
    assert_ok(ticket_reply(f->app, LIN, no, BYTES_LIT("Not the old bug?"), true, NULL, &err));
    desk_reply(f, CUSTOMER, no, "Since Monday.");
    return no;
}

static void the_new_ticket_has_the_chosen_words_and_begins_with_the_first(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = open_thread(f);
    json_t *old = desk_get(f, LIN, no), *before, *new, *seen, *after;
    struct ticket_opened opened, again;
    struct error err;
    const char *text, *at;

    before = json_object_get(old, "posts");
    at = json_get_str(json_array_get(before, 0), "at");
    assert_ok(split(f, LIN, no, "[4,1,2,3]", &opened, &err));
    new = desk_get(f, LIN, opened.no);
    text = json_get_str(new, "text");
    assert_non_null(strstr(text, ", customer]\nAnd it rings twice.\n\n["));
    assert_non_null(strstr(text, ", staff]\nSince when?\n\n["));
    assert_non_null(strstr(text, ", customer]\nSince Monday."));
    assert_null(strstr(text, "old bug"));
    assert_null(strstr(text, "lin.wei"));
    assert_string_equal("Not the old bug?", desk_texts(f, new));
    assert_string_equal(at, json_get_str(new, "reported"));
    assert_string_equal("split", json_get_str(new, "exempt"));
    assert_string_equal("phone", json_get_str(new, "channel"));
    assert_string_equal("S3", json_get_str(new, "severity"));
    assert_string_equal("en", json_get_str(new, "lang"));
    assert_true(json_equal(json_object_get(old, "contact"), json_object_get(new, "contact")));
    seen = desk_get(f, CUSTOMER, opened.no);
    assert_string_equal("", desk_texts(f, seen));
    /* Nothing left the old one, and its reporter sees no more than before. */
    after = desk_get(f, LIN, no);
    assert_true(json_equal(before, json_object_get(after, "posts")));
    assert_int_equal(json_array_size(json_object_get(old, "history")) + 1,
                     json_array_size(json_object_get(after, "history")));
    assert_ok(split(f, LIN, no, "[1,2,3,4]", &again, &err)); /* a repeat */
    assert_int_equal(opened.no, again.no);
    assert_string_equal(opened.follow_up, again.follow_up);
    assert_string_equal("", desk_faults(f));
    json_decref(old);
    json_decref(new);
    json_decref(seen);
    json_decref(after);
}

static void both_say_what_they_are_to_each_other(void **state)
{
    static const char *const kinds[] = {"split_into", "split_from"};
    struct fixture *f = *state;
    const uint32_t no = open_thread(f);
    struct ticket_opened opened;
    struct error err;

    assert_ok(split(f, LIN, no, "[0]", &opened, &err));
    for (size_t i = 0; i < 2; i++) {
        json_t *ticket = desk_get(f, LIN, i == 0 ? no : opened.no);
        const json_t *history = json_object_get(ticket, "history");
        const json_t *event = json_array_get(history, json_array_size(history) - 1);
        const json_t *tie = json_array_get(json_object_get(ticket, "relations"), 0);
        const uint32_t other = i == 0 ? opened.no : no;

        assert_string_equal("split", json_get_str(event, "event"));
        assert_string_equal("lin.wei", json_get_str(event, "by"));
        assert_string_equal("another question", json_get_str(event, "reason"));
        assert_int_equal(other, json_get_u64(event, "other"));
        assert_string_equal(kinds[i], json_get_str(tie, "kind"));
        assert_int_equal(other, json_get_u64(tie, "ticket"));
        json_decref(ticket);
    }
}

static void what_may_not_be_split_is_refused_and_opens_nothing(void **state)
{
    struct fixture *f = *state;
    const struct {
        const struct who *who;
        uint32_t no;
        const char *posts;
        enum status wanted;
        const char *named;
    } rows[] = {
        {CUSTOMER, 1,  "[1]",     AF_DENIED,    NULL                 },
        {LIN,      99, "[1]",     AF_NOT_FOUND, "no ticket 99"       },
        {LIN,      1,  "[]",      AF_INVALID,   "\"posts\" is empty" },
        {LIN,      1,  "[5]",     AF_INVALID,   "has posts 1 to 4"   },
        {LIN,      1,  "[-1]",    AF_INVALID,   "has posts 1 to 4"   },
        {LIN,      1,  "['1']",   AF_INVALID,   "has posts 1 to 4"   },
        {LIN,      1,  "[1,2,1]", AF_INVALID,   "post 1 is there twi"},
        {LIN,      2,  "[0]",     AF_CONFLICT,  "nothing is split"   },
        {LIN,      3,  "[0]",     AF_CONFLICT,  "nothing is split"   },
    };
    struct ticket_opened opened;
    uint32_t survivor;
    struct error err;
    json_t *ticket;

    (void)open_thread(f);
    desk_move(f, desk_open(f), "spam");
    assert_ok(ticket_merge(f->app, LIN, desk_open(f), 1, BYTES_LIT(""), &survivor, &err));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const enum status status = split(f, rows[i].who, rows[i].no, rows[i].posts, &opened, &err);

        if (status != rows[i].wanted ||
            (rows[i].named != NULL && strstr(err.text, rows[i].named) == NULL))
            fail_msg("%u %s: %s %s", rows[i].no, rows[i].posts, status_name(status), err.text);
    }
    assert_int_equal(AF_NOT_FOUND, ticket_get(f->app, LIN, 4, &ticket, &err));
    assert_string_equal("", desk_faults(f));
}

static void too_many_posts_and_too_many_words_are_refused(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = desk_open(f);
    struct ticket_opened opened;
    struct error err;
    char *words = malloc(TICKET_TEXT_BYTES_MAX + 1);
    json_t *posts = json_array();

    assert_non_null(words);
    memset(words, 'x', TICKET_TEXT_BYTES_MAX);
    words[TICKET_TEXT_BYTES_MAX] = '\0';
    desk_reply(f, CUSTOMER, no, words);
    assert_int_equal(AF_TOO_LARGE, split(f, LIN, no, "[1]", &opened, &err));
    for (json_int_t i = 0; i <= TICKET_POSTS_MAX + 1; i++)
        assert_int_equal(0, json_array_append_new(posts, json_integer(i)));
    assert_int_equal(AF_TOO_LARGE, ticket_split(f->app, LIN, no,
                                                &(struct ticket_split_input){
                                                    .posts = posts, .title = BYTES_LIT("t")},
                                                &opened, &err));
    json_decref(posts);
    free(words);
}

static void words_of_another_reporter_become_a_note(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = desk_open(f), other = desk_open_as(f, "S3", "b@example.org");
    struct ticket_opened opened;
    uint32_t survivor;
    struct error err;
    json_t *new;

    assert_ok(ticket_merge(f->app, LIN, other, no, BYTES_LIT(""), &survivor, &err));
    desk_reply(f, CUSTOMER, other, "Mine too, call 123.");
    assert_ok(split(f, LIN, no, "[0,1]", &opened, &err));
    new = desk_get(f, CUSTOMER, opened.no);
    assert_null(strstr(json_get_str(new, "text"), "call 123"));
    assert_string_equal("", desk_texts(f, new));
    json_decref(new);
    new = desk_get(f, LIN, opened.no);
    assert_string_equal("Mine too, call 123.", desk_texts(f, new));
    json_decref(new);
}

static void a_version_that_is_not_the_old_ones_is_refused(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = open_thread(f);
    struct who late = *LIN;
    struct ticket_opened opened;
    struct error err;

    late.if_version = 1;
    assert_int_equal(AF_CHANGED, split(f, &late, no, "[1]", &opened, &err));
    late.if_version = 5;
    assert_ok(split(f, &late, no, "[1]", &opened, &err));
}

static void check_names_a_split_without_its_relation(void **state)
{
    static const struct {
        bool old, new;
        const char *said;
    } rows[] = {
        {true,  false, "2 split_from 1: the relation stands on this side only"},
        {false, true,  "1 split_into 2: the relation stands on this side only"},
        {true,  true,  "no relation says from which"                          },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const uint8_t into[] = {0, 0, 0, 1, RELATION_SPLIT_INTO, 0, 0, 0, 2};
        static const uint8_t from[] = {0, 0, 0, 2, RELATION_SPLIT_FROM, 0, 0, 0, 1};
        struct fixture *f;
        struct ticket_opened opened;
        struct error err;
        struct txn *txn;

        assert_int_equal(0, fixture_begin((void **)&f));
        assert_ok(split(f, LIN, open_thread(f), "[1]", &opened, &err));
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        if (rows[i].old)
            assert_ok(store_delete(txn, TABLE_TICKET_RELATION, bytes_of(into, sizeof into), &err));
        if (rows[i].new)
            assert_ok(store_delete(txn, TABLE_TICKET_RELATION, bytes_of(from, sizeof from), &err));
        assert_ok(txn_commit(txn, &err));
        if (strstr(desk_faults(f), rows[i].said) == NULL)
            fail_msg("row %zu: %s", i, desk_faults(f));
        fixture_end((void **)&f);
    }
}

static void a_replay_of_it_gives_the_same_tables(void **state)
{
    struct fixture *f = *state;
    char *dir = test_dir_new();
    FILE *dump = tmpfile();
    struct ticket_opened opened;
    struct txn *a, *b;
    struct app *other;
    struct error err;
    uint64_t entries;

    assert_non_null(dump);
    assert_ok(split(f, LIN, open_thread(f), "[0,1,3]", &opened, &err));
    assert_ok(dump_write(app_store(f->app), dump, NULL, NULL, &err));
    rewind(dump);
    assert_ok(app_open(dir, APP_WRITE, &other, &err));
    assert_ok(dump_load(app_store(other), app_journal(other), dump, NULL, NULL, &entries, &err));
    assert_ok(store_begin_read(app_store(f->app), &a, &err));
    assert_ok(store_begin_read(app_store(other), &b, &err));
    assert_int_equal(2, store_sum(a, TABLE_TICKET_RELATION).count);
    for (unsigned table = TABLE_CONSULT; table < TABLE_COUNT; table++) {
        const struct table_sum x = store_sum(a, (enum table)table);
        const struct table_sum y = store_sum(b, (enum table)table);

        if (x.count != y.count || x.sum != y.sum)
            fail_msg("table %s is another after a replay", table_name((enum table)table));
    }
    txn_abort(a);
    txn_abort(b);
    app_close(other);
    (void)fclose(dump);
    test_dir_remove(dir);
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(the_new_ticket_has_the_chosen_words_and_begins_with_the_first),
        WITH_STORE(both_say_what_they_are_to_each_other),
        WITH_STORE(what_may_not_be_split_is_refused_and_opens_nothing),
        WITH_STORE(too_many_posts_and_too_many_words_are_refused),
        WITH_STORE(words_of_another_reporter_become_a_note),
        WITH_STORE(a_version_that_is_not_the_old_ones_is_refused),
        WITH_STORE(a_replay_of_it_gives_the_same_tables),
        cmocka_unit_test(check_names_a_split_without_its_relation),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
