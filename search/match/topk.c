#include "search/match/topk.h"

#include <assert.h>
#include <stdlib.h>

/* Is `a` worse than `b`? */
static bool worse(const struct topk_item *a, const struct topk_item *b)
{
    if (a->score < b->score || b->score < a->score)
        return a->score < b->score;
    return a->key > b->key;
}

static void swap(struct topk_item *a, struct topk_item *b)
{
    struct topk_item kept = *a;

    *a = *b;
    *b = kept;
}

static void sift_up(struct topk *top, uint32_t at)
{
    while (at > 0 && worse(&top->items[at], &top->items[(at - 1) / 2])) {
        swap(&top->items[at], &top->items[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

static void sift_down(struct topk *top)
{
    uint32_t at = 0;

    for (;;) {
        uint32_t child = 2 * at + 1;

        if (child >= top->count)
            return;
        if (child + 1 < top->count && worse(&top->items[child + 1], &top->items[child]))
            child++;
        if (!worse(&top->items[child], &top->items[at]))
            return;
        swap(&top->items[child], &top->items[at]);
        at = child;
    }
}

bool topk_would_keep(const struct topk *top, double score, uint64_t key)
{
    struct topk_item item = {score, key};

    if (top->count < top->room)
        return true;
    return top->room > 0 && worse(&top->items[0], &item);
}

void topk_offer(struct topk *top, double score, uint64_t key)
{
    if (!topk_would_keep(top, score, key))
        return;
    if (top->count < top->room) {
        top->items[top->count] = (struct topk_item){score, key};
        sift_up(top, top->count++);
        return;
    }
    top->items[0] = (struct topk_item){score, key};
    sift_down(top);
}
