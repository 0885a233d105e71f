/* Every allocation fails once, ours and those inside LMDB, jansson, zstd and the C library, in
 * every script of askfirst's life (life.h): no crash, a sentence for each refusal; the same process
 * answers searches afterwards and never wrongly; the next one finds all that was acknowledged.
 *
 * They are thousands: about ALLOCATION_TRIES a script are tried, evenly spread and moved by the
 * seed; ALLOCATION_ALL=1 tries each, ALLOCATION_ONE=script,number one alone. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/alloc.h"
#include "tests/fault/disk.h"
#include "tests/fault/life.h"
#include "tests/fault/trial.h"

#include <stdio.h>
#include <stdlib.h>

enum { ALLOCATION_TRIES = 75 };

struct trying {
    struct life life;
    enum life_script script;
    long at;
};

static bool end_calmly(void)
{
    alloc_end();
    return true;
}

static void play(void *context)
{
    struct trying *t = context;

    alloc_begin(t->at);
    life_play(&t->life, t->script, end_calmly);
    life_look_again(&t->life);
}

static void try_once(struct trying *t, const struct life *prepared)
{
    char *dir;

    life_copy(prepared, t->script, &t->life);
    dir = t->life.dir;
    if (!trial_run(play, t, 0, t->life.wrong, sizeof t->life.wrong))
        fail_msg("ALLOCATION_ONE=%d,%ld: script %s: %s", t->script, t->at, life_names[t->script],
                 t->life.wrong);
    t->life.dir = dir;
    life_remove(&t->life);
}

static void try_script(struct trying *t, const struct life *prepared, unsigned seed,
                       unsigned *tries, unsigned *refused)
{
    bool all = getenv("ALLOCATION_ALL") != NULL;
    struct trial_walk walk;
    unsigned before = *tries;

    t->at = 0;
    try_once(t, prepared);
    assert_int_equal(0, t->life.refused);
    walk = trial_walk(alloc_made(), ALLOCATION_TRIES, all, seed);
    assert_true(walk.count > 100);
    for (; walk.at <= walk.count; walk.at += walk.step) {
        t->at = walk.at;
        try_once(t, prepared);
        *refused += t->life.refused;
        ++*tries;
    }
    print_message("%-8s %5u of %5ld allocations\n", life_names[t->script], *tries - before,
                  walk.count);
}

static void every_allocation_that_fails_is_said_and_loses_nothing(void **state)
{
    struct test_random random = test_random_new();
    const char *one = getenv("ALLOCATION_ONE");
    struct trying *t = trial_share(sizeof *t);
    int64_t start_us = clock_steady_us();
    unsigned tries = 0, refused = 0, script;
    struct life prepared;

    (void)state;
    if (!ALLOC_CAN_FAIL) {
        print_message("SKIPPED: the sanitizer has its own allocator\n");
        skip();
    }
    disk_hooks.free_bytes = 0; /* no reserve: it is full_disk_test's */
    alloc_begin(0);            /* shares the counters */
    alloc_end();
    life_prepare(&prepared);
    if (one != NULL) {
        assert_int_equal(2, sscanf(one, "%u,%ld", &script, &t->at));
        t->script = (enum life_script)(script % LIFE_SCRIPTS);
        try_once(t, &prepared);
    }
    for (script = 0; script < LIFE_SCRIPTS && one == NULL; script++) {
        t->script = (enum life_script)script;
        try_script(t, &prepared, test_random_below(&random, 1 << 20), &tries, &refused);
    }
    life_remove(&prepared);
    print_message("failing allocations: %u, %u refusals with a sentence, lost 0, wrong 0; %.1f s\n",
                  tries, refused, (double)(clock_steady_us() - start_us) / 1e6);
    assert_true(refused >= tries / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_that_fails_is_said_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
