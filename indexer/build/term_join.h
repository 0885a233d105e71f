/* term_join.h: the terms of several runs in order, with all runs' postings of each as one list.
 *
 * Any number of these can go through the same runs, each through a range of its own. */
#ifndef ASKFIRST_INDEXER_BUILD_TERM_JOIN_H
#define ASKFIRST_INDEXER_BUILD_TERM_JOIN_H

#include "indexer/build/run_walk.h"
#include "indexer/segment/postings_write.h"

/* What all of them share; nothing changes while they run. */
struct joined_runs {
    struct run_store *store;
    struct run_list *const *terms;         /* of each run */
    const uint32_t *bases;                 /* of each run: its first document in the segment */
    uint8_t (*lang_of)[SEGMENT_LANGS_MAX]; /* of each run: its language → the segment's, or more */
    uint32_t count;
};

struct joined_term {
    struct bytes term;
    uint32_t langs; /* of a word: a bit a language of the segment */
    struct postings_list list;
};

struct term_join {
    const struct joined_runs *runs;
    struct postings_encoder *encoder;
    struct run_walk walk;
    struct postings_block block;
    uint8_t term[UINT8_MAX];
};

/* The encoder is borrowed (segment_encoder_init). Release after a failure too. */
enum status term_join_open(struct term_join *join, const struct joined_runs *runs,
                           struct run_range range, struct postings_encoder *encoder,
                           struct error *err) MUST_USE;
void term_join_release(struct term_join *join);

/* *found false at the end. Borrowed until the next call. AF_IO: the runs are not what was
 * written. */
enum status term_join_next(struct term_join *join, struct joined_term *out, bool *found,
                           struct error *err) MUST_USE;

#endif
