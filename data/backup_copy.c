/* The copying half of a backup: the store, then the blobs that its copy names. */
#include "data/backup_impl.h"

#include "data/blob_impl.h"
#include "data/blob_ref.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* One read transaction's view; compacted, so free pages and what was deleted stay behind. */
static enum status copy_file(struct store *store, const char *path, struct error *err)
{
    int rc, fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return backup_failed(errno, "cannot write", path, err);
    rc = mdb_env_copyfd2(store_env(store)->mdb, fd, MDB_CP_COMPACT);
    if (rc == 0 && fsync(fd) != 0)
        rc = errno;
    if (close(fd) != 0 && rc == 0)
        rc = errno;
    return rc > 0 ? backup_failed(rc, "cannot write", path, err)
                  : env_status(store_env(store), rc, "copying", err);
}

/* Keeps the first sentence. */
static void note_lost(void *context, const char *sentence)
{
    struct error *first = context;

    if (first->text[0] == '\0')
        (void)error_set(first, AF_CORRUPT, "no backup is made: %s", sentence);
}

/* What the copy names; it is read here, though it is not proved yet, since LMDB has just read
 * every page of it. */
static enum status copy_blobs(const char *from, const char *part, struct error *err)
{
    struct error first = {0};
    struct store *copy = NULL;
    struct blob_sum sum;
    char lock[PATH_MAX];
    enum status status = store_open(part, STORE_READ, &copy, err);

    if (status == AF_OK)
        status = blob_copy_named(copy, from, part, note_lost, &first, &sum, err);
    store_close(copy);
    /* Reading made the lock file; a copy at rest has none. */
    if (backup_path(part, "store/lock.mdb", lock, NULL) == AF_OK)
        (void)unlink(lock);
    if (status == AF_OK && first.text[0] != '\0')
        status = error_set(err, AF_CORRUPT, "%s", first.text);
    return status;
}

/* Nobody removes a blob from before the store is copied until what the copy names is copied too:
 * its last owner may have let go of it meanwhile. */
enum status backup_copy(struct store *store, const char *part, struct error *err)
{
    char file[PATH_MAX];
    int lock = -1;
    enum status status = backup_path(part, "store/data.mdb", file, err);

    if (status == AF_OK)
        status = blob_lock(store_dir(store), BLOB_SHARED, &lock, err);
    if (status != AF_OK)
        return status;
    status = copy_file(store, file, err);
    if (status == AF_OK)
        status = copy_blobs(store_dir(store), part, err);
    blob_unlock(lock);
    return status;
}
