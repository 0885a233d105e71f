#include "tests/harness.h"

#include "data/article.h"
#include "tests/fault/scenario.h"

#include <stdio.h>

enum { STEPS = 48 };

static char *new_store(struct scenario *s)
{
    char *dir = test_dir_new();
    struct error err;

    assert_ok(scenario_open(s, dir, &err));
    for (unsigned i = 1; i <= STEPS; i++) {
        uint64_t seq;
        bool repeated;

        assert_ok(scenario_step(s, "a", i, &seq, &repeated, &err));
        assert_int_equal(i, seq);
    }
    return dir;
}

static void end_store(struct scenario *s, char *dir)
{
    scenario_close(s);
    test_dir_remove(dir);
}

struct faults {
    int count;
    bool found;
    const char *wanted;
    char first[ERROR_TEXT_MAX];
};

static void note_fault(void *context, const char *sentence)
{
    struct faults *faults = context;

    if (faults->count++ == 0)
        (void)snprintf(faults->first, sizeof faults->first, "%s", sentence);
    if (faults->wanted != NULL && strstr(sentence, faults->wanted) != NULL)
        faults->found = true;
}

static void a_store_that_nobody_broke_is_sound(void **state)
{
    struct scenario s;
    char *dir = new_store(&s);
    struct faults faults = {0};
    struct check_counts counts;
    struct error err;

    (void)state;
    assert_ok(store_check(s.store, note_fault, &faults, &counts, &err));
    assert_string_equal("", faults.first);
    assert_int_equal(0, counts.faults);
    assert_int_equal(STEPS, counts.values[TABLE_JOURNAL]);
    assert_int_equal(STEPS, counts.values[TABLE_DONE]);
    assert_int_equal(STEPS, counts.journal.seq);
    assert_true(counts.ledger.seq > 0);
    assert_true(counts.values[TABLE_ARTICLE] > 10);
    end_store(&s, dir);
}

static void an_empty_store_is_sound(void **state)
{
    struct scenario s;
    char *dir = test_dir_new();
    struct faults faults = {0};
    struct check_counts counts;
    struct error err;

    (void)state;
    assert_ok(scenario_open(&s, dir, &err));
    assert_ok(store_check(s.store, note_fault, &faults, &counts, &err));
    assert_string_equal("", faults.first);
    end_store(&s, dir);
}

/* --- edits: each with right checksums and sums, so that only what they mean can be wrong ----- */

static struct bytes number_key(uint64_t number, uint8_t key[8])
{
    put_be64(key, number);
    return bytes_of(key, 8);
}

static enum status copy_value(struct txn *txn, enum table table, struct bytes from, struct bytes to,
                              struct error *err)
{
    struct bytes body;
    enum status status = store_get(txn, table, from, &body, err);

    return status == AF_OK ? store_put(txn, table, to, body, err) : status;
}

static enum status drop_last_entry(struct txn *txn, struct error *err)
{
    uint8_t key[8];

    return store_delete(txn, TABLE_JOURNAL, number_key(STEPS, key), err);
}

static enum status drop_middle_entry(struct txn *txn, struct error *err)
{
    uint8_t key[8];

    return store_delete(txn, TABLE_JOURNAL, number_key(20, key), err);
}

static enum status entry_elsewhere(struct txn *txn, struct error *err)
{
    uint8_t from[8], to[8];

    return copy_value(txn, TABLE_JOURNAL, number_key(9, from), number_key(20, to), err);
}

static enum status edit_entry(struct txn *txn, struct error *err)
{
    uint8_t key[8], copy[8192];
    struct bytes line;
    enum status status = store_get(txn, TABLE_JOURNAL, number_key(21, key), &line, err);

    if (status != AF_OK || line.len > sizeof copy)
        return status;
    memcpy(copy, line.data, line.len);
    copy[line.len - 4] ^= 1;
    return store_put(txn, TABLE_JOURNAL, bytes_of(key, 8), bytes_of(copy, line.len), err);
}

static enum status forget_command(struct txn *txn, struct error *err)
{
    return store_delete(txn, TABLE_DONE, BYTES_LIT("a-7"), err);
}

static enum status swap_command(struct txn *txn, struct error *err)
{
    return copy_value(txn, TABLE_DONE, BYTES_LIT("a-7"), BYTES_LIT("a-9"), err);
}

