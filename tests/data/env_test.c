#include "tests/harness.h"

#include "data/env.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const struct env_options plain = {.what = "the test", .dbs_max = 4};
static const struct env_options reading = {.what = "the test", .dbs_max = 4, .read_only = true};

struct fixture {
    char *dir;
    char file[PATH_MAX];
    uint8_t *bytes; /* of a sound file with a few commits in it */
    size_t len;
};

static void put(struct env *env, const char *key, size_t len)
{
    char *value = calloc(1, len);
    MDB_val k = {strlen(key), (void *)(uintptr_t)key}, v = {len, value};
    MDB_txn *txn;
    MDB_dbi dbi;

    assert_non_null(value);
    assert_int_equal(0, mdb_txn_begin(env->mdb, NULL, 0, &txn));
    assert_int_equal(0, mdb_dbi_open(txn, "t", MDB_CREATE, &dbi));
    assert_int_equal(0, mdb_put(txn, dbi, &k, &v, 0));
    assert_int_equal(0, mdb_txn_commit(txn));
    free(value);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(len, write(fd, bytes, len));
    close(fd);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct env env;
    struct error err;
    struct stat st;
    int fd;

    f->dir = test_dir_new();
    (void)snprintf(f->file, sizeof f->file, "%s/data.mdb", f->dir);
    assert_ok(env_open(f->dir, &plain, &env, &err));
    for (int i = 0; i < 5; i++) {
        char key[16];

        (void)snprintf(key, sizeof key, "k%d", i);
        put(&env, key, 3000);
    }
    env_close(&env);
    fd = open(f->file, O_RDONLY);
    assert_int_equal(0, fstat(fd, &st));
    f->len = (size_t)st.st_size;
    f->bytes = malloc(f->len);
    assert_int_equal(f->len, read(fd, f->bytes, f->len));
    close(fd);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    test_dir_remove(f->dir);
    free(f->bytes);
    free(f);
    return 0;
}

static void a_file_cut_at_any_page_border_is_refused(void **state)
{
    struct fixture *f = *state;
    struct env env;
    struct error err;

    for (size_t border = PAGE; border <= f->len; border += PAGE)
        for (int off = -1; off <= 1; off++) {
            size_t len = border + (size_t)off;

            if (len >= f->len)
                continue;
            write_file(f->file, f->bytes, len);
            assert_refused(AF_CORRUPT, env_probe_file(f->file, "the test", &err));
            assert_refused(AF_CORRUPT, env_open(f->dir, &reading, &env, &err));
            assert_refused(AF_CORRUPT, env_open(f->dir, &plain, &env, &err));
        }
    write_file(f->file, f->bytes, f->len);
    assert_ok(env_probe_file(f->file, "the test", &err));
}

/* Where in which meta page, what is put there, and what that is; env_probe.c draws them. */
static const struct {
    const char *name;
    size_t at, len;
    uint8_t bytes[8];
    enum status status;
} edits[] = {
    {"magic of page 0",        16,         4, {1, 2, 3, 4},                AF_CORRUPT},
    {"magic of page 1",        PAGE + 16,  4, {0},                         AF_CORRUPT},
    {"version of page 0",      20,         4, {2, 0, 0, 0},                AF_NEWER  },
    {"version of page 1",      PAGE + 20,  4, {9, 0, 0, 0},                AF_NEWER  },
    {"page size 0",            40,         4, {0},                         AF_CORRUPT},
    {"page size 12345",        40,         4, {0x39, 0x30, 0, 0},          AF_CORRUPT},
    {"page size 2^31",         40,         4, {0, 0, 0, 0x80},             AF_CORRUPT},
    {"another page size",      PAGE + 40,  4, {0, 0x20, 0, 0},             AF_CORRUPT},
    {"commit far ahead",       144,        8, {0, 0, 1, 0, 0, 0, 0, 0},    AF_CORRUPT},
    {"commit of another page", PAGE + 144, 8, {0xFE, 0, 0, 0, 0, 0, 0, 0}, AF_CORRUPT},
    {"both commits zero",      144,        8, {0},                         AF_CORRUPT},
};

