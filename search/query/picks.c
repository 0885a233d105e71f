#include "search/query/picks.h"

#include <stdlib.h>

void picks_init(struct picks *picks, struct arena *arena, uint32_t max)
{
    *picks = (struct picks){.arena = arena, .max = max};
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

static void swap(struct pick *list, uint32_t a, uint32_t b)
{
    struct pick kept = list[a];

    list[a] = list[b];
    list[b] = kept;
}

/* The last one is new: up, while it is worse than what is above. */
static void sift_up(const struct picks *picks)
{
    uint32_t at = picks->count - 1;

    while (at > 0 && better_first(&picks->list[(at - 1) / 2], &picks->list[at]) < 0) {
        swap(picks->list, at, (at - 1) / 2);
        at = (at - 1) / 2;
    }
}

/* The top is new: down, while something below is worse. */
static void sift_down(const struct picks *picks)
{
    uint32_t at = 0;

    for (;;) {
        uint32_t left = 2 * at + 1, worst = at;

        for (uint32_t below = left; below < left + 2 && below < picks->count; below++)
            if (better_first(&picks->list[worst], &picks->list[below]) < 0)
                worst = below;
        if (worst == at)
            return;
        swap(picks->list, at, worst);
        at = worst;
    }
}

void picks_offer(struct picks *picks, struct bytes term, uint64_t df, uint32_t cost)
{
    struct pick pick = {term, df, cost};

    if (picks->count == picks->max && (picks->max == 0 || better_first(&picks->list[0], &pick) < 0))
        return;
    if (picks->list == NULL)
        picks->list = arena_array(picks->arena, picks->max, sizeof *picks->list);
    pick.term = arena_copy(picks->arena, term);
    if (picks->list == NULL || pick.term.data == NULL) {
        picks->exhausted = true;
        return;
    }
    if (picks->count == picks->max) {
        picks->list[0] = pick;
        sift_down(picks);
    } else {
        picks->list[picks->count++] = pick;
        sift_up(picks);
    }
}

void picks_sort(struct picks *picks)
{
    if (picks->count > 1)
        qsort(picks->list, picks->count, sizeof *picks->list, better_first);
}