static enum status invent_command(struct txn *txn, struct error *err)
{
    static const struct bytes body =
        BYTES_LIT("{\"seq\":3,\"print\":\"0123456789abcdef\",\"result\":{}}");

    return store_put(txn, TABLE_DONE, BYTES_LIT("invented"), body, err);
}

static enum status answer_from_the_future(struct txn *txn, struct error *err)
{
    static const struct bytes body =
        BYTES_LIT("{\"seq\":3000,\"print\":\"0123456789abcdef\",\"result\":{}}");

    return store_put(txn, TABLE_DONE, BYTES_LIT("invented"), body, err);
}

static enum status answer_without_a_result(struct txn *txn, struct error *err)
{
    return store_put(txn, TABLE_DONE, BYTES_LIT("a-7"), BYTES_LIT("{\"seq\":7}"), err);
}

static enum status drop_case(struct txn *txn, struct error *err)
{
    return store_delete(txn, TABLE_ARTICLE, BYTES_LIT("C-4"), err);
}

static enum status swap_case(struct txn *txn, struct error *err)
{
    return copy_value(txn, TABLE_ARTICLE, BYTES_LIT("C-4"), BYTES_LIT("C-8"), err);
}

static enum status drop_version(struct txn *txn, struct error *err)
{
    return store_delete(txn, TABLE_ARTICLE_VERSION, BYTES_LIT("C-4\0\0\0\0\1"), err);
}

static enum status swap_version(struct txn *txn, struct error *err)
{
    return copy_value(txn, TABLE_ARTICLE_VERSION, BYTES_LIT("C-4\0\0\0\0\1"),
                      BYTES_LIT("C-8\0\0\0\0\1"), err);
}

static enum status drop_number(struct txn *txn, struct error *err)
{
    return store_delete(txn, TABLE_ARTICLE_NO, BYTES_LIT("\0\0\0\2"), err);
}

static enum status swap_number(struct txn *txn, struct error *err)
{
    return copy_value(txn, TABLE_ARTICLE_NO, BYTES_LIT("\0\0\0\1"), BYTES_LIT("\0\0\0\2"), err);
}

static enum status move_next_case(struct txn *txn, struct error *err)
{
    return store_put(txn, TABLE_META, BYTES_LIT("next_case"), BYTES_LIT("\0\0\0\1"), err);
}

static enum status short_head(struct txn *txn, struct error *err)
{
    return store_put(txn, TABLE_META, BYTES_LIT("head"), BYTES_LIT("\0\0"), err);
}

static enum status count_more(struct txn *txn, struct error *err)
{
    uint8_t body[8 * USE_COUNTED] = {0};

    body[7] = 77;
    return store_put(txn, TABLE_USE, BYTES_LIT("C-1"), bytes_of(body, sizeof body), err);
}

static enum status count_short(struct txn *txn, struct error *err)
{
    return store_put(txn, TABLE_USE, BYTES_LIT("C-1"), BYTES_LIT("\0\0\0\0\0\0\0\1"), err);
}

static enum status drop_use(struct txn *txn, struct error *err)
{
    uint8_t key[8];

    return store_delete(txn, TABLE_LEDGER, number_key(5, key), err);
}

static enum status forget_use(struct txn *txn, struct error *err)
{
    struct cursor *cursor;
    struct bytes key, body;
    uint8_t copy[16];
    enum status status = cursor_open(txn, TABLE_LEDGER_SEEN, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK || (status = cursor_next(cursor, &key, &body, err)) != AF_OK)
        return status;
    memcpy(copy, key.data, sizeof copy);
    cursor_close(cursor);
    return store_delete(txn, TABLE_LEDGER_SEEN, bytes_of(copy, sizeof copy), err);
}

static enum status odd_key(struct txn *txn, struct error *err)
{
    return store_put(txn, TABLE_ARTICLE_NO, BYTES_LIT("\0\0\1"), BYTES_LIT("C-4"), err);
}

static enum status half_an_object(struct txn *txn, struct error *err)
{
    return store_put(txn, TABLE_CONSULT, BYTES_LIT("note-1"), BYTES_LIT("{\"text\":"), err);
}

