/* index_bulk.h: building a segment from much of the journal, between the two halves of it:
 * index_bulk_read.c, cases → runs with all threads, and index_bulk.c, runs → segment. */
#ifndef ASKFIRST_INDEXER_INDEX_BULK_H
#define ASKFIRST_INDEXER_INDEX_BULK_H

#include "indexer/build/run.h"
#include "indexer/index_impl.h"

struct bulk {
    struct index *index;
    struct run_store store;
    size_t run_bytes; /* of memory in which a thread gathers a run */
    uint64_t first, head;
    uint64_t txn; /* of the store, the same for all */
    index_progress_fn progress;
    void *context;
    pthread_mutex_t mutex;
    /* under the mutex: */
    unsigned threads;
    uint64_t next, entries_done, cases, bytes;
    uint64_t forgot_bytes; /* of `bytes`, when pages of the store were last forgotten */
    struct run *runs;
    uint32_t runs_count, runs_room;
    struct buf replaced; /* case numbers be32 */
    enum status status;  /* of whoever failed first */
    struct error why;
};

/* Reads the journal from `first` to its head, which is in bulk->head then, into runs in no order.
 * While somebody writes there may be fewer threads than asked for. */
enum status index_bulk_read(struct bulk *bulk, struct error *err) MUST_USE;

/* Tells whoever wants to know: entries that were read, cases in them, and how much of the segment,
 * 0 … 1, is written. */
void index_bulk_tell(const struct bulk *bulk, uint64_t entries, uint64_t cases, double written);

#endif
