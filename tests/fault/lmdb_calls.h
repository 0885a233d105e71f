/* lmdb_calls.h: LMDB's functions with our own before them, put there by the linker (--wrap, see
 * tests/fault.mk): one chosen call answers an error, or the process ends beside a commit.
 *
 * The linker is told to wrap every mdb_ function that our objects use; one that has no wrapper
 * here, and is not in the list of those that cannot fail, is a program that does not link.
 *
 * Calls are counted in memory that child processes share, since a check works in a child. */
#ifndef ASKFIRST_TESTS_FAULT_LMDB_CALLS_H
#define ASKFIRST_TESTS_FAULT_LMDB_CALLS_H

#include <stdbool.h>

enum lmdb_call {
    LMDB_ENV_CREATE,
    LMDB_ENV_SET, /* maxreaders, maxdbs, mapsize, userctx, assert */
    LMDB_ENV_OPEN,
    LMDB_ENV_SYNC,
    LMDB_ENV_COPY,
    LMDB_ENV_TELL, /* info, stat, reader_check */
    LMDB_TXN_READ,
    LMDB_TXN_WRITE,
    LMDB_TXN_RENEW,
    LMDB_COMMIT, /* of writes; that of a read cannot fail */
    LMDB_DBI_OPEN,
    LMDB_DROP,
    LMDB_STAT,
    LMDB_GET,
    LMDB_PUT,
    LMDB_DEL,
    LMDB_CURSOR_OPEN,
    LMDB_CURSOR_GET,
    LMDB_CALLS
};

const char *lmdb_call_name(enum lmdb_call call);

/* What a call may answer when it fails, by the documentation and the source of 0.9.24. */
struct lmdb_code {
    int code;
    bool is_after; /* the call is made, and then answers `code` all the same */
    bool is_fatal; /* from then on the environment answers MDB_PANIC until it is closed */
};
/* NULL past the last. */
const struct lmdb_code *lmdb_code_of(enum lmdb_call call, unsigned i);

enum { LMDB_KILLED = 9 }; /* exit code of a process that was to end */

/* From now on calls are counted from 1. The fails_at-th answers the code_no-th of its codes
 * (modulo their number; 0: none fails; negative: that commit, counted from -1). The kills_at-th
 * step around a commit ends the process: 2n - 1 is before the n-th commit, 2n after it; 0: none
 * does. */
void lmdb_calls_begin(long fails_at, unsigned code_no, long kills_at);
void lmdb_calls_end(void); /* nothing fails any more, but an environment in panic stays so */

long lmdb_calls_made(void);
long lmdb_commits_made(void);
/* Which the n-th was, from 1, of the first LMDB_CALLS_KEPT. */
enum { LMDB_CALLS_KEPT = 1 << 16 };
enum lmdb_call lmdb_call_made(long n);
/* Ends it too. False when the store's environment is in panic: until it is opened again, LMDB
 * does not even read. */
bool lmdb_calls_end_calmly(void);

#endif
