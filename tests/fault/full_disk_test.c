/* A disk that is really full: a small tmpfs of our own. Needs the right to mount in a namespace
 * (root, or user namespaces); else the test says that it was skipped. */
#include "tests/harness.h"

#include "data/backup.h"
#include "data/reserve.h"
#include "tests/fault/disk.h"
#include "tests/fault/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DISK_OPTIONS "size=112m"
enum { NO_MOUNT = 77, STEPS = 40, MORE = 4000 };

static char dir[PATH_MAX], data[PATH_MAX], ballast[PATH_MAX];
static uint64_t seqs[MORE + 1];

/* In the child, failing is saying why and leaving: the parent holds the test. */
#define demand(what)                                                                               \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            (void)fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #what, err.text);        \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

static bool is_refused(enum status status, const struct error *err)
{
    return status == AF_FULL && err->status == AF_FULL && err->text[0] != '\0';
}

static void fill_disk(void)
{
    static const char block[65536];
    int fd = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0600);
    size_t len = sizeof block;

    while (fd >= 0 && len > 0)
        if (write(fd, block, len) < 0)
            len /= 2;
    (void)close(fd);
}

static void free_disk(void)
{
    (void)unlink(ballast);
}

static enum status step(struct scenario *s, unsigned number, struct error *err)
{
    bool repeated;

    err->text[0] = '\0';
    return scenario_step(s, "f", number, &seqs[number], &repeated, err);
}

static bool all_there(struct scenario *s, unsigned from, unsigned to, struct error *err)
{
    for (unsigned i = from; i <= to; i++)
        if (seqs[i] > 0 && scenario_find(s->store, "f", i, seqs[i], err) != AF_OK)
            return false;
    return true;
}

/* Number of a command that can wait (an import), or cannot. */
static bool is_import(unsigned number)
{
    return number % 4 == 0;
}

static void start_on_a_full_disk(void)
{
    struct scenario s;
    struct error err = {0};

    fill_disk();
    demand(is_refused(scenario_open(&s, data, &err), &err));
    free_disk();
    demand(scenario_open(&s, data, &err) == AF_OK);
    scenario_close(&s);
    fill_disk(); /* what is there already opens: reading must go on */
    demand(store_open(data, STORE_READ, &s.store, &err) == AF_OK);
    store_close(s.store);
    free_disk();
}

static unsigned write_until_refused(struct scenario *s, unsigned from, struct error *err)
{
    unsigned i = from;

    while (i < MORE && (is_import(i) || step(s, i, err) == AF_OK))
        i++;
    return i;
}

static void fill_while_writing(void)
{
    struct scenario s;
    struct error err = {0};
    char path[PATH_MAX];
    struct check_counts counts;
    struct stat st;
    unsigned i;

    disk_hooks.free_bytes = RESERVE_FREE_MIN; /* the truth would be too little for a reserve */
    demand(scenario_open(&s, data, &err) == AF_OK);
    (void)snprintf(path, sizeof path, "%.3000s/reserve", data);
    demand(stat(path, &st) == 0 && st.st_size == RESERVE_BYTES);
    for (i = 1; i <= STEPS; i++)
        demand(step(&s, i, &err) == AF_OK);

    /* The disk fills: the reserve is given back, people's words go on, imports wait. */
    fill_disk();
    disk_hooks.free_bytes = 0;
    for (; i <= 10 * STEPS; i++) {
        enum status status = step(&s, i, &err);

        demand(status == AF_OK || (is_import(i) && is_refused(status, &err)));
    }
    demand(stat(path, &st) != 0);
    for (i = 10 * STEPS + 1; !is_import(i); i++)
        continue;
    demand(is_refused(step(&s, i, &err), &err));
    demand(all_there(&s, 1, i, &err));

    /* And fills again. */
    fill_disk();
    i = write_until_refused(&s, i + 1, &err);
    demand(i < MORE && err.status == AF_FULL && err.text[0] != '\0');
    demand(all_there(&s, 1, i, &err));
    demand(scenario_check(s.store, &counts, &err) == AF_OK);
    demand(is_refused(backup_make(s.store, dir, NULL, &err), &err));
    (void)snprintf(path, sizeof path, "%.3000s/manifest.json", dir);
    demand(stat(path, &st) != 0);

    /* Room again: without a restart, first people, then imports too. */
    free_disk();
    demand(step(&s, i, &err) == AF_OK);
    disk_hooks.free_bytes = RESERVE_FREE_MIN;
    for (i++; !is_import(i); i++)
        continue;
    demand(step(&s, i, &err) == AF_OK);
    demand(scenario_check(s.store, &counts, &err) == AF_OK);
    scenario_close(&s);
    demand(scenario_open(&s, data, &err) == AF_OK);
    demand(all_there(&s, 1, i, &err));
    demand(scenario_check(s.store, &counts, &err) == AF_OK);
    scenario_close(&s);
}

/* A file system that only this child sees, and that goes with it. */
static void on_a_small_disk(void (*what)(void))
{
    if (unshare(getuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("askfirst", dir, "tmpfs", 0, DISK_OPTIONS) != 0)
        _exit(NO_MOUNT);
    what();
    _exit(0);
}

static void run(void (*what)(void))
{
    char *made = test_dir_new();
    int how = 0;
    pid_t pid;

    (void)snprintf(dir, sizeof dir, "%.3000s", made);
    (void)snprintf(data, sizeof data, "%.3000s/data", made);
    (void)snprintf(ballast, sizeof ballast, "%.3000s/ballast", made);
    (void)fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        on_a_small_disk(what);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    test_dir_remove(made);
    if (WIFEXITED(how) && WEXITSTATUS(how) == NO_MOUNT) {
        print_message("SKIPPED: a small file system may not be mounted here\n");
        skip();
    }
    if (WIFSIGNALED(how))
        fail_msg("died by signal %d", WTERMSIG(how));
    assert_int_equal(0, WEXITSTATUS(how));
}

static void starting_on_a_full_disk_is_a_sentence(void **state)
{
    (void)state;
    run(start_on_a_full_disk);
}

static void a_disk_that_fills_takes_words_longer_than_imports_and_recovers(void **state)
{
    (void)state;
    run(fill_while_writing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starting_on_a_full_disk_is_a_sentence),
        cmocka_unit_test(a_disk_that_fills_takes_words_longer_than_imports_and_recovers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
