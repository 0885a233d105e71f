#include "tests/cases.h"

#include "data/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* LMDB's pages, as far as they matter here: | number u64 | unused u16 | flags u16 | end of the
 * offsets u16 | … | offsets u16 … |, and in a branch's node the low 32 bits of a child first. */
#define PAGE 4096
#define FLAGS_AT 10
#define LOWER_AT 12
#define HEAD 16
#define BRANCH 0x01

#define CASES 600
#define STEPS_MAX (100 * CASES) /* more than the store has entries */

static char *make_store(void)
{
    char *dir = test_dir_new();
    struct journal *journal;
    struct store *store;
    struct error err;

    assert_ok(store_open(dir, STORE_WRITE, &store, &err));
    assert_ok(journal_open(store, cases_kinds, &journal, &err));
    for (int done = 0; done < CASES; done += 100) {
        json_t *cases = json_array();

        for (int i = done; i < done + 100; i++)
            json_array_append_new(cases, json_pack("{s:s,s:o,s:o}", "lang", "en", "id",
                                                   json_sprintf("case-%04d-of-a-longer-name", i),
                                                   "title", json_sprintf("number %d", i)));
        cases_put(journal, cases);
    }
    journal_close(journal);
    store_close(store);
    return dir;
}

/* Walks all tables both ways; returns how often a walk was ended as damaged. */
static int walk_all(struct store *store)
{
    struct error err;
    struct txn *txn;
    int ended = 0;

    assert_ok(store_begin_read(store, &txn, &err));
    for (int walk = WALK_UP; walk <= WALK_DOWN; walk++)
        for (int table = 0; table < TABLE_COUNT; table++) {
            struct cursor *cursor;
            struct bytes key, body;
            enum status status;
            int steps = 0;

            if (cursor_open(txn, (enum table)table, BYTES_NONE, (enum walk)walk, &cursor, &err) !=
                AF_OK)
                continue;
            while ((status = cursor_next(cursor, &key, &body, &err)) != AF_NOT_FOUND) {
                assert_true(++steps < STEPS_MAX); /* goes on after AF_CORRUPT, as a check does */
                ended += status == AF_CORRUPT && strstr(err.text, "follow") != NULL;
            }
            cursor_close(cursor);
        }
    txn_abort(txn);
    return ended;
}

/* The child of a branch's second node becomes that of the first. */
static bool bend(uint8_t page[PAGE])
{
    uint16_t flags, lower, first, second;

    memcpy(&flags, page + FLAGS_AT, sizeof flags);
    memcpy(&lower, page + LOWER_AT, sizeof lower);
    if (flags != BRANCH || lower < HEAD + 4)
        return false;
    memcpy(&first, page + HEAD, sizeof first);
    memcpy(&second, page + HEAD + 2, sizeof second);
    if (first + 4 > PAGE || second + 4 > PAGE)
        return false;
    memcpy(page + second, page + first, 4);
    return true;
}

static void a_walk_in_a_bent_tree_comes_to_an_end_and_says_so(void **state)
{
    char *dir = make_store(), path[4096];
    uint8_t page[PAGE], whole[PAGE];
    int bent = 0, ended = 0, file;
    struct stat st;

    (void)state;
    (void)snprintf(path, sizeof path, "%s/store/data.mdb", dir);
    file = open(path, O_RDWR);
    assert_true(file >= 0 && fstat(file, &st) == 0);
    for (off_t at = 2 * PAGE; at < st.st_size; at += PAGE) {
        struct store *store;
        struct error err;

        assert_int_equal(PAGE, pread(file, page, PAGE, at));
        memcpy(whole, page, PAGE);
        if (!bend(page))
            continue;
        bent++;
        assert_int_equal(PAGE, pwrite(file, page, PAGE, at));
        if (store_open(dir, STORE_READ, &store, &err) == AF_OK) {
            ended += walk_all(store);
            store_close(store);
        }
        assert_int_equal(PAGE, pwrite(file, whole, PAGE, at));
    }
    print_message("%d branches bent, %d walks ended\n", bent, ended);
    assert_true(bent > 0 && ended > 0);
    close(file);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_in_a_bent_tree_comes_to_an_end_and_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
