/* Tickets are found by their words as soon as the command that wrote those returned, whatever
 * became of the index's files meanwhile. */
#include "tests/intake/api/fixture.h"

#include "data/dump.h"
#include "intake/intake_check.h"
#include "intake/ticket/ticket_source.h"
#include "intake/ticket/ticket_text.h"
#include "intake/ticket_index.h"

#include <stdio.h>
#include <unistd.h>

/* --- short ways ----------------------------------------------------------------------------- */

static struct who staff(void)
{
    return who_staff(ROLE_ENGINEER, "lin.wei");
}

static uint32_t open_ticket(struct fixture *f, const char *title, const char *text,
                            const json_t *contact)
{
    const struct who who = staff();
    const struct ticket_input input = {.channel = BYTES_LIT("phone"),
                                       .title = bytes_str(title),
                                       .text = bytes_str(text),
                                       .product = BYTES_LIT("NetHome"),
                                       .contact = contact};
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    return opened.no;
}

static void reply(struct fixture *f, uint32_t no, bool by_staff, bool internal, const char *text)
{
    const struct who who = by_staff ? staff() : who_customer();
    struct error err;

    assert_ok(ticket_reply(f->app, &who, no, bytes_str(text), internal, NULL, &err));
}

static void move(struct fixture *f, uint32_t no, const char *event)
{
    const struct who who = staff();
    struct error err;

    assert_ok(ticket_move(f->app, &who, no, bytes_str(event), BYTES_LIT("why not"), &err));
}

/* The numbers that are found, best first: "2 1". */
static const char *found(struct fixture *f, const char *text, const char *stage)
{
    static char numbers[200];
    const struct search_request request = {.query = bytes_str(text),
                                           .limit = 20,
                                           .category = bytes_str(stage),
                                           .audience = AUDIENCE_INTERNAL,
                                           .snippets = true};
    struct search_result result = {0};
    struct error err;

    arena_clear(f->arena);
    assert_ok(ticket_index_search(app_tickets(f->app), &request, f->arena, &result, &err));
    numbers[0] = '\0';
    for (uint32_t i = 0; i < result.hits_count; i++) {
        size_t len = strlen(numbers);

        (void)snprintf(numbers + len, sizeof numbers - len, "%s%u", i == 0 ? "" : " ",
                       result.hits[i].no);
    }
    return numbers;
}

static void reopen(struct fixture *f)
{
    struct error err;

    app_close(f->app);
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
}

static void remove_index(struct fixture *f)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};
    char path[4096];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(path, sizeof path, "%s/%s/%s", f->dir, index_tickets.folder, files[i]);
        assert_int_equal(0, unlink(path));
    }
}

/* --- what is found --------------------------------------------------------------------------- */

static void make(struct fixture *f)
{
    json_t *contact = test_json_quoted("{'name':'Wang Fang','mail':'wang@example.com'}");

    assert_int_equal(1, open_ticket(f, "Router overheats", "It smells of caramel", contact));
    assert_int_equal(2, open_ticket(f, "打印机卡纸", "每天早上都会卡住", NULL));
    json_decref(contact);
    reply(f, 1, false, false, "Now the diode is violet");
    reply(f, 1, true, true, "suspect the capacitor");
    reply(f, 1, true, false, "Please replace the adapter");
}

static void assert_all_found(struct fixture *f)
{
    static const struct {
        const char *text, *numbers;
    } rows[] = {
        {"overheats",               "1"}, /* title */
        {"caramel",                 "1"}, /* text */
        {"diode violet",            "1"}, /* post of the customer */
        {"capacitor",               "1"}, /* internal note */
        {"adapter",                 "1"}, /* public post of ours */
        {"Wang Fang",               "1"}, /* contact */
        {"wang@example.com",        "1"},
        {"AF-2026-000002",          "2"}, /* number, whole and in part */
        {"000002",                  "2"},
        {"卡纸",                  "2"},
        {"打印机",               "2"},
        {"overhaets",               "1"}, /* a slip */
        {"hums",                    "" }, /* a word of a case alone */
        {"\"replace the adapter\"", "1"}, /* quoted: the text itself is read */
        {"\"replace adapter\"",     "" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].numbers, found(f, rows[i].text, "")) != 0)
            fail_msg("\"%s\" found %s and not %s", rows[i].text, found(f, rows[i].text, ""),
                     rows[i].numbers);
}

