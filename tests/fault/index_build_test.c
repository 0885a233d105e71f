/* Building the index while the machine fails: the process is killed at each file call, each file
 * call finds the disk full, each share of the allocations fails. The old index or the new one is
 * there afterwards, whole; what failed said so in a sentence.
 *
 * BUILD_ALL=1 tries every point; else a share of the later ones. */
#include "tests/indexer/index_fixture.h"

#include "indexer/index_impl.h"
#include "tests/fault/alloc.h"
#include "tests/fault/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CASES = 40, EACH = 30, KILLED = 9, WRONG = 1 };

static atomic_long calls, stops_at; /* 0: never */
static atomic_bool counting;

static bool is_now(void)
{
    return atomic_load(&counting) && atomic_fetch_add(&calls, 1) + 1 == atomic_load(&stops_at);
}

/* --- file calls --------------------------------------------------------------------------- */

static struct disk_fault kill_now(enum disk_call call, int fd)
{
    (void)call;
    (void)fd;
    if (is_now())
        _exit(KILLED);
    return (struct disk_fault){0};
}

/* From that call on until the disk is free again, every write finds it full. */
static struct disk_fault full_now(enum disk_call call, int fd)
{
    long at = atomic_load(&stops_at);
    bool is_full;

    (void)fd;
    if (call != DISK_WRITE || !atomic_load(&counting))
        return (struct disk_fault){0};
    is_full = atomic_fetch_add(&calls, 1) + 1 >= at && at > 0;
    return (struct disk_fault){.error = is_full ? ENOSPC : 0};
}

/* --- one try ------------------------------------------------------------------------------ */

enum fault { FAULT_KILL, FAULT_FULL, FAULT_MEMORY };
enum doing { DOING_FLUSH, DOING_COMPACT };

static enum status do_it(struct fixture *f, enum doing doing, struct error *err)
{
    struct index_compacted done;

    index_set_build(f->index, 3, 3); /* nearly all is spilled, in ranges */
    f->index->bulk_entries = 1;
    return doing == DOING_FLUSH ? index_flush(f->index, NULL, NULL, err)
                                : index_compact(f->index, NULL, NULL, &done, err);
}

/* In a child. Tells the parent by a pipe how many points there were. */
static void try_in_child(struct fixture *f, enum fault fault, enum doing doing, int out)
{
    struct error err = {0};
    enum status status;
    long count;

    (void)alarm(60);
    fixture_open(f);
    disk_hooks.before = fault == FAULT_KILL ? kill_now : fault == FAULT_FULL ? full_now : NULL;
    atomic_store(&counting, true);
    if (fault == FAULT_MEMORY)
        alloc_begin(atomic_load(&stops_at));
    status = do_it(f, doing, &err);
    if (fault == FAULT_MEMORY)
        alloc_end();
    atomic_store(&counting, false);
    count = fault == FAULT_MEMORY ? alloc_made() : atomic_load(&calls);
    if (write(out, &count, sizeof count) != sizeof count)
        _exit(WRONG);
    if (status != AF_OK && (err.status != status || err.text[0] == '\0'))
        _exit(WRONG);
    if (status != AF_OK && fault == FAULT_FULL && status != AF_FULL) {
        (void)fprintf(stderr, "a full disk is called: %s\n", err.text);
        _exit(WRONG);
    }
    assert_right(f); /* in this process too */
    /* After a failed write of its first pages LMDB serves this process no more, until a flush opens
     * the files anew. */
    if (status != AF_OK) {
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_true(f->index->on_disk);
        assert_ok(do_it(f, doing, &err));
    }
    assert_right(f);
    _exit(0);
}

static void copy_file(const char *from_dir, const char *to_dir, const char *name)
{
    char path[1024], *bytes = malloc((size_t)64 << 20);
    FILE *file;
    size_t len;

    assert_non_null(bytes);
    (void)snprintf(path, sizeof path, "%s/%s", from_dir, name);
    assert_non_null(file = fopen(path, "r"));
    len = fread(bytes, 1, (size_t)64 << 20, file);
    (void)fclose(file);
    (void)snprintf(path, sizeof path, "%s/%s", to_dir, name);
    assert_non_null(file = fopen(path, "w"));
    assert_int_equal(len, fwrite(bytes, 1, len, file));
    assert_int_equal(0, fclose(file));
    free(bytes);
}

