/* postings.h: lists of documents, as bytes. The reading cursor is segment.h's.
 *
 *   body of up to 128 documents ("block"); numbers are varints unless said otherwise:
 *     | first document - base | width u8 | (n-1) gaps less 1, `width` bits each | n codes |
 *       base: 0 at the start of a list, else the last document of the block before, plus 1;
 *       width and gaps are absent when n is 1
 *   code: how often in each field
 *     0 … 216   one field only: field × 31 + occurrences - 1 (1 to 31)
 *     255       | mask of fields u8 | occurrences u8 of each field in the mask |
 *
 *   a list in the dictionary (payload of its term):
 *     | df × 2 + 1 | block |                         n = df ≤ 128 and at most 128 bytes
 *     | df × 2 | chunk | offset |                    n = df ≤ 128: a block in a POSTINGS value
 *     | df × 2 | chunk | offset | last | chunks |    more: a run of
 *           | n-1 u8 | last document - base | bytes | block |
 *       that goes on at the start of the next chunk when a chunk ends. When chunks > 1, SKIPS
 *       has, under chunk and offset, the last document of each chunk but the last (as rises).
 *
 * A POSTINGS value is a page, shared by many lists; a block never spans two. Fixed pages keep
 * LMDB's free list healthy, make a seek cost one lookup and one checksum of 4 KB, and leave
 * block maxima (for skipping by score) a place in the run's header. */
#ifndef ASKFIRST_INDEXER_POSTINGS_H
#define ASKFIRST_INDEXER_POSTINGS_H

#include "indexer/image.h"
#include "indexer/segment.h"

#define POSTINGS_BLOCK 128
#define POSTINGS_INLINE_BYTES 128
#define POSTINGS_CODE_FIELD 31 /* codes of one field */
#define POSTINGS_CODE_MANY 255
#define POSTINGS_CODE_BYTES_MAX (2 + FIELD_COUNT)

/* Writes lists one after another; begin, add …, end. */
struct postings_writer {
    struct image_sink sink;
    struct buf chunk; /* the POSTINGS value being filled */
    uint32_t chunk_no;
    /* the list */
    uint32_t df, base;
    uint32_t first_chunk, first_offset;
    bool is_long;
    struct buf skips;
    uint32_t skip_base, chunk_last;
    /* the block */
    unsigned n;
    uint32_t docs[POSTINGS_BLOCK];
    uint8_t codes[POSTINGS_BLOCK * POSTINGS_CODE_BYTES_MAX];
    size_t codes_len;
    struct buf block, head;
};

void postings_writer_release(struct postings_writer *writer);
void postings_begin(struct postings_writer *writer);
/* Documents rise; at least one tf is not 0. */
enum status postings_add(struct postings_writer *writer, uint32_t doc,
                         const uint8_t tf[FIELD_COUNT], struct error *err) MUST_USE;
/* Appends the term's payload; nothing when the list is empty. */
enum status postings_end(struct postings_writer *writer, struct buf *payload,
                         struct error *err) MUST_USE;
enum status postings_finish(struct postings_writer *writer, struct error *err) MUST_USE;

/* One code of at most POSTINGS_CODE_BYTES_MAX bytes. */
size_t postings_code_encode(const uint8_t tf[FIELD_COUNT], uint8_t *at);
bool postings_code_decode(struct reader *r, uint8_t tf[FIELD_COUNT]);

/* A term's payload begins with it. False: damaged. */
bool postings_df(struct bytes payload, uint32_t *df);

#endif
