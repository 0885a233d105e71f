#include "tests/harness.h"

#include "data/env.h"
#include "data/tree.h"

#include <stdio.h>
#include <stdlib.h>

enum { ENTRIES = 6000, KEY_ROOM = 120, FLIPS = 3000, PAGE_ROOM = 4096 };

static const struct env_options options = {.what = "a test", .dbs_max = 2, .maps_pages = true};

struct entry {
    uint8_t key[KEY_ROOM];
    size_t key_len;
    uint32_t value; /* its first bytes; how long it is follows from it */
};

struct fixture {
    char *dir;
    struct entry *entries; /* rising */
    size_t count;
    struct pages pages; /* a copy of the file's */
    uint64_t root;
    struct buf description;
};

static struct bytes key_of(const struct entry *entry)
{
    return bytes_of(entry->key, entry->key_len);
}

static int compare_entries(const void *a, const void *b)
{
    return bytes_compare(key_of(a), key_of(b));
}

/* One in eight is long, so that it has pages of its own. */
static size_t value_len(const struct entry *entry)
{
    return entry->value % 8 == 0 ? 2500 + entry->value % 9000 : 4 + entry->value % 60;
}

static void make_entries(struct fixture *f, struct test_random *random)
{
    size_t kept = 0;

    f->entries = calloc(ENTRIES, sizeof *f->entries);
    assert_non_null(f->entries);
    for (size_t i = 0; i < ENTRIES; i++) {
        struct entry *entry = &f->entries[i];

        entry->key_len = 1 + test_random_below(random, KEY_ROOM - 1);
        for (size_t j = 0; j < entry->key_len; j++)
            entry->key[j] = (uint8_t)('a' + test_random_below(random, 4));
        entry->value = (uint32_t)test_random_next(random);
    }
    qsort(f->entries, ENTRIES, sizeof *f->entries, compare_entries);
    for (size_t i = 0; i < ENTRIES; i++)
        if (kept == 0 || compare_entries(&f->entries[kept - 1], &f->entries[i]) != 0)
            f->entries[kept++] = f->entries[i];
    f->count = kept;
}

static void put_entries(const struct fixture *f, struct env *env)
{
    static uint8_t value[16384];
    MDB_txn *txn;
    MDB_dbi dbi;

    assert_int_equal(0, mdb_txn_begin(env->mdb, NULL, 0, &txn));
    assert_int_equal(0, mdb_dbi_open(txn, "t", MDB_CREATE, &dbi));
    for (size_t n = 0; n < f->count; n++) {
        const struct entry *entry = &f->entries[n * 4099 % f->count];
        MDB_val k = env_val(key_of(entry)), v = {value_len(entry), value};

        memcpy(value, &entry->value, 4);
        assert_int_equal(0, mdb_put(txn, dbi, &k, &v, 0));
    }
    assert_int_equal(0, mdb_txn_commit(txn));
}

static uint64_t find_root(struct env *env)
{
    MDB_val k = {1, "t"}, v;
    uint64_t root = 0;
    MDB_txn *txn;
    MDB_dbi names;

    assert_int_equal(0, mdb_txn_begin(env->mdb, NULL, MDB_RDONLY, &txn));
    assert_int_equal(0, mdb_dbi_open(txn, NULL, 0, &names));
    assert_int_equal(0, mdb_get(txn, names, &k, &v));
    assert_true(pages_root(env_bytes(v), &root));
    mdb_txn_abort(txn);
    return root;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct test_random random = test_random_new();
    struct env env = {0};
    uint8_t *copy;
    struct error err;

    f->dir = test_dir_new();
    make_entries(f, &random);
    assert_ok(env_open(f->dir, &options, &env, &err));
    put_entries(f, &env);
    assert_ok(env_account(&env, NULL, &err));
    f->root = find_root(&env);
    f->pages = env_pages(&env);
    assert_ok(tree_describe(&f->pages, f->root, &f->description, &err));
    copy = malloc(f->pages.count * f->pages.page_bytes);
    assert_non_null(copy);
    memcpy(copy, f->pages.at, f->pages.count * f->pages.page_bytes);
    f->pages.at = copy;
    env_close(&env);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    test_dir_remove(f->dir);
    free((void *)(uintptr_t)f->pages.at);
    free(f->entries);
    buf_release(&f->description);
    free(f);
    return 0;
}

