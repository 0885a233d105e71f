#include "indexer/index_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

/* --- one writer --------------------------------------------------------------------------- */

enum status index_writer_lock(struct index *index, struct error *err)
{
    int rc;

    (void)pthread_mutex_lock(&index->writer);
    do
        rc = flock(index->writer_fd, LOCK_EX);
    while (rc != 0 && errno == EINTR);
    if (rc == 0)
        return AF_OK;
    (void)pthread_mutex_unlock(&index->writer);
    return error_set(err, AF_IO, "the index cannot be locked: %s", strerror(errno));
}

void index_writer_unlock(struct index *index)
{
    (void)flock(index->writer_fd, LOCK_UN);
    (void)pthread_mutex_unlock(&index->writer);
}

/* --- the steps of a flush ----------------------------------------------------------------- */

static enum status refresh_locked(struct index *index, struct error *err)
{
    enum status status;

    (void)pthread_mutex_lock(&index->changing);
    status = index_refresh(index, err);
    (void)pthread_mutex_unlock(&index->changing);
    return status;
}

/* Follows the journal until memory is full or its head is reached. */
static enum status gather(struct index *index, uint64_t *head, struct error *err)
{
    enum status status;

    do
        status = index_catch_up(index, head, err);
    while (status == AF_OK && index->state->covers_seq < *head &&
           index_memory_bytes(index) < INDEX_FLUSH_BYTES);
    return status;
}

/* Of the disk and memory segments of a snapshot: those in memory become one on disk. */
static uint32_t live_docs(const struct plan *plan)
{
    uint32_t live = 0;

    for (uint32_t i = 0; i < plan->count; i++) {
        const struct segment *s = plan->sources[i];

        live += s->base->docs - (s->dead == NULL ? 0 : s->dead->count);
    }
    return live;
}

static enum status execute_merge(struct index *index, struct plan *plan, struct error *err)
{
    plan->state = plan->snapshot->state;
    plan->docs = live_docs(plan);
    plan->write = plan_merge;
    return index_execute(index, plan, err);
}

static enum status flush_snapshot(struct index *index, struct plan *plan, struct error *err)
{
    const struct state *state = plan->snapshot->state;

    for (uint32_t i = state->disk; i < state->count; i++)
        plan->sources[plan->count++] = &plan->snapshot->segments[i];
    plan->covers = true;
    plan->covers_seq = state->covers_seq;
    return state->covers_seq > state->disk_covers_seq ? execute_merge(index, plan, err) : AF_OK;
}

/* Everything in memory → one segment on disk. */
static enum status flush_memory(struct index *index, uint64_t *covers, struct error *err)
{
    struct plan *plan = plan_new(err);
    enum status status;
    uint64_t head;

    if (plan == NULL)
        return AF_NO_MEMORY;
    (void)pthread_mutex_lock(&index->changing);
    status = gather(index, &head, err);
    if (status == AF_OK)
        status = snapshot_make(index, index->state, &plan->snapshot, err);
    (void)pthread_mutex_unlock(&index->changing);
    if (status == AF_OK) {
        *covers = plan->snapshot->state->covers_seq;
        status = flush_snapshot(index, plan, err);
    }
    plan_free(plan);
    return status;
}

/* How many entries of the journal no state knows yet. */
static enum status look_ahead(struct index *index, uint64_t *head, uint64_t *ahead,
                              struct error *err)
{
    struct journal_head journal;
    struct txn *txn;
    enum status status = refresh_locked(index, err);

    if (status == AF_OK)
        status = store_begin_read(index->store, &txn, err);
    if (status != AF_OK)
        return status;
    status = journal_head(txn, &journal, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    index_lock(index);
    *head = journal.seq;
    *ahead = journal.seq - index->state->covers_seq;
    index_unlock(index);
    return AF_OK;
}

/* What the manifest does not cover: from the journal with all threads, or from memory when that
 * has most of it already. */
static enum status flush_step(struct index *index, index_progress_fn progress, void *context,
                              bool *done, struct error *err)
{
    uint64_t head, ahead, covers = 0;
    enum status status = look_ahead(index, &head, &ahead, err);

    if (status != AF_OK)
        return status;
    if (ahead >= index->bulk_entries)
        status = index_bulk(index, progress, context, &covers, err);
    else
        status = flush_memory(index, &covers, err);
    *done = covers >= head;
    return status;
}

/* --- merging on disk ---------------------------------------------------------------------- */

static unsigned tier_of(uint32_t docs)
{
    unsigned tier = 0;

    for (; docs >= INDEX_TIER; docs /= INDEX_TIER)
        tier++;
    return tier;
}

static uint32_t live_of(const struct state_entry *entry)
{
    return entry->base->docs - (entry->dead == NULL ? 0 : entry->dead->count);
}

/* Many dead documents: write the segment anew, even alone. */
static bool pick_dead(const struct state *state, struct plan *plan)
{
    for (uint32_t i = 0; i < state->disk; i++) {
        const struct state_entry *entry = &state->entries[i];

        if (entry->dead == NULL ||
            (uint64_t)entry->dead->count * 100 <= (uint64_t)entry->base->docs * INDEX_DEAD_PERCENT)
            continue;
        plan->drops[i] = true;
        return true;
    }
    return false;
}

/* Everything, when that is more than one segment or has anything out of date. */
static bool pick_all(const struct state *state, struct plan *plan)
{
    bool is_due = state->disk > 1;

    for (uint32_t i = 0; i < state->disk; i++) {
        is_due = is_due || (state->entries[i].dead != NULL && state->entries[i].dead->count > 0);
        plan->drops[i] = true;
    }
    return is_due;
}

static bool pick_tier(const struct state *state, struct plan *plan)
{
    uint32_t counts[16] = {0};

    for (uint32_t i = 0; i < state->disk; i++) {
        unsigned tier = tier_of(live_of(&state->entries[i]));

        if (++counts[tier] < INDEX_TIER)
            continue;
        for (uint32_t j = 0; j <= i; j++)
            plan->drops[j] = tier_of(live_of(&state->entries[j])) == tier;
        return true;
    }
    return false;
}

/* One merge on disk, if one is due. Uses the manifest's own dead sets, not those of cases that
 * only memory knows: another process may not have come that far. */
static enum status merge_step(struct index *index, bool all, bool *merged, struct error *err)
{
    struct plan *plan = plan_new(err);
    struct state *state = NULL;
    enum status status;

