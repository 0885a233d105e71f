/* collect.h: the best documents of a segment by the groups that look for cases.
 *
 * Two ways, over the same lanes and into the same heap:
 *
 *   collect_all()  documents that have every required lane: of those of the rarest, what each
 *                  other one has too. A block of the rarest whose bound cannot reach the heap's
 *                  worst is passed without decoding it.
 *   collect_any()  documents that have some lane (MaxScore: Turtle & Flood 1995, a window at a
 *                  time as in Lucene's block-max MaxScore). Lanes whose bounds together cannot
 *                  reach the heap's worst find no documents; they are only asked about those
 *                  that the others find.
 *
 * Scores are sums of weight × worth (bm25.h), exact for the lanes that are given. */
#ifndef ASKFIRST_SEARCH_MATCH_COLLECT_H
#define ASKFIRST_SEARCH_MATCH_COLLECT_H

#include "search/match/filter.h"
#include "search/match/lane.h"
#include "search/match/topk.h"
#include "search/match/window.h"

struct collect {
    struct topk top;       /* key: segment << 32 | document */
    struct window *window; /* its counters at zero before the first segment */
    const struct filter *filter;
    float enough;     /* mass that counts as a match */
    float floor;      /* collect_any: documents with less mass are not wanted */
    uint64_t matched; /* documents that match enough, of those looked at */
    bool skipped;     /* some were passed over: `matched` is a lower bound */
    bool degraded;    /* SEARCH_POSTINGS_MAX postings were looked at */
    /* the segment at hand: collect_segment() */
    const struct segment *segment;
    uint32_t segment_index;
    struct filter_view view;
    struct arena *arena;
    struct error *err;
};

/* Which segment the following calls are about. AF_CORRUPT, AF_NO_MEMORY. */
enum status collect_segment(struct collect *c, const struct segment *segment,
                            uint32_t segment_index) MUST_USE;

/* `required` lanes first. AF_CORRUPT. */
enum status collect_all(struct collect *c, struct lane *lanes, uint32_t count,
                        uint32_t required) MUST_USE;

/* `all`: the documents that have all lanes, which are not wanted again; NULL: nothing is known of
 * them. AF_CORRUPT. */
enum status collect_any(struct collect *c, struct lane *lanes, uint32_t count,
                        const struct topk *all) MUST_USE;

#endif
