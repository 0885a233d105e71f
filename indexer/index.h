/* index.h: what makes cases findable; rebuildable at any time from the journal.
 *
 *   DIR/index: named databases    manifest: "segments 3, 7, 8 cover the journal up to seq N"
 *   memory:    small segments of the cases in seq N+1 … head, made when somebody asks
 *
 * A snapshot is what one request searches: segments that together hold the newest version of
 * every findable case up to the head of a given store transaction. Making one catches up with
 * the journal first, so a case is findable as soon as its save returned, in every process.
 * Snapshots never wait for flushes or merges and are released with the request. */
#ifndef ASKFIRST_INDEXER_INDEX_H
#define ASKFIRST_INDEXER_INDEX_H

#include "data/store.h"
#include "indexer/segment/segment.h"

struct index;
struct snapshot;

/* Opens DIR/index of this store. STORE_WRITE creates it; a missing one, a damaged one, or one
 * made by another analyzer is dropped and built again from the journal (by index_flush or in
 * memory). STORE_READ never writes: what is missing is held in memory. */
enum status index_open(struct store *store, enum store_mode mode, struct index **out,
                       struct error *err) MUST_USE;
void index_close(struct index *index); /* accepts NULL; no snapshot may be held */

/* `txn` is a read transaction of the store, which the snapshot does not need afterwards; NULL is
 * one begun now, and costs less. The snapshot holds all that it sees, and may hold more: cases
 * saved since, which `txn` cannot read. For one
 * thread at a time. When a call on it answers AF_CORRUPT, release it, acquire another and ask
 * again: by then the index is being made anew from the journal. AF_BUSY, AF_NO_MEMORY, and what
 * reading the store answers. */
enum status snapshot_acquire(struct index *index, struct txn *txn, struct snapshot **out,
                             struct error *err) MUST_USE;
void snapshot_release(struct snapshot *snapshot); /* accepts NULL */

uint32_t snapshot_segments(const struct snapshot *snapshot);
const struct segment *snapshot_segment(const struct snapshot *snapshot, uint32_t i);

struct snapshot_totals {
    uint32_t docs;               /* live documents */
    uint64_t units[FIELD_COUNT]; /* sum of field lengths over all documents */
    uint32_t docs_all;           /* with out-of-date ones: what df counts */
    uint64_t covers_seq;         /* of the journal */
};
struct snapshot_totals snapshot_totals(const struct snapshot *snapshot);

/* Of the journal's type journal_ahead_fn, with the index as context: makes a case ready to be found
 * while its commit waits for the disk. Optional; the index is open as long as it may be called. */
struct command;
struct journal_head;
void index_ahead(void *context, struct txn *txn, const struct command *command,
                 const struct journal_head *head);

/* For a server, which will be asked many questions: env_read_whole() of the index's file. */
void index_read_whole(const struct index *index);

/* How building uses the machine; 0 is the default: as many threads as processors are online, up to
 * INDEX_THREADS_MAX, and INDEX_BUILD_BYTES. What is built is the same. Before any other thread
 * has the index. */
void index_set_build(struct index *index, unsigned threads, size_t bytes);

/* Writes what the manifest does not cover to DIR/index and merges small segments; called after an
 * import, by the server's background thread, and at close. Much of it is built with all threads
 * straight from the journal; `progress`, which may be NULL, is then told about it. */
struct index_progress {
    uint64_t done, all; /* of the work, in no unit; rises */
    uint64_t cases;     /* read so far */
};
typedef void (*index_progress_fn)(void *context, const struct index_progress *at);
enum status index_flush(struct index *index, index_progress_fn progress, void *context,
                        struct error *err) MUST_USE;
/* One segment without out-of-date documents, in a file without unused pages. No snapshot may be
 * held. A kill leaves the old file or the new one. *bytes_before and after are of the file.
 * AF_BUSY: another program has the index open; then it is merged, but the file stays as it is. */
struct index_compacted {
    uint64_t bytes_before, bytes_after;
};
enum status index_compact(struct index *index, index_progress_fn progress, void *context,
                          struct index_compacted *out, struct error *err) MUST_USE;

struct index_stats {
    uint32_t segments, docs, deleted;
    uint64_t terms, bytes;
    uint64_t covers_seq;      /* of the journal, with what is in memory */
    uint64_t disk_covers_seq; /* what the next to open need not read again */
};
enum status index_stats(struct index *index, struct index_stats *out, struct error *err) MUST_USE;

/* Walks every value; calls `fault` with a sentence for each thing that is wrong. */
typedef void (*fault_fn)(void *context, const char *sentence);
enum status index_check(struct index *index, fault_fn fault, void *context, uint64_t *faults,
                        struct error *err) MUST_USE;

#endif
