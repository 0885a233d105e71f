/* segment.h: an immutable part of the index: sorted terms with postings, and documents.
 *
 * A segment lives in memory (a few cases after the last flush) or in a named database of the
 * index environment; readers cannot tell. Documents are numbered 0 … docs-1 inside it. Which
 * of them are out of date is kept outside (index.h: segment_is_live).
 *
 * Terms are bytes with a class first (analyzer.h), in memcmp order. Besides terms there are
 * stem groups: stem → the surface words of this segment that have it. */
#ifndef ASKFIRST_INDEXER_SEGMENT_SEGMENT_H
#define ASKFIRST_INDEXER_SEGMENT_SEGMENT_H

#include "data/base/arena.h"
#include "data/base/bytes.h"
#include "data/base/error.h"
#include "indexer/segment/field.h"
#include "indexer/segment/shape.h"
#include "indexer/text/stem.h"

struct segment; /* as seen by one snapshot: borrowed from it */

#define DOC_END UINT32_MAX

uint32_t segment_docs(const struct segment *segment);
/* Average field lengths of its documents: those that its impacts are for (impact.h). */
void segment_averages(const struct segment *segment, double average[FIELD_COUNT]);
bool segment_is_live(const struct segment *segment, uint32_t doc);

/* --- the dictionary ---------------------------------------------------------------------- */

struct term_entry {
    struct bytes term; /* class byte first; borrowed until the cursor moves */
    uint32_t df;       /* documents that hold it, out-of-date ones included */
    uint8_t impact;    /* bounds all its postings (impact.h); IMPACT_ANY for a single block */
    struct bytes at;   /* where its postings are; only postings_open understands it; borrowed
                        * with the segment, so an entry may be kept while the cursor moves on */
};

/* Exactly this term. False when the segment does not have it. AF_CORRUPT. */
enum status segment_find(const struct segment *segment, struct bytes term, struct term_entry *out,
                         bool *found, struct error *err) MUST_USE;

/* For asking after hundreds of texts of which a few exist: false is true, and true is worth a
 * segment_find(). `hash` is bloom_hash() of a term that bloom_takes() (bloom.h). AF_CORRUPT,
 * AF_NO_MEMORY. */
enum status segment_may_have(const struct segment *segment, uint32_t hash, bool *may,
                             struct error *err) MUST_USE;

/* Terms from the first one ≥ `from`, in order: prefix scans and walks over a class. */
struct term_cursor;
enum status term_cursor_open(const struct segment *segment, struct bytes from, struct arena *arena,
                             struct term_cursor **out, struct error *err) MUST_USE;
/* False in *found after the last; may be called again then. */
enum status term_cursor_next(struct term_cursor *cursor, struct term_entry *out, bool *found,
                             struct error *err) MUST_USE;
/* The next term that does not begin with the first `len` bytes of the one given last. */
enum status term_cursor_skip(struct term_cursor *cursor, size_t len, struct term_entry *out,
                             bool *found, struct error *err) MUST_USE;
/* The next term of the class that has `piece` behind it; looks at *left terms at most. */
enum status term_cursor_next_holding(struct term_cursor *cursor, uint8_t term_class,
                                     struct bytes piece, uint32_t *left, struct term_entry *out,
                                     bool *found, struct error *err) MUST_USE;
void term_cursor_close(struct term_cursor *cursor); /* accepts NULL */

/* The surface words (TERM_WORD terms, class byte first) that share the stem of `word` (a
 * TERM_WORD term too, which the segment need not hold) in the languages of this segment; `each`
 * is called once for every one, `word` itself left out. */
enum status segment_stem_siblings(const struct segment *segment, struct stemmer *stemmer,
                                  struct bytes word, struct arena *arena,
                                  void (*each)(void *context, struct bytes term), void *context,
                                  struct error *err) MUST_USE;

/* --- postings ---------------------------------------------------------------------------- */

#define POSTINGS_BLOCK 128

