/* postpool.h: growing lists of postings, one a term, in one block of memory.
 *
 *   a list: slices of 8, 24, 48 … 768, 768 … bytes; the last four of each say where the next is
 *
 * Nearly two thirds of the terms of a batch have one posting, so the first slice is small; nothing
 * ever moves, so adding costs the one line of memory that is written. What the bytes mean is for
 * the builder to know (run.h). */
#ifndef ASKFIRST_INDEXER_BUILD_POSTPOOL_H
#define ASKFIRST_INDEXER_BUILD_POSTPOOL_H

#include "indexer/build/termtable.h"

#include <endian.h>

#define POSTING_BYTES_MAX 16
#define POSTING_BYTES_SHORT 4

/* Adds a posting's bytes, at most POSTING_BYTES_MAX, to the list of a term. False without memory,
 * or past 4 GB: the list is as before. */
bool postpool_add(struct buf *pool, struct term *term, const uint8_t *posting, unsigned len);
/* The same for up to four bytes, low ones first. An open slice has eight bytes left where four may
 * be used, since the link is written last. */
static inline bool postpool_add_short(struct buf *pool, struct term *term, uint64_t posting,
                                      unsigned len)
{
    uint64_t bytes = htole64(posting);

    if (term->room < POSTING_BYTES_SHORT)
        return postpool_add(pool, term, (const uint8_t *)&bytes, len);
    memcpy(pool->data + term->tail, &bytes, sizeof bytes);
    term->tail += len;
    term->room = (uint16_t)(term->room - len);
    return true;
}

/* All of a term's list: borrowed from the pool, or copied to `scratch`, whose buf_ok() says whether
 * there was memory. */
struct bytes postpool_list(const struct buf *pool, const struct term *term, struct buf *scratch);

/* Has the memory fetched that the next posting of a term goes to. */
static inline void postpool_prefetch(const struct buf *pool, const struct term *term)
{
    __builtin_prefetch((const void *)((uintptr_t)pool->data + term->tail), 1); /* may be none yet */
}

#endif
