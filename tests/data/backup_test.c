#include "tests/harness.h"

#include "data/backup.h"
#include "data/base/clock.h"
#include "tests/fault/scenario.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char *dir;
    char dest[PATH_MAX];
    struct scenario s;
};

static void step_to(struct fixture *f, const char *prefix, unsigned from, unsigned to)
{
    for (unsigned i = from; i <= to; i++) {
        struct error err;
        uint64_t seq;
        bool repeated;

        assert_ok(scenario_step(&f->s, prefix, i, &seq, &repeated, &err));
    }
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char data[PATH_MAX];
    struct error err;

    f->dir = test_dir_new();
    (void)snprintf(f->dest, sizeof f->dest, "%s/copy", f->dir);
    (void)snprintf(data, sizeof data, "%s/data", f->dir);
    assert_ok(scenario_open(&f->s, data, &err));
    step_to(f, "a", 1, 40);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    scenario_close(&f->s);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static bool is_there(const struct fixture *f, const char *name)
{
    char path[PATH_MAX + 64];
    struct stat st;

    (void)snprintf(path, sizeof path, "%s/%s", f->dest, name);
    return lstat(path, &st) == 0;
}

static void a_backup_is_verified_and_opens_as_a_data_folder(void **state)
{
    struct fixture *f = *state;
    struct backup_info made, read;
    struct scenario restored;
    struct check_counts counts;
    struct error err;
    uint64_t seq;
    bool repeated;

    clock_fix(1700000000000);
    assert_ok(backup_make(f->s.store, f->dest, &made, &err));
    clock_fix(-1);
    assert_int_equal(40, made.journal.seq);
    assert_false(is_there(f, "part"));
    assert_false(is_there(f, "store/lock.mdb"));
    assert_ok(backup_verify(f->dest, &read, &err));
    assert_memory_equal(&made, &read, sizeof made);
    assert_false(is_there(f, "store/lock.mdb"));
    assert_ok(scenario_open(&restored, f->dest, &err));
    assert_ok(scenario_check(restored.store, &counts, &err));
    assert_int_equal(40, counts.journal.seq);
    assert_ok(scenario_step(&restored, "a", 7, &seq, &repeated, &err));
    assert_true(repeated);
    assert_int_equal(7, seq);
    assert_ok(scenario_step(&restored, "b", 1, &seq, &repeated, &err));
    scenario_close(&restored);
    assert_refused(AF_CORRUPT, backup_verify(f->dest, &read, &err)); /* used since */
}

static void a_folder_that_holds_a_backup_or_a_store_is_left_alone(void **state)
{
    struct fixture *f = *state;
    struct error err;

    assert_ok(backup_make(f->s.store, f->dest, NULL, &err));
    assert_refused(AF_CONFLICT, backup_make(f->s.store, f->dest, NULL, &err));
    assert_refused(AF_CONFLICT, backup_make(f->s.store, f->s.dir, NULL, &err));
    err.text[0] = '\0';
    assert_int_not_equal(AF_OK, backup_make(f->s.store, "/proc/no-such-place", NULL, &err));
    assert_true(err.text[0] != '\0');
    assert_ok(backup_verify(f->dest, NULL, &err));
}

struct writing {
    struct fixture *f;
    atomic_bool stop;
    unsigned written;
};

static void *keep_writing(void *context)
{
    struct writing *w = context;

    while (!atomic_load(&w->stop)) {
        struct error err;
        uint64_t seq;
        bool repeated;

        if (scenario_step(&w->f->s, "w", ++w->written, &seq, &repeated, &err) != AF_OK)
            break;
    }
    return NULL;
}

static void copies_made_while_writing_goes_on_are_each_sound(void **state)
{
    struct fixture *f = *state;
    struct writing w = {.f = f};
    uint64_t last = 0;
    struct error err;
    pthread_t thread;

#ifdef __SANITIZE_ADDRESS__
    /* The copy is verified in a forked child. glibc's malloc survives a fork beside another
     * thread; this sanitizer's keeps the lock that thread held, for ever. */
    skip();
#endif
    assert_int_equal(0, pthread_create(&thread, NULL, keep_writing, &w));
    for (int i = 0; i < 10; i++) {
        struct backup_info info;

        (void)snprintf(f->dest, sizeof f->dest, "%s/copy-%d", f->dir, i);
        assert_ok(backup_make(f->s.store, f->dest, &info, &err));
        assert_ok(backup_verify(f->dest, NULL, &err));
        assert_true(info.journal.seq >= last);
        last = info.journal.seq;
    }
    atomic_store(&w.stop, true);
    assert_int_equal(0, pthread_join(thread, NULL));
    assert_true(w.written > 10);
    assert_true(last > 40);
}

static void flip(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    int c;

    assert_non_null(file);
    assert_int_equal(0, fseek(file, at, SEEK_SET));
    c = getc(file);
    assert_int_equal(0, fseek(file, at, SEEK_SET));
    assert_true(putc(c ^ 1, file) != EOF);
    assert_int_equal(0, fclose(file));
}

static void every_flipped_byte_is_noticed(void **state)
{
    struct fixture *f = *state;
    char file[PATH_MAX + 64], manifest[PATH_MAX + 64];
    struct backup_info info;
    struct error err;
    struct stat st;

    (void)snprintf(file, sizeof file, "%s/store/data.mdb", f->dest);
    (void)snprintf(manifest, sizeof manifest, "%s/manifest.json", f->dest);
    assert_ok(backup_make(f->s.store, f->dest, &info, &err));
    for (long at = 0; at < (long)info.bytes; at += 1009) {
        flip(file, at);
        assert_refused(AF_CORRUPT, backup_verify(f->dest, NULL, &err));
        flip(file, at);
    }
    assert_int_equal(0, stat(manifest, &st));
    for (long at = 0; at < st.st_size; at++) {
        struct backup_info read = {0};
        enum status status;

        flip(manifest, at);
        status = backup_verify(f->dest, &read, &err);
        /* A flipped digit of the time or of a count is another manifest, not a worse copy. */
        if (status == AF_OK)
            assert_int_equal(info.journal.seq, read.journal.seq);
        flip(manifest, at);
    }
    assert_ok(backup_verify(f->dest, NULL, &err));
}

static void without_room_nothing_is_left_that_looks_like_a_backup(void **state)
{
    struct fixture *f = *state;
    struct rlimit old, small;
    struct error err;

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(0, getrlimit(RLIMIT_FSIZE, &old));
    small = (struct rlimit){20480, old.rlim_max};
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &small));
    err.text[0] = '\0';
    assert_int_not_equal(AF_OK, backup_make(f->s.store, f->dest, NULL, &err));
    assert_int_equal(0, setrlimit(RLIMIT_FSIZE, &old));
    assert_true(err.text[0] != '\0');
    assert_false(is_there(f, "manifest.json"));
    assert_false(is_there(f, "store"));
    assert_false(is_there(f, "part"));
    assert_refused(AF_NOT_FOUND, backup_verify(f->dest, NULL, &err));
    assert_ok(backup_make(f->s.store, f->dest, NULL, &err));
}

static void what_an_interrupted_try_left_is_replaced(void **state)
{
    struct fixture *f = *state;
    char path[PATH_MAX + 64];
    struct error err;
    FILE *file;

    (void)mkdir(f->dest, 0700);
    (void)snprintf(path, sizeof path, "%s/part", f->dest);
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/part/store", f->dest);
    (void)mkdir(path, 0700);
    (void)snprintf(path, sizeof path, "%s/part/store/data.mdb", f->dest);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("half", file) >= 0);
    assert_int_equal(0, fclose(file));
    assert_refused(AF_NOT_FOUND, backup_verify(f->dest, NULL, &err));
    assert_ok(backup_make(f->s.store, f->dest, NULL, &err));
    assert_ok(backup_verify(f->dest, NULL, &err));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_backup_is_verified_and_opens_as_a_data_folder),
        TEST(a_folder_that_holds_a_backup_or_a_store_is_left_alone),
        TEST(copies_made_while_writing_goes_on_are_each_sound),
        TEST(every_flipped_byte_is_noticed),
        TEST(without_room_nothing_is_left_that_looks_like_a_backup),
        TEST(what_an_interrupted_try_left_is_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
