#include "indexer/index_impl.h"

#include <assert.h>
#include <stdlib.h>

/* --- references; under the mutex --- */

/* A disk segment without references stays in the list until index_close_unused: the list is only
 * changed by whoever holds `changing`, which a search that lets go of it does not. */
static void base_unref(struct segment_base *base)
{
    if (--base->refs == 0 && base->memory != NULL)
        segment_base_free(base);
}

void state_unref_locked(struct state *state)
{
    if (--state->refs > 0)
        return;
    for (uint32_t i = 0; i < state->count; i++) {
        base_unref(state->entries[i].base);
        deadset_unref(state->entries[i].dead);
    }
    free(state);
}

void state_unref(struct index *index, struct state *state)
{
    if (state == NULL)
        return;
    index_lock(index);
    state_unref_locked(state);
    index_unlock(index);
}

void state_drop_dead(struct index *index, struct state_entry *entry)
{
    index_lock(index);
    deadset_unref(entry->dead);
    index_unlock(index);
    entry->dead = NULL;
}

struct state *state_new(uint64_t generation, uint64_t covers_seq)
{
    struct state *state = calloc(1, sizeof *state);

    if (state == NULL)
        return NULL;
    state->refs = 1;
    state->generation = generation;
    state->covers_seq = state->disk_covers_seq = covers_seq;
    return state;
}

struct state *state_copy(struct index *index, const struct state *state)
{
    struct state *copy = malloc(sizeof *copy);

    if (copy == NULL)
        return NULL;
    index_lock(index);
    *copy = *state;
    copy->refs = 1;
    for (uint32_t i = 0; i < copy->count; i++) {
        copy->entries[i].base->refs++;
        if (copy->entries[i].dead != NULL)
            copy->entries[i].dead->refs++;
    }
    index_unlock(index);
    return copy;
}

void state_append(struct state *state, struct segment_base *base, struct deadset *dead,
                  uint64_t bytes)
{
    assert(state->count < STATE_SEGMENTS_MAX);
    state->entries[state->count++] = (struct state_entry){base, dead, bytes};
}

void index_set_state(struct index *index, struct state *state)
{
    struct state *before;

    index_lock(index);
    before = index->state;
    if (before->generation != state->generation)
        index->known_txn = 0;
    if (before->covers_seq > state->covers_seq)
        index->known_store_txn = 0;
    index->state = state;
    index->on_disk = state->on_disk;
    snapshots_detach_pool(index);
    if (!state->on_disk) { /* another file may count its transactions anew */
        index->known_txn = 0;
        snapshots_free_pool(index);
    }
    state_unref_locked(before);
    index_unlock(index);
    index_close_unused(index);
}

void index_close_unused(struct index *index)
{
    struct segment_base **link = &index->open;

    index_lock(index);
    while (*link != NULL) {
        struct segment_base *base = *link;

        if (base->refs > 0) {
            link = &base->next;
            continue;
        }
        *link = base->next;
        segment_base_free(base);
    }
    index_unlock(index);
}

/* --- from the manifest --- */

struct segment_base *index_find_open(struct index *index, uint32_t id)
{
    struct segment_base *base = index->open;

    while (base != NULL && base->id != id)
        base = base->next;
    return base;
}

/* Its tree, with the description that it was given when it was finished. */
static enum status open_tree(struct index *index, MDB_txn *txn, uint32_t id, struct tree **out,
                             struct error *err)
{
    struct pages pages = env_pages(&index->env);
    struct bytes description;
    enum status status =
        segment_description(&index->env, txn, index->manifest, id, &description, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "the index's segment %u is missing", (unsigned)id);
    return status == AF_OK ? tree_new(&pages, description, out, err) : status;
}

static enum status open_base(struct index *index, MDB_txn *txn,
                             const struct manifest_segment *segment, struct segment_base **out,
                             struct error *err)
{
    struct tree *tree = NULL;
    struct segment_base *base = NULL;
    enum status status = open_tree(index, txn, segment->id, &tree, err);
    struct image image = {.tree = tree, .id = segment->id};

    if (status == AF_OK)
        status = segment_base_load(&image, NULL, &base, err);
    if (status != AF_OK) {
        tree_free(tree);
        return status;
    }
    base->tree = tree;
    if (base->docs == segment->docs) {
        *out = base;
        return AF_OK;
    }
    segment_base_free(base);
    return error_set(err, AF_CORRUPT,
                     "the index's segment %u has another size than the manifest says",
                     (unsigned)segment->id);
}

static enum status load_entry(struct index *index, MDB_txn *txn,
                              const struct manifest_segment *segment, struct state *state,
                              struct error *err)
{
    struct segment_base *base = index_find_open(index, segment->id);
    struct deadset *dead;
    enum status status = dead_read(&index->env, txn, index->manifest, segment, &dead, err);

    if (status != AF_OK)
        return status;
    if (base == NULL) {
        status = open_base(index, txn, segment, &base, err);
        if (status != AF_OK) {
            deadset_unref(dead);
            return status;
        }
        index_lock(index);
        base->next = index->open;
        index->open = base;
        index_unlock(index);
    } else {
        index_lock(index);
        base->refs++;
        index_unlock(index);
    }
    state_append(state, base, dead, segment->bytes);
    state->disk = state->count;
    return AF_OK;
}

enum status state_load(struct index *index, struct state **out, struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    struct state *state = state_new(0, 0);
    enum status status = AF_OK;
    MDB_txn *txn = NULL;
    int rc;

    if (manifest == NULL || state == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for opening the index");
    if (status == AF_OK) {
        rc = mdb_txn_begin(index->env.mdb, NULL, MDB_RDONLY, &txn);
        status = env_status(&index->env, rc, "reading the index", err);
    }
    if (status == AF_OK)
        status = manifest_read(&index->env, txn, index->manifest, manifest, err);
    for (uint32_t i = 0; status == AF_OK && i < manifest->count; i++)
        status = load_entry(index, txn, &manifest->segments[i], state, err);
    mdb_txn_abort(txn);
    if (status == AF_OK) {
        state->generation = manifest->generation;
        state->on_disk = true;
        state->covers_seq = state->disk_covers_seq = manifest->covers_seq;
        *out = state;
    } else {
        state_unref(index, state);
    }
    free(manifest);
    return index_blame(index, status);
}