static void an_edited_meta_page_is_refused_for_what_it_is(void **state)
{
    struct fixture *f = *state;
    struct env env;
    struct error err;

    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        uint8_t *copy = malloc(f->len);
        enum status status;

        assert_non_null(copy);
        memcpy(copy, f->bytes, f->len);
        memcpy(copy + edits[i].at, edits[i].bytes, edits[i].len);
        write_file(f->file, copy, f->len);
        status = env_probe_file(f->file, "the test", &err);
        if (status != edits[i].status)
            fail_msg("%s: %s", edits[i].name, status_name(status));
        assert_refused(edits[i].status, env_open(f->dir, &plain, &env, &err));
        free(copy);
    }
}

static void last_pages_and_roots_past_the_end_are_refused(void **state)
{
    static const size_t places[] = {136 /* last page */, 80 /* root of free list */,
                                    128 /* root of the tables */};
    struct fixture *f = *state;
    struct error err;

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        uint8_t *copy = malloc(f->len);

        assert_non_null(copy);
        memcpy(copy, f->bytes, f->len);
        for (size_t page = 0; page < 2; page++)
            memcpy(copy + page * PAGE + places[i], "\0\0\0\0\1\0\0\0", 8);
        write_file(f->file, copy, f->len);
        assert_refused(AF_CORRUPT, env_probe_file(f->file, "the test", &err));
        free(copy);
    }
}

static void what_is_no_file_of_ours_is_refused(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    uint8_t noise[3 * PAGE];
    struct env env;
    struct error err;

    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)test_random_next(&random);
    write_file(f->file, noise, sizeof noise);
    assert_refused(AF_CORRUPT, env_open(f->dir, &plain, &env, &err));
    write_file(f->file, "x", 1);
    assert_refused(AF_CORRUPT, env_open(f->dir, &plain, &env, &err));
    assert_int_equal(0, unlink(f->file));
    assert_int_equal(0, mkdir(f->file, 0700));
    assert_refused(AF_CORRUPT, env_open(f->dir, &plain, &env, &err));
    assert_int_equal(0, rmdir(f->file));
    assert_int_equal(0, symlink("/nowhere/at/all", f->file));
    assert_int_not_equal(AF_OK, env_open(f->dir, &reading, &env, &err));
    assert_int_equal(0, unlink(f->file));
}

static void an_empty_or_missing_file_is_not_found_or_made(void **state)
{
    struct fixture *f = *state;
    char other[PATH_MAX];
    struct env env;
    struct error err;

    write_file(f->file, "", 0);
    assert_refused(AF_NOT_FOUND, env_open(f->dir, &reading, &env, &err));
    assert_ok(env_open(f->dir, &plain, &env, &err));
    env_close(&env);
    assert_int_equal(0, unlink(f->file));
    assert_refused(AF_NOT_FOUND, env_open(f->dir, &reading, &env, &err));
    (void)snprintf(other, sizeof other, "%.3000s/none", f->dir);
    assert_refused(AF_NOT_FOUND, env_open(other, &reading, &env, &err));
}

/* Would another process be let in by LMDB's lock? */
static bool is_locked(const char *dir)
{
    struct flock writer = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    char path[PATH_MAX];
    int how, fd;
    pid_t pid = fork();

    if (pid == 0) {
        (void)snprintf(path, sizeof path, "%.3000s/lock.mdb", dir);
        fd = open(path, O_RDWR);
        _exit(fd >= 0 && fcntl(fd, F_GETLK, &writer) == 0 && writer.l_type != F_UNLCK);
    }
    assert_int_equal(pid, waitpid(pid, &how, 0));
    return WEXITSTATUS(how) == 1;
}

static void a_second_open_is_refused_and_leaves_the_first_its_lock(void **state)
{
    struct fixture *f = *state;
    struct env env, second;
    struct error err;

    assert_ok(env_open(f->dir, &plain, &env, &err));
    assert_true(is_locked(f->dir));
    assert_refused(AF_BUSY, env_open(f->dir, &plain, &second, &err));
    assert_refused(AF_BUSY, env_open(f->dir, &reading, &second, &err));
    assert_true(is_locked(f->dir));
    env_close(&env);
    assert_ok(env_open(f->dir, &plain, &env, &err));
    env_close(&env);
}

