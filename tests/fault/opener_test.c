/* A process that opens an environment is killed at each of its system calls while another one waits
 * to open it too: the other sees the newest commit, and what it writes is there afterwards.
 *
 * Who opens an environment that nobody else has open makes its lock file anew: the number of the
 * newest commit is 0 there for a moment. Who waits for that with a lock of the lock file and then
 * gets it, because the maker was killed, goes on with 0: from the older of the two first pages,
 * and would write over the newer one. So nobody may be waiting there (data/env.c). */
#include "tests/harness.h"

#include "data/env.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEPS_MAX = 1000 };

static const struct env_options writing = {.what = "the test", .dbs_max = 1};

/* What the waiting process ends with. */
enum ending { SOUND = 0, NOT_OPENED, NOT_READ, OLD, NOT_WRITTEN };

static MDB_val key_of_all(void)
{
    return (MDB_val){1, (void *)(uintptr_t) "k"};
}

static bool put(struct env *env, uint32_t value)
{
    MDB_val k = key_of_all(), v = {sizeof value, &value};
    MDB_txn *txn;
    MDB_dbi dbi;

    return mdb_txn_begin(env->mdb, NULL, 0, &txn) == 0 &&
           mdb_dbi_open(txn, "t", MDB_CREATE, &dbi) == 0 && mdb_put(txn, dbi, &k, &v, 0) == 0 &&
           mdb_txn_commit(txn) == 0;
}

static bool get(struct env *env, uint32_t *value)
{
    MDB_val k = key_of_all(), v;
    MDB_txn *txn;
    MDB_dbi dbi;
    bool ok = mdb_txn_begin(env->mdb, NULL, MDB_RDONLY, &txn) == 0;

    if (!ok)
        return false;
    ok = mdb_dbi_open(txn, "t", 0, &dbi) == 0 && mdb_get(txn, dbi, &k, &v) == 0 &&
         v.mv_size == sizeof *value;
    if (ok)
        memcpy(value, v.mv_data, sizeof *value);
    mdb_txn_abort(txn);
    return ok;
}

static pid_t start_opener(const char *dir)
{
    pid_t pid = env_fork();
    struct error err;
    struct env env;

    if (pid != 0)
        return pid;
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(9);
    (void)raise(SIGSTOP);
    _exit(env_open(dir, &writing, &env, &err) == AF_OK ? 0 : 1);
}

static pid_t start_waiting(const char *dir, uint32_t newest)
{
    pid_t pid = env_fork();
    struct error err;
    struct env env;
    uint32_t value;

    if (pid != 0)
        return pid;
    if (env_open(dir, &writing, &env, &err) != AF_OK)
        _exit(NOT_OPENED);
    if (!get(&env, &value))
        _exit(NOT_READ);
    if (value != newest)
        _exit(OLD);
    _exit(put(&env, newest + 1) ? SOUND : NOT_WRITTEN);
}

/* Until it waits for a lock, which is the only thing here that it may sleep for, or has ended. */
static void let_run(pid_t pid)
{
    char path[64], text[256] = "";

    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    for (;;) {
        FILE *file = fopen(path, "r");
        const char *state;

        assert_non_null(file);
        assert_non_null(fgets(text, sizeof text, file));
        (void)fclose(file);
        state = strrchr(text, ')');
        assert_non_null(state);
        if (state[2] == 'S' || state[2] == 'Z')
            return;
        (void)usleep(100);
    }
}

/* False: it ended before that many calls. */
static bool run_to(pid_t pid, unsigned steps)
{
    int how;

    assert_int_equal(pid, waitpid(pid, &how, 0));
    if (WIFEXITED(how)) {
        if (WEXITSTATUS(how) == 9)
            skip(); /* nobody may be traced here */
        fail_msg("it ended before it began: %d", how);
    }
    for (unsigned i = 0; i < steps; i++) {
        assert_int_equal(0, ptrace(PTRACE_SYSCALL, pid, NULL, NULL));
        assert_int_equal(pid, waitpid(pid, &how, 0));
        if (WIFEXITED(how))
            return false;
        assert_true(WIFSTOPPED(how));
    }
    return true;
}

static bool kill_at(const char *dir, unsigned step, uint32_t newest)
{
    pid_t opener = start_opener(dir), waiting;
    struct error err;
    struct env env;
    uint32_t value = 0;
    int how;

    if (!run_to(opener, step))
        return false;
    waiting = start_waiting(dir, newest);
    let_run(waiting);
    assert_int_equal(0, kill(opener, SIGKILL));
    assert_int_equal(opener, waitpid(opener, &how, 0));
    assert_int_equal(waiting, waitpid(waiting, &how, 0));
    if (!WIFEXITED(how) || WEXITSTATUS(how) != SOUND)
        fail_msg("killed at step %u: the other one ended with %d", step, how);
    assert_ok(env_open(dir, &writing, &env, &err));
    assert_true(get(&env, &value));
    if (value != newest + 1)
        fail_msg("killed at step %u: %u is there, %u was written", step, value, newest + 1);
    env_close(&env);
    return true;
}

/* Each step adds a commit, so both first pages are the newest in turn; twice, for each parity. */
static void an_opener_that_is_killed_leaves_nothing_old_to_the_next(void **state)
{
    uint32_t newest = 1;
    unsigned step = 0;

    (void)state;
    for (unsigned first = 1; first <= 2; first++) {
        char *dir = test_dir_new();
        struct error err;
        struct env env;

        assert_ok(env_open(dir, &writing, &env, &err));
        for (newest = 1; newest < 4 + first; newest++)
            assert_true(put(&env, newest));
        newest--;
        env_close(&env);
        for (step = 0; step < STEPS_MAX && kill_at(dir, step, newest); step++)
            newest++;
        assert_true(step > 40 && step < STEPS_MAX);
        test_dir_remove(dir);
    }
    print_message("killed at each of %u steps\n", step);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opener_that_is_killed_leaves_nothing_old_to_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
