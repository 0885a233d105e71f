#include "search/picks.h"

#include "data/base/hash.h"

#include <stdlib.h>

#define SLOTS_FIRST 64

void picks_init(struct picks *picks, struct arena *arena)
{
    *picks = (struct picks){.arena = arena};
}

static uint32_t *slot_of(const struct picks *picks, struct bytes term)
{
    uint32_t mask = picks->slots_count - 1;
    uint32_t at = (uint32_t)checksum64(0, &term, 1) & mask;

    while (picks->slots[at] != 0 && !bytes_equal(picks->list[picks->slots[at] - 1].term, term))
        at = (at + 1) & mask;
    return &picks->slots[at];
}

/* Kept at most half full. The old tables stay in the arena: together less than the new ones. */
static bool grow(struct picks *picks)
{
    uint32_t slots_count = picks->slots_count == 0 ? SLOTS_FIRST : 2 * picks->slots_count;
    struct pick *list = arena_array(picks->arena, slots_count / 2, sizeof *list);
    uint32_t *slots = arena_array(picks->arena, slots_count, sizeof *slots);

    if (list == NULL || slots == NULL)
        return false;
    if (picks->count > 0)
        memcpy(list, picks->list, picks->count * sizeof *list);
    picks->list = list;
    picks->slots = slots;
    picks->slots_count = slots_count;
    for (uint32_t i = 0; i < picks->count; i++)
        *slot_of(picks, list[i].term) = i + 1;
    return true;
}

void picks_offer(struct picks *picks, struct bytes term, uint64_t df, uint32_t cost)
{
    uint32_t *slot;
    struct bytes copy;

    if (picks->count == picks->slots_count / 2 && !grow(picks)) {
        picks->exhausted = true;
        return;
    }
    slot = slot_of(picks, term);
    if (*slot != 0) {
        picks->list[*slot - 1].df += df;
        return;
    }
    if ((copy = arena_copy(picks->arena, term)).data == NULL) {
        picks->exhausted = true;
        return;
    }
    picks->list[picks->count] = (struct pick){copy, df, cost};
    *slot = ++picks->count;
}

static int better_first(const void *a, const void *b)
{
    const struct pick *x = a, *y = b;

    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    if (x->df != y->df)
        return x->df > y->df ? -1 : 1;
    return bytes_compare(x->term, y->term);
}

void picks_best(struct picks *picks, uint32_t max)
{
    if (picks->count > 1)
        qsort(picks->list, picks->count, sizeof *picks->list, better_first);
    if (picks->count > max)
        picks->count = max;
}
