#include "data/env.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* --- one environment, one handle ---------------------------------------------------------
 *
 * LMDB takes a POSIX lock on its lock file; a second open in the same process succeeds, and
 * closing either drops the lock for both. So the process remembers which files it has open.
 * This is the one mutable global of the folder: the lock it mirrors is per process as well. */

#define OPEN_MAX 8 /* a program has two; tests a few more */

static struct open_file {
    dev_t dev;
    ino_t ino;
    bool used;
} open_files[OPEN_MAX];
static pthread_mutex_t open_files_lock = PTHREAD_MUTEX_INITIALIZER;

static enum status remember(const struct stat *st, const char *dir, struct error *err)
{
    enum status status = AF_OK;
    struct open_file *free_slot = NULL;

    (void)pthread_mutex_lock(&open_files_lock);
    for (size_t i = 0; i < OPEN_MAX; i++) {
        struct open_file *file = &open_files[i];

        if (!file->used)
            free_slot = file;
        else if (file->dev == st->st_dev && file->ino == st->st_ino)
            status = error_set(err, AF_BUSY, "%s is open in this process already", dir);
    }
    if (status == AF_OK && free_slot == NULL)
        status =
            error_set(err, AF_BUSY, "more than %d environments are open in this process", OPEN_MAX);
    if (status == AF_OK)
        *free_slot = (struct open_file){st->st_dev, st->st_ino, true};
    (void)pthread_mutex_unlock(&open_files_lock);
    return status;
}

static void forget(const struct stat *st)
{
    (void)pthread_mutex_lock(&open_files_lock);
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (open_files[i].used && open_files[i].dev == st->st_dev &&
            open_files[i].ino == st->st_ino)
            open_files[i].used = false;
    (void)pthread_mutex_unlock(&open_files_lock);
}

/* --- looking before opening --------------------------------------------------------------
 *
 * LMDB 0.9, 64 bit, numbers in the machine's order; pages 0 and 1 are meta pages:
 *
 *   0       16     20       24        32        40          136        144
 *   | page  | magic| version| address | mapsize | 2 × db 48 | last page| txnid |
 *   | header|      | 1      |         |         | [0].pad = |          |       |
 *   |       |      |        |         |         | page size |          |       |
 *
 * The newer meta page names the last page in use; a file shorter than that is SIGBUS later. */
#define META_BYTES 152
#define META_MAGIC 0xBEEFC0DEu
#define META_DATA_VERSION 1

static uint64_t native(const uint8_t *at, size_t width)
{
    uint64_t v = 0;
    uint32_t v32;

    if (width == 8) {
        memcpy(&v, at, 8);
        return v;
    }
    memcpy(&v32, at, 4);
    return v32;
}

static enum status probe_meta(int fd, off_t at, const char *what, uint64_t *page_bytes,
                              uint64_t *last_page, uint64_t *txnid, struct error *err)
{
    uint8_t meta[META_BYTES];

    if (pread(fd, meta, sizeof meta, at) != (ssize_t)sizeof meta)
        return error_set(err, AF_CORRUPT, "%s is cut off inside its first pages", what);
    if (native(meta + 16, 4) != META_MAGIC)
        return error_set(err, AF_CORRUPT, "%s does not begin like an LMDB file", what);
    if (native(meta + 20, 4) != META_DATA_VERSION)
        return error_set(err, AF_NEWER, "%s was written by another version of LMDB (format %u)",
                         what, (unsigned)native(meta + 20, 4));
    *page_bytes = native(meta + 40, 4);
    *last_page = native(meta + 136, 8);
    *txnid = native(meta + 144, 8);
    return AF_OK;
}

enum status env_probe_file(const char *path, const char *what, struct error *err)
{
    uint64_t page_bytes, page_bytes_2, last[2], txnid[2], newest;
    enum status status = AF_OK;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT
                   ? AF_OK
                   : error_set(err, errno == EACCES ? AF_DENIED : AF_IO,
                               "%s cannot be read: %s: %s", what, path, strerror(errno));
    if (fstat(fd, &st) != 0)
        status = error_set(err, AF_IO, "%s cannot be read: %s: %s", what, path, strerror(errno));
    if (status != AF_OK || st.st_size == 0)
        goto done;
    status = probe_meta(fd, 0, what, &page_bytes, &last[0], &txnid[0], err);
    if (status != AF_OK)
        goto done;
    if (page_bytes < 512 || page_bytes > 65536 || (page_bytes & (page_bytes - 1)) != 0) {
        status = error_set(err, AF_CORRUPT, "%s states an impossible page size", what);
        goto done;
    }
    status = probe_meta(fd, (off_t)page_bytes, what, &page_bytes_2, &last[1], &txnid[1], err);
    if (status != AF_OK)
        goto done;
    newest = txnid[1] > txnid[0] ? last[1] : last[0];
    if (newest >= (uint64_t)INT64_MAX / page_bytes ||
        (uint64_t)st.st_size < (newest + 1) * page_bytes)
        status = error_set(err, AF_CORRUPT,
                           "%s is cut off: %s has %lld bytes but its last page ends later", what,
                           path, (long long)st.st_size);
done:
    close(fd);
    return status;
}

/* --- opening ------------------------------------------------------------------------------ */

