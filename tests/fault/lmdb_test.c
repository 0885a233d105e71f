/* Every call of LMDB fails once, in every script of askfirst's life (life.h) and with every code
 * that such a call may answer: no crash, no leak, no deadlock, a sentence for each refusal; the
 * same process answers searches afterwards and never wrongly; the next one finds everything that
 * was acknowledged, a sound store and an index that says what the texts say.
 *
 * Calls that read and put values are hundreds in a script, so of those about LMDB_TRIES a script
 * are tried; LMDB_ALL=1 tries each of them with each code, LMDB_ONE=script,call,code one alone. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/disk.h"
#include "tests/fault/life.h"
#include "tests/fault/lmdb_calls.h"
#include "tests/fault/trial.h"

#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LMDB_TRIES = 10, SHARE = 7 };
#else
enum { LMDB_TRIES = 30, SHARE = 1 };
#endif

struct trying {
    struct life life;
    enum life_script script;
    long at;
    unsigned code_no;
};

static void play(void *context)
{
    struct trying *t = context;

    life_play(&t->life, t->script, lmdb_calls_end_calmly);
    life_look_again(&t->life);
}

static void try_once(struct trying *t, const struct life *prepared)
{
    char *dir;

    life_copy(prepared, t->script, &t->life);
    dir = t->life.dir;
    lmdb_calls_begin(t->at, t->code_no, 0); /* the first time, this shares the counters */
    if (!trial_run(play, t, 0, t->life.wrong, sizeof t->life.wrong)) {
        const struct lmdb_code *code;
        enum lmdb_call call = LMDB_CALLS;

        if (t->at > 0 && t->at <= lmdb_calls_made() && t->at <= LMDB_CALLS_KEPT)
            call = lmdb_call_made(t->at);
        code = call < LMDB_CALLS ? lmdb_code_of(call, t->code_no) : NULL;
        fail_msg("LMDB_ONE=%d,%ld,%u: script %s, %s, answers %d%s%s: %s", t->script, t->at,
                 t->code_no, life_names[t->script],
                 call < LMDB_CALLS ? lmdb_call_name(call) : "no call",
                 code != NULL ? code->code : 0, code != NULL && code->is_after ? " after it" : "",
                 code != NULL && code->is_fatal ? " and panic" : "", t->life.wrong);
    }
    t->life.dir = dir;
    life_remove(&t->life);
}

static unsigned codes_of(enum lmdb_call call)
{
    unsigned n = 0;

    while (lmdb_code_of(call, n) != NULL)
        n++;
    return n;
}

static bool is_frequent(enum lmdb_call call)
{
    return call == LMDB_GET || call == LMDB_PUT || call == LMDB_CURSOR_GET ||
           call == LMDB_CURSOR_OPEN || call == LMDB_TXN_RENEW || call == LMDB_ENV_TELL ||
           call == LMDB_TXN_READ || call == LMDB_TXN_WRITE || call == LMDB_DBI_OPEN;
}

struct tally {
    unsigned tried[LMDB_CALLS];
    unsigned tries, refused;
};

/* `seed` moves which codes meet which calls, and which of the frequent calls are tried. */
static void try_script(struct trying *t, const struct life *prepared, unsigned seed,
                       struct tally *tally)
{
    static enum lmdb_call calls[LMDB_CALLS_KEPT];
    bool all = getenv("LMDB_ALL") != NULL;
    long count, frequent = 0, step;

    t->at = 0;
    try_once(t, prepared);
    assert_int_equal(0, t->life.refused);
    count = lmdb_calls_made();
    assert_in_range(count, 10, LMDB_CALLS_KEPT);
    print_message("%-8s %4ld calls\n", life_names[t->script], count);
    for (long i = 0; i < count; i++) {
        calls[i] = lmdb_call_made(i + 1);
        frequent += is_frequent(calls[i]);
    }
    step = trial_walk(frequent, LMDB_TRIES, all, seed).step;
    frequent = seed % step;
    for (long i = 0; i < count; i++) {
        unsigned codes = codes_of(calls[i]), first = 0;

        if (!all && (is_frequent(calls[i]) ? frequent++ % step != 0 : (i + seed) % SHARE != 0))
            continue;
        if (!all && is_frequent(calls[i])) {
            first = (seed + (unsigned)i) % codes;
            codes = first + 1;
        }
        for (unsigned code = first; code < codes; code++) {
            t->at = i + 1;
            t->code_no = code;
            try_once(t, prepared);
            tally->tried[calls[i]]++;
            tally->tries++;
            tally->refused += t->life.refused;
        }
    }
}

static void try_one(struct trying *t, const struct life *prepared, const char *which)
{
    unsigned script;

    assert_int_equal(3, sscanf(which, "%u,%ld,%u", &script, &t->at, &t->code_no));
    t->script = (enum life_script)(script % LIFE_SCRIPTS);
    try_once(t, prepared);
}

static void every_call_of_lmdb_that_fails_is_said_and_loses_nothing(void **state)
{
    struct test_random random = test_random_new();
    struct trying *t = trial_share(sizeof *t); /* the child's life is looked at here */
    int64_t start_us = clock_steady_us();
    struct tally tally = {.tries = 0};
    const char *one = getenv("LMDB_ONE");
    struct life prepared;

    (void)state;
    disk_hooks.free_bytes = 0; /* no reserve: it is full_disk_test's */
    life_prepare(&prepared);
    if (one != NULL)
        try_one(t, &prepared, one);
    for (int script = 0; script < LIFE_SCRIPTS && one == NULL; script++) {
        t->script = (enum life_script)script;
        try_script(t, &prepared, test_random_below(&random, 1 << 20), &tally);
    }
    life_remove(&prepared);
    for (int call = 0; call < LMDB_CALLS; call++) {
        print_message("%-45s %5u\n", lmdb_call_name((enum lmdb_call)call), tally.tried[call]);
        if (SHARE == 1 && one == NULL && tally.tried[call] == 0)
            fail_msg("%s never failed", lmdb_call_name((enum lmdb_call)call));
    }
    print_message("failing calls: %u, %u refusals with a sentence, lost 0, wrong 0; %.1f s\n",
                  tally.tries, tally.refused, (double)(clock_steady_us() - start_us) / 1e6);
    assert_true(tally.refused >= tally.tries / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_of_lmdb_that_fails_is_said_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
