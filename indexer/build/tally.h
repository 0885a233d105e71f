/* tally.h: how often which terms occur in cases: counts those of one case, makes a posting of each,
 * and in the end has all terms in order with their postings.
 *
 * What the bytes of a posting are: run.h. A token costs one line of memory (its slot in the table
 * of terms, which also says where the case counts it), a posting one or two; all are asked for
 * ahead. */
#ifndef ASKFIRST_INDEXER_BUILD_TALLY_H
#define ASKFIRST_INDEXER_BUILD_TALLY_H

#include "indexer/build/run.h"
#include "indexer/build/termtable.h"
#include "indexer/segment/field.h"

/* A term of the case being counted: how often it occurs, a byte a field, the first the lowest. */
struct tally_count {
    uint64_t tf;
    uint32_t term;
    uint32_t langs;
};

#define TALLY_SHAPES_LOG 8

struct tally_shape {
    uint64_t tf; /* 0: none, which no term has */
    uint8_t code;
};

/* Zeroed: empty. */
struct tally {
    struct termtable terms;
    struct buf pool; /* their postings (postpool.h) */
    struct tally_count *counts;
    uint32_t counts_count, counts_room;
    uint32_t langs; /* of the case: a bit of the run's, or 0 */
    struct tally_shape shapes[1 << TALLY_SHAPES_LOG];
};

void tally_release(struct tally *tally);
void tally_clear(struct tally *tally); /* no terms; keeps its memory */
size_t tally_bytes(const struct tally *tally);

/* A case: begin, tokens of each field, end with its number, which rises. False without memory;
 * then nothing can be done with it but to release it. */
void tally_begin(struct tally *tally, uint32_t langs);
bool tally_tokens(struct tally *tally, enum field field, const struct token *tokens,
                  uint32_t count);
/* A term that is no token: `tf` is all its occurrences, a byte a field. Once a case. */
bool tally_term(struct tally *tally, struct bytes term, uint64_t tf);
bool tally_end(struct tally *tally, uint32_t doc);

/* Appends all terms in order to a run's list. */
enum status tally_write(struct tally *tally, struct run_store *store, struct run_list *out,
                        struct error *err) MUST_USE;

#endif
