#include "tests/harness.h"

#include "data/env.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAGE = 4096, FLIPS = 4000 };

static const struct env_options options = {
    .what = "the test", .dbs_max = 4, .maps_pages = true, .only = "a"};

struct fixture {
    char *dir;
    struct env env;
    struct pages pages; /* that may be changed: LMDB's view is another */
    uint64_t newest;    /* the number of the meta page */
};

static void put(struct env *env, const char *name, unsigned key, size_t len)
{
    char *value = calloc(1, len), text[16];
    MDB_val k = {8, text}, v = {len, value};
    MDB_txn *txn;
    MDB_dbi dbi;

    (void)snprintf(text, sizeof text, "%08u", key);
    assert_int_equal(0, mdb_txn_begin(env->mdb, NULL, 0, &txn));
    assert_int_equal(0, mdb_dbi_open(txn, name, MDB_CREATE, &dbi));
    assert_int_equal(0, mdb_put(txn, dbi, &k, &v, 0));
    assert_int_equal(0, mdb_txn_commit(txn));
    free(value);
}

/* Two databases with long and short values, and free pages from what was replaced. */
static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    uint8_t *copy;
    struct error err;
    MDB_txn *txn;

    f->dir = test_dir_new();
    assert_ok(env_open(f->dir, &options, &f->env, &err));
    for (unsigned i = 0; i < 60; i++)
        put(&f->env, i % 3 == 0 ? "a" : "b", i % 40, 100 + i * 150);
    assert_ok(env_account(&f->env, NULL, &err));
    assert_int_equal(0, mdb_txn_begin(f->env.mdb, NULL, MDB_RDONLY, &txn));
    f->newest = mdb_txn_id(txn) % 2;
    mdb_txn_abort(txn);
    f->pages = env_pages(&f->env);
    copy = malloc(f->pages.count * PAGE);
    assert_non_null(copy);
    memcpy(copy, f->env.pages, f->pages.count * PAGE);
    f->pages.at = copy;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    env_close(&f->env);
    free((void *)(uintptr_t)f->pages.at);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

/* The account of changed pages: of the copy, by a look that believes that it is the map. */
static enum status account(const struct fixture *f, const char *only, struct error *err)
{
    struct env env = f->env;

    env.pages = f->pages.at;
    return env_account(&env, only, err);
}

static uint8_t *page(const struct fixture *f, uint64_t number)
{
    return (uint8_t *)(uintptr_t)pages_get(&f->pages, number);
}

static uint64_t root_at(const struct fixture *f, size_t record)
{
    uint64_t root;

    memcpy(&root, page(f, f->newest) + record + 40, 8);
    return root;
}

static void a_page_that_is_free_and_used_is_met(void **state)
{
    struct fixture *f = *state;
    uint64_t names = root_at(f, 88);
    struct page_node node;
    struct error err;

    page_node(&f->pages, page(f, root_at(f, 40)), 0, &node);
    assert_true(node.value.len >= 16);
    memcpy((uint8_t *)(uintptr_t)node.value.data + 8, &names, 8);
    assert_refused(AF_CORRUPT, account(f, "a", &err));
}

static void two_trees_with_one_page_are_met(void **state)
{
    struct fixture *f = *state;
    struct page_node a, b;
    struct error err;

    page_node(&f->pages, page(f, root_at(f, 88)), 0, &a);
    page_node(&f->pages, page(f, root_at(f, 88)), 1, &b);
    memcpy((uint8_t *)(uintptr_t)b.value.data, a.value.data, PAGES_RECORD_BYTES);
    assert_ok(account(f, "a", &err)); /* b is not walked */
    assert_refused(AF_CORRUPT, account(f, NULL, &err));
}

/* Flags with which LMDB would read the trees in another way. */
static void flags_of_another_kind_of_database_are_met(void **state)
{
    static const size_t records[] = {40, 88};
    struct fixture *f = *state;
    struct page_node name;
    struct error err;

    for (unsigned bit = 0; bit < 16; bit++) {
        for (size_t i = 0; i < 2; i++) {
            uint8_t *at = page(f, f->newest) + records[i] + 4 + bit / 8;

            *at ^= (uint8_t)(1u << bit % 8);
            if (i == 0 && bit == 14)
                assert_ok(account(f, "a", &err)); /* made by its own name */
            else
                assert_refused(AF_CORRUPT, account(f, "a", &err));
            *at ^= (uint8_t)(1u << bit % 8);
        }
        page_node(&f->pages, page(f, root_at(f, 88)), 1, &name);
        ((uint8_t *)(uintptr_t)name.value.data)[4 + bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_refused(AF_CORRUPT, account(f, "a", &err));
        ((uint8_t *)(uintptr_t)name.value.data)[4 + bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/* Whatever is flipped: an answer, from within the file. */
static void any_flipped_bit_has_an_answer(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    unsigned met = 0;

    for (int i = 0; i < FLIPS; i++) {
        uint32_t bit = test_random_below(&random, (i % 2 == 0 ? 160 : PAGE) * 8);
        uint8_t *at = page(f, 2 + test_random_below(&random, (uint32_t)f->pages.count - 2));
        struct error err = {0};
        enum status status;

        at[bit / 8] ^= (uint8_t)(1u << bit % 8);
        status = account(f, NULL, &err);
        assert_true(status == AF_OK || (status == AF_CORRUPT && err.text[0] != '\0'));
        met += status == AF_CORRUPT;
        at[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(met > FLIPS / 100);
}

/* A process that opens such a file is told, and does not die. */
static void a_file_whose_pages_do_not_fit_is_not_opened(void **state)
{
    struct fixture *f = *state;
    uint64_t names = root_at(f, 88);
    char path[PATH_MAX];
    struct error err;
    int fd;

    (void)snprintf(path, sizeof path, "%s/data.mdb", f->dir);
    env_close(&f->env);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(1, pwrite(fd, "\xff", 1, (off_t)(names * PAGE + 12))); /* its offsets' end */
    close(fd);
    assert_refused(AF_CORRUPT, env_open(f->dir, &options, &f->env, &err));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_that_is_free_and_used_is_met),         TEST(two_trees_with_one_page_are_met),
        TEST(flags_of_another_kind_of_database_are_met),   TEST(any_flipped_bit_has_an_answer),
        TEST(a_file_whose_pages_do_not_fit_is_not_opened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
