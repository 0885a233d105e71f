/* blob_ref.h: who names which blob: table blob, and what follows from it for the folder.
 *
 *   hash 32 bytes, owner 1 … 16 bytes  →  bytes be64
 *
 * The owner is whatever the folder to the right needs to find who names it (a ticket and its
 * file). A blob may have many owners and is one file; without an owner it is an orphan: an upload
 * that never became part of anything, or whose last owner let it go. */
#ifndef ASKFIRST_DATA_BLOB_REF_H
#define ASKFIRST_DATA_BLOB_REF_H

#include "data/base/limits.h"
#include "data/blob.h"
#include "data/store.h"

#define BLOB_KEY_BYTES_MIN (DIGEST_BYTES + 1)
#define BLOB_KEY_BYTES_MAX (DIGEST_BYTES + BLOB_OWNER_BYTES_MAX)

/* For applies: the same on every replay, so they do not look whether the file is there. */
enum status blob_ref_add(struct txn *txn, const struct digest *hash, struct bytes owner,
                         uint64_t bytes, struct error *err) MUST_USE;
/* AF_CORRUPT when the owner does not name it. */
enum status blob_ref_remove(struct txn *txn, const struct digest *hash, struct bytes owner,
                            struct error *err) MUST_USE;
/* AF_NOT_FOUND (no sentence) when the owner does not name it. */
enum status blob_ref_find(struct txn *txn, const struct digest *hash, struct bytes owner,
                          uint64_t *bytes, struct error *err) MUST_USE;

struct blob_sum {
    uint64_t files, bytes;
};

/* All that are named, each once. */
enum status blob_ref_sum(struct txn *txn, struct blob_sum *out, struct error *err) MUST_USE;

/* Copies what is named in `store` from FROM/blobs to TO/blobs, unless it is there; each is hashed
 * on its way. `lost` is called for what FROM does not have soundly, and is how many there are:
 * *out counts what is at TO in the end. FROM NULL: copies nothing, so that `lost` tells what TO
 * lacks. */
typedef void (*blob_lost_fn)(void *context, const char *sentence);
enum status blob_copy_named(struct store *store, const char *from, const char *to,
                            blob_lost_fn lost, void *context, struct blob_sum *out,
                            struct error *err) MUST_USE;

/* Orphans that were written `age_ms` ago or earlier; removed, or (only_count) counted. While
 * somebody copies: AF_BUSY. */
enum status blob_sweep(struct store *store, int64_t age_ms, bool only_count, struct blob_sum *out,
                       struct error *err) MUST_USE;

#endif
