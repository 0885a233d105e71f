#include "tests/harness.h"

#include "data/base/hash.h"
#include "data/store.h"

#include <stdio.h>
#include <stdlib.h>

struct fixture {
    char *dir;
    struct store *store;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    store_close(f->store);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static void a_new_store_can_be_opened_for_reading_at_once(void **state)
{
    struct fixture *f = *state;
    uint8_t secret[STORE_SECRET_BYTES];
    struct error err;

    memcpy(secret, store_secret(f->store).data, sizeof secret);
    store_close(f->store);
    f->store = NULL;
    assert_ok(store_open(f->dir, STORE_READ, &f->store, &err));
    assert_memory_equal(secret, store_secret(f->store).data, sizeof secret);
}

static void no_store_is_not_found(void **state)
{
    struct fixture *f = *state;
    char path[4096];
    struct store *store;
    struct error err;

    (void)snprintf(path, sizeof path, "%s/other", f->dir);
    assert_refused(AF_NOT_FOUND, store_open(path, STORE_READ, &store, &err));
}

static void a_store_of_a_newer_format_is_refused(void **state)
{
    struct fixture *f = *state;
    struct store *store;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_write(f->store, &txn, &err));
    assert_ok(store_put(txn, TABLE_META, BYTES_LIT("format"), BYTES_LIT("\0\0\0\x63"), &err));
    assert_ok(txn_commit(txn, &err));
    store_close(f->store);
    f->store = NULL;
    assert_refused(AF_NEWER, store_open(f->dir, STORE_WRITE, &store, &err));
    assert_non_null(strstr(err.text, "99"));
    assert_refused(AF_NEWER, store_open(f->dir, STORE_READ, &store, &err));
}

static void an_aborted_write_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct bytes body;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_write(f->store, &txn, &err));
    assert_ok(store_put(txn, TABLE_CONSULT, BYTES_LIT("a"), BYTES_LIT("1"), &err));
    txn_abort(txn);
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_int_equal(AF_NOT_FOUND, store_get(txn, TABLE_CONSULT, BYTES_LIT("a"), &body, &err));
    assert_int_equal(0, store_sum(txn, TABLE_CONSULT).count);
    txn_abort(txn);
}

static void a_reader_keeps_what_it_saw(void **state)
{
    struct fixture *f = *state;
    struct txn *reader, *writer;
    struct bytes body;
    struct error err;

    assert_ok(store_begin_read(f->store, &reader, &err));
    assert_ok(store_begin_write(f->store, &writer, &err));
    assert_ok(store_put(writer, TABLE_CONSULT, BYTES_LIT("a"), BYTES_LIT("1"), &err));
    assert_ok(txn_commit(writer, &err));
    assert_int_equal(AF_NOT_FOUND, store_get(reader, TABLE_CONSULT, BYTES_LIT("a"), &body, &err));
    txn_abort(reader);
}

static void odd_keys_are_not_found(void **state)
{
    struct fixture *f = *state;
    uint8_t room[600] = {0};
    struct bytes body;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_int_equal(AF_NOT_FOUND, store_get(txn, TABLE_CONSULT, BYTES_NONE, &body, &err));
    for (size_t len = 510; len <= 600; len++)
        assert_int_equal(AF_NOT_FOUND,
                         store_get(txn, TABLE_CONSULT, bytes_of(room, len), &body, &err));
    txn_abort(txn);
}

/* --- against a naive twin ------------------------------------------------------------------- */

enum { KEYS = 40, ROUNDS = 60, OPS = 30 };

struct twin {
    char body[KEYS][900];
    size_t len[KEYS]; /* + 1; 0: not there */
};

static struct bytes twin_key(unsigned i, char room[16])
{
    return bytes_of(room, (size_t)snprintf(room, 16, "%02u-%.*s", i, (int)(i % 5), "xxxxx"));
}

static void change(struct txn *txn, struct twin *twin, struct test_random *random)
{
    unsigned i = test_random_below(random, KEYS);
    size_t len = test_random_below(random, sizeof twin->body[0]);
    char room[16];
    struct bytes key = twin_key(i, room);
    struct error err;

    if (test_random_below(random, 4) == 0) {
        assert_int_equal(twin->len[i] > 0 ? AF_OK : AF_NOT_FOUND,
                         store_delete(txn, TABLE_CONSULT, key, &err));
        twin->len[i] = 0;
        return;
    }
    for (size_t k = 0; k < len; k++)
        twin->body[i][k] = (char)('a' + test_random_below(random, 3));
    twin->len[i] = len + 1;
    assert_ok(store_put(txn, TABLE_CONSULT, key, bytes_of(twin->body[i], len), &err));
}

static void compare_walk(struct txn *txn, const struct twin *twin, enum walk walk)
{
    struct cursor *cursor;
    struct bytes key, body;
    struct error err;
    uint64_t sum = 0, count = 0;

    assert_ok(cursor_open(txn, TABLE_CONSULT, BYTES_NONE, walk, &cursor, &err));
    for (unsigned n = 0; n < KEYS; n++) {
        unsigned i = walk == WALK_UP ? n : KEYS - 1 - n;
        char room[16];

        if (twin->len[i] == 0)
            continue;
        assert_ok(cursor_next(cursor, &key, &body, &err));
        assert_bytes_equal(twin_key(i, room), key);
        assert_bytes_equal(bytes_of(twin->body[i], twin->len[i] - 1), body);
        sum += cursor_checksum(cursor);
        count++;
    }
    assert_int_equal(AF_NOT_FOUND, cursor_next(cursor, &key, &body, &err));
    cursor_close(cursor);
    assert_int_equal(count, store_sum(txn, TABLE_CONSULT).count);
    assert_true(sum == store_sum(txn, TABLE_CONSULT).sum);
}

