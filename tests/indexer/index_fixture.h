/* index_fixture.h: a store, its journal and its index in a folder of their own, and short ways to
 * put cases and to look. */
#ifndef ASKFIRST_TESTS_INDEXER_INDEX_FIXTURE_H
#define ASKFIRST_TESTS_INDEXER_INDEX_FIXTURE_H

#include "tests/cases.h"
#include "tests/indexer/rows.h"

#include "indexer/index.h"

#define FIXTURE_CASES 64

struct fixture {
    char *dir;
    struct store *store;
    struct journal *journal;
    struct index *index;
    struct analyzer *analyzer; /* of the naive twin */
    /* the naive twin: the newest version of each case, NULL when hidden or never made */
    json_t *cases[FIXTURE_CASES];
    uint32_t versions[FIXTURE_CASES];
    uint32_t numbers[FIXTURE_CASES];
};

static inline void fixture_open(struct fixture *f)
{
    struct error err;

    assert_ok(hash_start(&err));
    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    assert_ok(journal_open(f->store, cases_kinds, &f->journal, &err));
    assert_ok(index_open(f->store, STORE_WRITE, &f->index, &err));
}

static inline void fixture_close(struct fixture *f)
{
    index_close(f->index);
    journal_close(f->journal);
    store_close(f->store);
    f->index = NULL;
    f->journal = NULL;
    f->store = NULL;
}

static inline int fixture_set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    assert_ok(analyzer_new(&f->analyzer, &err));
    fixture_open(f);
    *state = f;
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    struct fixture *f = *state;

    if (f->store != NULL)
        fixture_close(f);
    for (int i = 0; i < FIXTURE_CASES; i++)
        json_decref(f->cases[i]);
    analyzer_free(f->analyzer);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

/* One command; steals the case. */
static inline void put_article(struct fixture *f, json_t *article)
{
    cases_put(f->journal, json_pack("[o]", article));
}

/* A new version of case `i` by chance, sometimes a hidden one; the twin learns it. */
static inline void put_random(struct fixture *f, struct test_random *random, uint32_t i)
{
    struct article_ref ref;
    struct txn *txn;
    struct error err;
    json_t *article;
    bool hidden = test_random_below(random, 6) == 0, ok = true;
    char id[16];

    (void)snprintf(id, sizeof id, "case-%u", (unsigned)i);
    article = random_case(random, id);
    if (hidden)
        json_put(article, "state", json_string("archived"), &ok);
    json_put(article, "stamp", json_integer((json_int_t)(test_random_next(random) >> 12)), &ok);
    assert_true(ok);
    json_decref(f->cases[i]);
    f->cases[i] = hidden ? NULL : json_incref(article);
    put_article(f, article);
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(article_find(txn, bytes_str(id), &ref, &err));
    f->versions[i] = ref.version;
    f->numbers[i] = ref.no;
    txn_abort(txn);
}

static inline struct snapshot *acquire(struct fixture *f)
{
    struct snapshot *snapshot = NULL;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(snapshot_acquire(f->index, txn, &snapshot, &err));
    txn_abort(txn);
    return snapshot;
}

static inline struct rows naive_rows(struct fixture *f)
{
    struct rows rows = {0};

    for (int i = 0; i < FIXTURE_CASES; i++)
        if (f->cases[i] != NULL)
            rows_of_case(f->analyzer, f->numbers[i], f->versions[i], f->cases[i], &rows);
    return rows;
}

static inline struct rows rows_of_snapshot(const struct snapshot *snapshot)
{
    struct snapshot_totals totals = snapshot_totals(snapshot);
    struct rows rows = {0};
    uint32_t live = 0, all = 0;

    for (uint32_t s = 0; s < snapshot_segments(snapshot); s++) {
        const struct segment *segment = snapshot_segment(snapshot, s);

        rows_of_segment(segment, &rows);
        all += segment_docs(segment);
        for (uint32_t doc = 0; doc < segment_docs(segment); doc++)
            live += segment_is_live(segment, doc);
    }
    assert_int_equal(live, totals.docs);
    assert_int_equal(all, totals.docs_all);
    return rows;
}

/* The index says what the cases say. */
static inline void assert_right(struct fixture *f)
{
    struct snapshot *snapshot = acquire(f);
    struct rows naive = naive_rows(f), rows = rows_of_snapshot(snapshot);

    snapshot_release(snapshot);
    assert_rows_equal(&naive, &rows);
}

static inline void print_fault(void *context, const char *sentence)
{
    (void)context;
    print_message("fault: %s\n", sentence);
}

static inline void assert_sound(struct fixture *f)
{
    struct error err;
    uint64_t faults = 0;

    assert_ok(index_check(f->index, print_fault, NULL, &faults, &err));
    assert_int_equal(0, faults);
}

static inline struct index_stats stats_of(struct fixture *f)
{
    struct index_stats stats;
    struct error err;

    assert_ok(index_stats(f->index, &stats, &err));
    return stats;
}

#endif
