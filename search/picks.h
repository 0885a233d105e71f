/* picks.h: the best few of many offered terms, when a term may be offered by several segments.
 *
 * Least `cost` first, then the highest document frequency (summed over the offers), then the
 * order of bytes; so the outcome does not depend on how the index is cut into segments. */
#ifndef ASKFIRST_SEARCH_PICKS_H
#define ASKFIRST_SEARCH_PICKS_H

#include "data/base/arena.h"

struct pick {
    struct bytes term; /* a copy in the arena */
    uint64_t df;
    uint32_t cost; /* edits; 0 for prefixes */
};

struct picks {
    struct arena *arena;
    struct pick *list;
    uint32_t *slots; /* hash table: index into list + 1; 0 is free */
    uint32_t count, slots_count;
    bool exhausted; /* the arena ran out: what is here is not all */
};

void picks_init(struct picks *picks, struct arena *arena);
void picks_offer(struct picks *picks, struct bytes term, uint64_t df, uint32_t cost);
/* Sorts and keeps the best `max`. No offer may follow. */
void picks_best(struct picks *picks, uint32_t max);

#endif