static void each_text_of_a_ticket_finds_it_at_once_and_ever_after(void **state)
{
    struct fixture *f = *state;
    struct error err;

    make(f);
    assert_all_found(f);
    assert_ok(ticket_index_flush(app_tickets(f->app), &err));
    assert_all_found(f);
    reopen(f);
    assert_all_found(f);
    app_close(f->app);
    remove_index(f);
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    assert_all_found(f);
    assert_ok(ticket_index_flush(app_tickets(f->app), &err));
    assert_all_found(f);
}

static void cases_are_not_found_otherwise_than_before(void **state)
{
    struct fixture *f = *state;
    struct search_request request = {
        .query = BYTES_LIT("router"), .limit = 20, .audience = AUDIENCE_INTERNAL};
    struct search_result before, after;
    struct error err;

    assert_ok(app_search(f->app, &request, f->arena, &before, &err));
    make(f);
    assert_string_equal("1", found(f, "router", ""));
    assert_ok(app_search(f->app, &request, f->ids, &after, &err));
    assert_int_equal(3, after.hits_count);
    assert_int_equal(3, before.hits_count);
    for (uint32_t i = 0; i < after.hits_count; i++)
        assert_true(after.hits[i].score > 0);
    request.query = BYTES_LIT("caramel");
    assert_ok(app_search(f->app, &request, f->ids, &after, &err));
    assert_int_equal(0, after.hits_count);
}

static void how_far_a_ticket_is_can_be_filtered_by(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff();
    struct error err;

    make(f);
    assert_string_equal("1", found(f, "caramel", TICKET_FOUND_OPEN));
    assert_string_equal("", found(f, "caramel", TICKET_FOUND_SOLVED));
    move(f, 1, "take");
    assert_ok(ticket_link(f->app, &who, 1, BYTES_LIT("K-2"), BYTES_LIT("resolved_by"), &err));
    assert_string_equal("", found(f, "hums", "")); /* what resolves it is said when it does */
    move(f, 1, "resolve");
    assert_string_equal("", found(f, "caramel", TICKET_FOUND_OPEN));
    assert_string_equal("1", found(f, "caramel", TICKET_FOUND_SOLVED));
    assert_string_equal("1", found(f, "hums", ""));
    move(f, 1, "close");
    assert_string_equal("1", found(f, "caramel", TICKET_FOUND_SOLVED));
    move(f, 1, "reopen");
    assert_string_equal("1", found(f, "caramel", TICKET_FOUND_OPEN));
    move(f, 1, "cancel");
    assert_string_equal("1", found(f, "caramel", TICKET_FOUND_ENDED));
    move(f, 2, "spam");
    assert_string_equal("", found(f, "卡纸", ""));
}

/* --- its rows -------------------------------------------------------------------------------- */

static struct table_sum rows_of(struct fixture *f)
{
    struct table_sum sum;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    sum = store_sum(txn, TABLE_TICKET_TEXT);
    txn_abort(txn);
    return sum;
}

static void what_changes_no_text_moves_no_row(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff();
    struct table_sum before;
    struct error err;

    make(f);
    assert_int_equal(2, rows_of(f).count);
    before = rows_of(f);
    move(f, 1, "take");
    assert_ok(ticket_severity(f->app, &who, 1, BYTES_LIT("S2"), BYTES_LIT("worse"), false, &err));
    assert_ok(ticket_link(f->app, &who, 1, BYTES_LIT("K-1"), BYTES_LIT("consulted"), &err));
    assert_int_equal(before.sum, rows_of(f).sum);
    reply(f, 1, false, false, "and?");
    assert_true(before.sum != rows_of(f).sum);
    assert_int_equal(2, rows_of(f).count);
}

/* Nobody outside is told of it. */
static void the_record_shows_nothing_of_it(void **state)
{
    const struct who who = staff();
    struct fixture *f = *state;
    json_t *ticket;
    struct error err;

    make(f);
    assert_ok(ticket_get(f->app, &who, 1, &ticket, &err));
    assert_null(json_object_get(ticket, "indexed"));
    json_decref(ticket);
}

static void remember(void *context, const char *sentence)
{
    char *said = context;

    if (said[0] == '\0')
        (void)snprintf(said, 300, "%s", sentence);
}

static struct bytes row_of(const json_t *ticket, uint8_t key[12])
{
    put_be64(key, json_get_u64(json_object_get(ticket, "indexed"), "seq"));
    put_be32(key + 8, (uint32_t)json_get_u64(ticket, "n"));
    return bytes_of(key, 12);
}

