/* run.h: documents of one stretch of the journal and their terms in order, on the way from the
 * builder into a segment.
 *
 *   documents:  | number varint | length codes, FIELD_COUNT | bytes varint | document (docs.h) | …
 *   terms:      | bytes u8 | term | [languages varint: a TERM_WORD] | bytes varint | postings | …
 *   postings:   | documents passed over varint | code | [escape] | …                  (shape.h)
 *   groups:     | bytes u8 | language, 0, stem | bytes varint | surfaces |     (segment_write.h)
 *
 *   joined:     as terms, with | documents varint | encoded list |     (postings_write.h)
 *
 * Documents are numbered from 0 in a run; a segment is some runs one after another. Each of these
 * lists is cut into blocks between two entries (run_store.h). */
#ifndef ASKFIRST_INDEXER_BUILD_RUN_H
#define ASKFIRST_INDEXER_BUILD_RUN_H

#include "indexer/build/run_store.h"
#include "indexer/segment/segment_impl.h"

/* --- runs --------------------------------------------------------------------------------- */

struct run_list {
    struct run_block *blocks;
    uint32_t count, room;
    struct buf open;   /* the block being filled */
    uint64_t open_key; /* of its first term */
};

struct run {
    struct run_store *store;
    uint64_t seq; /* of its first journal entry: runs are put in this order */
    uint32_t docs_count;
    struct run_list docs, terms;
    uint32_t langs_count;
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];
};
void run_init(struct run *run, struct run_store *store, uint64_t seq);
void run_release(struct run *run);

/* An entry was appended to list->open: ends the block when it is full, or in any case. */
enum status run_list_added(struct run_store *store, struct run_list *list,
                           struct error *err) MUST_USE;
enum status run_list_end(struct run_store *store, struct run_list *list,
                         struct error *err) MUST_USE;
/* Appends a term or group, and ends the block when it is full. Languages are kept of words. */
enum status run_add_entry(struct run_store *store, struct run_list *list, struct bytes term,
                          uint32_t langs, struct bytes payload, struct error *err) MUST_USE;
void run_list_release(struct run_store *store, struct run_list *list);

/* --- reading: a block goes when its last reader has read it -------------------------------- */

/* Terms whose key (analyzer.h) is in from … end - 1. */
struct run_range {
    uint64_t from, end;
};
#define RUN_WHOLE ((struct run_range){0, UINT64_MAX}) /* no key is: 0xFF is not in UTF-8 */

struct run_reader {
    struct run_store *store;
    struct run_list *list;
    struct run_range range;
    uint32_t next; /* block */
    bool holds;    /* the one before */
    struct buf block;
    struct reader r;
};
/* Where a reader of a range begins. */
uint32_t run_list_first_block(const struct run_list *list, uint64_t from);
void run_reader_init(struct run_reader *reader, struct run_store *store, struct run_list *list,
                     struct run_range range);
void run_reader_release(struct run_reader *reader);

struct run_document {
    uint32_t no;
    const uint8_t *lengths;
    struct bytes record;
};
/* *found false at the end. What is given is borrowed until the next call. AF_CORRUPT. */
enum status run_next_document(struct run_reader *reader, struct run_document *out, bool *found,
                              struct error *err) MUST_USE;

struct run_entry {
    uint64_t key; /* term_key() */
    struct bytes term, payload;
    uint32_t langs;
};
/* Within the range. */
enum status run_next_entry(struct run_reader *reader, struct run_entry *out, bool *found,
                           struct error *err) MUST_USE;

/* --- ranges ------------------------------------------------------------------------------- */

#define RUN_RANGES_MAX 64

/* Cuts the terms of lists into at most `most` ranges with about as many bytes each, and as long as
 * four blocks of each list; every block then expects as many readers as there are ranges that it
 * reaches into. *count is 1 when there is too little to cut. */
enum status run_ranges_plan(struct run_list *const *lists, uint32_t lists_count, uint32_t most,
                            struct run_range out[RUN_RANGES_MAX], uint32_t *count,
                            struct error *err) MUST_USE;

#endif