static void a_folder_that_is_gone_can_be_opened_elsewhere_later(void **state)
{
    struct fixture *f = *state;
    char moved[PATH_MAX];
    struct env env;
    struct error err;

    (void)snprintf(moved, sizeof moved, "%.3000s-moved", f->dir);
    assert_ok(env_open(f->dir, &plain, &env, &err));
    assert_int_equal(0, rename(f->dir, moved));
    env_close(&env);
    assert_ok(env_open(moved, &plain, &env, &err));
    env_close(&env);
    assert_int_equal(0, rename(moved, f->dir));
}

/* As somebody who may read but not write; needs root to become that. */
static void a_folder_one_may_not_write_can_be_read(void **state)
{
    struct fixture *f = *state;
    struct env env;
    struct error err;
    int how;
    pid_t pid;

    if (getuid() != 0) {
        print_message("SKIPPED: needs root to become another user\n");
        skip();
    }
    assert_int_equal(0, chmod(f->file, 0644));
    assert_int_equal(0, chmod(f->dir, 0755));
    pid = fork();
    if (pid == 0) {
        enum status status = AF_OK;
        int here = open(f->dir, O_RDONLY | O_DIRECTORY);

        if (fchdir(here) != 0 || setuid(65534) != 0)
            _exit(9);
        if (env_open(".", &plain, &env, &err) != AF_DENIED)
            _exit(8);
        status = env_open(".", &reading, &env, &err);
        _exit((int)status);
    }
    assert_int_equal(pid, waitpid(pid, &how, 0));
    assert_true(WIFEXITED(how));
    assert_int_equal(AF_DENIED, WEXITSTATUS(how)); /* lock.mdb is private: 0600 */
    (void)snprintf(f->file, sizeof f->file, "%s/lock.mdb", f->dir);
    assert_int_equal(0, unlink(f->file));
    pid = fork();
    if (pid == 0) {
        int here = open(f->dir, O_RDONLY | O_DIRECTORY);

        if (fchdir(here) != 0 || setuid(65534) != 0)
            _exit(9);
        _exit((int)env_open(".", &reading, &env, &err));
    }
    assert_int_equal(pid, waitpid(pid, &how, 0));
    assert_int_equal(AF_OK, WEXITSTATUS(how));
}

/* What was committed stays, and the next to open it has room again. */
static void a_file_that_fills_its_map_is_opened_for_twice_as_much(void **state)
{
    struct fixture *f = *state;
    struct env_options small = plain;
    struct env env;
    struct error err;
    size_t before = 1 << 20;

    small.map_bytes = before;
    for (int round = 0; round < 3; round++) {
        char *value = calloc(1, 100000);
        MDB_val k = {0}, v = {100000, value};
        char key[16];
        MDB_txn *txn;
        MDB_dbi dbi;
        int rc = 0;

        assert_ok(env_open(f->dir, &small, &env, &err));
        assert_true(round == 0 ? env_map_bytes(&env) == before : env_map_bytes(&env) > before);
        before = env_map_bytes(&env);
        for (int i = 0; rc == 0; i++) {
            k = (MDB_val){(size_t)snprintf(key, sizeof key, "%d-%d", round, i), key};
            assert_int_equal(0, mdb_txn_begin(env.mdb, NULL, 0, &txn));
            assert_int_equal(0, mdb_dbi_open(txn, "t", MDB_CREATE, &dbi));
            rc = mdb_put(txn, dbi, &k, &v, 0);
            if (rc == 0)
                assert_int_equal(0, mdb_txn_commit(txn));
            else
                mdb_txn_abort(txn);
            assert_true(i < 100 && (rc == 0 || i > 2));
        }
        assert_int_equal(MDB_MAP_FULL, rc);
        assert_true(env_map_room(&env) < 200000);
        env_close(&env);
        free(value);
    }
}

