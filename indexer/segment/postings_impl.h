/* postings_impl.h: where a cursor over postings stands; for postings.c and postings_walk.c. */
#ifndef ASKFIRST_INDEXER_SEGMENT_POSTINGS_IMPL_H
#define ASKFIRST_INDEXER_SEGMENT_POSTINGS_IMPL_H

#include "indexer/segment/postings.h"
#include "indexer/segment/segment_impl.h"

struct postings_skip {
    uint32_t last;   /* document of the list in this chunk */
    uint32_t blocks; /* up to its end, from the start of the list */
    uint8_t impact;
};

struct postings_state {
    const struct segment *segment;
    struct arena *arena;
    uint32_t df;
    uint32_t last;          /* of the whole list, or of the segment */
    struct reader rest;     /* of the run in this chunk, after the block in hand */
    uint32_t base;          /* one more than the last document of the block before it */
    uint32_t chunk, chunks; /* the one being read, 0 … chunks-1; no chunks: a single block */
    uint32_t first_chunk, first_offset;
    struct postings_skip *skips; /* of each chunk; read when needed */
    uint32_t blocks;             /* that `rest` has behind it */
    /* the block in hand */
    struct bytes body;
    struct reader codes; /* what follows the documents in it, once they are decoded */
    uint32_t n;
    uint32_t i;                   /* walking: the current posting; */
    struct postings_block *block; /* and what the block holds; NULL until the first step */
};

/* After the last block. */
static inline enum status postings_leave(struct postings *postings)
{
    ((struct postings_state *)postings->state)->n = 0;
    postings->block_last = DOC_END;
    postings->block_impact = 0;
    return AF_OK;
}

#endif
