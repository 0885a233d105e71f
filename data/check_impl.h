/* check_impl.h: shared by check.c (shapes, counts), check_journal.c (the journal, its answers),
 * check_refs.c (what points at what) and check_blob.c (files). */
#ifndef ASKFIRST_DATA_CHECK_IMPL_H
#define ASKFIRST_DATA_CHECK_IMPL_H

#include "data/article_impl.h"
#include "data/base/limits.h"
#include "data/check.h"

struct check {
    struct txn *txn;
    const struct check_options *options;
    struct check_counts *counts;

    enum table table; /* being walked */
    uint64_t faults_here;

    /* The journal as far as it was walked. */
    struct journal_head at;
    bool at_is_known;        /* false after a line that does not verify: its hash means nothing */
    int64_t remembered_ms;   /* newest time in the done table: what is older may be forgotten */
    uint64_t done_confirmed; /* answers whose entry was met in the journal */

    /* Cases. */
    uint64_t versions_expected; /* that are not the newest any more */
    struct buf id;              /* of the version row before this one */
    uint32_t version;
    struct buf line;   /* an entry that was asked for twice in a row, whole: cases of one import */
    uint64_t line_seq; /* of it, or (line empty) of the one asked for last */

    const char *dir;    /* the data folder */
    struct digest blob; /* of the row before this one */
    uint64_t blob_bytes;
    bool blob_is_known;
};

/* Counts it, and says it unless CHECK_FAULTS_SHOWN_MAX of this table were said. */
void check_fault(struct check *check, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* For %llu. */
static inline unsigned long long number(uint64_t v)
{
    return (unsigned long long)v;
}

/* One row each, in table order: the journal comes before what points into it. */
void check_journal_row(struct check *check, struct bytes key, struct bytes body);
void check_done_row(struct check *check, struct bytes key, struct bytes body);
void check_done_age_row(struct check *check, struct bytes key, struct bytes body);
void check_article_row(struct check *check, struct bytes key, struct bytes body);
void check_article_no_row(struct check *check, struct bytes key, struct bytes body);
void check_version_row(struct check *check, struct bytes key, struct bytes body);

void check_blob_row(struct check *check, struct bytes key, struct bytes body); /* check_blob.c */

/* A journal row whose value did not verify (it is named already). */
void check_journal_gap(struct check *check, struct bytes key);
/* After all rows: heads, totals, the ledger. AF_OK unless something could not be looked at. */
enum status check_refs_begin(struct check *check, struct error *err) MUST_USE;
enum status check_refs_end(struct check *check, struct error *err) MUST_USE;

#endif
