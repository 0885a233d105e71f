#include "indexer/index_impl.h"

#include "data/journal.h"
#include "indexer/build/segment_merge.h"

#include <assert.h>
#include <stdlib.h>

/* What one run over the journal gathers: new documents, and cases whose older document is now
 * out of date. */
struct batch {
    struct segment_builder *builder;
    struct txn *txn;
    struct buf replaced; /* case numbers be32 */
    uint64_t from, to;
};

static enum status visit(void *context, const struct article_ref *ref,
                         const struct article_view *view, struct error *err)
{
    struct batch *batch = context;

    if (ref->version > 1)
        buf_add_be32(&batch->replaced, ref->no);
    return article_view_is_findable(view) ? segment_builder_add(batch->builder, ref, view, err)
                                          : AF_OK;
}

static enum status read_journal(struct batch *batch, uint64_t head, struct error *err)
{
    enum status status = AF_OK;

    while (status == AF_OK && batch->to < head &&
           segment_builder_bytes(batch->builder) < INDEX_FLUSH_BYTES) {
        status = article_view_entry(batch->txn, batch->to + 1, visit, batch, err);
        arena_clear(txn_arena(batch->txn));
        batch->to++;
    }
    return status == AF_OK ? buf_status(&batch->replaced, "indexing cases", err) : status;
}

/* --- older documents ---------------------------------------------------------------------- */

/* Puts a bit into entry `i` of `next`, which at first shares its set with the state before. */
static enum status mark_dead(const struct snapshot *look, struct state *next, uint32_t i,
                             uint32_t doc, struct error *err)
{
    const struct deadset *shared = look->state->entries[i].dead;
    struct state_entry *entry = &next->entries[i];

    if (entry->dead == shared) {
        struct deadset *own =
            shared == NULL ? deadset_new(entry->base->docs) : deadset_copy(shared);

        if (own == NULL)
            return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
        state_drop_dead(look->index, entry);
        entry->dead = own;
    }
    deadset_add(entry->dead, doc);
    return AF_OK;
}

/* A case has one live document at most. The newest segments are asked first. */
static enum status kill_older(const struct snapshot *look, struct state *next, uint32_t no,
                              struct error *err)
{
    for (uint32_t i = look->state->count; i-- > 0;) {
        const struct segment *segment = &look->segments[i];
        uint32_t doc;
        bool found;
        enum status status = segment_find_number(segment, no, &doc, &found, err);

        if (status != AF_OK)
            return status;
        if (found && !deadset_has(next->entries[i].dead, doc))
            return mark_dead(look, next, i, doc, err);
    }
    return AF_OK;
}

enum status index_kill_replaced(const struct snapshot *look, struct state *next,
                                struct bytes numbers, struct error *err)
{
    struct reader r = reader_of(numbers);
    enum status status = AF_OK;
    uint32_t no;

    while (status == AF_OK && reader_be32(&r, &no))
        status = kill_older(look, next, no, err);
    return status;
}

static enum status kill_replaced(struct index *index, const struct batch *batch, struct state *next,
                                 struct error *err)
{
    struct snapshot *look = NULL;
    enum status status;

    if (batch->replaced.len == 0)
        return AF_OK;
    status = snapshot_make(index, index->state, &look, err);
    if (status == AF_OK)
        status = index_kill_replaced(look, next, buf_bytes(&batch->replaced), err);
    snapshot_release(look);
    return status;
}

/* --- the new segment ---------------------------------------------------------------------- */

/* With its filter: there are many small segments, of which most have nothing of a question. */
static enum status load_memory(struct memory_image *memory, struct state *next, struct error *err)
{
    struct image image = {.memory = memory};
    const struct bloom *bloom;
    struct segment_base *base;
    enum status status = segment_base_load(&image, memory, &base, err);

    if (status == AF_OK && (status = bloom_get(base->bloom, &image, &bloom, err)) != AF_OK) {
        base->memory = NULL; /* the caller's as long as this fails */
        segment_base_free(base);
    }
    if (status == AF_OK)
        state_append(next, base, NULL, memory_image_bytes(memory));
    return status;
}

static enum status append_built(struct index *index, const struct batch *batch, struct state *next,
                                struct error *err)
{
    struct memory_image *memory;
    enum status status;

    if (segment_builder_docs(batch->builder) == 0)
        return AF_OK;
    memory = memory_image_new();
    if (memory == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
    status = segment_builder_write(batch->builder, index->stemmer, memory_image_sink(memory), err);
    if (status == AF_OK)
        status = load_memory(memory, next, err);
    if (status != AF_OK)
        memory_image_free(memory);
    return status;
}

/* --- keeping memory segments few ---------------------------------------------------------- */

static unsigned tier_of(const struct state_entry *entry)
{
    unsigned tier = 0;

    for (uint32_t docs = entry->base->docs; docs >= INDEX_TIER; docs /= INDEX_TIER)
        tier++;
    return tier < 7 ? tier : 7;
}

/* Marks those of the first tier that has INDEX_TIER memory segments; how many, or 0. */
static uint32_t pick_tier(const struct state *state, bool picked[STATE_SEGMENTS_MAX])
{
    uint32_t counts[8] = {0};

    for (uint32_t i = state->disk; i < state->count; i++) {
        unsigned tier = tier_of(&state->entries[i]);

        if (++counts[tier] < INDEX_TIER)
            continue;
        for (uint32_t j = state->disk; j < state->count; j++)
            picked[j] = tier_of(&state->entries[j]) == tier && j <= i;
        return counts[tier];
    }
    return 0;
}

static enum status merge_memory(const struct state *state, const bool *picked,
                                struct memory_image *memory, struct error *err)
{
    struct segment views[STATE_SEGMENTS_MAX];
    struct image images[STATE_SEGMENTS_MAX] = {0};
    const struct segment *sources[STATE_SEGMENTS_MAX];
    bool damaged = false;
    uint32_t n = 0;

