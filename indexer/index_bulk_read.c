/* The journal's entries are handed out in stretches, in order, to threads that each have a
 * transaction of the store, an analyzer and a table of terms, and end in sorted runs (run.h).
 *
 *   journal   | 1 … 40 | 41 … 80 | 81 … 120 | 121 … 150 | …     stretches become shorter
 *   thread 1    run 1              run 3      run 4
 *   thread 2               run 2
 *   segment   | documents of run 1, 2, 3, 4 … |
 *
 * A run's documents follow one another in the journal, so documents are numbered by sorting the
 * runs, and the segment is the same for any number of threads. */
#include "indexer/index_bulk.h"

#include "data/article_view.h"
#include "data/journal.h"
#include "indexer/build/segment_build.h"
#include "indexer/index_learned.h"

#include <stdlib.h>

#define STRETCH_BYTES (16u << 20) /* of cases in a stretch: a run's terms fit caches and memory */
#define STRETCHES_LEFT 3          /* for each thread, so that all end at nearly the same time */
#define STRETCH_FIRST 8           /* entries, as long as nobody knows how long they are */
#define FORGET_BYTES (64u << 20)  /* of cases, after which the pages they were on are let go */

struct worker {
    struct bulk *bulk;
    pthread_t thread;
    struct txn *txn;
    struct analyzer *analyzer;
    struct segment_builder *builder;
    struct index_learner learner;
    struct buf replaced;
    uint64_t end; /* of the stretch that the builder has the beginning of */
    uint64_t cases, bytes;
    bool tells; /* progress */
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

/* --- stretches ---------------------------------------------------------------------------- */

/* Entries for one stretch. Under the mutex. */
static uint64_t stretch_entries(const struct bulk *bulk)
{
    uint64_t left = bulk->head - bulk->next + 1, n = STRETCH_FIRST;

    if (bulk->entries_done > 0)
        n = STRETCH_BYTES / (bulk->bytes / bulk->entries_done + 64);
    if (n > left / (bulk->threads * STRETCHES_LEFT))
        n = left / (bulk->threads * STRETCHES_LEFT);
    return n > 0 ? n : 1;
}

static bool claim(struct bulk *bulk, uint64_t *from, uint64_t *to)
{
    bool is_more;

    (void)pthread_mutex_lock(&bulk->mutex);
    is_more = bulk->status == AF_OK && bulk->next <= bulk->head;
    if (is_more) {
        *from = bulk->next;
        *to = bulk->next + stretch_entries(bulk) - 1;
        bulk->next = *to + 1;
    }
    (void)pthread_mutex_unlock(&bulk->mutex);
    return is_more;
}

/* An entry was read. */
static void report(struct worker *worker)
{
    struct bulk *bulk = worker->bulk;
    uint64_t entries, cases;
    bool is_time;

    (void)pthread_mutex_lock(&bulk->mutex);
    entries = ++bulk->entries_done;
    cases = bulk->cases += worker->cases;
    bulk->bytes += worker->bytes;
    is_time = bulk->bytes - bulk->forgot_bytes > FORGET_BYTES;
    if (is_time)
        bulk->forgot_bytes = bulk->bytes;
    (void)pthread_mutex_unlock(&bulk->mutex);
    if (is_time)
        env_forget_pages(store_env(bulk->index->store));
    worker->cases = worker->bytes = 0;
    if (worker->tells)
        index_bulk_tell(bulk, entries, cases, 0);
}

/* --- a thread ----------------------------------------------------------------------------- */

static enum status visit(void *context, const struct article_ref *ref,
                         const struct article_view *view, struct error *err)
{
    struct worker *worker = context;

    worker->cases++;
    worker->bytes += view->text.len;
    if (ref->version > 1)
        buf_add_be32(&worker->replaced, ref->no);
    return article_view_is_findable(view)
               ? index_add_case(&worker->learner, worker->txn, worker->builder, ref, view, err)
               : AF_OK;
}

static enum status add_run(struct bulk *bulk, const struct run *run, struct error *err)
{
    enum status status = AF_OK;

    (void)pthread_mutex_lock(&bulk->mutex);
    if (bulk->runs_count == bulk->runs_room) {
        uint32_t room = bulk->runs_room == 0 ? 16 : bulk->runs_room * 2;
        struct run *runs = realloc(bulk->runs, room * sizeof *runs);

        if (runs == NULL)
            status = no_memory(err);
        else {
            bulk->runs = runs;
            bulk->runs_room = room;
        }
    }
    if (status == AF_OK)
        bulk->runs[bulk->runs_count++] = *run;
    (void)pthread_mutex_unlock(&bulk->mutex);
    return status;
}

static enum status end_run(struct worker *worker, struct error *err)
{
    struct run run;
    enum status status;

