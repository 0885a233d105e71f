/* postings.h: lists of documents, as bytes. The reading cursor is segment.h's.
 *
 *   A list in the dictionary (payload of its term), by its first byte:
 *
 *     ....... 0   one document:  | low 2 bits of it, 5 bits of the code, 0 | escape | the rest |
 *                 code 31: the code, as below, is the escape; the rest of the document's number
 *                 is as many bytes, low ones first, as it needs
 *     ..... 0 1   | df × 4 + 1 varint | body |                    df ≤ 128, at most 128 bytes
 *     ..... 1 1   | df × 4 + 3 varint | chunk | offset |     df ≤ 128, a body in a POSTINGS value
 *                 | df × 4 + 3 varint | impact u8 | chunk | offset | last | chunks |      df > 128:
 *                 a run of
 *                       | impact u8 | last document - base | bytes | body |
 *                 of 128 documents, the last of fewer, that goes on at the start of the next chunk
 *                 when a chunk ends. When chunks > 1, SKIPS has, under chunk and offset, of each
 *                 chunk | last document, as a rise | blocks u8 | impact u8 |. Numbers are varints.
 *
 *   body of n documents d0 < d1 … from `base` to at most `last` (a run: base is 0, then the last
 *   document of the body before, plus 1; otherwise all documents of the segment):
 *
 *     | low bits | high bits | codes | escapes |                 each from a byte of its own on
 *
 *     d_i - base - i never falls (Elias-Fano): its low bits stand packed, w each, w the whole part
 *     of log2((last - base + 1 - n) / n); the rest h_i is bit h_i + i of the high bits. 5.3 bits a
 *     posting where gaps of fixed width take 6.4, and no gap is added up to decode it.
 *
 *     codes (shape.h) of n < 16 documents: four bits each, 15 followed by the code's eight. Else in
 *     up to three layers
 *       | k u8 | k codes | index of each code, as many bits as k has |
 *     where index k says "in the next layer"; k + 128: nothing is left for one, bits as k - 1 has;
 *     k = 0: the codes themselves. A list's codes are few and uneven, 4.0 bits a posting.
 *
 *     escapes: of each code 255, in order (shape.h).
 *
 * An impact is an upper bound of what any of its postings says (impact.h).
 *
 * A POSTINGS value is a page, shared by many lists; a body never spans two. Fixed pages keep
 * LMDB's free list healthy and make a seek cost one lookup and one checksum of 4 KB. */
#ifndef ASKFIRST_INDEXER_SEGMENT_POSTINGS_H
#define ASKFIRST_INDEXER_SEGMENT_POSTINGS_H

#include "indexer/segment/image.h"
#include "indexer/segment/impact.h"
#include "indexer/segment/segment.h"
#include "indexer/segment/shape.h"

#define POSTINGS_INLINE_BYTES 128
#define POSTINGS_INLINE 1u /* of the first byte */
#define POSTINGS_PAGED 3u
#define POSTINGS_SINGLE_CODE 31u /* of one document: its code follows */
#define POSTINGS_NIBBLES 16      /* fewer documents: codes of four bits */

/* low bits of 32, at most 3 high bits a document, layers no longer than plain codes, escapes */
#define POSTINGS_BODY_MAX (POSTINGS_BLOCK * (4 + 1 + 1 + SHAPE_BYTES_MAX) + 64)

/* A term's payload begins with it. False: damaged. */
bool postings_head(struct bytes payload, uint32_t *df, uint8_t *impact);

/* The whole of a list that stands in the dictionary. False: it does not, or is damaged (opening
 * it says so). `docs` of its segment. */
bool postings_inline(struct bytes payload, uint32_t docs, struct postings_block *out);

/* --- bodies ------------------------------------------------------------------------------ */

/* Writes a body; returns its length, at most POSTINGS_BODY_MAX. Documents lie in base … last. */
size_t postings_body_encode(const struct postings_block *block, uint32_t base, uint32_t last,
                            uint8_t *out);
/* Reads one of `n` documents; they rise and lie in base … last, whatever the bytes are. */
bool postings_body_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                          struct postings_block *out);
/* Its halves: the documents, and behind them in `r` the codes of out->n documents. */
bool postings_docs_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                          struct postings_block *out);
bool postings_rest_decode(struct reader *r, struct postings_block *out);

/* postings_codes.c: the codes of a body. */
size_t postings_codes_encode(const uint8_t *codes, unsigned n, uint8_t *out);
bool postings_codes_decode(struct reader *r, unsigned n, uint8_t *codes);
/* One of them; `r` need not stay where it was. SHAPE_ESCAPE: decode them all. */
bool postings_code_find(struct reader *r, unsigned n, unsigned i, uint8_t *code);
bool postings_codes_decode_by(bool plain, struct reader *r, unsigned n, uint8_t *codes);

/* --- as the builder's log has them -------------------------------------------------------- */

#define POSTINGS_CODE_BYTES_MAX SHAPE_BYTES_MAX

/* | code | escape | */
size_t postings_code_encode(const uint8_t tf[FIELD_COUNT], uint8_t *at);

#endif
