/* Much to index: all threads make runs of it (index_bulk_read.c), and join them as one segment
 * (segment_runs.h), in commits of INDEX_TXN_BYTES; it is nobody's until the manifest names it. */
#include "indexer/index_bulk.h"

#include "indexer/build/segment_runs.h"

#include <sched.h>
#include <stdlib.h>

#define RUN_BLOCKS 512     /* of a full run, about … */
#define RUN_BLOCK_LEAST 64 /* … but no smaller than this */
#define READING_SHARE 3    /* of four parts of the work; the fourth is writing */

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

void index_bulk_tell(const struct bulk *bulk, uint64_t entries, uint64_t cases, double written)
{
    const uint64_t all = bulk->head - bulk->first + 1;
    const struct index_progress at = {
        .done = entries * READING_SHARE + (uint64_t)(written * (double)all),
        .all = all * (READING_SHARE + 1),
        .cases = cases,
    };

    if (bulk->progress != NULL)
        bulk->progress(bulk->context, &at);
}

/* --- the segment -------------------------------------------------------------------------- */

static int compare_runs(const void *a, const void *b)
{
    const struct run *x = a, *y = b;

    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void on_written(void *context, uint64_t done, uint64_t all)
{
    const struct bulk *bulk = context;

    index_bulk_tell(bulk, bulk->entries_done, bulk->cases,
                    all == 0 ? 1 : (double)done / (double)all);
}

static enum status write_runs(const struct plan *plan, struct image_sink sink, struct error *err)
{
    struct bulk *bulk = plan->context;
    struct segment_runs runs = {
        .store = &bulk->store,
        .runs = bulk->runs,
        .count = bulk->runs_count,
        .threads = bulk->threads,
        .progress = on_written,
        .context = bulk,
    };
    enum status status = stemmer_new(&runs.stemmer, err);

    if (status == AF_OK)
        status = segment_from_runs(&runs, sink, err);
    stemmer_free(runs.stemmer);
    return status;
}

/* What the manifest says, with the documents marked that the journal has newer versions of. */
static enum status load_marked(struct bulk *bulk, struct plan *plan, struct state **out,
                               struct error *err)
{
    struct index *index = bulk->index;
    struct state *state = NULL, *next = NULL;
    enum status status;

    (void)pthread_mutex_lock(&index->changing);
    status = state_load(index, &state, err);
    if (status == AF_OK && bulk->replaced.len > 0)
        status = snapshot_make(index, state, &plan->snapshot, err);
    (void)pthread_mutex_unlock(&index->changing);
    if (status == AF_OK)
        next = state_copy(index, state);
    if (status == AF_OK && next == NULL)
        status = no_memory(err);
    if (status == AF_OK && plan->snapshot != NULL)
        status = index_kill_replaced(plan->snapshot, next, buf_bytes(&bulk->replaced), err);
    state_unref(index, state);
    if (status == AF_OK)
        *out = next;
    else
        state_unref(index, next);
    return status;
}

static enum status write_segment(struct bulk *bulk, struct error *err)
{
    struct plan *plan = plan_new(err);
    struct state *state = NULL;
    enum status status;

    if (plan == NULL)
        return AF_NO_MEMORY;
    if (bulk->runs_count > 0)
        qsort(bulk->runs, bulk->runs_count, sizeof *bulk->runs, compare_runs);
    status = load_marked(bulk, plan, &state, err);
    if (status == AF_OK) {
        plan->state = state;
        plan->covers = true;
        plan->covers_seq = bulk->head;
        for (uint32_t i = 0; i < bulk->runs_count; i++)
            plan->docs += bulk->runs[i].docs_count;
        plan->write = write_runs;
        plan->context = bulk;
        status = index_execute(bulk->index, plan, err);
    }
    state_unref(bulk->index, state);
    plan_free(plan);
    return status;
}

/* --- the whole ---------------------------------------------------------------------------- */

static unsigned choose_threads(const struct index *index)
{
    cpu_set_t set; /* of processors that this process may use */
    int count = (int)index->build_threads;

    if (count == 0 && sched_getaffinity(0, sizeof set, &set) == 0)
        count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > INDEX_THREADS_MAX ? INDEX_THREADS_MAX : (unsigned)count;
}

/* Of the memory a third is for the tables of all threads, a third for runs that are done. The rest
 * is theirs as well for a moment, when a table becomes a run, and then the transaction's. Blocks
 * are such that a run is cut into ranges, however small it is. */
static void share_memory(struct bulk *bulk)
{
    size_t bytes = bulk->index->build_bytes;

    if (bytes == 0)
        bytes = INDEX_BUILD_BYTES;
    bulk->run_bytes = bytes / 3 / bulk->threads;
    if (bulk->run_bytes > INDEX_RUN_BYTES)
        bulk->run_bytes = INDEX_RUN_BYTES;
    bulk->store.bytes_max = bytes / 3;
    if (bulk->run_bytes / RUN_BLOCKS < RUN_BLOCK_BYTES)
        bulk->store.block_bytes = bulk->run_bytes / RUN_BLOCKS + RUN_BLOCK_LEAST;
}

enum status index_bulk(struct index *index, index_progress_fn progress, void *context,
                       uint64_t *covers, struct error *err)
{
    struct bulk bulk = {.index = index, .progress = progress, .context = context};
    enum status status;

    run_store_init(&bulk.store, index->env.dir, 0);
    (void)pthread_mutex_init(&bulk.mutex, NULL);
    bulk.threads = choose_threads(index);
    share_memory(&bulk);
    index_lock(index);
    bulk.first = bulk.next = index->state->disk_covers_seq + 1;
    index_unlock(index);
    env_forget_pages(store_env(index->store));
    status = index_bulk_read(&bulk, err);
    env_forget_pages(store_env(index->store));
    if (status == AF_OK)
        status = write_segment(&bulk, err);
    if (status == AF_OK)
        *covers = bulk.head;
    for (uint32_t i = 0; i < bulk.runs_count; i++)
        run_release(&bulk.runs[i]);
    free(bulk.runs);
    buf_release(&bulk.replaced);
    run_store_release(&bulk.store);
    (void)pthread_mutex_destroy(&bulk.mutex);
    return status;
}
