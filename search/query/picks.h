/* picks.h: the best few of many offered terms.
 *
 * Least `cost` first, then the highest document frequency, then the order of bytes. A term is
 * offered once, with its df over all segments (lexicon.h), so the outcome does not depend on how
 * the index is cut into segments. */
#ifndef ASKFIRST_SEARCH_QUERY_PICKS_H
#define ASKFIRST_SEARCH_QUERY_PICKS_H

#include "data/base/arena.h"

struct pick {
    struct bytes term; /* a copy in the arena */
    uint64_t df;
    uint32_t cost; /* edits; 0 for prefixes */
};

struct picks {
    struct arena *arena;
    struct pick *list; /* a heap, the worst on top; picks_sort() makes it a list, best first */
    uint32_t count, max;
    bool exhausted; /* the arena ran out: what is here is not all */
};

void picks_init(struct picks *picks, struct arena *arena, uint32_t max);
void picks_offer(struct picks *picks, struct bytes term, uint64_t df, uint32_t cost);
/* No offer may follow. */
void picks_sort(struct picks *picks);

#endif