/* Documents that hold a term, rising. Two ways to walk them; a cursor keeps to one.
 *
 * One by one. The laws: before the first postings_next() the cursor is on nothing; at the end
 * `doc` is DOC_END and next may be called again. */
struct postings {
    uint32_t doc;            /* current; DOC_END after the last */
    uint8_t tf[FIELD_COUNT]; /* occurrences in each field, at most 255 */
    uint8_t block_impact;    /* bounds every posting of the block (impact.h) */
    uint32_t block_last;     /* its last document; DOC_END: there are no more blocks */
    void *state;
};
enum status postings_open(const struct segment *segment, const struct term_entry *entry,
                          struct arena *arena, struct postings *out, struct error *err) MUST_USE;
enum status postings_next(struct postings *postings, struct error *err) MUST_USE;

/* Block by block, decoding only those that are wanted; postings_open puts the cursor before the
 * first. block_seek moves to the first block whose last document is ≥ doc and sets block_last and
 * block_impact; nothing happens when it is there already. block_decode gives that block. Blocks
 * that are passed over cost a few bytes each, whole pages nothing. */
struct postings_block {
    uint32_t n; /* in the block: 1 … POSTINGS_BLOCK */
    uint32_t docs[POSTINGS_BLOCK];
    uint8_t codes[POSTINGS_BLOCK];                /* shape.h */
    uint8_t escapes[POSTINGS_BLOCK][FIELD_COUNT]; /* tf of those that are SHAPE_ESCAPE */
};
enum status postings_block_seek(struct postings *postings, uint32_t doc,
                                struct error *err) MUST_USE;
/* The same, but only to a block of at least this impact; whole pages are passed over by theirs.
 * *passed: blocks with documents ≥ doc that say less. */
enum status postings_block_seek_above(struct postings *postings, uint32_t doc, uint8_t least,
                                      uint32_t *passed, struct error *err) MUST_USE;
enum status postings_block_decode(struct postings *postings, struct postings_block *out,
                                  struct error *err) MUST_USE;
/* The same in two halves, for those who look for a document that is seldom there: documents
 * first, and when needed the codes and escapes that go with them. */
enum status postings_block_docs(struct postings *postings, struct postings_block *out,
                                struct error *err) MUST_USE;
enum status postings_block_codes(struct postings *postings, struct postings_block *out,
                                 struct error *err) MUST_USE;
/* For those who look for one document in a block and then go on to another: the first ≥ doc, which
 * the block has, and its place, without decoding; and the code of a posting. False: the block has
 * to be decoded to tell. */
bool postings_block_find(struct postings *postings, uint32_t doc, uint32_t *at, uint32_t *found);
bool postings_block_code(const struct postings *postings, uint32_t at, uint8_t *code);
/* Occurrences of posting `i` in each field. */
static inline const uint8_t *postings_block_tf(const struct postings_block *block, uint32_t i)
{
    return block->codes[i] == SHAPE_ESCAPE ? block->escapes[i] : shape_tf(block->codes[i]);
}

/* --- documents --------------------------------------------------------------------------- */

/* Length codes of a document's fields (field.h); borrowed with the segment. NULL past the end. */
const uint8_t *segment_lengths(const struct segment *segment, uint32_t doc);

/* What can be filtered on and counted, as small numbers (columns.h). Borrowed with the segment. */
enum column_name {
    COLUMN_LANG,
    COLUMN_PRODUCT,
    COLUMN_CATEGORY, /* the list as one value, joined by U+001F */
    COLUMN_AUDIENCE, /* one byte: enum audience of article.h */
    COLUMN_COUNT
};
struct column;
enum status segment_column(const struct segment *segment, enum column_name name,
                           const struct column **out, struct error *err) MUST_USE;

/* What can be filtered on and shown without the store. All borrowed with the segment. */
struct document {
    uint32_t no, version;
    struct bytes id, title, lang, product; /* as given */
    struct bytes category;                 /* list joined by U+001F */
    uint8_t audience;                      /* enum audience of article.h */
};
enum status segment_document(const struct segment *segment, uint32_t doc, struct document *out,
                             struct error *err) MUST_USE;

#endif