static char *copy_of(const struct fixture *f)
{
    char *dir = test_dir_new(), path[1024];

    for (int i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", dir, i == 0 ? "store" : "index");
        assert_int_equal(0, mkdir(path, 0700));
    }
    copy_file(f->dir, dir, "store/data.mdb");
    copy_file(f->dir, dir, "index/data.mdb");
    return dir;
}

/* Returns how many points were passed. */
static long try_once(struct fixture *f, enum fault fault, enum doing doing, long at, bool *hit)
{
    char *home = f->dir;
    long count = 0;
    int ends[2], how;
    pid_t pid;

    f->dir = copy_of(f);
    assert_int_equal(0, pipe(ends));
    atomic_store(&calls, 0);
    atomic_store(&stops_at, at);
    (void)fflush(NULL);
    pid = env_fork();
    assert_true(pid >= 0);
    if (pid == 0)
        try_in_child(f, fault, doing, ends[1]);
    assert_int_equal(pid, waitpid(pid, &how, 0));
    close(ends[1]);
    if (read(ends[0], &count, sizeof count) != sizeof count)
        count = 0;
    close(ends[0]);
    *hit = WIFEXITED(how) && WEXITSTATUS(how) == KILLED;
    if (!WIFEXITED(how) || (WEXITSTATUS(how) != 0 && !*hit))
        fail_msg("fault %d, doing %d, point %ld: ended with %d", fault, doing, at, how);
    fixture_open(f); /* what the next process finds */
    assert_right(f);
    assert_sound(f);
    fixture_close(f);
    test_dir_remove(f->dir);
    f->dir = home;
    return count;
}

/* --- all of them -------------------------------------------------------------------------- */

static void prepare(struct fixture *f)
{
    struct test_random random = {4711}; /* the same points in every run */
    struct error err;

    for (int i = 0; i < CASES; i++)
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES / 2));
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    for (int i = 0; i < CASES; i++)
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
    journal_close(f->journal);
    f->journal = NULL;
    index_close(f->index);
    store_close(f->store);
    f->store = NULL;
}

static void try_all(struct fixture *f, enum fault fault, enum doing doing, long share)
{
    bool hit, all = getenv("BUILD_ALL") != NULL;
    long count, tried = 0;

    count = try_once(f, fault, doing, 0, &hit);
    assert_true(count > 5);
    for (long at = 1; at <= count; at += all || at < EACH ? 1 : share) {
        (void)try_once(f, fault, doing, at, &hit);
        tried++;
    }
    print_message("%ld of %ld points\n", tried, count);
}

static void a_kill_at_any_file_call_leaves_a_whole_index(void **state)
{
    prepare(*state);
    try_all(*state, FAULT_KILL, DOING_FLUSH, 5);
    try_all(*state, FAULT_KILL, DOING_COMPACT, 5);
}

static void a_disk_that_fills_up_is_said_and_leaves_the_index(void **state)
{
    prepare(*state);
    try_all(*state, FAULT_FULL, DOING_FLUSH, 5);
    try_all(*state, FAULT_FULL, DOING_COMPACT, 5);
}

static void an_allocation_that_fails_is_said_and_leaves_the_index(void **state)
{
    if (!ALLOC_CAN_FAIL) {
        print_message("SKIPPED: the sanitizer has its own allocator\n");
        skip();
    }
    prepare(*state);
    try_all(*state, FAULT_MEMORY, DOING_FLUSH, 197);
    try_all(*state, FAULT_MEMORY, DOING_COMPACT, 397);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_kill_at_any_file_call_leaves_a_whole_index),
        TEST(a_disk_that_fills_up_is_said_and_leaves_the_index),
        TEST(an_allocation_that_fails_is_said_and_leaves_the_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