    *merged = false;
    if (plan == NULL)
        return AF_NO_MEMORY;
    (void)pthread_mutex_lock(&index->changing);
    status = state_load(index, &state, err);
    if (status == AF_OK)
        *merged = all ? pick_all(state, plan) : pick_dead(state, plan) || pick_tier(state, plan);
    if (status == AF_OK && *merged)
        status = snapshot_make(index, state, &plan->snapshot, err);
    state_unref(index, state);
    (void)pthread_mutex_unlock(&index->changing);
    if (status == AF_OK && *merged) {
        for (uint32_t i = 0; i < plan->snapshot->state->disk; i++)
            if (plan->drops[i])
                plan->sources[plan->count++] = &plan->snapshot->segments[i];
        plan->rests = !all;
        status = execute_merge(index, plan, err);
    }
    plan_free(plan);
    return status;
}

/* --- the whole ---------------------------------------------------------------------------- */

enum status index_flush_all(struct index *index, bool all, index_progress_fn progress,
                            void *context, struct error *err)
{
    enum status status = AF_OK;
    bool done = false, merged = true;

    while (status == AF_OK && !done)
        status = flush_step(index, progress, context, &done, err);
    while (status == AF_OK && merged)
        status = merge_step(index, all, &merged, err);
    if (status == AF_OK)
        status = refresh_locked(index, err);
    if (status == AF_OK)
        status = index_drop_orphans(index, err);
    return status;
}

static bool is_writable(struct index *index)
{
    bool writable;

    index_lock(index);
    writable = index->mode == STORE_WRITE && index->on_disk;
    index_unlock(index);
    return writable;
}

/* After a failure: was it damage of the index? Then it is empty now and can be flushed again.
 * Damage that an empty manifest does not cure is LMDB's own: then new files do, unless a search
 * looks at the old ones, and the next flush makes them. */
enum cure { CURE_EMPTY, CURE_NEW_FILES, CURES };

static bool is_cured(struct index *index, enum cure cure, const struct error *why)
{
    struct error ignored;

    if (why->status != AF_CORRUPT || !index->damaged)
        return false; /* the store's */
    (void)pthread_mutex_lock(&index->changing);
    if (cure == CURE_NEW_FILES)
        index_leave_files(index);
    else if (index_recover(index, why->text, &ignored) != AF_OK)
        cure = CURES;
    (void)pthread_mutex_unlock(&index->changing);
    if (cure != CURES && !is_writable(index))
        index_reopen(index);
    return cure != CURES && is_writable(index);
}

/* Was it the map that was full, and is it larger now? What a transaction could not take is more
 * than the room there was. A disk that is full as well says so the next time. */
static bool is_grown(struct index *index, const struct error *why)
{
    return why->status == AF_FULL && env_map_room(&index->env) < 2 * (size_t)INDEX_TXN_BYTES &&
           index_grow(index);
}

/* It is whole again on the disk: no fault for index_check any more. */
static void forget_damage(struct index *index)
{
    (void)pthread_mutex_lock(&index->changing);
    index->met[0] = '\0';
    (void)pthread_mutex_unlock(&index->changing);
}

/* A look at an old transaction keeps every page that was replaced since. Its end cannot be forced:
 * somebody may be reading what it borrowed. So it is said; slots of dead processes are freed. */
static void watch_readers(struct index *index)
{
    uint32_t count = snapshots_overdue(index, INDEX_HELD_S_MAX * (int64_t)1000000);
    int dead;

    if (count > 0)
        (void)fprintf(stderr,
                      "askfirst: %u searches have not ended for %d s; meanwhile the index grows "
                      "with every change\n",
                      (unsigned)count, INDEX_HELD_S_MAX);
    (void)mdb_reader_check(index->env.mdb, &dead);
}

enum status index_flush(struct index *index, index_progress_fn progress, void *context,
                        struct error *err)
{
    struct error why = {0};
    enum status status;

    if (index->mode != STORE_WRITE)
        return AF_OK;
    status = index_writer_lock(index, err);
    if (status != AF_OK)
        return status;
    if (!is_writable(index))
        index_reopen(index);
    if (is_writable(index)) {
        watch_readers(index);
        status = index_flush_all(index, false, progress, context, &why);
        for (enum cure cure = CURE_EMPTY; cure < CURES && is_cured(index, cure, &why); cure++) {
            why = (struct error){0};
            status = index_flush_all(index, false, progress, context, &why);
        }
        while (is_grown(index, &why)) { /* ends with the address space */
            why = (struct error){0};
            status = index_flush_all(index, false, progress, context, &why);
        }
        if (status == AF_OK)
            forget_damage(index);
    }
    index_writer_unlock(index);
    if (status != AF_OK && err != NULL)
        *err = why;
    return status;
}
