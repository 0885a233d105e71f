/* Three ways to unpack behind one call. Each fills `out` from `in`; `in` is refilled from the
 * file when it is used up. A packed file may hold several members one after another (what
 * `cat a.gz b.gz` gives, and what parallel compressors write). */
#include "intake/import/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define IN_BYTES (128u << 10)
#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, gzip framing */

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

struct source {
    int fd;
    enum packing packing;
    bool in_member; /* packed: between a member's first and last byte */
    bool at_eof;    /* of the file */
    uint64_t taken;
    z_stream gzip;
    ZSTD_DStream *zstd;
    char *path;
    const uint8_t *at; /* what is left in `in` */
    size_t left;
    uint8_t in[IN_BYTES];
};

/* Reads from the file until `in` holds something or the file ends. */
static enum status refill(struct source *source, struct error *err)
{
    ssize_t n;

    if (source->left > 0 || source->at_eof)
        return AF_OK;
    n = read(source->fd, source->in, sizeof source->in);
    if (n < 0 && errno == EINTR) /* only a signal that asks to stop has a handler */
        return error_set(err, AF_BUSY, "reading %s was interrupted", source->path);
    if (n < 0)
        return error_set(err, AF_IO, "%s cannot be read: %s", source->path, strerror(errno));
    source->at = source->in;
    source->left = (size_t)n;
    source->taken += (uint64_t)n;
    source->at_eof = n == 0;
    return AF_OK;
}

/* `why` NULL: the file ended. */
static enum status damaged(const char *why, struct error *err)
{
    return error_set(err, AF_INVALID, "the packed data cannot be read any further: %s",
                     why == NULL ? "the file ends too early (was it cut off?)" : why);
}

static enum status unpack_gzip(struct source *source, uint8_t *at, size_t room, size_t *got,
                               struct error *err)
{
    z_stream *z = &source->gzip;
    int rc;

    z->next_in = (uint8_t *)(uintptr_t)source->at;
    z->avail_in = (uInt)source->left;
    z->next_out = at;
    z->avail_out = (uInt)room;
    rc = inflate(z, Z_NO_FLUSH);
    source->at = z->next_in;
    source->left = z->avail_in;
    *got = room - z->avail_out;
    source->in_member = rc != Z_STREAM_END;
    if (rc == Z_STREAM_END)
        rc = inflateReset(z);
    if (rc == Z_OK || (rc == Z_BUF_ERROR && !source->at_eof) || *got > 0)
        return AF_OK; /* what came before the damage first; the next call meets it again */
    return damaged(rc == Z_BUF_ERROR ? NULL : z->msg != NULL ? z->msg : "not gzip", err);
}

static enum status unpack_zstd(struct source *source, uint8_t *at, size_t room, size_t *got,
                               struct error *err)
{
    ZSTD_inBuffer in = {source->at, source->left, 0};
    ZSTD_outBuffer out = {at, room, 0};
    size_t rc = ZSTD_decompressStream(source->zstd, &out, &in);

    source->at += in.pos;
    source->left -= in.pos;
    *got = out.pos;
    if (ZSTD_isError(rc))
        return damaged(source->at_eof ? NULL : ZSTD_getErrorName(rc), err);
    source->in_member = rc != 0;
    return AF_OK;
}

enum status source_read(struct source *source, uint8_t *at, size_t room, size_t *got,
                        struct error *err)
{
    *got = 0;
    while (*got == 0) {
        enum status status = refill(source, err);

        if (status != AF_OK)
            return status;
        if (source->packing == PACKING_NONE) {
            *got = source->left < room ? source->left : room;
            memcpy(at, source->at, *got);
            source->at += *got;
            source->left -= *got;
            return AF_OK;
        }
        if (source->left == 0 && !source->in_member)
            return AF_OK;
        status = source->packing == PACKING_GZIP ? unpack_gzip(source, at, room, got, err)
                                                 : unpack_zstd(source, at, room, got, err);
        if (status != AF_OK)
            return status;
        if (*got == 0 && source->at_eof && source->in_member)
            return damaged(NULL, err);
    }
    return AF_OK;
}

static enum status start_unpacking(struct source *source, struct error *err)
{
    static const uint8_t gzip[] = {0x1F, 0x8B}, zstd[] = {0x28, 0xB5, 0x2F, 0xFD};
    struct bytes start = bytes_of(source->at, source->left);

    if (bytes_has_prefix(start, bytes_of(gzip, sizeof gzip))) {
        source->packing = PACKING_GZIP;
        if (inflateInit2(&source->gzip, GZIP_WINDOW) != Z_OK) {
            source->packing = PACKING_NONE;
            return error_set(err, AF_NO_MEMORY, "no memory to unpack %s", source->path);
        }
    } else if (bytes_has_prefix(start, bytes_of(zstd, sizeof zstd))) {
        source->packing = PACKING_ZSTD;
        source->zstd = ZSTD_createDStream();
        if (source->zstd == NULL)
            return error_set(err, AF_NO_MEMORY, "no memory to unpack %s", source->path);
    }
    return AF_OK;
}

static enum status open_file(struct source *source, struct error *err)
{
    struct stat st;

    if (strcmp(source->path, "-") == 0) {
        source->fd = dup(STDIN_FILENO);
        return source->fd >= 0 ? AF_OK : error_set(err, AF_IO, "standard input is closed");
    }
    /* Not waiting: opening a pipe that nobody writes to would hang for ever. */
    source->fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (source->fd < 0 && errno == ENOENT)
        return error_set(err, AF_NOT_FOUND, "there is no file %s", source->path);
    if (source->fd < 0)
        return error_set(err, AF_DENIED, "%s cannot be opened: %s", source->path, strerror(errno));
    if (fstat(source->fd, &st) != 0 || (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode)))
        return error_set(err, AF_INVALID, "%s is not a file", source->path);
    if (S_ISFIFO(st.st_mode))
        (void)fcntl(source->fd, F_SETFL, O_RDONLY); /* wait for a pipe's data all the same */
    return AF_OK;
}

enum status source_open(const char *path, struct source **out, struct error *err)
{
    struct source *source = calloc(1, sizeof *source);
    enum status status;

    if (source == NULL || (source->path = strdup(path)) == NULL) {
        free(source);
        return error_set(err, AF_NO_MEMORY, "no memory to read %s", path);
    }
    source->fd = -1;
    status = open_file(source, err);
    if (status == AF_OK)
        status = refill(source, err);
    if (status == AF_OK)
        status = start_unpacking(source, err);
    if (status == AF_OK)
        *out = source;
    else
        source_close(source);
    return status;
}

void source_close(struct source *source)
{
    if (source == NULL)
        return;
    if (source->packing == PACKING_GZIP)
        (void)inflateEnd(&source->gzip);
    (void)ZSTD_freeDStream(source->zstd);
    if (source->fd >= 0)
        close(source->fd);
    free(source->path);
    free(source);
}

uint64_t source_taken(const struct source *source)
{
    return source->taken - source->left;
}
