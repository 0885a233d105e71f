/* segment_ranges.h: joins the terms of runs with several threads.
 *
 *   thread 1   | range 1: join, encode |        | range 3 …              each range a list of
 *   thread 2   | range 2: join, encode |  | range 4 …                    encoded terms
 *   caller         (one of them)      | write 1 | write 2 | …           in the order of terms
 *
 * Where the ranges are cut changes nothing in what the caller gets. Encoded terms are kept in the
 * store of the runs, within its memory. */
#ifndef ASKFIRST_INDEXER_BUILD_SEGMENT_RANGES_H
#define ASKFIRST_INDEXER_BUILD_SEGMENT_RANGES_H

#include "indexer/build/term_join.h"

struct range_visitor {
    /* Every term in order, in the thread that called. */
    enum status (*term)(void *context, const struct joined_term *term, struct error *err);
    /* So many ranges are written. */
    void (*done)(void *context, uint32_t ranges, uint32_t of);
    void *context;
};

/* `encoder` is the caller's, and what the others' are copied from. */
enum status segment_ranges_visit(const struct joined_runs *runs, const struct run_range *ranges,
                                 uint32_t count, unsigned threads, struct postings_encoder *encoder,
                                 const struct range_visitor *visitor, struct error *err) MUST_USE;

#endif