static void a_row_or_print_that_is_wrong_is_named(void **state)
{
    static const char *const wanted[] = {"", "it is not in table ticket_text",
                                         "ticket 1 did not change then",
                                         "its texts are not those that it is found by"};
    struct fixture *f = *state;
    struct error err;

    make(f);
    for (unsigned round = 0; round < 4; round++) {
        uint8_t key[12], number[4];
        char said[300] = "";
        struct txn *txn;
        json_t *ticket;
        bool ok = true;

        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        assert_ok(ticket_load(txn, 1, &ticket, &err));
        (void)row_of(ticket, key);
        if (round == 1)
            assert_ok(store_delete(txn, TABLE_TICKET_TEXT, bytes_of(key, 12), &err));
        if (round == 2) {
            put_be64(key, 1);
            assert_ok(store_put(txn, TABLE_TICKET_TEXT, bytes_of(key, 12), BYTES_LIT(""), &err));
        }
        if (round == 3) {
            json_put(ticket, "title", json_string("Something else"), &ok);
            put_be32(number, 1);
            assert_ok(store_put_json(txn, TABLE_TICKET, bytes_of(number, 4), ticket, &err));
        }
        for (const check_more_fn *look = intake_checks; *look != NULL; look++)
            assert_ok((*look)(txn, remember, said, &err));
        if (round == 0 ? said[0] != '\0' : strstr(said, wanted[round]) == NULL)
            fail_msg("round %u: \"%s\"", round, said);
        json_decref(ticket);
        txn_abort(txn);
    }
}

/* Tables of another store that the journal was replayed in; and what is found there. */
static void a_replay_finds_the_same(void **state)
{
    static const enum table tables[] = {TABLE_TICKET, TABLE_TICKET_TEXT, TABLE_TICKET_QUEUE};
    struct fixture *f = *state;
    struct table_sum before[3], after[3];
    struct app *first = f->app;
    char *dir = test_dir_new();
    FILE *out = tmpfile();
    uint64_t entries;
    struct error err;
    struct txn *txn;

    make(f);
    move(f, 1, "take");
    move(f, 1, "resolve");
    move(f, 2, "spam");
    assert_non_null(out);
    assert_ok(dump_write(app_store(f->app), out, NULL, NULL, &err));
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    for (size_t i = 0; i < 3; i++)
        before[i] = store_sum(txn, tables[i]);
    txn_abort(txn);
    rewind(out);
    assert_ok(app_open(dir, APP_WRITE, &f->app, &err));
    assert_ok(dump_load(app_store(f->app), app_journal(f->app), out, NULL, NULL, &entries, &err));
    (void)fclose(out);
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    for (size_t i = 0; i < 3; i++)
        after[i] = store_sum(txn, tables[i]);
    txn_abort(txn);
    assert_memory_equal(before, after, sizeof before);
    assert_string_equal("1", found(f, "caramel", TICKET_FOUND_SOLVED));
    assert_string_equal("", found(f, "卡纸", ""));
    app_close(f->app);
    f->app = first;
    test_dir_remove(dir);
}

/* --- commands that are no server -------------------------------------------------------------- */

static uint64_t on_disk(struct fixture *f)
{
    struct index_stats stats;
    struct index *index;
    struct error err;

    assert_ok(ticket_index_get(app_tickets(f->app), &index, &err));
    assert_ok(index_stats(index, &stats, &err));
    return stats.disk_covers_seq;
}

static void of_many_commands_that_end_one_flushes(void **state)
{
    struct fixture *f = *state;
    uint64_t most = 0, flushes = 0, before = 0, seq = 0;

    (void)open_ticket(f, "Router overheats", "", NULL);
    for (int i = 0; i < TICKET_INDEX_TAIL + 20; i++) {
        struct error err;
        struct journal_head head;
        struct txn *txn;
        uint64_t covers;

        reply(f, 1, false, false, "again");
        reopen(f);
        covers = on_disk(f);
        assert_ok(store_begin_read(app_store(f->app), &txn, &err));
        assert_ok(journal_head(txn, &head, &err));
        txn_abort(txn);
        seq = head.seq;
        most = seq - covers > most ? seq - covers : most;
        flushes += covers != before;
        before = covers;
    }
    assert_in_range(most, 2, TICKET_INDEX_TAIL);
    assert_in_range(flushes, 1, 2);
    assert_string_equal("1", found(f, "again", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(each_text_of_a_ticket_finds_it_at_once_and_ever_after),
        TEST(cases_are_not_found_otherwise_than_before),
        TEST(how_far_a_ticket_is_can_be_filtered_by),
        TEST(what_changes_no_text_moves_no_row),
        TEST(the_record_shows_nothing_of_it),
        TEST(a_row_or_print_that_is_wrong_is_named),
        TEST(a_replay_finds_the_same),
        TEST(of_many_commands_that_end_one_flushes),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
