/* check.h: is the store what it should be? Walks every table in one read transaction.
 *
 * Named are: values that do not verify, keys and bodies of the wrong shape or order, counts and
 * sums that differ from the kept ones (a page lost or gone stale), a journal or ledger that is
 * not one chain up to its head, commands remembered under another entry, cases whose text is
 * not where their record says, numbers without a case, counters that the ledger denies.
 *
 * LMDB has no page checksums and may die by a signal on a damaged page. store_check() is for a
 * store that is open already; store_check_apart() works in a child process, where such a death
 * is one more fault. `askfirst check`, backups and tests use that one. */
#ifndef ASKFIRST_DATA_CHECK_H
#define ASKFIRST_DATA_CHECK_H

#include "data/journal.h"
#include "data/ledger.h"

/* One sentence a fault, naming table and key. The same type in ledger.h and indexer/index.h. */
typedef void (*fault_fn)(void *context, const char *sentence);

/* `done` of about `all` values; some hundred times a second at most. */
typedef void (*check_progress_fn)(void *context, uint64_t done, uint64_t all);

/* What a folder to the right knows about its own records (tickets, consults, links). It calls
 * `fault` for what is wrong and answers AF_OK unless it could not look. It may clear
 * txn_arena(). */
typedef enum status (*check_more_fn)(struct txn *txn, fault_fn fault, void *context,
                                     struct error *err);

struct check_options {
    fault_fn fault;             /* required */
    check_progress_fn progress; /* may be NULL */
    void *context;              /* of both */
    const check_more_fn *more;  /* ended by NULL; may be NULL */
};

#define CHECK_FAULTS_SHOWN_MAX 100 /* sentences of one table; the rest is only counted */

struct check_counts {
    uint64_t values[TABLE_COUNT]; /* walked over, of each table */
    uint64_t faults;              /* 0: sound */
    struct journal_head journal;
    struct ledger_head ledger;
};

/* AF_OK: everything was walked, and out->faults says whether it is sound. Otherwise the walk
 * could not be made (memory, no such store). */
enum status store_check_with(struct store *store, const struct check_options *options,
                             struct check_counts *out, struct error *err) MUST_USE;
/* Without progress and hooks. */
enum status store_check(struct store *store, fault_fn fault, void *context,
                        struct check_counts *out, struct error *err) MUST_USE;

/* Opens DIR/store read-only in a child process and checks it there; the callbacks run in this
 * process. A store that cannot be opened is an error with store_open's status. */
enum status store_check_apart(const char *dir, const struct check_options *options,
                              struct check_counts *out, struct error *err) MUST_USE;

#endif
