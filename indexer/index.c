#include "indexer/index_impl.h"

#include "data/journal.h"

#include <assert.h>

#define ATTEMPTS_MAX 16 /* somebody else's flush between two steps of ours, again and again */

/* Follows the journal to `head`. *full: more is in memory than should be, and may be flushed. */
static enum status follow(struct index *index, uint64_t head, bool may_flush, bool *full,
                          struct error *err)
{
    enum status status = AF_OK;
    uint64_t seen;

    *full = false;
    while (status == AF_OK && index->state->covers_seq < head && !*full) {
        status = index_catch_up(index, &seen, err);
        *full = may_flush && index->mode == STORE_WRITE && index->on_disk &&
                index->state->covers_seq < head && index_memory_bytes(index) >= INDEX_FLUSH_BYTES;
    }
    return status;
}

/* Is it for this thread to bring the state up? While another one does, this one waits for it, and
 * need not: a mutex would let the many that want the newest case pass each other for seconds. */
static bool begin_round(struct index *index)
{
    uint64_t round;
    bool mine;

    index_lock(index);
    round = index->rounds;
    while (index->in_round && index->rounds == round)
        (void)pthread_cond_wait(&index->round_over, &index->mutex);
    mine = index->rounds == round;
    if (mine)
        index->in_round = true;
    index_unlock(index);
    return mine;
}

static void end_round(struct index *index)
{
    index_lock(index);
    index->in_round = false;
    index->rounds++;
    (void)pthread_cond_broadcast(&index->round_over);
    index_unlock(index);
}

/* Brings the state up to what the manifest and the journal say now, or waits until another thread
 * has: then it may be worth trying again. */
static enum status bring_up(struct index *index, uint64_t head, bool may_flush, bool *full,
                            struct error *err)
{
    struct error why = {0};
    enum status status;

    if (!begin_round(index))
        return AF_OK;
    (void)pthread_mutex_lock(&index->changing);
    status = index_refresh(index, &why);
    if (status == AF_OK && index->damaged)
        status = error_set(&why, AF_CORRUPT, "the index is damaged");
    if (status == AF_OK)
        status = follow(index, head, may_flush, full, &why);
    if (status == AF_CORRUPT && index->damaged)
        status = index_recover(index, why.text, &why);
    (void)pthread_mutex_unlock(&index->changing);
    end_round(index);
    if (status == AF_CONFLICT) /* another process flushed between two steps: to be repeated */
        return AF_OK;
    if (status != AF_OK && err != NULL)
        *err = why;
    return status;
}

/* The journal's head, as of `txn` or as of now; and for the latter in which transaction of the
 * store, 0 when it is known to be covered. LMDB tells the last transaction without one being
 * begun, and a journal that was covered in it still is. */
static enum status find_head(struct index *index, struct txn *txn, uint64_t *seq,
                             uint64_t *store_txn, struct error *err)
{
    struct journal_head head;
    enum status status;
    MDB_envinfo info;

    *store_txn = 0;
    if (txn == NULL) {
        uint64_t known, covers;

        index_lock(index);
        known = index->known_store_txn;
        covers = index->state->covers_seq;
        index_unlock(index);
        if (mdb_env_info(store_env(index->store)->mdb, &info) == 0 && info.me_last_txnid == known) {
            *seq = covers;
            return AF_OK;
        }
        status = store_begin_read(index->store, &txn, err);
        if (status != AF_OK)
            return status;
        *store_txn = txn_id(txn);
        status = journal_head(txn, &head, err);
        txn_abort(txn);
    } else {
        status = journal_head(txn, &head, err);
    }
    *seq = head.seq;
    return status;
}

static void remember_store_txn(struct index *index, uint64_t store_txn, uint64_t seq)
{
    if (store_txn == 0)
        return;
    index_lock(index);
    if (index->state->covers_seq >= seq && index->known_store_txn < store_txn)
        index->known_store_txn = store_txn;
    index_unlock(index);
}

enum status snapshot_acquire(struct index *index, struct txn *txn, struct snapshot **out,
                             struct error *err)
{
    uint64_t seq, store_txn;
    enum status status = find_head(index, txn, &seq, &store_txn, err);
    bool may_flush = true;

    for (int i = 0; status == AF_OK && i < ATTEMPTS_MAX; i++) {
        bool full = false;

        status = snapshot_make_current(index, seq, out, err);
        if (status == AF_OK)
            remember_store_txn(index, store_txn, seq);
        if (status != AF_CONFLICT && !(status == AF_CORRUPT && index->damaged))
            return status;
        status = bring_up(index, seq, may_flush, &full, err);
        /* Far behind, as after an import: a flush bounds the memory. When it cannot be done (a
         * full disk) the search goes on with what memory there is. */
        if (status == AF_OK && full)
            may_flush = index_flush(index, NULL, NULL, NULL) == AF_OK;
    }
    if (status == AF_OK)
        status = error_set(err, AF_BUSY, "the index changes too fast to be searched");
    return status;
}

const struct index_source *snapshot_source(const struct snapshot *snapshot)
{
    return snapshot->index->source;
}

uint32_t snapshot_segments(const struct snapshot *snapshot)
{
    return snapshot->state->count;
}

const struct segment *snapshot_segment(const struct snapshot *snapshot, uint32_t i)
{
    assert(i < snapshot->state->count);
    return &snapshot->segments[i];
}

struct snapshot_totals snapshot_totals(const struct snapshot *snapshot)
{
    struct snapshot_totals totals = {.covers_seq = snapshot->state->covers_seq};

    for (uint32_t i = 0; i < snapshot->state->count; i++) {
        const struct state_entry *entry = &snapshot->state->entries[i];

        totals.docs_all += entry->base->docs;
        totals.docs += entry->base->docs - (entry->dead == NULL ? 0 : entry->dead->count);
        for (int field = 0; field < FIELD_COUNT; field++)
            totals.units[field] += entry->base->units[field];
    }
    return totals;
}

void index_read_whole(const struct index *index)
{
    if (index->on_disk)
        env_read_whole(&index->env);
}
