#include "indexer/index_impl.h"
#include "indexer/segment_merge.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/file.h>

/* --- one writer --------------------------------------------------------------------------- */

static enum status writer_lock(struct index *index, struct error *err)
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

static void writer_unlock(struct index *index)
{
    (void)flock(index->writer_fd, LOCK_UN);
    (void)pthread_mutex_unlock(&index->writer);
}

/* --- building a segment on disk ----------------------------------------------------------- */

/* A segment that is being written: its database, and the transaction that is open. */
struct build {
    struct index *index;
    struct disk_sink sink;
};

/* A transaction of LMDB 0.9.24 must stay small: the segment is nobody's until the manifest
 * names it, so it may be committed in parts. */
static enum status renew(struct disk_sink *sink, struct error *err)
{
    enum status status = env_status(sink->env, mdb_txn_commit(sink->txn), "writing a segment", err);

    sink->txn = NULL;
    sink->txn_bytes = 0;
    if (status == AF_OK)
        status = env_status(sink->env, mdb_txn_begin(sink->env->mdb, NULL, 0, &sink->txn),
                            "writing a segment", err);
    return status;
}

/* An empty database of the next id, in a commit of its own: handles are opened under the mutex.
 * What a killed process left under this id goes. */
static enum status create_database(struct index *index, uint32_t id, MDB_dbi *dbi,
                                   struct error *err)
{
    char name[SEGMENT_NAME_BYTES];
    MDB_txn *txn = NULL;
    int rc;

    segment_name(id, name);
    (void)pthread_mutex_lock(&index->mutex);
    rc = mdb_txn_begin(index->env.mdb, NULL, 0, &txn);
    if (rc == 0)
        rc = mdb_dbi_open(txn, name, MDB_CREATE, dbi);
    if (rc == 0)
        rc = mdb_drop(txn, *dbi, 0);
    if (rc == 0) {
        rc = mdb_txn_commit(txn);
        txn = NULL;
    }
    mdb_txn_abort(txn);
    (void)pthread_mutex_unlock(&index->mutex);
    return env_status(&index->env, rc, "writing a segment", err);
}

static enum status build_begin(struct build *build, struct index *index, uint32_t id,
                               struct error *err)
{
    enum status status;

    *build = (struct build){
        index, {.env = &index->env, .id = id, .full = renew}
    };
    status = create_database(index, id, &build->sink.dbi, err);
    if (status == AF_OK)
        status = env_status(&index->env, mdb_txn_begin(index->env.mdb, NULL, 0, &build->sink.txn),
                            "writing a segment", err);
    return status;
}

/* Closes the handle, unless a search has found the new segment in the manifest already: LMDB
 * gave it the same handle, which is now that one's. */
static void build_end(struct build *build)
{
    struct index *index = build->index;

    mdb_txn_abort(build->sink.txn);
    disk_sink_release(&build->sink);
    if (build->sink.dbi == 0)
        return;
    (void)pthread_mutex_lock(&index->mutex);
    if (index_find_open(index, build->sink.id) == NULL)
        mdb_dbi_close(index->env.mdb, build->sink.dbi);
    (void)pthread_mutex_unlock(&index->mutex);
}

/* --- writing a snapshot's part as one segment, and the new manifest ------------------------ */

/* What is to be done with a snapshot: merge `sources` into one segment, drop the disk segments
 * among them from the manifest. */
struct plan {
    struct snapshot *snapshot;
    const struct segment *sources[STATE_SEGMENTS_MAX];
    uint32_t count;
    bool drops[STATE_SEGMENTS_MAX]; /* by place in the state */
    bool covers;                    /* the manifest's covers_seq becomes the snapshot's */
};

static uint32_t live_docs(const struct plan *plan)
{
    uint32_t live = 0;

    for (uint32_t i = 0; i < plan->count; i++) {
        const struct segment *s = plan->sources[i];

        live += s->base->docs - (s->dead == NULL ? 0 : s->dead->count);
    }
    return live;
}

