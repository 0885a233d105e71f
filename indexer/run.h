/* run.h: documents of one stretch of the journal and their terms in order, on the way from the
 * builder into a segment.
 *
 *   documents:  | number varint | length codes, FIELD_COUNT | bytes varint | document (docs.h) | …
 *   terms:      | bytes u8 | term | [languages varint: a TERM_WORD] | bytes varint | postings | …
 *   postings:   | documents passed over varint | code | [escape] | …                  (shape.h)
 *   groups:     | bytes u8 | language, 0, stem | bytes varint | surfaces |     (segment_write.h)
 *
 * Documents are numbered from 0 in a run; a segment is some runs one after another. Each of these
 * lists is cut into blocks between two entries. A block stays in memory while the store has room
 * for it; then it goes to the spill file, which has no name, so that nobody has to tidy up, and
 * comes back with its checksum verified. */
#ifndef ASKFIRST_INDEXER_RUN_H
#define ASKFIRST_INDEXER_RUN_H

#include "data/base/buf.h"
#include "indexer/segment_impl.h"

#include <pthread.h>

#define RUN_BLOCK_BYTES (64u << 10) /* a block is ended past this */

/* --- where blocks are; for several threads ------------------------------------------------ */

struct run_store {
    pthread_mutex_t mutex;
    const char *dir; /* for the spill file; NULL: there is none, and all stays in memory */
    size_t bytes_max;
    size_t bytes; /* in memory */
    int fd;
    uint64_t file_bytes;
};
void run_store_init(struct run_store *store, const char *dir, size_t bytes_max);
void run_store_release(struct run_store *store); /* after its runs */

/* --- runs --------------------------------------------------------------------------------- */

struct run_block {
    uint8_t *memory; /* NULL: in the file */
    uint64_t at, checksum;
    uint32_t len;
};

struct run_list {
    struct run_block *blocks;
    uint32_t count, room;
    struct buf open; /* the block being filled */
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

/* --- reading, once: a block goes when the next one is read --------------------------------- */

struct run_reader {
    struct run_store *store;
    struct run_list *list;
    uint32_t next; /* block */
    struct buf block;
    struct reader r;
};
void run_reader_init(struct run_reader *reader, struct run_store *store, struct run_list *list);
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
enum status run_next_entry(struct run_reader *reader, struct run_entry *out, bool *found,
                           struct error *err) MUST_USE;

#endif
