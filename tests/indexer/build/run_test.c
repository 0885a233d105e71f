#include "tests/harness.h"

#include "indexer/build/run_walk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SOURCES 7
#define ENTRIES 900

struct fixture {
    char *dir;
    struct run_store store;
    struct run_list lists[SOURCES];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    f->dir = test_dir_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < SOURCES; i++)
        run_list_release(&f->store, &f->lists[i]);
    assert_int_equal(0, f->store.bytes);
    run_store_release(&f->store);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static struct bytes make_term(uint32_t i, char text[64])
{
    int len = snprintf(text, 64, "%c%05u%s", i % 2 == 0 ? 'w' : '2', (unsigned)i,
                       i % 3 == 0 ? " and more than a key" : "");

    return bytes_of(text, (size_t)len);
}

/* Source s has every entry that its number leaves no rest of; the payload says whose it is. */
static void fill(struct fixture *f, const char *dir, size_t bytes_max, size_t block_bytes)
{
    char text[64];
    struct error err;

    run_store_init(&f->store, dir, bytes_max);
    f->store.block_bytes = block_bytes;
    for (uint32_t s = 0; s < SOURCES; s++) {
        for (int class = 1; class >= 0; class --) /* '2' sorts before 'w' */
            for (uint32_t i = 0; i < ENTRIES; i++) {
                struct buf payload = {0};

                if (i % (s + 1) != 0 || i % 2 != (uint32_t) class)
                    continue;
                for (uint32_t k = 0; k < 40 + i % 400; k++)
                    buf_add_u8(&payload, (uint8_t)s);
                assert_ok(run_add_entry(&f->store, &f->lists[s], make_term(i, text), s + 7,
                                        buf_bytes(&payload), &err));
                buf_release(&payload);
            }
        assert_ok(run_list_end(&f->store, &f->lists[s], &err));
    }
}

static enum status walk(struct fixture *f, struct run_range range, uint32_t *count,
                        struct error *err)
{
    struct run_list *lists[SOURCES];
    struct run_walk walk;
    struct buf before = {0};
    uint32_t number = 0;
    enum status status;

    for (int s = 0; s < SOURCES; s++)
        lists[s] = &f->lists[s];
    *count = 0;
    status = run_walk_open(&walk, &f->store, lists, SOURCES, range, err);
    while (status == AF_OK && run_walk_first(&walk) != NULL) {
        const struct run_entry *entry = &run_walk_first(&walk)->entry;
        int order = bytes_compare(buf_bytes(&before), entry->term);

        assert_true(order < 0 || (order == 0 && number < run_walk_number(&walk)));
        assert_true(entry->key >= range.from && entry->key < range.end);
        number = run_walk_number(&walk);
        assert_int_equal(entry->term.data[0] == 'w' ? number + 7 : 0, entry->langs);
        for (size_t i = 0; i < entry->payload.len; i++)
            assert_int_equal(number, entry->payload.data[i]);
        buf_clear(&before);
        buf_add(&before, entry->term);
        ++*count;
        status = run_walk_next(&walk, err);
    }
    run_walk_release(&walk);
    buf_release(&before);
    return status;
}

static enum status walk_all(struct fixture *f, uint32_t *count, struct error *err)
{
    return walk(f, RUN_WHOLE, count, err);
}

static uint32_t expected(void)
{
    uint32_t count = 0;

    for (uint32_t s = 0; s < SOURCES; s++)
        count += (ENTRIES + s) / (s + 1);
    return count;
}

static void entries_of_all_runs_come_in_order(void **state)
{
    struct fixture *f = *state;
    struct error err;
    uint32_t count;

    fill(f, NULL, 0, RUN_BLOCK_BYTES);
    assert_int_equal(-1, f->store.fd);
    assert_ok(walk_all(f, &count, &err));
    assert_int_equal(expected(), count);
    assert_int_equal(0, f->store.bytes); /* blocks go when they are read */
}