/* Segments that stay, with their dead documents as the snapshot has them. */
static enum status keep_segments(struct build *build, const struct plan *plan,
                                 struct manifest *manifest, struct error *err)
{
    const struct state *state = plan->snapshot->state;
    struct index *index = build->index;
    enum status status = AF_OK;
    uint32_t kept = 0;

    assert(manifest->count == state->disk);
    for (uint32_t i = 0; status == AF_OK && i < state->disk; i++) {
        struct manifest_segment *s = &manifest->segments[i];
        const struct deadset *dead = state->entries[i].dead;

        assert(s->id == state->entries[i].base->id);
        if (plan->drops[i]) {
            status = dead_delete(&index->env, build->sink.txn, index->manifest, s->id, err);
            continue;
        }
        if (dead != NULL && dead->count != s->dead) {
            status = dead_write(&index->env, build->sink.txn, index->manifest, s->id, dead, err);
            s->dead = dead->count;
        }
        manifest->segments[kept++] = *s;
    }
    manifest->count = kept;
    return status;
}

static enum status write_manifest(struct build *build, const struct plan *plan,
                                  struct manifest *manifest, uint32_t docs, struct error *err)
{
    struct index *index = build->index;
    enum status status;

    status = manifest_read(&index->env, build->sink.txn, index->manifest, manifest, err);
    if (status == AF_OK && manifest->generation != plan->snapshot->state->generation)
        status = error_set(err, AF_CONFLICT, "the index has been flushed meanwhile");
    if (status == AF_OK)
        status = keep_segments(build, plan, manifest, err);
    if (status != AF_OK)
        return status;
    if (docs > 0) {
        manifest->segments[manifest->count++] =
            (struct manifest_segment){build->sink.id, docs, 0, build->sink.bytes};
        manifest->next_id = build->sink.id + 1;
    }
    manifest->generation++;
    if (plan->covers) {
        manifest->covers_seq = plan->snapshot->state->covers_seq;
        status = journal_print(index, manifest->covers_seq, &manifest->covers_print, err);
    }
    if (status == AF_OK)
        status = manifest_write(&index->env, build->sink.txn, index->manifest, manifest, err);
    if (status == AF_OK) {
        status = env_status(&index->env, mdb_txn_commit(build->sink.txn), "writing the index", err);
        build->sink.txn = NULL;
    }
    return status;
}

/* Holds the writer's lock, not the mutex: searches go on. */
static enum status execute(struct index *index, const struct plan *plan, struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    struct build build = {0};
    uint32_t docs = live_docs(plan);
    enum status status;

    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for writing the index");
    status = index_read_manifest(index, manifest, err);
    if (status == AF_OK && manifest->count + 1 >= INDEX_SEGMENTS_MAX)
        status = error_set(err, AF_FULL, "the index has %u segments, more are not allowed",
                           (unsigned)manifest->count);
    if (status == AF_OK)
        status = build_begin(&build, index, manifest->next_id, err);
    if (status == AF_OK && docs > 0)
        status = segment_merge(plan->sources, plan->count, disk_sink_of(&build.sink),
                               manifest->next_id, err);
    if (status == AF_OK)
        status = write_manifest(&build, plan, manifest, docs, err);
    if (build.index != NULL)
        build_end(&build);
    free(manifest);
    return status;
}

/* --- the steps of a flush ----------------------------------------------------------------- */

static void drop_plan(struct index *index, struct plan *plan)
{
    (void)pthread_mutex_lock(&index->mutex);
    snapshot_drop(plan->snapshot);
    (void)pthread_mutex_unlock(&index->mutex);
    free(plan);
}

static struct plan *plan_new(struct error *err)
{
    struct plan *plan = calloc(1, sizeof *plan);

    if (plan == NULL)
        (void)error_set(err, AF_NO_MEMORY, "no memory for writing the index");
    return plan;
}

static enum status refresh_locked(struct index *index, struct error *err)
{
    enum status status;

