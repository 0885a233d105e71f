#include "data/env_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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
        return error_set(err, AF_FULL,
                         "%s: %s has reached the size that it was opened for; restart askfirst, "
                         "which then opens it for twice as much",
                         doing, env->what);
    case MDB_MAP_RESIZED:
        return error_set(err, AF_FULL,
                         "%s: another program has made %s larger than it was opened for here; "
                         "restart askfirst",
                         doing, env->what);
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PAGE_FULL:
    case MDB_CURSOR_FULL:
    case MDB_INCOMPATIBLE:
    case MDB_BAD_TXN: /* after one of the others */
    case MDB_INVALID:
        return error_set(err, AF_CORRUPT, "%s: %s in %s is damaged (%s)%s", doing, env->what,
                         env->dir, mdb_strerror(rc), env->cure == NULL ? "" : env->cure);
    case MDB_PANIC: /* what is on the disk is unknown until somebody opens it */
        return error_set(err, AF_CORRUPT,
                         "%s: an earlier write to %s failed: check the disk that holds %s, then "
                         "restart",
                         doing, env->what, env->dir);
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

static bool path_in(const char *dir, const char *name, char path[PATH_MAX])
{
    return (size_t)snprintf(path, PATH_MAX, "%s/%s", dir, name) < PATH_MAX;
}

/* The same file as LMDB's: while that has its lock, nobody puts another in its place. */
static int map_pages(struct env *env, const char *path)
{
    size_t len = env_map_bytes(env);
    int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
    void *at;

    if (fd < 0)
        return errno;
    at = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
    rc = at == MAP_FAILED ? errno : 0;
    close(fd);
    if (rc != 0)
        return rc;
    (void)madvise(at, len, MADV_RANDOM); /* as LMDB does with its own */
    env->pages = at;
    env->pages_bytes = len;
    return 0;
}

static void close_mdb(struct env *env)
{
    if (env->pages != NULL)
        (void)munmap((void *)(uintptr_t)env->pages, env->pages_bytes);
    if (env->mdb != NULL)
        mdb_env_close(env->mdb);
    env->pages = NULL;
    env->mdb = NULL;
}

struct pages env_pages(const struct env *env)
{
    struct pages pages = {.at = env->pages};
    MDB_envinfo info;
    MDB_stat stat;

    if (env->pages == NULL || mdb_env_info(env->mdb, &info) != 0 ||
        mdb_env_stat(env->mdb, &stat) != 0)
        return pages;
    pages.count = info.me_last_pgno + 1;
    pages.page_bytes = stat.ms_psize;
    if (pages.count > env->pages_bytes / pages.page_bytes)
        pages.count = env->pages_bytes / pages.page_bytes;
    return pages;
}

static size_t file_bytes(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (size_t)st.st_size : 0;
}

/* A smaller map where address space is limited: ulimit -v says ENOMEM, valgrind EINVAL. */
static int open_map(struct env *env, const char *path, const struct env_options *options,
                    unsigned flags)
{
    size_t map_bytes = options->map_bytes > 0 ? options->map_bytes : ENV_MAP_BYTES;
    char file[PATH_MAX];
    int rc;

    if ((flags & MDB_NOSUBDIR) != 0 ? (size_t)snprintf(file, sizeof file, "%s", path) >= sizeof file
                                    : !path_in(path, "data.mdb", file))
        return ENAMETOOLONG;
    while (map_bytes / 2 < file_bytes(file))
        map_bytes *= 2;
    for (;; map_bytes /= 2) {
        rc = try_open(path, options, flags, map_bytes, &env->mdb);
        if (rc == 0 && options->maps_pages)
            rc = map_pages(env, file);
        if (rc != 0)
            close_mdb(env);
        if ((rc != ENOMEM && rc != EINVAL) || map_bytes <= (size_t)1 << 30)
            return rc;
    }
}

size_t env_map_bytes(const struct env *env)
{
    MDB_envinfo info;

    return env->mdb != NULL && mdb_env_info(env->mdb, &info) == 0 ? info.me_mapsize : 0;
}

size_t env_map_room(const struct env *env)
{
    MDB_envinfo info;
    MDB_stat stat;
    size_t used;

    if (env->mdb == NULL || mdb_env_info(env->mdb, &info) != 0 ||
        mdb_env_stat(env->mdb, &stat) != 0)
        return 0;
    used = (info.me_last_pgno + 1) * stat.ms_psize;
    return used < info.me_mapsize ? info.me_mapsize - used : 0;
}

/* LMDB's readers write into the lock file. Where we may not, one may still read as long as no
 * writer has the environment open: without a slot, its pages could be reused under us. (One that
 * opens it later is not kept out; checksums then show what happened.) */
