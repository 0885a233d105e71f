/* Making the file of the index smaller. LMDB never gives pages back: what merges have freed is used
 * again, but the file keeps its greatest size. A copy of the used pages is written beside it,
 * synced, and takes its name.
 *
 *   data.mdb ── copy ──► data.mdb.compact ── describe, sync, rename ──► data.mdb
 *
 * Pages have other numbers in the copy, so its segments are described anew (tree.h).
 *
 * A program that has the old file open would go on with it, under a lock that both share. So the
 * swap is done with LMDB's own lock held as its sole owner, which nobody gets who is not alone. */
#include "indexer/index_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM 4096

struct paths {
    char file[PATH_ROOM], copy[PATH_ROOM], lock[PATH_ROOM], dir[PATH_ROOM];
};

static enum status find_paths(const struct index *index, struct paths *paths, struct error *err)
{
    const char *dir = index->env.dir;

    if ((size_t)snprintf(paths->dir, PATH_ROOM, "%s", dir) >= PATH_ROOM ||
        (size_t)snprintf(paths->file, PATH_ROOM, "%s/data.mdb", dir) >= PATH_ROOM ||
        (size_t)snprintf(paths->lock, PATH_ROOM, "%s/lock.mdb", dir) >= PATH_ROOM ||
        (size_t)snprintf(paths->copy, PATH_ROOM, "%s/" INDEX_COPY_NAME, dir) >= PATH_ROOM)
        return error_set(err, AF_INVALID, "the path of the index is too long");
    return AF_OK;
}

static enum status failed(int code, const char *path, struct error *err)
{
    if (code == ENOSPC || code == EDQUOT)
        return error_set(err, AF_FULL,
                         "the index cannot be made smaller: no space left for %s; free some", path);
    return error_set(err, AF_IO, "the index cannot be made smaller: %s: %s", path, strerror(code));
}

