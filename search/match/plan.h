/* plan.h: which few documents are worth a close look.
 *
 * The rarest groups of the question look for documents; the best by what these groups say are
 * the candidates (collect.h). With 10 groups and 200 candidates the final order is that of
 * scoring everything, for 1 % of the postings; more groups look when they are cheap. Short
 * questions want documents with all groups, and others only when those are few. */
#ifndef ASKFIRST_SEARCH_MATCH_PLAN_H
#define ASKFIRST_SEARCH_MATCH_PLAN_H

#include "indexer/text/fold.h"
#include "search/match/filter.h"
#include "search/query/query.h"
#include "search/score/bm25.h"

struct window;

struct plan {
    const struct lexicon *lexicon;
    const struct query *query;
    const struct bm25 *bm25;
    const struct filter *filter;
    struct window *window;       /* the searcher's (window.h) */
    struct folder *folder;       /* for titles and quoted text */
    struct bytes preferred;      /* language (langpref.h); empty: none */
    const struct bytes *without; /* ids of cases to leave out */
    uint32_t without_count;
    struct txn *txn;           /* of the store: quoted phrases are read in the cases */
    uint32_t wanted;           /* hits that will be shown: offset + limit */
    uint32_t room, room_short; /* candidates; of a question whose groups all must be there */
};

struct place {
    uint32_t segment, doc;
};

struct candidates {
    struct place *places; /* in order of segment, then document */
    uint32_t count;
    const struct group **lookers; /* the groups that looked for them */
    uint32_t lookers_count;
    uint64_t total;  /* documents that matched enough, of those that were looked at */
    bool is_all;     /* nothing that matches was left out for want of room */
    bool is_counted; /* `total` is all that match and may be shown, each asked */
    bool degraded;   /* the work limit was reached: some of the index was not looked at */
    bool all_close;  /* each is asked about everything (tune.h) */
};

/* AF_CORRUPT, AF_NO_MEMORY. */
enum status plan_candidates(const struct plan *plan, struct candidates *out,
                            struct error *err) MUST_USE;

/* Adds places that are not among them yet. AF_NO_MEMORY. */
enum status candidates_add(struct candidates *candidates, const struct place *places,
                           uint32_t count, struct arena *arena, struct error *err) MUST_USE;

#endif
