/* Looking before opening.
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
#include "data/env_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum status env_prepare_lock_file(const char *path, const char *what, struct error *err)
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
