/* Every allocation fails once of a scenario that writes to all tables of data/ (scenario.h): no
 * crash, a sentence for each refusal, and after a restart everything acknowledged is there.
 * allocation_test does it with the index and searches.
 *
 * ALLOCATION_ALL=1 tries each of them; else all at opening and a share of the rest. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/alloc.h"
#include "tests/fault/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEPS = 4, EACH = 300, SHARE = 7 };

/* --- the scenario, in a child ----------------------------------------------------------------- */

struct report {
    long fails_at; /* 0: none */
    long allocations;
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

static void run_short_of_memory(const char *dir, uint64_t seqs[STEPS + 1], struct report *report)
{
    struct check_counts counts;
    struct error err = {0};
    struct scenario s;
    enum status status;

    alloc_begin(report->fails_at);
    status = scenario_open(&s, dir, &err);
    if (status != AF_OK) {
        alloc_end();
        demand_sentence(report, status, &err, "opening");
        return;
    }
    for (unsigned i = 1; i <= STEPS; i++) {
        bool repeated;

        err = (struct error){0};
        status = scenario_step(&s, "m", i, &seqs[i], &repeated, &err);
        report->acknowledged += status == AF_OK;
        if (status != AF_OK) {
            demand_sentence(report, status, &err, "writing");
            seqs[i] = 0;
        }
    }
    err = (struct error){0};
    status = scenario_check(s.store, &counts, &err);
    if (status != AF_OK)
        demand_sentence(report, status, &err, "checking");
    scenario_close(&s);
    alloc_end();
}

static enum status look_again(const char *dir, const uint64_t seqs[STEPS + 1], struct error *err)
{
    struct check_counts counts;
    struct scenario s;
    enum status status = scenario_open(&s, dir, err);

    if (status != AF_OK)
        return status;
    for (unsigned i = 1; status == AF_OK && i <= STEPS; i++)
        if (seqs[i] > 0)
            status = scenario_find(s.store, "m", i, seqs[i], err);
    if (status == AF_OK)
        status = scenario_check(s.store, &counts, err);
    scenario_close(&s);
    return status;
}

static void child(const char *dir, struct report *report)
{
    uint64_t seqs[STEPS + 1] = {0};
    struct error err;

    run_short_of_memory(dir, seqs, report);
    report->allocations = alloc_made();
    if (report->wrong[0] == '\0' && look_again(dir, seqs, &err) != AF_OK)
        (void)snprintf(report->wrong, sizeof report->wrong, "%s", err.text);
}

static void try_once(long at, struct report *report)
{
    char *dir = test_dir_new();
    int how = 0;
    pid_t pid;

    memset(report, 0, sizeof *report);
    report->fails_at = at;
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
        fail_msg("allocation %ld: died by signal %d", at, WTERMSIG(how));
    if (WEXITSTATUS(how) != 0)
        fail_msg("allocation %ld: ended with %d", at, WEXITSTATUS(how));
    if (report->wrong[0] != '\0')
        fail_msg("allocation %ld: %s", at, report->wrong);
}

static void every_failing_allocation_is_said_and_loses_nothing(void **state)
{
    struct report *report =
        mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool all = getenv("ALLOCATION_ALL") != NULL;
    int64_t start_us = clock_steady_us();
    uint64_t tried = 0, refused = 0;
    long count;

    (void)state;
    if (!ALLOC_CAN_FAIL) {
        print_message("SKIPPED: the sanitizer has its own allocator\n");
        skip();
    }
    assert_true(report != MAP_FAILED);
    try_once(0, report);
    assert_int_equal(STEPS, report->acknowledged);
    count = report->allocations;
    assert_true(count > EACH);
    for (long at = 1; at <= count; at += all || at < EACH ? 1 : SHARE) {
        try_once(at, report);
        refused += report->refused;
        tried++;
    }
    print_message(
        "failing allocations: %llu of %ld, %llu refusals with a sentence, lost 0; %.1f s\n",
        (unsigned long long)tried, count, (unsigned long long)refused,
        (double)(clock_steady_us() - start_us) / 1e6);
    assert_true(refused > 0);
    (void)munmap(report, sizeof *report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_is_said_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