static void every_code_of_lmdb_has_a_sentence(void **state)
{
    static const struct {
        int rc;
        enum status status;
    } rows[] = {
        {MDB_NOTFOUND,         AF_NOT_FOUND},
        {ENOSPC,               AF_FULL     },
        {MDB_MAP_FULL,         AF_FULL     },
        {MDB_MAP_RESIZED,      AF_FULL     },
        {MDB_CORRUPTED,        AF_CORRUPT  },
        {MDB_PAGE_NOTFOUND,    AF_CORRUPT  },
        {MDB_PANIC,            AF_CORRUPT  },
        {MDB_INVALID,          AF_CORRUPT  },
        {MDB_VERSION_MISMATCH, AF_NEWER    },
        {MDB_READERS_FULL,     AF_BUSY     },
        {EACCES,               AF_DENIED   },
        {EROFS,                AF_DENIED   },
        {ENOMEM,               AF_NO_MEMORY},
        {EIO,                  AF_IO       },
        {MDB_BAD_TXN,          AF_CORRUPT  },
    };
    const struct env env = {.what = "the test", .dir = (char *)(uintptr_t) "/dir"};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(rows[i].status, env_status(&env, rows[i].rc, "doing", &err));
    assert_int_equal(AF_OK, env_status(&env, 0, "doing", &err));
}

/* --- reading ahead ----------------------------------------------------------------------- */

enum { LARGE_BYTES = 40 << 20, WAIT_MS = 20000 };

static size_t pages_in_memory(int fd)
{
    static unsigned char in_memory[LARGE_BYTES / PAGE];
    void *map = mmap(NULL, LARGE_BYTES, PROT_READ, MAP_SHARED, fd, 0);
    size_t count = 0;

    assert_true(map != MAP_FAILED);
    assert_int_equal(0, mincore(map, LARGE_BYTES, in_memory));
    assert_int_equal(0, munmap(map, LARGE_BYTES));
    for (size_t i = 0; i < LARGE_BYTES / PAGE; i++)
        count += in_memory[i] & 1u;
    return count;
}

/* More than the kernel reads for one request. Where a file cannot be put out of memory (tmpfs)
 * there is nothing to see. */
static void a_whole_file_is_brought_into_memory(void **state)
{
    struct env env = {.dir = test_dir_new()};
    char path[PATH_MAX];
    void *zeros = calloc(1, LARGE_BYTES);
    size_t before, after;
    int fd;

    (void)state;
    snprintf(path, sizeof path, "%s/data.mdb", env.dir);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(LARGE_BYTES, write(fd, zeros, LARGE_BYTES));
    assert_int_equal(0, fsync(fd));
    assert_int_equal(0, posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED));
    before = pages_in_memory(fd);
    env_read_whole(&env);
    after = pages_in_memory(fd);
    for (int ms = 0; ms < WAIT_MS && after < LARGE_BYTES / PAGE; ms += 10) {
        assert_int_equal(0, usleep(10000));
        after = pages_in_memory(fd);
    }
    print_message("%zu of %d pages before, %zu after\n", before, LARGE_BYTES / PAGE, after);
    assert_int_equal(LARGE_BYTES / PAGE, after);
    close(fd);
    free(zeros);
    test_dir_remove(env.dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_cut_at_any_page_border_is_refused),
        TEST(an_edited_meta_page_is_refused_for_what_it_is),
        TEST(last_pages_and_roots_past_the_end_are_refused),
        TEST(what_is_no_file_of_ours_is_refused),
        TEST(an_empty_or_missing_file_is_not_found_or_made),
        TEST(a_second_open_is_refused_and_leaves_the_first_its_lock),
        TEST(a_folder_that_is_gone_can_be_opened_elsewhere_later),
        TEST(a_folder_one_may_not_write_can_be_read),
        TEST(a_file_that_fills_its_map_is_opened_for_twice_as_much),
        cmocka_unit_test(every_code_of_lmdb_has_a_sentence),
        cmocka_unit_test(a_whole_file_is_brought_into_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
