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

/* A search verifies a value once a process; merging and checking, which do without this, each time
 * they read it. */
static void trust_seen(struct snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->state->count; i++)
        snapshot->images[i].seen = snapshot->state->entries[i].base->seen;
}

/* One attempt. AF_CONFLICT: the manifest changed meanwhile, or the index was damaged and is
 * begun again: to be repeated. */
static enum status attempt(struct index *index, uint64_t head, bool may_flush, bool *full,
                           struct snapshot **out, struct error *err)
{
    struct error why = {AF_CORRUPT, "the index is damaged"};
    enum status status = index->damaged ? AF_CORRUPT : index_refresh(index, &why);

    if (status == AF_OK)
        status = follow(index, head, may_flush, full, &why);
    if (status == AF_OK && !*full)
        status = snapshot_make(index, index->state, out, &why);
    if (status == AF_OK && !*full)
        trust_seen(*out);
    if (status == AF_CORRUPT && index->damaged) {
        status = index_recover(index, why.text, err);
        return status == AF_OK ? AF_CONFLICT : status;
    }
    if (status != AF_OK && err != NULL)
        *err = why;
    return status;
}

enum status snapshot_acquire(struct index *index, struct txn *txn, struct snapshot **out,
                             struct error *err)
{
    struct journal_head head;
    enum status status = journal_head(txn, &head, err);
    bool may_flush = true;

    for (int i = 0; status == AF_OK && i < ATTEMPTS_MAX; i++) {
        bool full = false;

        (void)pthread_mutex_lock(&index->mutex);
        status = attempt(index, head.seq, may_flush, &full, out, err);
        (void)pthread_mutex_unlock(&index->mutex);
        if (status == AF_OK && !full)
            return AF_OK;
        /* Far behind, as after an import: a flush bounds the memory. When it cannot be done (a
         * full disk) the search goes on with what memory there is. */
        if (status == AF_OK)
            may_flush = index_flush(index, NULL, NULL, NULL) == AF_OK;
        else if (status == AF_CONFLICT)
            status = AF_OK;
    }
    if (status == AF_OK)
        status = error_set(err, AF_BUSY, "the index changes too fast to be searched");
    return status;
}

void snapshot_release(struct snapshot *snapshot)
{
    struct index *index;

    if (snapshot == NULL)
        return;
    index = snapshot->index;
    (void)pthread_mutex_lock(&index->mutex);
    snapshot_drop(snapshot);
    (void)pthread_mutex_unlock(&index->mutex);
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
