#include "tests/fault/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct disk_hooks disk_hooks = {.free_bytes = -1};

#define FILES_MAX 1024

/* Which descriptors are data.mdb, and of those, which write through. */
static struct {
    bool is_data, is_synced;
} files[FILES_MAX];

static bool is_data_file(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strncmp(slash == NULL ? path : slash + 1, "data.mdb", 8) == 0;
}

static bool is_data(int fd)
{
    return fd >= 0 && fd < FILES_MAX && files[fd].is_data;
}

static struct disk_fault before(enum disk_call call, int fd)
{
    return disk_hooks.before != NULL ? disk_hooks.before(call, fd) : (struct disk_fault){0};
}

/* The end of a call that a fault asked for. */
static long after(const struct disk_fault *fault, long result)
{
    if (!fault->is_after)
        return result;
    errno = fault->error;
    return -1;
}

static bool is_refused(const struct disk_fault *fault)
{
    if (fault->error == 0 || fault->is_after)
        return false;
    errno = fault->error;
    return true;
}

/* --- open and close ----------------------------------------------------------------------- */

static int open_file(const char *path, int flags, mode_t mode)
{
    struct disk_fault fault = before(DISK_OPEN, -1);
    int fd;

    if (is_refused(&fault))
        return -1;
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd >= 0 && fd < FILES_MAX) {
        files[fd].is_data = is_data_file(path);
        files[fd].is_synced = (flags & (O_SYNC | O_DSYNC)) != 0;
    }
    return fd;
}

#define OPEN_BODY                                                                                  \
    mode_t mode = 0;                                                                               \
                                                                                                   \
    if (flags & O_CREAT) {                                                                         \
        va_list args;                                                                              \
                                                                                                   \
        va_start(args, flags);                                                                     \
        mode = va_arg(args, mode_t);                                                               \
        va_end(args);                                                                              \
    }                                                                                              \
    return open_file(path, flags, mode)

int open(const char *path, int flags, ...)
{
    OPEN_BODY;
}

int open64(const char *path, int flags, ...)
{
    OPEN_BODY;
}

int close(int fd)
{
    if (fd >= 0 && fd < FILES_MAX)
        files[fd].is_data = false;
    return (int)syscall(SYS_close, fd);
}

/* --- writing ------------------------------------------------------------------------------ */

static void tell_wrote(int fd, off_t at, const void *data, ssize_t n)
{
    if (n > 0 && is_data(fd) && disk_hooks.wrote != NULL)
        disk_hooks.wrote(fd, at, data, (size_t)n, files[fd].is_synced);
}

ssize_t pwrite(int fd, const void *data, size_t len, off_t at)
{
    struct disk_fault fault = before(DISK_WRITE, fd);
    ssize_t n;

    if (is_refused(&fault))
        return -1;
    n = syscall(SYS_pwrite64, fd, data, fault.is_short ? len / 2 : len, at);
    tell_wrote(fd, at, data, n);
    return after(&fault, n);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off_t at)
{
    return pwrite(fd, data, len, at);
}

