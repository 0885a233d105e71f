/* The folder of blobs: making it, locking it, walking it. */
#include "data/blob_impl.h"

#include "data/base/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum status blob_failed(int why, const char *doing, const char *path, struct error *err)
{
    enum status status = why == ENOSPC || why == EDQUOT                  ? AF_FULL
                         : why == EACCES || why == EPERM || why == EROFS ? AF_DENIED
                                                                         : AF_IO;

    return error_set(err, status, "%s %s: %s", doing, path, strerror(why));
}

enum status blob_path(const char *dir, const char *name, char path[PATH_MAX], struct error *err)
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/blobs%s%s", dir, name == NULL ? "" : "/",
                         name == NULL ? "" : name) >= PATH_MAX)
        return error_set(err, AF_INVALID, "the path %.100s… is too long", dir);
    return AF_OK;
}

enum status blob_path_of(const char *dir, const struct digest *hash, char path[PATH_MAX],
                         struct error *err)
{
    char hex[DIGEST_HEX_BYTES];

    digest_hex(hash, hex);
    return blob_path(dir, hex, path, err);
}

/* --- making ------------------------------------------------------------------------------- */

enum status blob_sync_dir(const char *path, struct error *err)
{
    int why = 0, fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return blob_failed(errno, "cannot open", path, err);
    if (fsync(fd) != 0)
        why = errno;
    (void)close(fd);
    return why == 0 ? AF_OK : blob_failed(why, "cannot sync", path, err);
}

enum status blob_make_dir(const char *dir, struct error *err)
{
    char folder[PATH_MAX], lock[PATH_MAX];
    enum status status = blob_path(dir, "lock", lock, err);
    struct stat st;
    int fd;

    if (status != AF_OK || stat(lock, &st) == 0 ||
        (status = blob_path(dir, NULL, folder, err)) != AF_OK)
        return status;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return blob_failed(errno, "cannot make", folder, err);
    if ((status = blob_sync_dir(dir, err)) != AF_OK)
        return status;
    fd = open(lock, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return blob_failed(errno, "cannot make", lock, err);
    (void)close(fd);
    return AF_OK;
}

/* --- locking ------------------------------------------------------------------------------ */

enum status blob_lock(const char *dir, enum blob_lock how, int *lock, struct error *err)
{
    char path[PATH_MAX];
    enum status status = blob_path(dir, "lock", path, err);
    int fd, rc;

    if (status != AF_OK)
        return status;
    fd = open(path, O_RDONLY | O_CLOEXEC); /* enough for flock(), also where one may not write */
    if (fd < 0 && errno == ENOENT) {
        *lock = -1;
        return AF_OK;
    }
    if (fd < 0)
        return blob_failed(errno, "cannot open", path, err);
    do
        rc = flock(fd, how == BLOB_ALONE ? LOCK_EX | LOCK_NB : LOCK_SH);
    while (rc != 0 && errno == EINTR);
    if (rc == 0) {
        *lock = fd;
        return AF_OK;
    }
    rc = errno;
    (void)close(fd);
    return rc == EWOULDBLOCK ? error_set(err, AF_BUSY, "%s is held by another process", path)
                             : blob_failed(rc, "cannot lock", path, err);
}

void blob_unlock(int lock)
{
    if (lock >= 0)
        (void)close(lock);
}

/* --- walking ------------------------------------------------------------------------------ */

/* A regular file of the folder; names that are not ours are the callee's to pass over. */
typedef enum status (*entry_fn)(void *context, const char *path, const char *name,
                                const struct stat *st, struct error *err);

/* A folder that is not there has none. */
static enum status walk_dir(const char *dir, entry_fn entry, void *context, struct error *err)
{
    char folder[PATH_MAX], path[PATH_MAX + NAME_MAX + 2];
    const struct dirent *d;
    struct stat st;
    enum status status = blob_path(dir, NULL, folder, err);
    DIR *handle;

    if (status != AF_OK)
        return status;
    handle = opendir(folder);
    if (handle == NULL)
        return errno == ENOENT ? AF_OK : blob_failed(errno, "cannot read", folder, err);
    while (status == AF_OK && (d = readdir(handle)) != NULL) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        if (lstat(path, &st) == 0 && S_ISREG(st.st_mode))
            status = entry(context, path, d->d_name, &st, err);
    }
    (void)closedir(handle);
    return status;
}

static int64_t written_ms(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000;
}

struct seeing {
    blob_seen_fn seen;
    void *context;
};

static enum status see_blob(void *context, const char *path, const char *name,
                            const struct stat *st, struct error *err)
{
    const struct seeing *seeing = context;
    struct blob_seen blob = {
        .bytes = (uint64_t)st->st_size, .written_ms = written_ms(st), .path = path};

    if (!digest_parse(bytes_str(name), &blob.hash))
        return AF_OK;
    return seeing->seen(seeing->context, &blob, err);
}

enum status blob_walk(const char *dir, blob_seen_fn seen, void *context, struct error *err)
{
    struct seeing seeing = {seen, context};

    return walk_dir(dir, see_blob, &seeing, err);
}

/* --- removing ----------------------------------------------------------------------------- */

static enum status remove_older(void *context, const char *path, const char *name,
                                const struct stat *st, struct error *err)
{
    const int64_t *before_ms = context;

    (void)err;
    if (strncmp(name, BLOB_NEW, sizeof BLOB_NEW - 1) == 0 && written_ms(st) <= *before_ms)
        (void)unlink(path);
    return AF_OK;
}

void blob_remove_unfinished(const char *dir, int64_t age_ms)
{
    int64_t before_ms = clock_now_ms() - age_ms;
    enum status status = walk_dir(dir, remove_older, &before_ms, NULL);

    (void)status; /* what stays is tried again */
}

static enum status remove_one(void *context, const struct blob_seen *blob, struct error *err)
{
    (void)context;
    (void)err;
    (void)unlink(blob->path);
    return AF_OK;
}

void blob_remove_all(const char *dir)
{
    char path[PATH_MAX];

    if (blob_walk(dir, remove_one, NULL, NULL) == AF_OK)
        blob_remove_unfinished(dir, 0);
    if (blob_path(dir, "lock", path, NULL) == AF_OK)
        (void)unlink(path);
    if (blob_path(dir, NULL, path, NULL) == AF_OK)
        (void)rmdir(path);
}
