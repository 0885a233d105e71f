/* facets.h: how many of the cases that match are of which product, category, language.
 *
 * What is counted is what a page as deep as it may be would show: the best CANDIDATES_MAX of what
 * matches (data/base/limits.h). While there are no more, that is all of it; beyond, the counts are
 * of the best only, and say so. A case with several categories counts in each. */
#ifndef ASKFIRST_SEARCH_SHOW_FACETS_H
#define ASKFIRST_SEARCH_SHOW_FACETS_H

#include "search/match/rank.h"

#define FACET_VALUES_MAX 100 /* of a column: the commonest */

struct facet_value {
    struct bytes value;
    uint32_t count;
};

struct facet {
    enum column_name column;
    struct facet_value *values; /* commonest first, then in the order of bytes */
    uint32_t count;
    bool is_least; /* not all that match were counted */
};

/* `columns`: a bit for each; the plan's `wanted` is how many are counted. In the plan's arena.
 * AF_CORRUPT, AF_NO_MEMORY. */
enum status facets_count(const struct plan *plan, unsigned columns, struct facet **out,
                         uint32_t *count, struct error *err) MUST_USE;

#endif
