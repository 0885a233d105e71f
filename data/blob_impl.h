/* blob_impl.h: the folder of blobs, for blob.c (one blob) and blob_ref.c (all that are named).
 *
 * The lock file is made last: where it is, the folder is on the disk, and a commit has that alone
 * to sync. One folder for all: ext4 and XFS find a name among millions as fast as among ten, and
 * 256 folders cost 70 ms to make. */
#ifndef ASKFIRST_DATA_BLOB_IMPL_H
#define ASKFIRST_DATA_BLOB_IMPL_H

#include "data/blob.h"

#include <limits.h>

/* The sentence for an errno: "DOING PATH: why". */
enum status blob_failed(int why, const char *doing, const char *path, struct error *err);

/* DIR/blobs and NAME in it; NAME NULL: the folder itself. */
enum status blob_path(const char *dir, const char *name, char path[PATH_MAX],
                      struct error *err) MUST_USE;
enum status blob_path_of(const char *dir, const struct digest *hash, char path[PATH_MAX],
                         struct error *err) MUST_USE;

#define BLOB_NEW "new-" /* begins the names of what is being written */

/* Makes DIR/blobs durably, unless it is there. */
enum status blob_make_dir(const char *dir, struct error *err) MUST_USE;
enum status blob_sync_dir(const char *path, struct error *err) MUST_USE;

enum blob_lock { BLOB_SHARED, BLOB_ALONE };
/* *lock is -1 when there is no DIR/blobs. BLOB_ALONE: AF_BUSY when somebody else holds it;
 * BLOB_SHARED waits. */
enum status blob_lock(const char *dir, enum blob_lock how, int *lock, struct error *err) MUST_USE;
void blob_unlock(int lock);

/* Every blob of the folder, `hash` and size and when it was written. */
struct blob_seen {
    struct digest hash;
    uint64_t bytes;
    int64_t written_ms;
    const char *path;
};
typedef enum status (*blob_seen_fn)(void *context, const struct blob_seen *blob, struct error *err);
enum status blob_walk(const char *dir, blob_seen_fn seen, void *context,
                      struct error *err) MUST_USE;
/* What was being written and is older than `age_ms`. */
void blob_remove_unfinished(const char *dir, int64_t age_ms);
/* Takes DIR/blobs away with all that is ours in it. */
void blob_remove_all(const char *dir);

#endif
