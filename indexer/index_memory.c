/* Segments in memory: made of new cases, and kept few. With `changing` held. */
#include "indexer/build/segment_merge.h"
#include "indexer/index_impl.h"

#define BUILDER_KEEP_BYTES                                                                         \
    (256u << 10) /* of some dozens of cases; clearing it takes time as well */

_Static_assert(STATE_SEGMENTS_MAX <= MERGE_SOURCES_MAX, "all there is can become one segment");

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
}

/* --- the builder of new cases ------------------------------------------------------------- */

enum status index_need_builder(struct index *index, struct error *err)
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

void index_drop_builder(struct index *index)
{
    segment_builder_free(index->builder);
    index->builder = NULL;
}

/* With its filter: there are many small segments, of which most have nothing of a question. */
static enum status load_memory(struct memory_image *memory, struct segment_base **out,
                               struct error *err)
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
        *out = base;
    return status;
}

static enum status write_and_load(struct index *index, struct segment_base **out, struct error *err)
{
    struct memory_image *memory = memory_image_new();
    enum status status;

    if (memory == NULL)
        return no_memory(err);
    status = segment_builder_write(index->builder, index->stemmer, memory_image_sink(memory), err);
    if (status == AF_OK)
        status = load_memory(memory, out, err);
    if (status != AF_OK)
        memory_image_free(memory);
    return status;
}

enum status index_build_memory(struct index *index, struct segment_base **out, struct error *err)
{
    bool keep = segment_builder_bytes(index->builder) < BUILDER_KEEP_BYTES;
    enum status status = AF_OK;

    *out = NULL;
    if (segment_builder_docs(index->builder) > 0)
        status = write_and_load(index, out, err);
    if (status != AF_OK || !keep)
        index_drop_builder(index);
    return status;
}

void state_append_memory(struct state *state, struct segment_base *base)
{
    state_append(state, base, NULL, memory_image_bytes(base->memory));
}

/* --- few ---------------------------------------------------------------------------------- */

static unsigned tier_of(const struct state_entry *entry)
{
    unsigned tier = 0;

    for (uint32_t docs = entry->base->docs; docs >= INDEX_TIER; docs /= INDEX_TIER)
        tier++;
    return tier < MEMORY_TIERS - 1 ? tier : MEMORY_TIERS - 1;
}

/* Marks those of the first tier that has `many` memory segments; how many, or 0. */
static uint32_t pick_tier(const struct state *state, uint32_t many, bool picked[STATE_SEGMENTS_MAX])
{
    uint32_t counts[MEMORY_TIERS] = {0};

    for (uint32_t i = state->disk; i < state->count; i++) {
        unsigned tier = tier_of(&state->entries[i]);

        if (++counts[tier] < many)
            continue;
        for (uint32_t j = state->disk; j < state->count; j++)
            picked[j] = tier_of(&state->entries[j]) == tier && j <= i;
        return counts[tier];
    }
    return 0;
}

bool index_memory_is_many(const struct state *state, uint32_t many)
{
    bool picked[STATE_SEGMENTS_MAX] = {false};

    return pick_tier(state, many, picked) > 0;
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
    struct segment_base *base;
    uint32_t kept = 0;
    enum status status;

    if (state == NULL)
        return no_memory(err);
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
    status = load_memory(memory, &base, err);
    if (status != AF_OK) {
        state_unref(index, state);
        return status;
    }
    state_append_memory(state, base);
    state_unref(index, old);
    *next = state;
    return AF_OK;
}

enum status index_merge_memory(struct index *index, struct state **next, uint32_t many,
                               struct error *err)
{
    bool picked[STATE_SEGMENTS_MAX] = {false};
    enum status status = AF_OK;

    while (status == AF_OK && pick_tier(*next, many, picked) > 0) {
        struct memory_image *memory = memory_image_new();

        if (memory == NULL)
            return no_memory(err);
        status = merge_memory(*next, picked, memory, err);
        if (status == AF_OK)
            status = replace_picked(index, next, picked, memory, err);
        if (status != AF_OK)
            memory_image_free(memory);
        memset(picked, 0, sizeof picked);
    }
    return status;
}

size_t index_memory_bytes(const struct index *index)
{
    size_t bytes = 0;

    for (uint32_t i = index->state->disk; i < index->state->count; i++)
        bytes += index->state->entries[i].bytes;
    return bytes;
}