static const struct {
    const char *name;
    enum status (*edit)(struct txn *txn, struct error *err);
    const char *said;
} edits[] = {
    {"drop_last_entry",         drop_last_entry,         "does not end with entry 48"             },
    {"drop_middle_entry",       drop_middle_entry,       "entries 20 to 20 are missing"           },
    {"entry_elsewhere",         entry_elsewhere,         "entry 20 says that it is entry 9"       },
    {"edit_entry",              edit_entry,              "table journal, entry 2"                 },
    {"forget_command",          forget_command,          "entry 7: its command id is not remember"},
    {"swap_command",            swap_command,            "key a-9: entry 7 is another command"    },
    {"invent_command",          invent_command,          "key invented: entry 3 is another"       },
    {"answer_from_the_future",  answer_from_the_future,  "there is no entry 3000"                 },
    {"answer_without_a_result", answer_without_a_result, "table done, key a-7: not what belongs"  },
    {"drop_case",               drop_case,               "there is no case C-4"                   },
    {"swap_case",               swap_case,               "table case, key C-8"                    },
    {"drop_version",            drop_version,            "case_version"                           },
    {"swap_version",            swap_version,            "key C-8, version 1"                     },
    {"drop_number",             drop_number,             "number 2 belongs to no case"            },
    {"swap_number",             swap_number,             "table case_no, key 2"                   },
    {"move_next_case",          move_next_case,          "next_case"                              },
    {"short_head",              short_head,              "key head"                               },
    {"count_more",              count_more,              "case C-1: shown is kept as 77"          },
    {"count_short",             count_short,             "table use, key C-1"                     },
    {"drop_use",                drop_use,                "ledger entries before 6 are missing"    },
    {"forget_use",              forget_use,              "can be counted again"                   },
    {"odd_key",                 odd_key,                 "a key of 3 bytes"                       },
    {"half_an_object",          half_an_object,          "table consult, key note-1"              },
};

static void every_edit_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct scenario s;
        char *dir = new_store(&s);
        struct faults faults = {.wanted = edits[i].said};
        struct check_counts counts;
        struct error err;
        struct txn *txn;

        assert_ok(store_begin_write(s.store, &txn, &err));
        assert_ok(edits[i].edit(txn, &err));
        assert_ok(txn_commit(txn, &err));
        assert_ok(store_check(s.store, note_fault, &faults, &counts, &err));
        if (!faults.found)
            fail_msg("%s: \"%s\" was not said, but %s", edits[i].name, edits[i].said, faults.first);
        assert_int_equal(faults.count, counts.faults);
        end_store(&s, dir);
    }
}

/* LMDB's own calls, past our sums: what a lost or a stale page does. NULL removes. */
static void write_behind(struct scenario *s, const char *table, MDB_val key, MDB_val *value)
{
    MDB_txn *txn;
    MDB_dbi dbi;

    assert_int_equal(0, mdb_txn_begin(store_env(s->store)->mdb, NULL, 0, &txn));
    assert_int_equal(0, mdb_dbi_open(txn, table, 0, &dbi));
    if (value == NULL)
        assert_int_equal(0, mdb_del(txn, dbi, &key, NULL));
    else
        assert_int_equal(0, mdb_put(txn, dbi, &key, value, 0));
    assert_int_equal(0, mdb_txn_commit(txn));
}

static size_t read_behind(struct scenario *s, const char *table, MDB_val key, uint8_t *copy,
                          size_t room)
{
    MDB_txn *txn;
    MDB_dbi dbi;
    MDB_val value;

    assert_int_equal(0, mdb_txn_begin(store_env(s->store)->mdb, NULL, 0, &txn));
    assert_int_equal(0, mdb_dbi_open(txn, table, 0, &dbi));
    assert_int_equal(0, mdb_get(txn, dbi, &key, &value));
    assert_true(value.mv_size <= room);
    memcpy(copy, value.mv_data, value.mv_size);
    mdb_txn_abort(txn);
    return value.mv_size;
}

static void a_value_that_vanished_is_named(void **state)
{
    struct scenario s;
    char *dir = new_store(&s);
    struct faults faults = {.wanted = "table consult has"};
    struct check_counts counts;
    struct error err;

    (void)state;
    write_behind(&s, "consult", (MDB_val){6, "note-1"}, NULL);
    assert_ok(store_check(s.store, note_fault, &faults, &counts, &err));
    assert_true(faults.found);
    end_store(&s, dir);
}