static uint64_t file_bytes(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static int sync_dir(const char *dir)
{
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int rc = fd < 0 || fsync(fd) != 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    return rc;
}

/* LMDB follows what the pages say. */
static enum status verify_trees(struct index *index, struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    MDB_txn *txn = NULL;
    enum status status;

    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for making the index smaller");
    status = env_status(&index->env, mdb_txn_begin(index->env.mdb, NULL, MDB_RDONLY, &txn),
                        "reading the index", err);
    if (status == AF_OK)
        status = manifest_read(&index->env, txn, index->manifest, manifest, err);
    for (uint32_t i = 0; status == AF_OK && i < manifest->count; i++)
        status = index_verify_tree(index, txn, manifest->segments[i].id, err);
    mdb_txn_abort(txn);
    free(manifest);
    return index_blame(index, status);
}

static enum status copy_pages(struct index *index, const struct paths *paths, struct error *err)
{
    int fd = open(paths->copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc;

    if (fd < 0)
        return failed(errno, paths->copy, err);
    rc = mdb_env_copyfd2(index->env.mdb, fd, MDB_CP_COMPACT);
    if (rc == 0 && fsync(fd) != 0)
        rc = errno;
    if (close(fd) != 0 && rc == 0)
        rc = errno;
    if (rc == 0)
        return AF_OK;
    return rc > 0 ? failed(rc, paths->copy, err)
                  : env_status(&index->env, rc, "making the index smaller", err);
}

static enum status describe_segments(const struct env *env, MDB_txn *txn, MDB_dbi dbi,
                                     struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    struct buf description = {0};
    enum status status;

    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for making the index smaller");
    status = manifest_read(env, txn, dbi, manifest, err);
    for (uint32_t i = 0; status == AF_OK && i < manifest->count; i++) {
        uint32_t id = manifest->segments[i].id;

        buf_clear(&description);
        status = segment_describe(env, id, &description, err);
        if (status == AF_OK)
            status = description_write(env, txn, dbi, id, buf_bytes(&description), err);
    }
    buf_release(&description);
    free(manifest);
    return status;
}

static enum status describe_copy(const struct paths *paths, struct error *err)
{
    struct env env = {0};
    MDB_txn *txn = NULL;
    MDB_dbi dbi = 0;
    enum status status = env_open_unshared(paths->copy, &index_env_options, &env, err);
    int rc;

    if (status != AF_OK)
        return status;
    rc = mdb_txn_begin(env.mdb, NULL, 0, &txn);
    if (rc == 0)
        rc = mdb_dbi_open(txn, "manifest", 0, &dbi);
    status = env_status(&env, rc, "making the index smaller", err);
    if (status == AF_OK)
        status = describe_segments(&env, txn, dbi, err);
    if (status == AF_OK) {
        status = env_status(&env, mdb_txn_commit(txn), "making the index smaller", err);
        txn = NULL;
    }
    mdb_txn_abort(txn);
    env_close(&env);
    return status;
}

static enum status make_copy(struct index *index, const struct paths *paths, struct error *err)
{
    enum status status = verify_trees(index, err);

    if (status == AF_OK)
        status = copy_pages(index, paths, err);
    return status == AF_OK ? describe_copy(paths, err) : status;
}

/* With the environment closed here. The lock ends with the descriptor. */
static enum status swap_alone(const struct paths *paths, struct error *err)
{
    struct flock alone = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    int fd = open(paths->lock, O_RDWR | O_CLOEXEC), rc = 0;
    enum status status = AF_OK;

    if (fd < 0)
        return failed(errno, paths->lock, err);
    if (fcntl(fd, F_SETLK, &alone) != 0)
        status = error_set(err, AF_BUSY,
                           "another program has the index open; it is one segment now, but its "
                           "file can only be made smaller when that has stopped");
    if (status == AF_OK && rename(paths->copy, paths->file) != 0)
        rc = errno;
    if (status == AF_OK && rc == 0)
        rc = sync_dir(paths->dir);
    /* Whoever waits for the lock must not believe the transaction number of the old file. */
    if (status == AF_OK && rc == 0 && ftruncate(fd, 0) != 0)
        rc = errno;
    close(fd);
    return status == AF_OK && rc != 0 ? failed(rc, paths->file, err) : status;
}

static enum status swap(struct index *index, const struct paths *paths, struct error *err)
{
    struct error why;
    enum status status, opened;

    (void)pthread_mutex_lock(&index->changing);
    index_close_files(index);
    status = swap_alone(paths, err);
    opened = index_open_files(index, &why);
    if (opened != AF_OK && status == AF_OK && err != NULL)
        *err = why;
    (void)pthread_mutex_unlock(&index->changing);
    return status == AF_OK ? opened : status;
}

static enum status compact(struct index *index, index_progress_fn progress, void *context,
                           struct index_compacted *out, struct error *err)
{
    struct paths paths;
    enum status status = find_paths(index, &paths, err);

    if (status == AF_OK)
        status = index_flush_all(index, true, progress, context, err);
    if (status != AF_OK)
        return status;
    out->bytes_before = out->bytes_after = file_bytes(paths.file);
    status = make_copy(index, &paths, err);
    if (status == AF_OK)
        status = swap(index, &paths, err);
    (void)unlink(paths.copy); /* when it did not take the name */
    out->bytes_after = file_bytes(paths.file);
    return status;
}

enum status index_compact(struct index *index, index_progress_fn progress, void *context,
                          struct index_compacted *out, struct error *err)
{
    enum status status;
    bool can, busy;

    *out = (struct index_compacted){0};
    index_lock(index);
    can = index->mode == STORE_WRITE && index->on_disk;
    busy = index->held != NULL;
    index_unlock(index);
    if (!can)
        return error_set(err, AF_DENIED, "the index cannot be written here");
    if (busy)
        return error_set(err, AF_BUSY, "the index is being searched");
    status = index_writer_lock(index, err);
    if (status != AF_OK)
        return status;
    status = compact(index, progress, context, out, err);
    index_writer_unlock(index);
    return status;
}
