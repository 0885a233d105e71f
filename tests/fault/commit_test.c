/* The process ends before and after every commit of a script of askfirst's life (life.h), and
 * before every call that changes a file: between the pages of a commit, its sync, its head, between
 * the steps of a swap. The next process finds a sound store with all that was acknowledged, and
 * searches say what the texts say.
 *
 * KILL_ONE=script,kind,number tries one alone. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/disk.h"
#include "tests/fault/life.h"
#include "tests/fault/lmdb_calls.h"
#include "tests/fault/trial.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum kill_kind { AT_COMMIT, AT_FILE_CALL, KILL_KINDS };
static const char *const kind_names[] = {"commit", "file call"};

static struct trying {
    struct life life;
    enum life_script script;
    enum kill_kind kind;
    long at; /* 0: never */
    atomic_long file_calls;
} * trying; /* shared with children; the hooks have no context */

static struct disk_fault stop_at_file_call(enum disk_call call, int fd)
{
    (void)fd;
    if (call != DISK_MAP && atomic_fetch_add(&trying->file_calls, 1) + 1 == trying->at &&
        trying->kind == AT_FILE_CALL)
        _exit(LMDB_KILLED);
    return (struct disk_fault){0};
}

static bool end_calmly(void)
{
    disk_hooks.before = NULL;
    return lmdb_calls_end_calmly();
}

static void play(void *context)
{
    struct trying *t = context;

    disk_hooks.before = stop_at_file_call;
    life_play(&t->life, t->script, end_calmly);
}

static void look(void *context)
{
    struct trying *t = context;

    life_look_again(&t->life);
}

static void try_once(const struct life *prepared)
{
    struct trying *t = trying;
    char *dir;

    life_copy(prepared, t->script, &t->life);
    dir = t->life.dir;
    atomic_store(&t->file_calls, 0);
    lmdb_calls_begin(0, 0, t->kind == AT_COMMIT ? t->at : 0);
    (void)trial_run(play, t, LMDB_KILLED, t->life.wrong, sizeof t->life.wrong);
    lmdb_calls_end();
    if (t->life.wrong[0] == '\0')
        (void)trial_run(look, t, 0, t->life.wrong, sizeof t->life.wrong);
    if (t->life.wrong[0] != '\0')
        fail_msg("KILL_ONE=%d,%d,%ld: script %s, stopped at a %s: %s", t->script, t->kind, t->at,
                 life_names[t->script], kind_names[t->kind], t->life.wrong);
    t->life.dir = dir;
    life_remove(&t->life);
}

static long steps_of(enum kill_kind kind)
{
    return kind == AT_COMMIT ? 2 * lmdb_commits_made() : atomic_load(&trying->file_calls);
}

static unsigned try_script(enum life_script script, enum kill_kind kind,
                           const struct life *prepared)
{
    struct trying *t = trying;
    long steps;

    t->script = script;
    t->kind = kind;
    t->at = 0;
    try_once(prepared);
    assert_int_equal(0, t->life.refused);
    steps = steps_of(kind);
    for (t->at = 1; t->at <= steps; t->at++)
        try_once(prepared);
    print_message("%-8s %4ld points at a %s\n", life_names[script], steps, kind_names[kind]);
    return (unsigned)steps;
}

static void a_kill_at_any_commit_loses_nothing(void **state)
{
    const char *one = getenv("KILL_ONE");
    int64_t start_us = clock_steady_us();
    struct life prepared;
    unsigned tries = 0;

    (void)state;
    trying = trial_share(sizeof *trying);
    disk_hooks.free_bytes = 0; /* no reserve: it is full_disk_test's */
    lmdb_calls_begin(0, 0, 0); /* shares the counters */
    lmdb_calls_end();
    life_prepare(&prepared);
    if (one != NULL) {
        unsigned script, kind;

        assert_int_equal(3, sscanf(one, "%u,%u,%ld", &script, &kind, &trying->at));
        trying->script = (enum life_script)(script % LIFE_SCRIPTS);
        trying->kind = (enum kill_kind)kind;
        try_once(&prepared);
    }
    for (int script = 0; script < LIFE_SCRIPTS && one == NULL; script++)
        for (int kind = 0; kind < KILL_KINDS; kind++)
            tries += try_script((enum life_script)script, (enum kill_kind)kind, &prepared);
    life_remove(&prepared);
    print_message("kills: %u, lost 0, wrong 0; %.1f s\n", tries,
                  (double)(clock_steady_us() - start_us) / 1e6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_at_any_commit_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