static struct tree *open_tree(const struct fixture *f)
{
    struct tree *tree;
    struct error err;

    assert_ok(tree_new(&f->pages, buf_bytes(&f->description), &tree, &err));
    return tree;
}

/* The naive twin: NULL when there is none. */
static const struct entry *find_naively(const struct fixture *f, enum tree_find how,
                                        struct bytes key)
{
    const struct entry *floor = NULL;

    for (size_t i = 0; i < f->count; i++) {
        const struct entry *entry = &f->entries[i];
        int order = bytes_compare(key_of(entry), key);

        if (order > 0)
            return how == TREE_AFTER ? entry : how == TREE_FLOOR ? floor : NULL;
        if (order == 0 && how == TREE_EXACT)
            return entry;
        floor = entry;
    }
    return how == TREE_FLOOR ? floor : NULL;
}

/* A key of an entry, or one near it, or none. */
static struct bytes some_key(const struct fixture *f, struct test_random *random,
                             uint8_t key[KEY_ROOM + 1])
{
    const struct entry *entry = &f->entries[test_random_below(random, (uint32_t)f->count)];
    size_t len = entry->key_len;

    memcpy(key, entry->key, len);
    switch (test_random_below(random, 4)) {
    case 0:
        key[len++] = 'a';
        break;
    case 1:
        key[test_random_below(random, (uint32_t)len)] = (uint8_t)test_random_next(random);
        break;
    case 2:
        len = test_random_below(random, (uint32_t)len + 1);
        break;
    default:
        break;
    }
    return bytes_of(key, len);
}

/* True: as it was written. False: refused. Anything else fails. */
static bool is_right(const struct fixture *f, const struct tree *tree, struct test_random *random)
{
    enum tree_find how = (enum tree_find)test_random_below(random, 3);
    uint8_t room[KEY_ROOM + 1];
    struct bytes key = some_key(f, random, room), at, value;
    const struct entry *entry = find_naively(f, how, key);
    struct error err = {0};
    bool found;
    enum status status = tree_find(tree, how, key, &at, &value, &found, &err);

    if (status != AF_OK) {
        assert_int_equal(AF_CORRUPT, status);
        assert_true(err.text[0] != '\0');
        return false;
    }
    assert_int_equal(entry != NULL, found);
    if (found) {
        assert_bytes_equal(key_of(entry), at);
        assert_int_equal(value_len(entry), value.len);
        assert_memory_equal(&entry->value, value.data, 4);
    }
    return true;
}

static void what_is_found_is_what_a_walk_over_all_finds(void **state)
{
    const struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct tree *tree = open_tree(f);
    struct error err;

    for (int i = 0; i < 5000; i++)
        assert_true(is_right(f, tree, &random));
    assert_int_equal(f->count, tree_entries(tree));
    assert_int_equal(f->root, tree_root(tree));
    assert_ok(tree_verify(tree, &err));
    tree_free(tree);
}

static void all_entries_follow_one_another(void **state)
{
    const struct fixture *f = *state;
    struct tree *tree = open_tree(f);
    struct bytes key = BYTES_NONE, value;
    struct error err;
    bool found;

    for (size_t i = 0; i < f->count; i++) {
        assert_ok(tree_find(tree, TREE_AFTER, key, &key, &value, &found, &err));
        assert_true(found);
        assert_bytes_equal(key_of(&f->entries[i]), key);
    }
    assert_ok(tree_find(tree, TREE_AFTER, key, &key, &value, &found, &err));
    assert_false(found);
    tree_free(tree);
}

static enum status collect(void *context, uint64_t number, struct error *err)
{
    (void)err;
    buf_add(context, bytes_of(&number, 8));
    return AF_OK;
}

