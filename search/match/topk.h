/* topk.h: the best k of many, without sorting the many: a heap with the worst kept on top.
 *
 * A better score comes first, then a smaller key, so the outcome does not depend on the order
 * of the offers. */
#ifndef ASKFIRST_SEARCH_MATCH_TOPK_H
#define ASKFIRST_SEARCH_MATCH_TOPK_H

#include <stdbool.h>
#include <stdint.h>

struct topk_item {
    double score;
    uint64_t key;
};

struct topk {
    struct topk_item *items; /* the caller's, room for `room` */
    uint32_t count, room;
};

/* Would an item with this score and key be kept? */
bool topk_would_keep(const struct topk *top, double score, uint64_t key);
void topk_offer(struct topk *top, double score, uint64_t key);

#endif
