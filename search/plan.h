/* plan.h: which few documents are worth a close look.
 *
 * The rarest groups of the question walk their postings together, a window of documents at a
 * time, and add up what they find; the best are the candidates. With 10 groups and 200
 * candidates the final order is that of scoring everything, for 1 % of the postings; more groups
 * look when they are cheap. Short questions put documents with all groups first. */
#ifndef ASKFIRST_SEARCH_PLAN_H
#define ASKFIRST_SEARCH_PLAN_H

#include "search/bm25.h"
#include "search/filter.h"
#include "search/query.h"

struct plan {
    const struct lexicon *lexicon;
    const struct query *query;
    const struct bm25 *bm25;
    const struct filter *filter;
    uint32_t room; /* candidates wanted */
};

struct place {
    uint32_t segment, doc;
};

struct candidates {
    struct place *places; /* in order of segment, then document */
    uint32_t count;
    uint64_t total; /* documents that matched enough */
    bool total_is_estimate;
};

/* AF_CORRUPT, AF_NO_MEMORY. */
enum status plan_candidates(const struct plan *plan, struct candidates *out,
                            struct error *err) MUST_USE;

#endif