ssize_t write(int fd, const void *data, size_t len)
{
    struct disk_fault fault = before(DISK_WRITE, fd);
    off_t at = is_data(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t n;

    if (is_refused(&fault))
        return -1;
    n = syscall(SYS_write, fd, data, fault.is_short ? len / 2 : len);
    tell_wrote(fd, at, data, n);
    return after(&fault, n);
}

/* One piece after another: what was written of each is told. */
static ssize_t write_pieces(int fd, const struct iovec *pieces, int count, off_t at)
{
    struct disk_fault fault = before(DISK_WRITE, fd);
    ssize_t total = 0;

    if (is_refused(&fault))
        return -1;
    for (int i = 0; i < count; i++) {
        size_t len = fault.is_short && i == count - 1 ? pieces[i].iov_len / 2 : pieces[i].iov_len;
        ssize_t n = syscall(SYS_pwrite64, fd, pieces[i].iov_base, len, at + total);

        if (n < 0)
            return total > 0 ? total : -1;
        tell_wrote(fd, at + total, pieces[i].iov_base, n);
        total += n;
        if ((size_t)n < pieces[i].iov_len)
            break;
    }
    return after(&fault, total);
}

ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t at)
{
    return write_pieces(fd, pieces, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off_t at)
{
    return write_pieces(fd, pieces, count, at);
}

/* LMDB seeks, then writes its pages with writev. A pipe cannot be written at a place. */
ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    off_t at = is_data(fd) ? lseek(fd, 0, SEEK_CUR) : -1;
    ssize_t n;

    if (at < 0)
        return syscall(SYS_writev, fd, pieces, count);
    n = write_pieces(fd, pieces, count, at);
    if (n > 0)
        (void)lseek(fd, at + n, SEEK_SET);
    return n;
}

/* --- syncing ------------------------------------------------------------------------------ */

static int sync_with(long number, int fd)
{
    struct disk_fault fault = before(DISK_SYNC, fd);
    long rc;

    if (is_refused(&fault))
        return -1;
    rc = syscall(number, fd);
    if (rc == 0 && is_data(fd) && disk_hooks.synced != NULL)
        disk_hooks.synced(fd);
    return (int)after(&fault, rc);
}

int fsync(int fd)
{
    return sync_with(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_with(SYS_fdatasync, fd);
}

int msync(void *at, size_t len, int flags)
{
    struct disk_fault fault = before(DISK_SYNC, -1);

    return is_refused(&fault) ? -1 : (int)after(&fault, syscall(SYS_msync, at, len, flags));
}

/* --- the rest ----------------------------------------------------------------------------- */

int ftruncate(int fd, off_t len)
{
    struct disk_fault fault = before(DISK_TRUNCATE, fd);

    return is_refused(&fault) ? -1 : (int)after(&fault, syscall(SYS_ftruncate, fd, len));
}

int ftruncate64(int fd, off_t len)
{
    return ftruncate(fd, len);
}

int posix_fallocate(int fd, off_t at, off_t len)
{
    struct disk_fault fault = before(DISK_ALLOCATE, fd);

    if (is_refused(&fault))
        return fault.error;
    return syscall(SYS_fallocate, fd, 0, at, len) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off_t at, off_t len)
{
    return posix_fallocate(fd, at, len);
}

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    struct disk_fault fault = fd >= 0 ? before(DISK_MAP, fd) : (struct disk_fault){0};

    if (is_refused(&fault))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset); // NOLINT
}

void *mmap64(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
    return mmap(at, len, protection, flags, fd, offset);
}

int rename(const char *from, const char *to)
{
    struct disk_fault fault = before(DISK_RENAME, -1);

    return is_refused(&fault) ? -1 : (int)after(&fault, syscall(SYS_rename, from, to));
}

int statvfs(const char *path, struct statvfs *out)
{
    struct statfs fs;

    if (statfs(path, &fs) != 0)
        return -1;
    memset(out, 0, sizeof *out);
    out->f_bsize = (unsigned long)fs.f_bsize;
    out->f_frsize = (unsigned long)fs.f_bsize;
    out->f_blocks = fs.f_blocks;
    out->f_bfree = fs.f_bfree;
    out->f_bavail = fs.f_bavail;
    if (disk_hooks.free_bytes >= 0)
        out->f_bavail = (fsblkcnt_t)disk_hooks.free_bytes / out->f_frsize;
    return 0;
}

int statvfs64(const char *path, struct statvfs64 *out)
{
    struct statvfs plain;

    if (statvfs(path, &plain) != 0)
        return -1;
    memset(out, 0, sizeof *out);
    out->f_bsize = plain.f_bsize;
    out->f_frsize = plain.f_frsize;
    out->f_bavail = plain.f_bavail;
    return 0;
}