/* One bit of a branch or leaf; half of them in its header and offsets. */
static void a_flipped_bit_of_its_pages_is_never_believed(void **state)
{
    const struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct buf numbers = {0};
    const struct pages_visitor visitor = {collect, NULL, &numbers};
    unsigned refused = 0;
    struct error err;

    assert_ok(pages_walk(&f->pages, f->root, &visitor, &err));
    for (int i = 0; i < FLIPS; i++) {
        uint32_t bit = test_random_below(&random, (i % 2 == 0 ? 96 : PAGE_ROOM) * 8);
        struct tree *tree = open_tree(f);
        uint64_t number;
        uint8_t *at;

        memcpy(&number, numbers.data + test_random_below(&random, (uint32_t)numbers.len / 8) * 8,
               8);
        if (i % 3 == 0)
            number = f->root;
        at = (uint8_t *)(uintptr_t)pages_get(&f->pages, number) + bit / 8;
        *at ^= (uint8_t)(1u << bit % 8);
        for (int j = 0; j < 4; j++)
            refused += !is_right(f, tree, &random);
        assert_refused(AF_CORRUPT, tree_verify(tree, &err));
        *at ^= (uint8_t)(1u << bit % 8);
        tree_free(tree);
    }
    assert_true(refused >= FLIPS); /* the root is on every way */
    buf_release(&numbers);
}

/* A page of the tree where another belongs, as after a write that went astray. */
static void a_page_in_the_place_of_another_is_refused(void **state)
{
    struct fixture *f = *state;
    uint8_t *root = (uint8_t *)(uintptr_t)pages_get(&f->pages, f->root), before[PAGE_ROOM];
    struct tree *tree = open_tree(f);
    struct bytes at, value;
    struct error err;
    bool found;

    memcpy(before, root, PAGE_ROOM);
    memcpy(root, pages_get(&f->pages, page_child(before, 0)), PAGE_ROOM);
    assert_refused(AF_CORRUPT,
                   tree_find(tree, TREE_FLOOR, BYTES_LIT("b"), &at, &value, &found, &err));
    memcpy(root, before, PAGE_ROOM);
    assert_ok(tree_find(tree, TREE_FLOOR, BYTES_LIT("b"), &at, &value, &found, &err));
    assert_true(found);
    tree_free(tree);
}

static void a_damaged_description_is_refused_or_names_other_pages(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct bytes whole = buf_bytes(&f->description);
    struct tree *tree;
    struct error err;

    for (size_t len = 0; len < whole.len; len += 1 + len / 16)
        assert_refused(AF_CORRUPT, tree_new(&f->pages, bytes_of(whole.data, len), &tree, &err));
    for (int i = 0; i < 500; i++) {
        uint32_t bit = test_random_below(&random, (uint32_t)whole.len * 8);

        f->description.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (tree_new(&f->pages, buf_bytes(&f->description), &tree, &err) == AF_OK) {
            if (tree_entries(tree) == f->count)
                assert_refused(AF_CORRUPT, tree_verify(tree, &err));
            tree_free(tree);
        }
        f->description.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/* A branch whose child is itself, and noise: the walk ends, within the file. */
static void no_page_leads_out_of_the_file_or_around_for_ever(void **state)
{
    const struct fixture *f = *state;
    struct test_random random = test_random_new();
    const struct pages_visitor visitor = {NULL, NULL, NULL};
    uint8_t *root = (uint8_t *)(uintptr_t)pages_get(&f->pages, f->root);
    struct error err;

    memcpy(root + PAGE_ROOM - 2, "\0", 1);
    for (unsigned i = 0; i < page_count(root); i++) {
        uint8_t *node = (uint8_t *)(uintptr_t)page_key(root, i).data - 8;
        uint16_t low = (uint16_t)f->root;

        memcpy(node, &low, 2);
    }
    assert_refused(AF_CORRUPT, pages_walk(&f->pages, f->root, &visitor, &err));
    for (int i = 0; i < 20000; i++) {
        for (size_t j = 16; j < PAGE_ROOM; j += 7)
            root[j] = (uint8_t)test_random_next(&random);
        root[10] = (uint8_t)(1 + i % 2);
        if (pages_is_sound(&f->pages, f->root))
            assert_int_not_equal(AF_IO, pages_walk(&f->pages, f->root, &visitor, &err));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_found_is_what_a_walk_over_all_finds),
        TEST(all_entries_follow_one_another),
        TEST(a_flipped_bit_of_its_pages_is_never_believed),
        TEST(a_page_in_the_place_of_another_is_refused),
        TEST(a_damaged_description_is_refused_or_names_other_pages),
        TEST(no_page_leads_out_of_the_file_or_around_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
