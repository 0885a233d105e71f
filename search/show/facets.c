#include "search/show/facets.h"

#include <stdlib.h>

#define LIST_SEPARATOR 0x1F
#define CATEGORIES_EACH 8 /* of one case are counted */

struct tally {
    struct bytes *values; /* one for each case and value, borrowed from the segments */
    uint32_t count, room;
};

static int in_order(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static int commonest_first(const void *a, const void *b)
{
    const struct facet_value *x = a, *y = b;

    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return bytes_compare(x->value, y->value);
}

static void add(struct tally *tally, struct bytes value)
{
    if (value.len > 0 && tally->count < tally->room)
        tally->values[tally->count++] = value;
}

static void add_list(struct tally *tally, struct bytes list)
{
    for (int i = 0; i < CATEGORIES_EACH && list.len > 0; i++) {
        const uint8_t *end = memchr(list.data, LIST_SEPARATOR, list.len);
        size_t len = end == NULL ? list.len : (size_t)(end - list.data);

        add(tally, bytes_of(list.data, len));
        list = end == NULL ? BYTES_NONE : bytes_of(end + 1, list.len - len - 1);
    }
}

static enum status gather(const struct plan *plan, const struct ranking *ranking,
                          enum column_name name, struct tally *tally, struct error *err)
{
    for (uint32_t i = 0; i < ranking->count; i++) {
        struct place place = ranking->hits[i].e.place;
        const struct column *column;
        enum status status = segment_column(
            snapshot_segment(plan->lexicon->snapshot, place.segment), name, &column, err);

        if (status != AF_OK)
            return status;
        if (name == COLUMN_CATEGORY)
            add_list(tally, column_value(column, place.doc));
        else
            add(tally, column_value(column, place.doc));
    }
    return AF_OK;
}

/* Runs of equal values become one value with its count. */
static enum status give(struct tally *tally, struct arena *arena, struct facet *out,
                        struct error *err)
{
    if (tally->count > 1)
        qsort(tally->values, tally->count, sizeof *tally->values, in_order);
    if ((out->values = arena_array(arena, tally->count + 1u, sizeof *out->values)) == NULL)
        return arena_exhausted(arena, err);
    for (uint32_t i = 0; i < tally->count; i++) {
        if (out->count == 0 || !bytes_equal(out->values[out->count - 1].value, tally->values[i]))
            out->values[out->count++].value = tally->values[i];
        out->values[out->count - 1].count++;
    }
    if (out->count > 1)
        qsort(out->values, out->count, sizeof *out->values, commonest_first);
    out->count = out->count < FACET_VALUES_MAX ? out->count : FACET_VALUES_MAX;
    for (uint32_t i = 0; i < out->count; i++)
        if ((out->values[i].value = arena_copy(arena, out->values[i].value)).data == NULL)
            return arena_exhausted(arena, err);
    return AF_OK;
}

enum status facets_count(const struct plan *plan, unsigned columns, struct facet **out,
                         uint32_t *count, struct error *err)
{
    struct arena *arena = plan->lexicon->arena;
    struct candidates candidates = {0};
    struct ranking ranking;
    enum status status = plan_candidates(plan, &candidates, err);

    bool is_least;

    *count = 0;
    is_least = candidates.degraded || candidates.count >= plan->wanted;
    if (status == AF_OK)
        status = rank_candidates(plan, &candidates, &ranking, err);
    if (status != AF_OK)
        return status;
    if ((*out = arena_array(arena, COLUMN_COUNT, sizeof **out)) == NULL)
        return arena_exhausted(arena, err);
    for (enum column_name name = 0; status == AF_OK && name < COLUMN_COUNT; name++) {
        struct tally tally = {.room =
                                  ranking.count * (name == COLUMN_CATEGORY ? CATEGORIES_EACH : 1u)};
        struct facet *facet = &(*out)[*count];

        if ((columns & 1u << name) == 0)
            continue;
        *facet = (struct facet){.column = name, .is_least = is_least};
        if ((tally.values = arena_array(arena, tally.room + 1u, sizeof *tally.values)) == NULL)
            return arena_exhausted(arena, err);
        status = gather(plan, &ranking, name, &tally, err);
        if (status == AF_OK)
            status = give(&tally, arena, facet, err);
        (*count)++;
    }
    return status;
}
