/* An index file with one damaged page: bits flipped anywhere, mostly in the header and the node
 * offsets of LMDB's own; a page zeroed, or replaced by another; the file cut at each page. The next
 * processes read, write and look: the index is refused or made anew with a sentence, no search
 * finds a case that does not match or misses one that does, and nobody dies.
 * (index_damage_test flips each byte of the values, tree_test bits of larger trees.)
 *
 * FLIPS sets the number a page (default 24); TEST_SEED repeats them. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/disk.h"
#include "tests/fault/life.h"
#include "tests/fault/trial.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 4096, FLIPS = 24, HEAD_BITS = 96 * 8 };

enum damage { FLIP, ZERO, OTHER, CUT, DAMAGES };
static const char *const names[DAMAGES] = {"flipped bits", "zeroed pages", "other pages", "cuts"};

struct trying {
    struct life life;
};

static struct {
    uint8_t *bytes;
    size_t len, pages;
} file;

static void read_file(const struct life *life)
{
    char path[4096];
    struct stat st;
    int fd;

    (void)snprintf(path, sizeof path, "%s/index/data.mdb", life->dir);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(0, fstat(fd, &st));
    file.len = (size_t)st.st_size;
    file.pages = file.len / PAGE;
    file.bytes = malloc(file.len);
    assert_non_null(file.bytes);
    assert_int_equal(file.len, read(fd, file.bytes, file.len));
    close(fd);
}

static void write_at(const struct life *life, size_t at, const uint8_t *bytes, size_t len)
{
    char path[4096];
    int fd;

    (void)snprintf(path, sizeof path, "%s/index/data.mdb", life->dir);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(len, pwrite(fd, bytes, len, (off_t)at));
    close(fd);
}

static bool is_calm(void)
{
    return true;
}

/* Reads, then writes: a flush copies and merges what is there. */
static void play(void *context)
{
    struct trying *t = context;

    life_play(&t->life, LIFE_LOOK, is_calm);
    life_play(&t->life, LIFE_FLUSH, is_calm);
    life_look_again(&t->life);
}

struct tally {
    unsigned tried[DAMAGES], unsound[DAMAGES];
};

static void try_once(struct trying *t, const struct life *prepared, enum damage damage, size_t page,
                     size_t detail, struct tally *tally)
{
    uint8_t bytes[PAGE];
    char *dir, path[4096];

    life_copy(prepared, LIFE_LOOK, &t->life);
    dir = t->life.dir;
    memcpy(bytes, file.bytes + page * PAGE, PAGE);
    if (damage == FLIP)
        bytes[detail / 8] ^= (uint8_t)(1u << detail % 8);
    else if (damage == ZERO)
        memset(bytes, 0, PAGE);
    else if (damage == OTHER)
        memcpy(bytes, file.bytes + detail * PAGE, PAGE);
    if (damage == CUT) {
        (void)snprintf(path, sizeof path, "%s/index/data.mdb", dir);
        assert_int_equal(0, truncate(path, (off_t)(page * PAGE + detail)));
    } else {
        write_at(&t->life, page * PAGE, bytes, PAGE);
    }
    tally->tried[damage]++;
    if (!trial_run(play, t, 0, t->life.wrong, sizeof t->life.wrong)) {
        print_message("page %zu of %zu, %s, %zu: %s\n", page, file.pages, names[damage], detail,
                      t->life.wrong);
        tally->unsound[damage]++;
    }
    t->life.dir = dir;
    life_remove(&t->life);
}

static void a_damaged_page_is_refused_or_the_index_made_anew(void **state)
{
    struct test_random random = test_random_new();
    const char *given = getenv("FLIPS");
    unsigned flips = given != NULL ? (unsigned)strtoul(given, NULL, 10) : FLIPS;
    struct trying *t = trial_share(sizeof *t);
    int64_t start_us = clock_steady_us();
    struct tally tally = {.tried = {0}};
    struct life prepared;
    unsigned unsound = 0;

    (void)state;
    disk_hooks.free_bytes = 0;
    life_prepare(&prepared);
    read_file(&prepared);
    for (size_t page = 0; page < file.pages; page++) {
        for (unsigned i = 0; i < flips; i++)
            try_once(t, &prepared, FLIP, page,
                     test_random_below(&random, i < flips * 2 / 3 ? HEAD_BITS : PAGE * 8), &tally);
        try_once(t, &prepared, ZERO, page, 0, &tally);
        try_once(t, &prepared, OTHER, page, test_random_below(&random, (uint32_t)file.pages),
                 &tally);
        try_once(t, &prepared, CUT, page, page % 2 * 100, &tally);
    }
    life_remove(&prepared);
    free(file.bytes);
    for (int i = 0; i < DAMAGES; i++) {
        print_message("%-13s %5u, unsound %u\n", names[i], tally.tried[i], tally.unsound[i]);
        unsound += tally.unsound[i];
    }
    print_message("%.1f s\n", (double)(clock_steady_us() - start_us) / 1e6);
    assert_int_equal(0, unsound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_damaged_page_is_refused_or_the_index_made_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