    for (uint32_t i = state->disk; i < state->count; i++) {
        const struct state_entry *entry = &state->entries[i];

        if (!picked[i])
            continue;
        images[n].memory = entry->base->memory;
        views[n] = (struct segment){entry->base, entry->dead, &images[n], &damaged};
        sources[n] = &views[n];
        n++;
    }
    return segment_merge(sources, n, memory_image_sink(memory), err);
}

/* Without the picked ones, with what they became; in place, since nobody else has it yet. */
static enum status replace_picked(struct index *index, struct state **next, const bool *picked,
                                  struct memory_image *memory, struct error *err)
{
    struct state *old = *next, *state = state_copy(index, old);
    uint32_t kept = 0;
    enum status status = AF_OK;

    if (state == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
    index_lock(index);
    for (uint32_t i = 0; i < state->count; i++) {
        if (!picked[i]) {
            state->entries[kept++] = state->entries[i];
            continue;
        }
        state->entries[i].base->refs--; /* `old` holds another reference */
        deadset_unref(state->entries[i].dead);
    }
    index_unlock(index);
    state->count = kept;
    status = load_memory(memory, state, err);
    if (status != AF_OK) {
        state_unref(index, state);
        return status;
    }
    state_unref(index, old);
    *next = state;
    return AF_OK;
}

static enum status merge_tiers(struct index *index, struct state **next, struct error *err)
{
    bool picked[STATE_SEGMENTS_MAX] = {false};
    enum status status = AF_OK;

    while (status == AF_OK && pick_tier(*next, picked) > 0) {
        struct memory_image *memory = memory_image_new();

        if (memory == NULL)
            return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
        status = merge_memory(*next, picked, memory, err);
        if (status == AF_OK)
            status = replace_picked(index, next, picked, memory, err);
        if (status != AF_OK)
            memory_image_free(memory);
        memset(picked, 0, sizeof picked);
    }
    return status;
}

/* --- the whole ---------------------------------------------------------------------------- */

size_t index_memory_bytes(const struct index *index)
{
    size_t bytes = 0;

    for (uint32_t i = index->state->disk; i < index->state->count; i++)
        bytes += index->state->entries[i].bytes;
    return bytes;
}

static enum status publish(struct index *index, const struct batch *batch, struct error *err)
{
    struct state *next = state_copy(index, index->state);
    enum status status;

    if (next == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
    next->covers_seq = batch->to;
    status = kill_replaced(index, batch, next, err);
    if (status == AF_OK)
        status = append_built(index, batch, next, err);
    if (status == AF_OK)
        status = merge_tiers(index, &next, err);
    if (status == AF_OK)
        index_set_state(index, next);
    else
        state_unref(index, next);
    return status;
}

#define BUILDER_KEEP_BYTES                                                                         \
    (256u << 10) /* of some dozens of cases; clearing it takes time as well */

/* Most batches are one case that was just saved: its builder's tables are there from the last. */
static enum status need_builder(struct index *index, struct error *err)
{
    enum status status = AF_OK;

    if (index->analyzer == NULL)
        status = analyzer_new(&index->analyzer, err);
    if (status == AF_OK && index->stemmer == NULL)
        status = stemmer_new(&index->stemmer, err);
    if (status == AF_OK && index->builder == NULL)
        status = segment_builder_new(index->analyzer, &index->building, &index->builder, err);
    return status;
}

static enum status build(struct index *index, struct batch *batch, uint64_t head, struct error *err)
{
    enum status status = need_builder(index, err);
    bool keep;

    if (status != AF_OK)
        return status;
    batch->builder = index->builder;
    status = read_journal(batch, head, err);
    keep = segment_builder_bytes(batch->builder) < BUILDER_KEEP_BYTES;
    if (status == AF_OK)
        status = publish(index, batch, err);
    if (status == AF_OK && keep)
        return AF_OK;
    segment_builder_free(index->builder);
    index->builder = NULL;
    return status;
}

enum status index_catch_up(struct index *index, uint64_t *head, struct error *err)
{
    struct batch batch = {.from = index->state->covers_seq, .to = index->state->covers_seq};
    struct journal_head journal;
    enum status status = store_begin_read(index->store, &batch.txn, err);

    if (status != AF_OK)
        return status;
    status = journal_head(batch.txn, &journal, err);
    if (status == AF_OK)
        *head = journal.seq;
    if (status == AF_OK && batch.to < journal.seq)
        status = build(index, &batch, journal.seq, err);
    buf_release(&batch.replaced);
    txn_abort(batch.txn);
    return status;
}