static int open_without_lock(struct env *env, const struct env_options *options)
{
    struct flock writer = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
    char path[PATH_MAX];
    int rc = 0, fd = path_in(env->dir, "lock.mdb", path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;

    if (fd < 0 && errno != ENOENT)
        return errno;
    if (fd >= 0) {
        if (fcntl(fd, F_GETLK, &writer) != 0)
            rc = errno;
        else if (writer.l_type != F_UNLCK)
            rc = EACCES;
        close(fd);
    }
    return rc == 0 ? open_map(env, env->dir, options, mdb_flags(options) | MDB_NOLOCK) : rc;
}

static enum status open_mdb(struct env *env, const struct env_options *options, struct error *err)
{
    int dead, rc = open_map(env, env->dir, options, mdb_flags(options));
    enum status status;

    if ((rc == EACCES || rc == EROFS) && options->read_only)
        rc = open_without_lock(env, options);

    if (rc == 0 && !options->read_only)
        rc = mdb_reader_check(env->mdb, &dead); /* slots of killed processes pin pages */
    status = env_status(env, rc, "opening", err);
    if (status == AF_OK && options->only != NULL)
        status = env_account(env, options->only, err);
    if (status != AF_OK)
        close_mdb(env);
    return status;
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
    struct env making = {0};
    int rc = 0;

    if (!path_in(env->dir, "data.mdb", path) || !path_in(env->dir, "data.mdb.new", fresh))
        return error_set(err, AF_INVALID, "the path of %s is too long", env->what);
    if (stat(path, &st) == 0 && st.st_size > 0)
        return AF_OK;
    (void)unlink(fresh);
    rc = open_map(&making, fresh, options, mdb_flags(options) | MDB_NOSUBDIR | MDB_NOLOCK);
    if (rc == 0)
        rc = mdb_env_sync(making.mdb, 1);
    close_mdb(&making);
    if (rc == 0 && rename(fresh, path) != 0)
        rc = errno;
    if (rc == 0)
        rc = sync_dir(env->dir);
    else
        (void)unlink(fresh);
    return env_status(env, rc, "making the file", err);
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
    if (!options->read_only &&
        ((status = env_prepare_lock_file(path, options->what, err)) != AF_OK ||
         (status = create_file(env, options, err)) != AF_OK))
        return status;
    (void)path_in(env->dir, "data.mdb", path);
    if (options->read_only && (stat(path, &st) != 0 ? errno == ENOENT : st.st_size == 0))
        return not_found(env->dir, options, err);
    if ((status = env_probe_file(path, options->what, err)) != AF_OK)
        return status;
    return open_mdb(env, options, err);
}

/* One after another. Two processes that begin at once must not both make the file: the second
 * would replace the one that the first has begun to use. And nobody may wait inside LMDB for one
 * who makes the lock file anew: should that one be killed, the other goes on with a lock file that
 * says that nothing was ever committed, reads an older state and writes over the newest. Whoever
 * waits here finds nobody inside, and makes it anew himself. The lock ends with the process or
 * here; a child that was forked meanwhile keeps the descriptor, hence LOCK_UN. */
static enum status open_alone(struct env *env, const struct env_options *options,
                              struct error *err)
{
    int rc = 0, fd = open(env->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status;

    if (fd < 0 && !options->read_only) /* a reader may have no right to list the folder */
        return env_status(env, errno, "opening the folder", err);
    while (fd >= 0 && (rc = flock(fd, LOCK_EX) == 0 ? 0 : errno) == EINTR)
        continue;
    status = rc == 0 || options->read_only ? open_checked(env, options, err)
                                           : env_status(env, rc, "locking the folder", err);
    if (fd >= 0) {
        (void)flock(fd, LOCK_UN);
        close(fd);
    }
    return status;
}

enum status env_open(const char *dir, const struct env_options *options, struct env *out,
                     struct error *err)
{
    struct env env = {
        .what = options->what,
        .cure = options->cure,
        .dir = (char *)(uintptr_t)dir,
        .read_only = options->read_only,
    };
    enum status status = AF_OK;
    struct stat st;

    if (!options->read_only && (status = make_dir(dir, options->what, err)) != AF_OK)
        return status;
    if (stat(dir, &st) != 0)
        return errno == EACCES ? env_status(&env, EACCES, "opening", err)
                               : not_found(dir, options, err);
    /* Before anything touches the lock file: closing a descriptor of it drops its locks. */
    if ((status = env_remember(&st, dir, err)) != AF_OK)
        return status;
    env.dev = st.st_dev;
    env.ino = st.st_ino;
    env.dir = strdup(dir);
    status = env.dir != NULL ? open_alone(&env, options, err)
                             : error_set(err, AF_NO_MEMORY, "no memory to open %s", options->what);
    if (status != AF_OK) {
        env_forget(env.dev, env.ino);
        free(env.dir);
        return status;
    }
    *out = env;
    return AF_OK;
}

enum status env_open_unshared(const char *path, const struct env_options *options, struct env *out,
                              struct error *err)
{
    struct env env = {.what = options->what, .cure = options->cure, .dir = strdup(path)};
    int rc = env.dir == NULL
                 ? ENOMEM
                 : open_map(&env, path, options, mdb_flags(options) | MDB_NOSUBDIR | MDB_NOLOCK);
    enum status status = env_status(&env, rc, "opening", err);

    if (status == AF_OK)
        *out = env;
    else
        free(env.dir);
    return status;
}

void env_close(struct env *env)
{
    if (env->mdb == NULL)
        return;
    close_mdb(env);
    env_forget(env->dev, env->ino); /* after: until then a second open would drop the lock */
    free(env->dir);
    *env = (struct env){0};
}