/* First key ≥ `from`, or last key ≤ it, as the twin sees it. */
static void compare_seek(struct txn *txn, const struct twin *twin, struct bytes from,
                         enum walk walk)
{
    struct cursor *cursor;
    struct bytes key, body;
    struct error err;
    bool found = false;

    assert_ok(cursor_open(txn, TABLE_CONSULT, from, walk, &cursor, &err));
    for (unsigned n = 0; n < KEYS && !found; n++) {
        unsigned i = walk == WALK_UP ? n : KEYS - 1 - n;
        char room[16];
        struct bytes candidate = twin_key(i, room);
        int order = bytes_compare(candidate, from);

        found = twin->len[i] > 0 && (walk == WALK_UP ? order >= 0 : order <= 0);
        if (found) {
            assert_ok(cursor_next(cursor, &key, &body, &err));
            assert_bytes_equal(candidate, key);
        }
    }
    if (!found)
        assert_int_equal(AF_NOT_FOUND, cursor_next(cursor, &key, &body, &err));
    cursor_close(cursor);
}

static void a_table_does_what_its_naive_twin_does(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct twin *twin = calloc(1, sizeof *twin), *kept = calloc(1, sizeof *kept);
    struct error err;

    for (int round = 0; round < ROUNDS; round++) {
        bool abort_it = test_random_below(&random, 4) == 0;
        struct txn *txn;

        *kept = *twin;
        assert_ok(store_begin_write(f->store, &txn, &err));
        for (int op = 0; op < OPS; op++)
            change(txn, twin, &random);
        if (abort_it) {
            txn_abort(txn);
            *twin = *kept;
        } else {
            assert_ok(txn_commit(txn, &err));
        }
        assert_ok(store_begin_read(f->store, &txn, &err));
        compare_walk(txn, twin, WALK_UP);
        compare_walk(txn, twin, WALK_DOWN);
        for (unsigned i = 0; i < KEYS; i++) {
            char room[16];
            struct bytes key = twin_key(i, room);

            compare_seek(txn, twin, key, WALK_UP);
            compare_seek(txn, twin, key, WALK_DOWN);
            compare_seek(txn, twin, bytes_of(key.data, 2), WALK_UP);
            compare_seek(txn, twin, bytes_of(key.data, 2), WALK_DOWN);
        }
        txn_abort(txn);
    }
    free(twin);
    free(kept);
}

static void a_value_of_a_newer_format_is_refused(void **state)
{
    struct fixture *f = *state;
    struct buf value = {0};
    MDB_val key = {1, "a"}, v;
    struct bytes body;
    uint64_t checksum;
    struct error err;
    struct txn *txn;
    MDB_txn *mdb;
    MDB_dbi dbi;

    assert_int_equal(0, hash_start(&err));
    buf_add_u8(&value, (uint8_t)(table_format(TABLE_CONSULT) + 1));
    buf_add(&value, BYTES_LIT("\0\0\0\0\0\0\1"));
    {
        const struct bytes parts[] = {BYTES_LIT("a"), bytes_of(value.data, 8), BYTES_LIT("x")};

        checksum = checksum64(TABLE_CONSULT, parts, 3);
    }
    buf_add_be64(&value, checksum);
    buf_add(&value, BYTES_LIT("x"));
    assert_int_equal(0, mdb_txn_begin(store_env(f->store)->mdb, NULL, 0, &mdb));
    assert_int_equal(0, mdb_dbi_open(mdb, table_name(TABLE_CONSULT), 0, &dbi));
    v = env_val(buf_bytes(&value));
    assert_int_equal(0, mdb_put(mdb, dbi, &key, &v, 0));
    assert_int_equal(0, mdb_txn_commit(mdb));
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_refused(AF_NEWER, store_get(txn, TABLE_CONSULT, BYTES_LIT("a"), &body, &err));
    txn_abort(txn);
    buf_release(&value);
}

static void keys_are_shown_as_text_or_hex_and_cut(void **state)
{
    static const struct {
        struct bytes key;
        size_t room;
        const char *text;
    } rows[] = {
        {BYTES_LIT("NH-1"),         64, "NH-1"    },
        {BYTES_LIT("\0\0\0\x11"),   64, "00000011"},
        {BYTES_LIT("a\nb"),         64, "610a62"  },
        {BYTES_LIT(""),             64, ""        },
        {BYTES_LIT("abcdefghijkl"), 8,  "abcd"    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];

        key_text(rows[i].key, text, rows[i].room);
        assert_string_equal(rows[i].text, text);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_store_can_be_opened_for_reading_at_once),
        TEST(no_store_is_not_found),
        TEST(a_store_of_a_newer_format_is_refused),
        TEST(an_aborted_write_leaves_nothing),
        TEST(a_reader_keeps_what_it_saw),
        TEST(odd_keys_are_not_found),
        TEST(a_table_does_what_its_naive_twin_does),
        TEST(a_value_of_a_newer_format_is_refused),
        cmocka_unit_test(keys_are_shown_as_text_or_hex_and_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