enum status env_status(const struct env *env, int rc, const char *doing, struct error *err)
{
    switch (rc) {
    case MDB_SUCCESS:
        return AF_OK;
    case MDB_NOTFOUND:
        return error_set(err, AF_NOT_FOUND, "%s: not there", doing);
    case ENOSPC:
    case EDQUOT:
        return error_set(err, AF_FULL, "%s: no space left on the disk that holds %s; free some",
                         doing, env->dir);
    case MDB_MAP_FULL:
        return error_set(err, AF_FULL, "%s: %s has reached its largest size of %zu GiB", doing,
                         env->what, ENV_MAP_BYTES >> 30);
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
    case MDB_INVALID:
        return error_set(err, AF_CORRUPT, "%s: %s in %s is damaged (%s); restore the last backup",
                         doing, env->what, env->dir, mdb_strerror(rc));
    case MDB_VERSION_MISMATCH:
        return error_set(err, AF_NEWER, "%s in %s was written by another version of LMDB",
                         env->what, env->dir);
    case MDB_READERS_FULL:
        return error_set(err, AF_BUSY, "%s: more than %d requests are reading at once", doing,
                         ENV_READERS_MAX);
    case EACCES:
    case EPERM:
    case EROFS:
        return error_set(err, AF_DENIED, "%s: no permission to use %s", doing, env->dir);
    case ENOMEM:
        return error_set(err, AF_NO_MEMORY, "%s: no memory", doing);
    default:
        return error_set(err, AF_IO, "%s: %s: %s", doing, env->dir, mdb_strerror(rc));
    }
}

/* A full disk at opening is SIGBUS: the lock file is a sparse map. Filling it first turns that
 * into an answer. Only before any environment on it is open in this process, since closing a
 * descriptor of a locked file drops the lock. */
static enum status prepare_lock_file(const char *path, const char *what, struct error *err)
{
    const off_t lock_bytes = (off_t)ENV_READERS_MAX * 64 + 4096;
    struct stat st;
    int rc, fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return error_set(err, errno == ENOSPC ? AF_FULL : AF_DENIED, "%s cannot be opened: %s: %s",
                         what, path, strerror(errno));
    rc = fstat(fd, &st) == 0 && st.st_size >= lock_bytes ? 0 : posix_fallocate(fd, 0, lock_bytes);
    close(fd);
    if (rc != 0)
        return error_set(err, rc == ENOSPC ? AF_FULL : AF_IO,
                         "%s cannot be opened: no room for %s (%s)", what, path, strerror(rc));
    return AF_OK;
}

static enum status make_dir(const char *dir, const char *what, struct error *err)
{
    if (mkdir(dir, 0700) == 0 || errno == EEXIST)
        return AF_OK;
    return error_set(err,
                     errno == ENOSPC                     ? AF_FULL
                     : errno == EACCES || errno == EROFS ? AF_DENIED
                                                         : AF_IO,
                     "%s cannot be made: %s: %s", what, dir, strerror(errno));
}

static enum status open_mdb(struct env *env, const struct env_options *options, struct error *err)
{
    unsigned flags = MDB_NOTLS | MDB_NORDAHEAD | (options->rebuildable ? MDB_NOSYNC : 0u) |
                     (options->read_only ? MDB_RDONLY : 0u);
    size_t map_bytes = ENV_MAP_BYTES;
    int rc, dead;

    /* A smaller map where address space is limited (ulimit -v, valgrind). */
    for (;; map_bytes /= 2) {
        rc = mdb_env_create(&env->mdb);
        if (rc != 0)
            break;
        rc = mdb_env_set_maxreaders(env->mdb, ENV_READERS_MAX);
        if (rc == 0)
            rc = mdb_env_set_maxdbs(env->mdb, options->dbs_max);
        if (rc == 0)
            rc = mdb_env_set_mapsize(env->mdb, map_bytes);
        if (rc == 0)
            rc = mdb_env_open(env->mdb, env->dir, flags, 0600);
        if (rc == 0)
            break;
        mdb_env_close(env->mdb);
        env->mdb = NULL;
        if (rc != ENOMEM || map_bytes <= (size_t)1 << 30)
            break;
    }
    if (rc == 0 && !options->read_only)
        rc = mdb_reader_check(env->mdb, &dead); /* slots of killed processes pin pages */
    return env_status(env, rc, "opening", err);
}

static enum status open_checked(struct env *env, const struct env_options *options, struct stat *st,
                                struct error *err)
{
    char path[4096];
    enum status status;

    if ((size_t)snprintf(path, sizeof path, "%s/lock.mdb", env->dir) >= sizeof path)
        return error_set(err, AF_INVALID, "the path of %s is too long", options->what);
    if (!options->read_only && (status = prepare_lock_file(path, options->what, err)) != AF_OK)
        return status;
    (void)snprintf(path, sizeof path, "%s/data.mdb", env->dir);
    if ((status = env_probe_file(path, options->what, err)) != AF_OK)
        return status;
    if ((status = remember(st, env->dir, err)) != AF_OK)
        return status;
    status = open_mdb(env, options, err);
    if (status != AF_OK)
        forget(st);
    return status;
}

enum status env_open(const char *dir, const struct env_options *options, struct env *out,
                     struct error *err)
{
    struct env env = {.what = options->what, .read_only = options->read_only};
    enum status status = AF_OK;
    struct stat st;

    if (!options->read_only && (status = make_dir(dir, options->what, err)) != AF_OK)
        return status;
    if (stat(dir, &st) != 0)
        return error_set(err, errno == EACCES ? AF_DENIED : AF_NOT_FOUND, "there is no %s in %s",
                         options->what, dir);
    env.dir = strdup(dir);
    if (env.dir == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to open %s", options->what);
    status = open_checked(&env, options, &st, err);
    if (status != AF_OK) {
        free(env.dir);
        return status;
    }
    *out = env;
    return AF_OK;
}

void env_close(struct env *env)
{
    struct stat st;

    if (env->mdb == NULL)
        return;
    mdb_env_close(env->mdb);
    if (stat(env->dir, &st) == 0)
        forget(&st);
    free(env->dir);
    *env = (struct env){0};
}
