/* scenario.h: a store with its journal, and commands that touch every table of the data folder:
 * what the fault harnesses and the tests of data/ write before they break something.
 *
 * Kinds: the real case.put; "use" (a ledger entry and a counter); "note" (a value in the outbox
 * of this test: a consult row, overwritten and deleted, so that pages are freed and used again). */
#ifndef ASKFIRST_TESTS_FAULT_SCENARIO_H
#define ASKFIRST_TESTS_FAULT_SCENARIO_H

#include "data/check.h"
#include "data/journal.h"
#include "data/store.h"

extern const struct command_kind scenario_kinds[];

struct scenario {
    const char *dir;
    struct store *store;
    struct journal *journal;
};

/* Both close what they opened when they fail. */
enum status scenario_open(struct scenario *s, const char *dir, struct error *err) MUST_USE;
void scenario_close(struct scenario *s);

/* The number-th command of a run; which one it is depends on the number alone, and its id is
 * "PREFIX-number". *seq: where it stands in the journal. */
enum status scenario_step(struct scenario *s, const char *prefix, unsigned number, uint64_t *seq,
                          bool *repeated, struct error *err) MUST_USE;

/* Is the command in the journal at `seq` and remembered as such? */
enum status scenario_find(struct store *store, const char *prefix, unsigned number, uint64_t seq,
                          struct error *err) MUST_USE;

/* store_check; AF_CORRUPT with the first fault when there is one. */
enum status scenario_check(struct store *store, struct check_counts *counts,
                           struct error *err) MUST_USE;

#endif
