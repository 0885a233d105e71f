#include "data/env.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
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

static void forget(dev_t dev, ino_t ino)
{
    (void)pthread_mutex_lock(&open_files_lock);
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (open_files[i].used && open_files[i].dev == dev && open_files[i].ino == ino)
            open_files[i].used = false;
    (void)pthread_mutex_unlock(&open_files_lock);
}

/* POSIX locks stay with the parent, so the child has nothing open. */
pid_t env_fork(void)
{
    pid_t pid;

    (void)pthread_mutex_lock(&open_files_lock);
    pid = fork();
    if (pid == 0)
        memset(open_files, 0, sizeof open_files);
    (void)pthread_mutex_unlock(&open_files_lock);
    return pid;
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
 * The last 8 bytes of a db are its root page, all ones when it is empty. The newer meta page
 * names the last page in use; a file shorter than that, or a root past it, is SIGBUS later. */
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

struct meta {
    uint64_t page_bytes, last_page, txnid;
    bool roots_inside;
};

static bool is_root_inside(const uint8_t *db, uint64_t last_page)
{
    uint64_t root = native(db + 40, 8);

    return root == UINT64_MAX || root <= last_page;
}

static enum status probe_meta(int fd, off_t at, const char *what, struct meta *out,
                              struct error *err)
{
    uint8_t meta[META_BYTES];

    if (pread(fd, meta, sizeof meta, at) != (ssize_t)sizeof meta)
        return error_set(err, AF_CORRUPT, "%s is cut off inside its first pages", what);
    if (native(meta + 16, 4) != META_MAGIC)
        return error_set(err, AF_CORRUPT, "%s does not begin like an LMDB file", what);
    if (native(meta + 20, 4) != META_DATA_VERSION)
        return error_set(err, AF_NEWER, "%s was written by another version of LMDB (format %u)",
                         what, (unsigned)native(meta + 20, 4));
    *out = (struct meta){.page_bytes = native(meta + 40, 4),
                         .last_page = native(meta + 136, 8),
                         .txnid = native(meta + 144, 8)};
    out->roots_inside =
        is_root_inside(meta + 40, out->last_page) && is_root_inside(meta + 88, out->last_page);
    return AF_OK;
}

/* Commit n writes its meta page to page n mod 2, so the two always hold neighbours (zero and zero
 * in a new file). Otherwise the newest is not there any more, and LMDB would go on from an older
 * state as if nothing had happened. */
static bool are_neighbours(const struct meta meta[2])
{
    uint64_t a = meta[0].txnid, b = meta[1].txnid;

    return a > b ? a - b == 1 && a % 2 == 0 : a == b ? a == 0 : b - a == 1 && b % 2 == 1;
}

static enum status probe_both(int fd, const char *what, struct meta meta[2], struct error *err)
{
    enum status status = probe_meta(fd, 0, what, &meta[0], err);
    uint64_t page_bytes = meta[0].page_bytes;

    if (status != AF_OK)
        return status;
    if (page_bytes < 512 || page_bytes > 65536 || (page_bytes & (page_bytes - 1)) != 0)
        return error_set(err, AF_CORRUPT, "%s states an impossible page size", what);
    if ((status = probe_meta(fd, (off_t)page_bytes, what, &meta[1], err)) != AF_OK)
        return status;
    if (meta[1].page_bytes != page_bytes)
        return error_set(err, AF_CORRUPT, "%s states two page sizes", what);
    return AF_OK;
}

#define PROBES_MAX 20 /* a commit between the two reads makes them look apart */

static enum status probe_pages(int fd, const char *path, const char *what, struct error *err)
{
    struct meta meta[2] = {{0}};
    const struct meta *newest;
    struct stat st;
    enum status status = probe_both(fd, what, meta, err);

    for (int i = 1; status == AF_OK && !are_neighbours(meta) && i < PROBES_MAX; i++)
        status = probe_both(fd, what, meta, err);
    if (status != AF_OK)
        return status;
    if (!are_neighbours(meta))
        return error_set(err, AF_CORRUPT,
                         "%s has lost its newest state: its first two pages do not belong "
                         "together; restore the last backup",
                         what);
    newest = &meta[meta[1].txnid > meta[0].txnid];
    if (fstat(fd, &st) != 0)
        return error_set(err, AF_IO, "%s cannot be read: %s: %s", what, path, strerror(errno));
    if (newest->last_page >= (uint64_t)INT64_MAX / newest->page_bytes ||
        (uint64_t)st.st_size < (newest->last_page + 1) * newest->page_bytes)
        return error_set(err, AF_CORRUPT,
                         "%s is cut off: %s has %lld bytes but its last page ends later", what,
                         path, (long long)st.st_size);
    if (!newest->roots_inside)
        return error_set(err, AF_CORRUPT, "%s begins at a page past its end", what);
    return AF_OK;
}

enum status env_probe_file(const char *path, const char *what, struct error *err)
{
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
    else if (!S_ISREG(st.st_mode))
        status = error_set(err, AF_CORRUPT, "%s is not a file: %s", what, path);
    else if (st.st_size > 0)
        status = probe_pages(fd, path, what, err);
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

static unsigned mdb_flags(const struct env_options *options)
{
    unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;

#ifdef AF_FAULT_NO_SYNC /* planted faults: tests/fault shows that the harness notices them */
    flags |= MDB_NOSYNC;
#endif
#ifdef AF_FAULT_NO_METASYNC
    flags |= MDB_NOMETASYNC;
#endif
    return flags | (options->rebuildable ? MDB_NOSYNC : 0u) |
           (options->read_only ? MDB_RDONLY : 0u);
}

/* One try with one map size. On failure *out is NULL. */
static int try_open(const char *path, const struct env_options *options, unsigned flags,
                    size_t map_bytes, MDB_env **out)
{
    MDB_env *mdb = NULL;
    int rc = mdb_env_create(&mdb);

    if (rc == 0)
        rc = mdb_env_set_maxreaders(mdb, ENV_READERS_MAX);
    if (rc == 0)
        rc = mdb_env_set_maxdbs(mdb, options->dbs_max);
    if (rc == 0)
        rc = mdb_env_set_mapsize(mdb, map_bytes);
    if (rc == 0)
        rc = mdb_env_open(mdb, path, flags, 0600);
    if (rc != 0 && mdb != NULL) {
        mdb_env_close(mdb);
        mdb = NULL;
    }
    *out = mdb;
    return rc;
}

/* A smaller map where address space is limited (ulimit -v, valgrind). */
static int open_map(const char *path, const struct env_options *options, unsigned flags,
                    MDB_env **out)
{
    size_t map_bytes = ENV_MAP_BYTES;
    int rc = try_open(path, options, flags, map_bytes, out);

    while (rc == ENOMEM && map_bytes > (size_t)1 << 30)
        rc = try_open(path, options, flags, map_bytes /= 2, out);
    return rc;
}

static bool path_in(const char *dir, const char *name, char path[PATH_MAX])
{
    return (size_t)snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

/* LMDB's readers write into the lock file. Where we may not, one may still read as long as no
 * writer has the environment open: without a slot, its pages could be reused under us. (One that
 * opens it later is not kept out; checksums then show what happened.) */
static int open_without_lock(const char *dir, const struct env_options *options, MDB_env **out)
{
    struct flock writer = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    char path[PATH_MAX];
    int rc = 0, fd = path_in(dir, "lock.mdb", path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;

    if (fd < 0 && errno != ENOENT)
        return errno;
    if (fd >= 0) {
        if (fcntl(fd, F_GETLK, &writer) != 0)
            rc = errno;
        else if (writer.l_type != F_UNLCK)
            rc = EACCES;
        close(fd);
    }
    return rc == 0 ? open_map(dir, options, mdb_flags(options) | MDB_NOLOCK, out) : rc;
}

static enum status open_mdb(struct env *env, const struct env_options *options, struct error *err)
{
    int dead, rc = open_map(env->dir, options, mdb_flags(options), &env->mdb);

    if ((rc == EACCES || rc == EROFS) && options->read_only)
        rc = open_without_lock(env->dir, options, &env->mdb);

    if (rc == 0 && !options->read_only)
        rc = mdb_reader_check(env->mdb, &dead); /* slots of killed processes pin pages */
    if (rc != 0 && env->mdb != NULL) {
        mdb_env_close(env->mdb);
        env->mdb = NULL;
    }
    return env_status(env, rc, "opening", err);
}

static int sync_dir(const char *dir)
{
    int rc = 0, fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return errno;
    if (fsync(fd) != 0)
        rc = errno;
    close(fd);
    return rc;
}

/* LMDB writes the first two pages of a new file without a sync, so a power cut in the first
 * second leaves a file that is neither empty nor LMDB. The file is therefore made under another
 * name, synced and renamed: data.mdb is whole from the first moment it is there. */
static enum status create_file(struct env *env, const struct env_options *options,
                               struct error *err)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    struct stat st;
    MDB_env *mdb = NULL;
    int rc = 0;

    if (!path_in(env->dir, "data.mdb", path) || !path_in(env->dir, "data.mdb.new", fresh))
        return error_set(err, AF_INVALID, "the path of %s is too long", env->what);
    if (stat(path, &st) == 0 && st.st_size > 0)
        return AF_OK;
    (void)unlink(fresh);
    rc = open_map(fresh, options, mdb_flags(options) | MDB_NOSUBDIR | MDB_NOLOCK, &mdb);
    if (rc == 0)
        rc = mdb_env_sync(mdb, 1);
    if (mdb != NULL)
        mdb_env_close(mdb);
    if (rc == 0 && rename(fresh, path) != 0)
        rc = errno;
    if (rc == 0)
        rc = sync_dir(env->dir);
    else
        (void)unlink(fresh);
    return env_status(env, rc, "making the file", err);
}

/* Two processes that begin at once must not both make the file: the second would replace the
 * one that the first has begun to use. The lock ends with the descriptor. */
static enum status create_alone(struct env *env, const struct env_options *options,
                                struct error *err)
{
    int rc, fd = open(env->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status;

    if (fd < 0)
        return env_status(env, errno, "opening the folder", err);
    rc = flock(fd, LOCK_EX) == 0 ? 0 : errno;
    status =
        rc == 0 ? create_file(env, options, err) : env_status(env, rc, "locking the folder", err);
    close(fd);
    return status;
}

static enum status not_found(const char *dir, const struct env_options *options, struct error *err)
{
    return error_set(err, AF_NOT_FOUND, "%s was not found in %s", options->what, dir);
}

static enum status open_checked(struct env *env, const struct env_options *options,
                                struct error *err)
{
    char path[PATH_MAX];
    struct stat st;
    enum status status;

    if (!path_in(env->dir, "lock.mdb", path))
        return error_set(err, AF_INVALID, "the path of %s is too long", options->what);
    if (!options->read_only && ((status = prepare_lock_file(path, options->what, err)) != AF_OK ||
                                (status = create_alone(env, options, err)) != AF_OK))
        return status;
    (void)path_in(env->dir, "data.mdb", path);
    if (options->read_only && (stat(path, &st) != 0 ? errno == ENOENT : st.st_size == 0))
        return not_found(env->dir, options, err);
    if ((status = env_probe_file(path, options->what, err)) != AF_OK)
        return status;
    return open_mdb(env, options, err);
}

enum status env_open(const char *dir, const struct env_options *options, struct env *out,
                     struct error *err)
{
    struct env env = {
        .what = options->what, .dir = (char *)(uintptr_t)dir, .read_only = options->read_only};
    enum status status = AF_OK;
    struct stat st;

    if (!options->read_only && (status = make_dir(dir, options->what, err)) != AF_OK)
        return status;
    if (stat(dir, &st) != 0)
        return errno == EACCES ? env_status(&env, EACCES, "opening", err)
                               : not_found(dir, options, err);
    /* Before anything touches the lock file: closing a descriptor of it drops its locks. */
    if ((status = remember(&st, dir, err)) != AF_OK)
        return status;
    env.dev = st.st_dev;
    env.ino = st.st_ino;
    env.dir = strdup(dir);
    status = env.dir != NULL ? open_checked(&env, options, err)
                             : error_set(err, AF_NO_MEMORY, "no memory to open %s", options->what);
    if (status != AF_OK) {
        forget(env.dev, env.ino);
        free(env.dir);
        return status;
    }
    *out = env;
    return AF_OK;
}

void env_close(struct env *env)
{
    if (env->mdb == NULL)
        return;
    mdb_env_close(env->mdb);
    forget(env->dev, env->ino); /* after: until then a second open would drop the lock */
    free(env->dir);
    *env = (struct env){0};
}
