#include "indexer/index_impl.h"

#include "data/base/clock.h"

#include <assert.h>
#include <stdlib.h>

/* --- two lists, under the mutex --- */

static void list_add(struct snapshot **list, struct snapshot *snapshot)
{
    snapshot->next = *list;
    snapshot->link = list;
    if (*list != NULL)
        (*list)->link = &snapshot->next;
    *list = snapshot;
}

static void list_remove(struct snapshot *snapshot)
{
    *snapshot->link = snapshot->next;
    if (snapshot->next != NULL)
        snapshot->next->link = snapshot->link;
}

/* --- what a snapshot has of a state --- */

static void attach(struct snapshot *snapshot, struct state *state)
{
    snapshot->state = state;
    state->refs++;
    for (uint32_t i = 0; i < state->count; i++) {
        struct segment_base *base = state->entries[i].base;

        snapshot->images[i] =
            (struct image){.memory = base->memory, .tree = base->tree, .id = base->id};
        snapshot->segments[i] = (struct segment){base, state->entries[i].dead, &snapshot->images[i],
                                                 &snapshot->damaged};
    }
}

/* Under the mutex. */
static void detach(struct snapshot *snapshot)
{
    if (snapshot->state == NULL)
        return;
    state_unref_locked(snapshot->state);
    snapshot->state = NULL;
}

static void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot->txn != NULL)
        mdb_txn_abort(snapshot->txn);
    free(snapshot);
}

void snapshots_detach_pool(struct index *index)
{
    for (struct snapshot *s = index->pool; s != NULL; s = s->next)
        detach(s);
}

void snapshots_free_pool(struct index *index)
{
    while (index->pool != NULL) {
        struct snapshot *snapshot = index->pool;

        list_remove(snapshot);
        detach(snapshot);
        snapshot_free(snapshot);
    }
    index->pooled = 0;
}

/* --- taking one --- */

/* From the pool or new, with the state attached, and held. Under the mutex. A search verifies a
 * value once a process (`trusts`); merging and checking each time they read it. */
static struct snapshot *take(struct index *index, struct state *state, bool trusts)
{
    struct snapshot *snapshot = index->pool;

    if (snapshot != NULL) {
        list_remove(snapshot);
        index->pooled--;
    } else {
        snapshot = malloc(sizeof *snapshot);
        if (snapshot == NULL)
            return NULL;
        snapshot->index = index;
        snapshot->state = NULL;
        snapshot->txn = NULL;
    }
    if (snapshot->state != state) {
        detach(snapshot);
        attach(snapshot, state);
    }
    for (uint32_t i = 0; i < state->count; i++) {
        snapshot->images[i].seen = trusts ? state->entries[i].base->seen : NULL;
        snapshot->images[i].places = trusts ? state->entries[i].base->places : NULL;
        snapshot->images[i].doc_places = trusts ? state->entries[i].base->doc_places : NULL;
    }
    snapshot->on_disk = index->on_disk;
    snapshot->damaged = snapshot->is_reported = false;
    snapshot->since_us = clock_steady_us();
    list_add(&index->held, snapshot);
    return snapshot;
}

/* Begins its transaction, anew or again. */
static int begin(struct snapshot *snapshot)
{
    return snapshot->txn == NULL
               ? mdb_txn_begin(snapshot->index->env.mdb, NULL, MDB_RDONLY, &snapshot->txn)
               : mdb_txn_renew(snapshot->txn);
}

/* Is the manifest of this transaction the state's? Only a transaction that was not asked before
 * is read. */
static enum status check_generation(struct snapshot *snapshot, uint64_t known_txn,
                                    struct error *err)
{
    struct index *index = snapshot->index;
    uint64_t generation = snapshot->state->generation, txn = mdb_txn_id(snapshot->txn);
    struct manifest manifest;
    enum status status;

    if (txn == known_txn)
        return AF_OK;
    status = manifest_read(&index->env, snapshot->txn, index->manifest, &manifest, err);
    if (status == AF_OK && manifest.generation != generation)
        return error_set(err, AF_CONFLICT, "the index has been flushed meanwhile");
    if (status != AF_OK)
        return index_blame(index, status);
    index_lock(index);
    if (index->state->generation == generation)
        index->known_txn = txn;
    index_unlock(index);
    return AF_OK;
}

static enum status open_snapshot(struct snapshot *snapshot, uint64_t known_txn,
                                 struct snapshot **out, struct error *err)
{
    enum status status = AF_OK;

    if (snapshot->on_disk) /* damage: LMDB gave up after a write of its own failed */
        status = index_blame(snapshot->index, env_status(&snapshot->index->env, begin(snapshot),
                                                         "reading the index", err));
    if (status == AF_OK && snapshot->on_disk)
        status = check_generation(snapshot, known_txn, err);
    if (status == AF_OK)
        *out = snapshot;
    else
        snapshot_release(snapshot);
    return status;
}

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a search");
}

enum status snapshot_make(struct index *index, struct state *state, struct snapshot **out,
                          struct error *err)
{
    struct snapshot *snapshot;
    uint64_t known_txn;

    index_lock(index);
    snapshot = take(index, state, false);
    known_txn = state->generation == index->state->generation ? index->known_txn : 0;
    index_unlock(index);
    return snapshot == NULL ? no_memory(err) : open_snapshot(snapshot, known_txn, out, err);
}

enum status snapshot_make_current(struct index *index, uint64_t seq, struct snapshot **out,
                                  struct error *err)
{
    struct snapshot *snapshot = NULL;
    uint64_t known_txn;
    bool is_current;

    if (index->damaged)
        return error_set(err, AF_CONFLICT, "the index is damaged");
    index_lock(index);
    is_current = index->state->covers_seq >= seq;
    if (is_current)
        snapshot = take(index, index->state, true);
    known_txn = index->known_txn;
    index_unlock(index);
    if (!is_current)
        return error_set(err, AF_CONFLICT, "the index does not know the newest cases yet");
    return snapshot == NULL ? no_memory(err) : open_snapshot(snapshot, known_txn, out, err);
}

/* --- giving it back --- */

void snapshot_release(struct snapshot *snapshot)
{
    struct index *index;
    bool keep;

    if (snapshot == NULL)
        return;
    index = snapshot->index;
    if (snapshot->damaged)
        index->damaged = true;
    if (snapshot->txn != NULL)
        mdb_txn_reset(snapshot->txn);
    index_lock(index);
    list_remove(snapshot);
    keep = index->pooled < INDEX_POOL_MAX && index->on_disk && snapshot->on_disk;
    if (!keep || snapshot->state != index->state)
        detach(snapshot);
    if (keep) {
        list_add(&index->pool, snapshot);
        index->pooled++;
    } else {
        snapshot_free(snapshot); /* before anybody may close the files (index_reopen) */
    }
    index_unlock(index);
}

bool snapshots_use_files(struct index *index)
{
    bool use = false;

    index_lock(index);
    for (const struct snapshot *s = index->held; s != NULL && !use; s = s->next)
        use = s->on_disk;
    index_unlock(index);
    return use;
}

uint32_t snapshots_overdue(struct index *index, int64_t longer_than_us)
{
    int64_t now_us = clock_steady_us();
    uint32_t count = 0;

    index_lock(index);
    for (struct snapshot *s = index->held; s != NULL; s = s->next) {
        if (s->is_reported || now_us - s->since_us < longer_than_us)
            continue;
        s->is_reported = true;
        count++;
    }
    index_unlock(index);
    return count;
}
