/* Every file call of a scenario fails once, and from some point on for ever: no crash, a sentence
 * for each failure, and after a restart everything acknowledged is there and sound. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/disk.h"
#include "tests/fault/scenario.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEPS = 10 };

static const struct variant {
    const char *name;
    struct disk_fault fault;
    bool for_ever;
} variants[] = {
    {"EIO once",                     {.error = EIO},                   false},
    {"EIO from then on",             {.error = EIO},                   true },
    {"ENOSPC once",                  {.error = ENOSPC},                false},
    {"ENOSPC from then on",          {.error = ENOSPC},                true },
    {"a short write",                {.is_short = true},               false},
    {"short writes from then on",    {.is_short = true},               true },
    {"done, then EIO",               {.error = EIO, .is_after = true}, false},
    {"done, then EIO, from then on", {.error = EIO, .is_after = true}, true },
};

/* --- the scenario, in a child ---------------------------------------------------------------- */

static struct {
    struct variant variant;
    atomic_long calls;
    long fails_at; /* 0: none */
} plan;

static struct disk_fault fail_planned(enum disk_call call, int fd)
{
    long number = atomic_fetch_add(&plan.calls, 1) + 1;

    (void)call;
    (void)fd;
    if (plan.fails_at == 0 ||
        (plan.variant.for_ever ? number < plan.fails_at : number != plan.fails_at))
        return (struct disk_fault){0};
    return plan.variant.fault;
}

struct report {
    long calls;
    uint64_t acknowledged, refused;
    char wrong[ERROR_TEXT_MAX + 64]; /* empty: nothing */
};

static void demand_sentence(struct report *report, enum status status, const struct error *err,
                            const char *doing)
{
    report->refused++;
    if (status != err->status || err->text[0] == '\0')
        (void)snprintf(report->wrong, sizeof report->wrong, "no sentence when %s", doing);
}

static void run_with_faults(const char *dir, uint64_t seqs[STEPS + 1], struct report *report)
{
    struct error err = {0};
    struct scenario s;
    enum status status;

    disk_hooks.before = fail_planned;
    status = scenario_open(&s, dir, &err);
    if (status != AF_OK) {
        demand_sentence(report, status, &err, "opening");
        disk_hooks.before = NULL;
        return;
    }
    for (unsigned i = 1; i <= STEPS; i++) {
        bool repeated;

        err = (struct error){0};
        status = scenario_step(&s, "io", i, &seqs[i], &repeated, &err);
        if (status == AF_OK)
            report->acknowledged++;
        else
            demand_sentence(report, status, &err, "writing");
        if (status != AF_OK)
            seqs[i] = 0;
    }
    scenario_close(&s);
    disk_hooks.before = NULL;
}

/* What a restart finds, once the disk works again. */
static enum status look_again(const char *dir, const uint64_t seqs[STEPS + 1], struct error *err)
{
    struct check_counts counts;
    struct scenario s;
    enum status status = scenario_open(&s, dir, err);

    if (status != AF_OK)
        return status;
    for (unsigned i = 1; status == AF_OK && i <= STEPS; i++)
        if (seqs[i] > 0)
            status = scenario_find(s.store, "io", i, seqs[i], err);
    for (unsigned i = 1; status == AF_OK && i <= STEPS; i++) {
        uint64_t seq;
        bool repeated;

        /* Everything is asked again, as a client would: done once, whatever came before. */
        status = scenario_step(&s, "io", i, &seq, &repeated, err);
        if (status == AF_OK && seqs[i] > 0 && (!repeated || seq != seqs[i]))
            status = error_set(err, AF_CONFLICT, "doubled: command %u", i);
    }
    if (status == AF_OK)
        status = scenario_check(s.store, &counts, err);
    if (status == AF_OK && counts.journal.seq != STEPS)
        status = error_set(err, AF_CONFLICT, "the journal has %llu entries",
                           (unsigned long long)counts.journal.seq);
    scenario_close(&s);
    return status;
}

static void child(const char *dir, struct report *report)
{
    uint64_t seqs[STEPS + 1] = {0};
    struct error err;

    disk_hooks.free_bytes = 0; /* no reserve: it is full_disk_test's */
    run_with_faults(dir, seqs, report);
    report->calls = atomic_load(&plan.calls);
    if (report->wrong[0] == '\0' && look_again(dir, seqs, &err) != AF_OK)
        (void)snprintf(report->wrong, sizeof report->wrong, "%s", err.text);
}

/* --- all of them ------------------------------------------------------------------------------ */

static void try_once(const struct variant *variant, long fails_at, struct report *report)
{
    char *dir = test_dir_new();
    int how = 0;
    pid_t pid;

    memset(report, 0, sizeof *report);
    plan.variant = *variant;
    plan.fails_at = fails_at;
    atomic_store(&plan.calls, 0);
    (void)fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)alarm(20);
        child(dir, report);
        _exit(0);
    }
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    test_dir_remove(dir);
    if (WIFSIGNALED(how))
        fail_msg("%s, call %ld: died by signal %d", variant->name, fails_at, WTERMSIG(how));
    if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
        fail_msg("%s, call %ld: ended with %d", variant->name, fails_at, WEXITSTATUS(how));
    if (report->wrong[0] != '\0')
        fail_msg("%s, call %ld: %s", variant->name, fails_at, report->wrong);
}

static void every_failing_call_is_said_and_loses_nothing(void **state)
{
    struct report *report =
        mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t start_us = clock_steady_us();
    uint64_t tried = 0, refused = 0, acknowledged = 0;
    long calls;

    (void)state;
    assert_true(report != MAP_FAILED);
    try_once(&variants[0], 0, report);
    assert_int_equal(STEPS, report->acknowledged);
    calls = report->calls;
    assert_true(calls > 30);
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        for (long at = 1; at <= calls; at++) {
            try_once(&variants[i], at, report);
            tried++;
            refused += report->refused;
            acknowledged += report->acknowledged;
        }
    print_message("failing calls: %ld calls in %zu ways, %llu refusals with a sentence, "
                  "%llu acknowledged, lost 0; %.1f s\n",
                  calls, sizeof variants / sizeof variants[0], (unsigned long long)refused,
                  (unsigned long long)acknowledged, (double)(clock_steady_us() - start_us) / 1e6);
    assert_true(refused > tried / 8);
    (void)munmap(report, sizeof *report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_call_is_said_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
