/* run_store.h: where the blocks of runs are: in memory while there is room, then in a spill file.
 *
 * The file has no name, so that nobody has to tidy up; what comes back has its checksum verified.
 * For several threads: a block is written by one, and read by any number when it is written. */
#ifndef ASKFIRST_INDEXER_BUILD_RUN_STORE_H
#define ASKFIRST_INDEXER_BUILD_RUN_STORE_H

#include "data/base/buf.h"

#include <pthread.h>

#define RUN_BLOCK_BYTES (64u << 10) /* a block is ended past this */

struct run_store {
    pthread_mutex_t mutex;
    const char *dir;    /* for the spill file; NULL: there is none, and all stays in memory */
    size_t block_bytes; /* RUN_BLOCK_BYTES; fewer where memory is short */
    size_t bytes_max;
    size_t bytes; /* in memory */
    int fd;
    uint64_t file_bytes;
};
void run_store_init(struct run_store *store, const char *dir, size_t bytes_max);
void run_store_release(struct run_store *store); /* after its runs */

struct run_block {
    uint8_t *memory; /* NULL: in the file, or done with */
    uint64_t at, checksum;
    uint64_t first_key; /* of its first term (run.h) */
    uint32_t len;
    uint32_t readers; /* still to come; 1 unless somebody says otherwise */
};

enum status run_block_keep(struct run_store *store, struct bytes bytes, struct run_block *out,
                           struct error *err) MUST_USE;
/* What is in it: borrowed from it, or in `scratch`. */
enum status run_block_read(struct run_store *store, const struct run_block *block,
                           struct buf *scratch, struct bytes *out, struct error *err) MUST_USE;
/* One reader has done with it; the last one's word gives the memory back. */
void run_block_done(struct run_store *store, struct run_block *block);
void run_block_free(struct run_store *store, struct run_block *block); /* whoever may read it */

#endif
