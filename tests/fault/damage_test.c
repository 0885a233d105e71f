/* A store whose file was damaged at random: opening and checking it never takes the caller down,
 * and a check that finds nothing means that nothing which can be read is wrong.
 *
 * DAMAGES sets the number (default 1500); TEST_SEED repeats them. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/scenario.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAMAGES = 1500, STEPS = 150, PAGE = 4096, SECTOR = 512 };

/* --- what was in it ------------------------------------------------------------------------- */

static struct digest content; /* of all tables; a child inherits it */

/* Every key and value of every table, in order. */
static enum status digest_content(struct txn *txn, struct digest *out, struct error *err)
{
    struct digest digest = {{0}};

    for (int i = 0; i < TABLE_COUNT; i++) {
        struct cursor *cursor;
        struct bytes key, body;
        enum status status = cursor_open(txn, (enum table)i, BYTES_NONE, WALK_UP, &cursor, err);

        if (status != AF_OK)
            return status;
        while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
            const struct bytes parts[] = {bytes_of(digest.b, DIGEST_BYTES), key, body};

            digest = digest_of(parts, 3);
        }
        cursor_close(cursor);
        if (status != AF_NOT_FOUND)
            return status;
    }
    *out = digest;
    return AF_OK;
}

static const char differs[] = "what can be read is not what was written";

static enum status compare_content(struct txn *txn, fault_fn fault, void *context,
                                   struct error *err)
{
    struct digest now;

    if (digest_content(txn, &now, err) != AF_OK || !digest_equal(&now, &content))
        fault(context, differs);
    return AF_OK;
}

struct sound_file {
    uint8_t *bytes, *before; /* and as it was some commands earlier: stale pages */
    size_t len, before_len;
};

static uint8_t *read_file(const char *path, size_t *len)
{
    struct stat st;
    uint8_t *bytes;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(0, fstat(fd, &st));
    bytes = malloc((size_t)st.st_size);
    assert_non_null(bytes);
    assert_int_equal(st.st_size, read(fd, bytes, (size_t)st.st_size));
    close(fd);
    *len = (size_t)st.st_size;
    return bytes;
}

static void make_sound_file(const char *dir, const char *path, struct sound_file *out)
{
    struct scenario s;
    struct error err;
    struct txn *txn;

    assert_ok(scenario_open(&s, dir, &err));
    for (unsigned i = 1; i <= STEPS; i++) {
        uint64_t seq;
        bool repeated;

        assert_ok(scenario_step(&s, "d", i, &seq, &repeated, &err));
        if (i == STEPS - 10)
            out->before = read_file(path, &out->before_len);
    }
    assert_ok(store_begin_read(s.store, &txn, &err));
    assert_ok(digest_content(txn, &content, &err));
    txn_abort(txn);
    scenario_close(&s);
    out->bytes = read_file(path, &out->len);
}

/* --- damage --------------------------------------------------------------------------------- */

enum damage { FLIP, ZERO_SECTOR, ZERO_PAGE, SWAP_PAGES, STALE_PAGE, NOISE, CUT, DAMAGE_KINDS };

static const char *const names[DAMAGE_KINDS] = {
    "bit flips", "zeroed sectors", "zeroed pages", "swapped pages", "stale pages", "noise", "cuts",
};

/* Changes `bytes`; the new length is returned. */
static size_t do_damage(enum damage damage, const struct sound_file *file, uint8_t *bytes,
                        struct test_random *random)
{
    size_t len = file->len;
    uint32_t pages = (uint32_t)(len / PAGE);
    size_t page = (size_t)test_random_below(random, pages) * PAGE;
    size_t other = (size_t)test_random_below(random, pages) * PAGE;
    uint8_t copy[PAGE];

