/* block_impl.h: the bytes of a block (drawn in block.h), for block*.c only. */
#ifndef ASKFIRST_INDEXER_SEGMENT_BLOCK_IMPL_H
#define ASKFIRST_INDEXER_SEGMENT_BLOCK_IMPL_H

#include "indexer/segment/block.h"

#define NIBBLE 15 /* what a half of the head can say; that much and more is said after it */
#define RUNS_COUNT_BYTES 1 /* the tail of a block: so many, and RUN_BYTES a run */
#define RUN_BYTES 2

/* --- an entry --- */

struct entry {
    uint32_t shared;
    struct bytes rest, payload;
};

/* Adds a varint to *sum. As reader_varint32, and inlined for the one byte it nearly always has. */
static inline bool add_varint(struct reader *r, uint32_t *sum)
{
    uint32_t more;

    if (r->at < r->end && *r->at < 0x80) {
        *sum += *r->at++;
        return true;
    }
    if (!reader_varint32(r, &more) || more > UINT32_MAX - *sum)
        return false;
    *sum += more;
    return true;
}

static inline bool take(struct reader *r, uint32_t len, struct bytes *out)
{
    if (len > reader_left(r))
        return false;
    *out = bytes_of(r->at, len);
    r->at += len;
    return true;
}

static inline bool read_entry(struct reader *r, struct entry *out)
{
    uint32_t rest, payload = 0;

    if (r->at == r->end)
        return false;
    out->shared = *r->at >> 4;
    rest = *r->at++ & NIBBLE;
    if (out->shared == NIBBLE && !add_varint(r, &out->shared))
        return false;
    if (rest == NIBBLE && !add_varint(r, &rest))
        return false;
    return rest > 0 && take(r, rest, &out->rest) && add_varint(r, &payload) &&
           take(r, payload, &out->payload);
}

/* --- a block --- */

struct block {
    struct bytes entries, runs;
};

static inline bool split_block(struct bytes body, struct block *out)
{
    size_t runs;

    if (body.len < RUNS_COUNT_BYTES)
        return false;
    runs = (size_t)body.data[body.len - RUNS_COUNT_BYTES] * RUN_BYTES + RUNS_COUNT_BYTES;
    if (runs >= body.len)
        return false;
    out->entries = bytes_of(body.data, body.len - runs);
    out->runs = bytes_of(body.data + body.len - runs, runs - RUNS_COUNT_BYTES);
    return true;
}

/* Where a run begins: the first at 0, the end of the entries after the last. */
static inline size_t run_at(const struct block *block, size_t run)
{
    const uint8_t *at;

    if (run == 0)
        return 0;
    if (run > block->runs.len / RUN_BYTES)
        return block->entries.len;
    at = block->runs.data + RUN_BYTES * (run - 1);
    return (size_t)at[0] << 8 | at[1];
}

/* The last run that does not begin after the key: the one that would hold it. False: damage. */
bool block_find_run(const struct block *block, struct bytes key, size_t *run);
enum status block_damaged(const struct image *image, enum image_kind kind,
                          struct error *err) MUST_USE;

#endif