    (void)pthread_mutex_lock(&index->mutex);
    status = index_refresh(index, err);
    (void)pthread_mutex_unlock(&index->mutex);
    return status;
}

/* Follows the journal until memory is full or its head is reached. Under the mutex. */
static enum status gather(struct index *index, uint64_t *head, struct error *err)
{
    enum status status;

    do
        status = index_catch_up(index, head, err);
    while (status == AF_OK && index->state->covers_seq < *head &&
           index_memory_bytes(index) < INDEX_FLUSH_BYTES);
    return status;
}

/* Everything in memory → one segment on disk. *done when the journal's head is covered. */
static enum status flush_memory(struct index *index, bool *done, uint64_t *covers, uint64_t *head,
                                struct error *err)
{
    struct plan *plan = plan_new(err);
    enum status status;
    uint64_t before = 0;

    if (plan == NULL)
        return AF_NO_MEMORY;
    (void)pthread_mutex_lock(&index->mutex);
    status = index_refresh(index, err);
    if (status == AF_OK) {
        before = index->state->covers_seq;
        status = gather(index, head, err);
    }
    if (status == AF_OK)
        status = snapshot_make(index, index->state, &plan->snapshot, err);
    (void)pthread_mutex_unlock(&index->mutex);
    if (status == AF_OK) {
        const struct state *state = plan->snapshot->state;

        *covers = state->covers_seq;
        *done = state->covers_seq >= *head;
        for (uint32_t i = state->disk; i < state->count; i++)
            plan->sources[plan->count++] = &plan->snapshot->segments[i];
        plan->covers = true;
        if (state->covers_seq > before)
            status = execute(index, plan, err);
    }
    drop_plan(index, plan);
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
static enum status merge_step(struct index *index, bool *merged, struct error *err)
{
    struct plan *plan = plan_new(err);
    struct state *state = NULL;
    enum status status;

    *merged = false;
    if (plan == NULL)
        return AF_NO_MEMORY;
    (void)pthread_mutex_lock(&index->mutex);
    status = state_load(index, &state, err);
    if (status == AF_OK)
        *merged = pick_dead(state, plan) || pick_tier(state, plan);
    if (status == AF_OK && *merged)
        status = snapshot_make(index, state, &plan->snapshot, err);
    state_unref(index, state);
    (void)pthread_mutex_unlock(&index->mutex);
    if (status == AF_OK && *merged) {
        for (uint32_t i = 0; i < plan->snapshot->state->disk; i++)
            if (plan->drops[i])
                plan->sources[plan->count++] = &plan->snapshot->segments[i];
        status = execute(index, plan, err);
    }
    drop_plan(index, plan);
    return status;
}

/* --- databases that nobody names any more -------------------------------------------------- */

static bool in_use(struct index *index, const struct manifest *manifest, uint32_t id)
{
    for (uint32_t i = 0; i < manifest->count; i++)
        if (manifest->segments[i].id == id)
            return true;
    return index_find_open(index, id) != NULL;
}

static enum status next_orphan(struct index *index, MDB_txn *txn, const struct manifest *manifest,
                               uint32_t *id, bool *found, struct error *err)
{
    MDB_cursor *cursor = NULL;
    MDB_val k, v;
    MDB_dbi names;
    int rc = mdb_dbi_open(txn, NULL, 0, &names);

    *found = false;
    if (rc == 0)
        rc = mdb_cursor_open(txn, names, &cursor);
    while (rc == 0 && !*found) {
        rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
        *found = rc == 0 && segment_name_parse(env_bytes(k), id) && !in_use(index, manifest, *id);
    }
    if (cursor != NULL)
        mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? AF_OK : env_status(&index->env, rc, "tidying the index", err);
}

static enum status drop_orphan(struct index *index, struct manifest *manifest, bool *found,
                               struct error *err)
{
    char name[SEGMENT_NAME_BYTES];
    MDB_txn *txn = NULL;
    MDB_dbi dbi;
    uint32_t id = 0;
    enum status status;
    int rc = mdb_txn_begin(index->env.mdb, NULL, 0, &txn);

