/* segment_write.h: the one author of segments: in memory or on disk, new or merged.
 *
 * Order of calls: all documents, all terms rising (each: begin, postings, end; or add), all stem
 * groups rising, finish. What comes out depends only on the calls, so a merged segment equals one
 * made afresh from the same documents.
 *
 *   HEADER   | format | docs | terms | units of each field | languages | bytes of tag, tag … |
 *   LENGTHS  codes of all documents, FIELD_COUNT each
 *   NUMBERS  | case number - the one before | document | …; the first number is the key's
 *   STEMS    entry: language, 0, stem → length and bytes of each surface (without class),
 *            rising; the stem itself is not among them: see segment_stem_siblings */
#ifndef ASKFIRST_INDEXER_SEGMENT_SEGMENT_WRITE_H
#define ASKFIRST_INDEXER_SEGMENT_SEGMENT_WRITE_H

#include "indexer/segment/block.h"
#include "indexer/segment/bloom.h"
#include "indexer/segment/docs.h"
#include "indexer/segment/postings_write.h"
#include "indexer/segment/segment_impl.h"

#define NUMBERS_ENTRIES 400 /* of at most 10 bytes: one page */

struct segment_writer {
    struct image_sink sink;
    struct docs_writer docs;
    struct postings_writer postings;
    struct impact_table impacts; /* made when the first term begins */
    struct block_writer terms, stems;
    struct bloom_writer bloom;
    struct buf payload;
    struct buf term; /* the open one */
    struct column_writer columns[COLUMN_COUNT];
    struct buf lengths, numbers; /* a code each; be32 number, be32 document each */
    uint32_t docs_count;
    uint64_t terms_count;
    uint64_t units[FIELD_COUNT];
};

/* Not small: on the heap or static to a function of one thread. */
void segment_writer_init(struct segment_writer *writer, struct image_sink sink);
void segment_writer_release(struct segment_writer *writer);

enum status segment_add_document(struct segment_writer *writer, const struct document *document,
                                 const uint8_t lengths[FIELD_COUNT], struct error *err) MUST_USE;
void segment_term_begin(struct segment_writer *writer, struct bytes term);
/* Documents rise; codes of shape.h, and the occurrences of each SHAPE_ESCAPE. */
void segment_add_postings(struct segment_writer *writer, const uint32_t *docs, const uint8_t *codes,
                          uint32_t count, const uint8_t (*escapes)[FIELD_COUNT]);
/* A term without postings is left out; *kept says which. */
enum status segment_term_end(struct segment_writer *writer, bool *kept, struct error *err) MUST_USE;
/* The three of them at once, for a list that another encoder made. */
enum status segment_add_term(struct segment_writer *writer, struct bytes term,
                             const struct postings_list *list, struct error *err) MUST_USE;
/* After the last document and before the first term: what an encoder needs to know. It is then
 * another thread's; the writer lives longer. */
enum status segment_encoder_init(struct segment_writer *writer, struct postings_encoder *encoder,
                                 struct error *err) MUST_USE;
enum status segment_add_stem(struct segment_writer *writer, struct bytes key, struct bytes surfaces,
                             struct error *err) MUST_USE;
enum status segment_finish(struct segment_writer *writer, uint32_t langs_count,
                           char (*langs)[SEGMENT_LANG_BYTES], struct error *err) MUST_USE;

#endif
