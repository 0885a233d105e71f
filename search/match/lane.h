/* lane.h: the documents of one group of the question in one segment: of the best of its forms. */
#ifndef ASKFIRST_SEARCH_MATCH_LANE_H
#define ASKFIRST_SEARCH_MATCH_LANE_H

#include "search/match/stream.h"
#include "search/query/lexicon.h"
#include "search/query/query.h"

struct lane {
    const struct group *group;
    uint32_t doc; /* current; DOC_END after the last */
    uint32_t df;  /* postings of all forms in this segment */
    float most;   /* that a document can get for this group */
    float mass;   /* weight × idf: the group's share of the question */
    struct stream *streams;
    const struct member **members; /* of each stream */
    uint32_t count;
};

/* Stands on the first document. AF_CORRUPT, AF_NO_MEMORY. */
enum status lane_open(struct lane *lane, const struct lexicon *lexicon, uint32_t segment,
                      const struct group *group, const struct bm25 *bm25,
                      struct error *err) MUST_USE;

enum status lane_seek(struct lane *lane, uint32_t doc, struct error *err) MUST_USE;

/* After its streams were moved: to the first of their documents. */
void lane_settle(struct lane *lane);

/* What the current document gets, before the group's weight: the worth of its best form.
 * AF_CORRUPT. */
enum status lane_worth(struct lane *lane, float *worth, struct error *err) MUST_USE;

#endif