/* In any order, and never more than a block of each list in hand. */
static void ranges_together_give_every_entry_once(void **state)
{
    static const uint32_t mosts[] = {1, 2, 3, 10, 64, 1000};
    struct fixture *f = *state;
    struct run_list *lists[SOURCES];

    for (int s = 0; s < SOURCES; s++)
        lists[s] = &f->lists[s];
    for (size_t i = 0; i < sizeof mosts / sizeof *mosts; i++) {
        struct run_range ranges[RUN_RANGES_MAX];
        uint32_t count, all = 0, entries;
        struct error err;

        fill(f, f->dir, i % 2 == 0 ? SIZE_MAX : 100000, 1000);
        assert_ok(run_ranges_plan(lists, SOURCES, mosts[i], ranges, &count, &err));
        assert_true(count <= mosts[i] && count <= RUN_RANGES_MAX);
        assert_true(mosts[i] > 10 ? count > 10 : count == mosts[i]);
        assert_int_equal(0, ranges[0].from);
        for (uint32_t j = 0; j < count; j++) {
            assert_true(j + 1 == count || ranges[j].end == ranges[j + 1].from);
            assert_ok(walk(f, ranges[j % 2 == 0 ? count - 1 - j / 2 : j / 2], &entries, &err));
            assert_true(mosts[i] < 10 || entries < expected() / 4);
            all += entries;
        }
        assert_int_equal(expected(), all);
        assert_int_equal(0, f->store.bytes); /* the last reader of a block gave it back */
        for (int s = 0; s < SOURCES; s++)
            run_list_release(&f->store, &f->lists[s]);
        run_store_release(&f->store);
    }
    run_store_init(&f->store, NULL, 0);
}

static void what_does_not_fit_goes_to_a_file_without_a_name(void **state)
{
    struct fixture *f = *state;
    struct error err;
    char path[512];
    uint32_t count;

    fill(f, f->dir, 200000, RUN_BLOCK_BYTES);
    assert_true(f->store.file_bytes > 200000);
    assert_true(f->store.bytes <= 200000);
    (void)snprintf(path, sizeof path, "%s/sorting.tmp", f->dir);
    assert_int_not_equal(0, access(path, F_OK));
    assert_ok(walk_all(f, &count, &err));
    assert_int_equal(expected(), count);
}

static void a_damaged_file_is_refused(void **state)
{
    struct fixture *f = *state;
    struct error err;
    uint8_t byte;
    uint32_t count;

    fill(f, f->dir, 0, RUN_BLOCK_BYTES);
    assert_int_equal(1, pread(f->store.fd, &byte, 1, 70000));
    byte ^= 4;
    assert_int_equal(1, pwrite(f->store.fd, &byte, 1, 70000));
    assert_refused(AF_IO, walk_all(f, &count, &err));
}

static void a_file_that_was_cut_is_refused(void **state)
{
    struct fixture *f = *state;
    struct error err;
    uint32_t count;

    fill(f, f->dir, 0, RUN_BLOCK_BYTES);
    assert_int_equal(0, ftruncate(f->store.fd, 100000));
    assert_refused(AF_IO, walk_all(f, &count, &err));
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct fixture *f = *state;
    struct run_list list = {0};
    struct error err;

    run_store_init(&f->store, "/nowhere/at/all", 0);
    buf_add_str(&list.open, "something");
    assert_refused(AF_IO, run_list_end(&f->store, &list, &err));
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
    run_list_release(&f->store, &list);
}

static void a_full_disk_is_said(void **state)
{
    struct fixture *f = *state;
    struct run_list list = {0};
    struct error err;

    run_store_init(&f->store, "/dev", 0);
    f->store.fd = open("/dev/full", O_RDWR | O_CLOEXEC);
    assert_true(f->store.fd >= 0);
    buf_add_str(&list.open, "something");
    assert_refused(AF_FULL, run_list_end(&f->store, &list, &err));
    run_list_release(&f->store, &list);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(entries_of_all_runs_come_in_order),
        TEST(ranges_together_give_every_entry_once),
        TEST(what_does_not_fit_goes_to_a_file_without_a_name),
        TEST(a_damaged_file_is_refused),
        TEST(a_file_that_was_cut_is_refused),
        TEST(a_folder_that_is_not_there_is_named),
        TEST(a_full_disk_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