    *found = false;
    status = env_status(&index->env, rc, "tidying the index", err);
    if (status == AF_OK)
        status = manifest_read(&index->env, txn, index->manifest, manifest, err);
    if (status == AF_OK)
        status = next_orphan(index, txn, manifest, &id, found, err);
    if (status == AF_OK && *found) {
        segment_name(id, name);
        rc = mdb_dbi_open(txn, name, 0, &dbi);
        if (rc == 0)
            rc = mdb_drop(txn, dbi, 1);
        if (rc == 0) {
            rc = mdb_txn_commit(txn);
            txn = NULL;
        }
        status = env_status(&index->env, rc, "tidying the index", err);
    }
    mdb_txn_abort(txn);
    return status;
}

/* Other processes that still read a dropped one are protected by LMDB; those of this process
 * that a snapshot holds stay until the next time. */
static enum status drop_orphans(struct index *index, struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    enum status status = AF_OK;
    bool found = true;

    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for tidying the index");
    while (status == AF_OK && found) {
        (void)pthread_mutex_lock(&index->mutex);
        status = drop_orphan(index, manifest, &found, err);
        (void)pthread_mutex_unlock(&index->mutex);
    }
    free(manifest);
    return status;
}

/* --- the whole ---------------------------------------------------------------------------- */

static enum status flush_all(struct index *index, index_progress_fn progress, void *context,
                             struct error *err)
{
    enum status status = AF_OK;
    bool done = false, merged = true;
    uint64_t covers = 0, head = 0;

    while (status == AF_OK && !done) {
        status = flush_memory(index, &done, &covers, &head, err);
        if (status == AF_OK && progress != NULL)
            progress(context, covers, head);
    }
    while (status == AF_OK && merged)
        status = merge_step(index, &merged, err);
    if (status == AF_OK)
        status = refresh_locked(index, err);
    if (status == AF_OK)
        status = drop_orphans(index, err);
    return status;
}

static bool is_writable(struct index *index)
{
    bool writable;

    (void)pthread_mutex_lock(&index->mutex);
    writable = index->mode == STORE_WRITE && index->on_disk;
    (void)pthread_mutex_unlock(&index->mutex);
    return writable;
}

/* After a failure: was it damage of the index? Then it is empty now and can be flushed again. */
static bool recovered(struct index *index, struct error *why)
{
    bool again;

    (void)pthread_mutex_lock(&index->mutex);
    again = why->status == AF_CORRUPT && index->damaged &&
            index_recover(index, why->text, why) == AF_OK && index->on_disk;
    (void)pthread_mutex_unlock(&index->mutex);
    return again;
}

/* It is whole again on the disk: no fault for index_check any more. */
static void forget_damage(struct index *index)
{
    (void)pthread_mutex_lock(&index->mutex);
    index->met[0] = '\0';
    (void)pthread_mutex_unlock(&index->mutex);
}

enum status index_flush(struct index *index, index_progress_fn progress, void *context,
                        struct error *err)
{
    struct error why = {0};
    enum status status;

    if (!is_writable(index))
        return AF_OK;
    status = writer_lock(index, err);
    if (status != AF_OK)
        return status;
    status = flush_all(index, progress, context, &why);
    if (status != AF_OK && recovered(index, &why))
        status = flush_all(index, progress, context, &why);
    if (status == AF_OK)
        forget_damage(index);
    writer_unlock(index);
    if (status != AF_OK && err != NULL)
        *err = why;
    return status;
}

enum status index_rebuild(struct index *index, index_progress_fn progress, void *context,
                          struct error *err)
{
    enum status status;

    if (!is_writable(index))
        return error_set(err, AF_DENIED, "the index cannot be written here");
    (void)pthread_mutex_lock(&index->mutex);
    status = index_begin_again(index, err);
    (void)pthread_mutex_unlock(&index->mutex);
    if (status == AF_OK)
        status = index_flush(index, progress, context, err);
    return status;
}
