/* postings_write.h: lists of documents → bytes (drawn in postings.h), in two steps.
 *
 * The encoder makes all of a list that does not depend on where it will stand, which is nearly all
 * of the work, and for any thread. The writer gives lists their places, in the order of terms. */
#ifndef ASKFIRST_INDEXER_SEGMENT_POSTINGS_WRITE_H
#define ASKFIRST_INDEXER_SEGMENT_POSTINGS_WRITE_H

#include "indexer/segment/postings.h"

/* --- encoding: begin, add …, end ---------------------------------------------------------- */

/* One document: the payload. Up to POSTINGS_BLOCK: a body. More: | impact | last document - base |
 * bytes | body | after one another. */
struct postings_list {
    uint32_t df;
    struct bytes bytes;
};

/* Zeroed, then what is known of the segment, before the first list. */
struct postings_encoder {
    uint32_t docs_count;
    const uint8_t *lengths;             /* FIELD_COUNT codes of each document, for impacts; */
    const struct impact_table *impacts; /* NULL: IMPACT_ANY */
    /* the list */
    uint32_t df, base;
    struct buf bytes;
    /* the block */
    struct postings_block block;
    uint8_t body[POSTINGS_BODY_MAX];
};

void postings_encoder_release(struct postings_encoder *encoder);
void postings_encode_begin(struct postings_encoder *encoder);
/* Documents rise; `escapes` has, for each that is SHAPE_ESCAPE, the occurrences. */
void postings_encode_add(struct postings_encoder *encoder, const uint32_t *docs,
                         const uint8_t *codes, uint32_t count,
                         const uint8_t (*escapes)[FIELD_COUNT]);
/* Borrowed until the next begin. */
enum status postings_encode_end(struct postings_encoder *encoder, struct postings_list *out,
                                struct error *err) MUST_USE;

/* --- writing ------------------------------------------------------------------------------ */

struct postings_writer {
    struct image_sink sink;
    struct postings_encoder encoder; /* for who has no other */
    struct buf chunk;                /* the POSTINGS value being filled */
    uint32_t chunk_no;
    /* a long list */
    struct buf skips;
    uint32_t skip_base, chunk_last;
    uint8_t chunk_impact, chunk_blocks;
};

void postings_writer_release(struct postings_writer *writer);
/* Appends the term's payload; nothing when the list is empty. AF_IO: it was not made by an
 * encoder. */
enum status postings_put(struct postings_writer *writer, const struct postings_list *list,
                         struct buf *payload, struct error *err) MUST_USE;
/* After the last list. */
enum status postings_finish(struct postings_writer *writer, struct error *err) MUST_USE;

#endif