    switch (damage) {
    case FLIP:
        bytes[test_random_below(random, (uint32_t)len)] ^=
            (uint8_t)(1u << test_random_below(random, 8));
        break;
    case ZERO_SECTOR:
        memset(bytes + (size_t)test_random_below(random, (uint32_t)(len / SECTOR)) * SECTOR, 0,
               SECTOR);
        break;
    case ZERO_PAGE:
        memset(bytes + page, 0, PAGE);
        break;
    case SWAP_PAGES:
        memcpy(copy, bytes + page, PAGE);
        memcpy(bytes + page, bytes + other, PAGE);
        memcpy(bytes + other, copy, PAGE);
        break;
    case STALE_PAGE:
        if (page + PAGE <= file->before_len)
            memcpy(bytes + page, file->before + page, PAGE);
        break;
    case NOISE:
        for (size_t i = 0; i < 64; i++)
            bytes[page + i * 61] = (uint8_t)test_random_next(random);
        break;
    case CUT:
        len = test_random_below(random, (uint32_t)len);
        break;
    case DAMAGE_KINDS:
        break;
    }
    return len;
}

struct verdict {
    unsigned faults;
    bool differs, by_signal;
};

static void note_fault(void *context, const char *sentence)
{
    struct verdict *verdict = context;

    assert_true(sentence[0] != '\0');
    if (strcmp(sentence, differs) == 0)
        verdict->differs = true;
    else
        verdict->faults++;
    verdict->by_signal = verdict->by_signal || strstr(sentence, "signal") != NULL;
}

static void write_file(const char *path, const uint8_t *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(len, write(fd, bytes, len));
    close(fd);
}

struct tally {
    unsigned tried, refused, named, by_signal, harmless;
};

static void try_one(const char *dir, enum damage damage, struct tally *tally, uint64_t number)
{
    static const check_more_fn more[] = {compare_content, NULL};
    struct verdict verdict = {0};
    const struct check_options options = {.fault = note_fault, .context = &verdict, .more = more};
    struct check_counts counts;
    struct error err = {0};
    enum status status = store_check_apart(dir, &options, &counts, &err);

    tally->tried++;
    if (status != AF_OK) {
        assert_true(err.text[0] != '\0');
        tally->refused++;
    } else if (verdict.faults > 0) {
        tally->named++;
        tally->by_signal += verdict.by_signal;
    } else if (verdict.differs) {
        fail_msg("damage %llu (%s) was not noticed", (unsigned long long)number, names[damage]);
    } else {
        tally->harmless++;
    }
}

static void damage_is_named_and_takes_nobody_down(void **state)
{
    const char *given = getenv("DAMAGES");
    unsigned damages = given != NULL ? (unsigned)strtoul(given, NULL, 10) : DAMAGES;
    struct test_random random = test_random_new();
    struct tally tallies[DAMAGE_KINDS] = {{0}};
    struct sound_file file = {0};
    char path[PATH_MAX], *dir = test_dir_new();
    int64_t start_us = clock_steady_us();
    uint8_t *bytes;

    (void)state;
    (void)snprintf(path, sizeof path, "%s/store/data.mdb", dir);
    make_sound_file(dir, path, &file);
    bytes = malloc(file.len);
    assert_non_null(bytes);
    for (unsigned i = 0; i < damages; i++) {
        enum damage damage = (enum damage)(i % DAMAGE_KINDS);
        size_t len;

        memcpy(bytes, file.bytes, file.len);
        len = do_damage(damage, &file, bytes, &random);
        write_file(path, bytes, len);
        try_one(dir, damage, &tallies[damage], i);
    }
    for (size_t i = 0; i < DAMAGE_KINDS; i++)
        print_message("%-15s %4u: %4u refused, %4u named (%u by a signal), %4u harmless\n",
                      names[i], tallies[i].tried, tallies[i].refused, tallies[i].named,
                      tallies[i].by_signal, tallies[i].harmless);
    print_message("damages: %u, unnoticed 0; %.1f s\n", damages,
                  (double)(clock_steady_us() - start_us) / 1e6);
    free(bytes);
    free(file.bytes);
    free(file.before);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_is_named_and_takes_nobody_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