    if (segment_builder_docs(worker->builder) == 0)
        return AF_OK;
    status = segment_builder_end(worker->builder, &run, err);
    if (status != AF_OK)
        return status;
    status = add_run(worker->bulk, &run, err);
    if (status != AF_OK)
        run_release(&run);
    return status;
}

static enum status read_stretch(struct worker *worker, uint64_t from, uint64_t to,
                                struct error *err)
{
    enum status status = AF_OK;

    if (from != worker->end)
        status = end_run(worker, err);
    worker->end = to + 1;
    for (uint64_t seq = from; status == AF_OK && seq <= to; seq++) {
        status = worker->bulk->index->source->entry(worker->txn, seq, worker->bulk->first - 1,
                                                    &worker->replaced, visit, worker, err);
        arena_clear(txn_arena(worker->txn));
        report(worker);
        if (status == AF_OK && segment_builder_bytes(worker->builder) > worker->bulk->run_bytes)
            status = end_run(worker, err);
    }
    return status;
}

/* What the thread found besides runs goes to all. */
static void hand_in(struct worker *worker, enum status status, const struct error *why)
{
    struct bulk *bulk = worker->bulk;

    (void)pthread_mutex_lock(&bulk->mutex);
    buf_add(&bulk->replaced, buf_bytes(&worker->replaced));
    if (!buf_ok(&worker->replaced) || !buf_ok(&bulk->replaced))
        bulk->replaced.failed = true;
    if (status != AF_OK && bulk->status == AF_OK) {
        bulk->status = status;
        bulk->why = *why;
    }
    (void)pthread_mutex_unlock(&bulk->mutex);
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct error why = {0};
    enum status status = analyzer_new(&worker->analyzer, &why);
    uint64_t from, to;

    if (status == AF_OK)
        status =
            segment_builder_new(worker->analyzer, &worker->bulk->store, &worker->builder, &why);
    while (status == AF_OK && claim(worker->bulk, &from, &to))
        status = read_stretch(worker, from, to, &why);
    if (status == AF_OK)
        status = end_run(worker, &why);
    hand_in(worker, status, &why);
    segment_builder_free(worker->builder);
    analyzer_free(worker->analyzer);
    return NULL;
}

/* --- all threads -------------------------------------------------------------------------- */

/* Only threads that see the same journal and the same newest versions work together: while
 * somebody writes, the first one alone may be left. */
static unsigned begin_all(struct bulk *bulk, struct worker *workers, struct error *err)
{
    struct journal_head head;
    unsigned count = 0;

    while (count < bulk->threads) {
        struct worker *worker = &workers[count];

        if (store_begin_read(bulk->index->store, &worker->txn, err) != AF_OK)
            break;
        if (count == 0) {
            bulk->txn = txn_id(worker->txn);
        } else if (txn_id(worker->txn) != bulk->txn) {
            txn_abort(worker->txn);
            break;
        }
        worker->bulk = bulk;
        worker->learner.is_off = !bulk->index->source->learns;
        count++;
    }
    if (count > 0 && journal_head(workers[0].txn, &head, err) != AF_OK) {
        for (unsigned i = 0; i < count; i++)
            txn_abort(workers[i].txn);
        return 0;
    }
    if (count > 0)
        bulk->head = head.seq;
    return count;
}

enum status index_bulk_read(struct bulk *bulk, struct error *err)
{
    struct worker *workers = calloc(bulk->threads, sizeof *workers);
    unsigned count, started = 1;

    if (workers == NULL)
        return no_memory(err);
    count = begin_all(bulk, workers, err);
    if (count == 0) {
        free(workers);
        return err->status;
    }
    bulk->threads = count;
    while (started < count &&
           pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    workers[0].tells = true;
    (void)work(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        (void)pthread_join(workers[i].thread, NULL);
    for (unsigned i = 0; i < count; i++) {
        txn_abort(workers[i].txn);
        buf_release(&workers[i].replaced);
        index_learner_release(&workers[i].learner);
    }
    free(workers);
    if (bulk->status != AF_OK) {
        *err = bulk->why;
        return bulk->status;
    }
    return buf_status(&bulk->replaced, "indexing cases", err);
}