static void a_value_that_went_stale_is_named(void **state)
{
    struct scenario s;
    char *dir = new_store(&s);
    struct faults faults = {.wanted = "table consult: a value is not the one written last"};
    struct check_counts counts;
    const MDB_val key = {6, "note-1"};
    uint8_t old[8192];
    MDB_val value = {0, old};
    struct error err;
    struct txn *txn;

    (void)state;
    value.mv_size = read_behind(&s, "consult", key, old, sizeof old);
    assert_ok(store_begin_write(s.store, &txn, &err));
    assert_ok(store_put(txn, TABLE_CONSULT, BYTES_LIT("note-1"), BYTES_LIT("{}"), &err));
    assert_ok(txn_commit(txn, &err));
    write_behind(&s, "consult", key, &value);
    assert_ok(store_check(s.store, note_fault, &faults, &counts, &err));
    assert_true(faults.found);
    end_store(&s, dir);
}

static void flip_byte(struct scenario *s, const char *table, MDB_val key, size_t at)
{
    uint8_t copy[8192];
    MDB_val value = {0, copy};

    value.mv_size = read_behind(s, table, key, copy, sizeof copy);
    assert_true(at < value.mv_size);
    copy[at] ^= 0x10;
    write_behind(s, table, key, &value);
}

static void a_flipped_byte_of_any_value_names_table_and_key(void **state)
{
    struct scenario s;
    char *dir = new_store(&s);
    MDB_val key = {3, "C-1"};
    struct error err;

    (void)state;
    for (size_t at = 0; at < 16 + 8 * USE_COUNTED; at++) {
        struct faults faults = {.wanted = "damaged: table use, key C-1: "};
        struct check_counts counts;

        flip_byte(&s, "use", key, at);
        assert_ok(store_check(s.store, note_fault, &faults, &counts, &err));
        assert_true(faults.found);
        flip_byte(&s, "use", key, at);
    }
    end_store(&s, dir);
}

static enum status complain(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    (void)txn;
    (void)err;
    fault(context, "a ticket is unhappy");
    return AF_OK;
}

static void count_progress(void *context, uint64_t done, uint64_t all)
{
    (void)context;
    assert_true(done <= all);
}

static void a_check_apart_hears_faults_progress_and_hooks(void **state)
{
    static const check_more_fn more[] = {complain, NULL};
    struct scenario s;
    char *dir = new_store(&s);
    struct faults faults = {.wanted = "a ticket is unhappy"};
    const struct check_options options = {note_fault, count_progress, &faults, more};
    struct check_counts counts;
    struct error err;

    (void)state;
    scenario_close(&s);
    assert_ok(store_check_apart(dir, &options, &counts, &err));
    assert_int_equal(1, counts.faults);
    assert_int_equal(1, faults.count);
    assert_true(faults.found);
    assert_int_equal(STEPS, counts.journal.seq);
    test_dir_remove(dir);
}

static void a_check_apart_works_beside_the_open_store(void **state)
{
    struct scenario s;
    char *dir = new_store(&s);
    struct faults faults = {0};
    const struct check_options options = {.fault = note_fault, .context = &faults};
    struct check_counts counts;
    struct error err;
    uint64_t seq;
    bool repeated;

    (void)state;
    assert_ok(store_check_apart(dir, &options, &counts, &err));
    assert_int_equal(0, counts.faults);
    assert_ok(scenario_step(&s, "b", 1, &seq, &repeated, &err));
    assert_int_equal(STEPS + 1, seq);
    end_store(&s, dir);
}

static void a_check_of_no_store_is_refused(void **state)
{
    char *dir = test_dir_new();
    struct faults faults = {0};
    const struct check_options options = {.fault = note_fault, .context = &faults};
    struct check_counts counts;
    struct error err;

    (void)state;
    assert_refused(AF_NOT_FOUND, store_check_apart(dir, &options, &counts, &err));
    assert_int_equal(0, faults.count);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_that_nobody_broke_is_sound),
        cmocka_unit_test(an_empty_store_is_sound),
        cmocka_unit_test(every_edit_is_named),
        cmocka_unit_test(a_value_that_vanished_is_named),
        cmocka_unit_test(a_value_that_went_stale_is_named),
        cmocka_unit_test(a_flipped_byte_of_any_value_names_table_and_key),
        cmocka_unit_test(a_check_apart_hears_faults_progress_and_hooks),
        cmocka_unit_test(a_check_apart_works_beside_the_open_store),
        cmocka_unit_test(a_check_of_no_store_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
