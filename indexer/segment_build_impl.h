/* segment_build_impl.h: between segment_build.c (adding cases), segment_invert.c (their postings by
 * term), segment_group.c (stem groups) and segment_emit.c (writing). */
#ifndef ASKFIRST_INDEXER_SEGMENT_BUILD_IMPL_H
#define ASKFIRST_INDEXER_SEGMENT_BUILD_IMPL_H

#include "indexer/segment_build.h"
#include "indexer/segment_impl.h"
#include "indexer/segment_write.h"
#include "indexer/termtable.h"

#define NO_LANG SEGMENT_LANGS_MAX

/* One added case. Its postings are in the log from log_start to log_end:
 *     | term number be32 | code (postings.h) | … */
struct pending {
    uint32_t no;
    bool is_live;
    uint8_t lang; /* in langs, or NO_LANG */
    uint8_t lengths[FIELD_COUNT];
    size_t log_start, log_end;
    size_t record_start, record_bytes;
};

/* A term of the case being added. */
struct count {
    uint32_t term;
    uint8_t tf[FIELD_COUNT];
};

struct segment_builder {
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct termtable terms;
    struct pending *docs;
    uint32_t docs_count, docs_room, docs_live;
    struct buf log, records;
    uint64_t postings;
    uint32_t langs_count;
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];
    /* scratch of one case */
    struct buf text, blanked, folded, category;
    struct count *counts;
    uint32_t counts_count, counts_room;
    uint32_t mark; /* of the case being added; never the same twice */
};

struct sorted {
    uint64_t prefix; /* first eight bytes, so that most comparisons stay in the array */
    uint32_t term;
};

/* The postings of all terms, term after term; `start` of one is its place in both arrays. */
struct inverted {
    uint32_t *docs;
    const uint8_t **codes;
    size_t *start;   /* of each term, and the end of the last */
    uint32_t *langs; /* of each term: a bit a language */
    struct sorted *sorted;
    uint32_t terms;
};

/* Sorts the log of live cases by term. Release after a failure too. */
enum status inverted_build(const struct segment_builder *builder, struct inverted *inv,
                           struct error *err) MUST_USE;
void inverted_release(struct inverted *inv);

/* Writes the stem groups of the words that live cases hold. */
enum status builder_write_stems(const struct segment_builder *builder, const struct inverted *inv,
                                struct segment_writer *writer, struct error *err) MUST_USE;

void segment_builder_clear(struct segment_builder *builder);

/* AF_NO_MEMORY with its sentence. */
enum status builder_no_memory(struct error *err);

#endif
