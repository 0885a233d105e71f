/* One blob. The order of steps is the safety of it:
 *
 *   new-RANDOM   write, hash on the way, fsync
 *   abcdef…      rename, fsync of the folder; only now may a command name it
 *
 * What dies before the rename leaves an unfinished file, and after it a blob that nobody names:
 * both are removed when they are old (blob_ref.h). */
#include "data/blob_impl.h"

#include "data/base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PIECE_BYTES 65536
#define AHEAD_BYTES (1u << 20) /* handed to the disk while more comes: the last sync is short */

struct blob_writer {
    char dir[PATH_MAX], path[PATH_MAX];
    int fd;
    uint64_t bytes, bytes_max, told; /* told: of `bytes`, to the disk */
    crypto_generichash_state hash;
};

/* --- writing ------------------------------------------------------------------------------ */

enum status blob_room(const char *dir, uint64_t bytes, struct error *err)
{
    struct statvfs fs;
    uint64_t room;

    if (statvfs(dir, &fs) != 0)
        return blob_failed(errno, "cannot look at", dir, err);
    room = (uint64_t)fs.f_bavail * fs.f_frsize;
    if (room < bytes || room - bytes < BLOB_FREE_MIN)
        return error_set(err, AF_FULL,
                         "the disk is nearly full: a file of %llu MiB would leave less than %u MiB "
                         "for everything else",
                         (unsigned long long)(bytes >> 20), BLOB_FREE_MIN >> 20);
    return AF_OK;
}

static enum status open_new(struct blob_writer *writer, struct error *err)
{
    char id[ID_HEX_BYTES], name[sizeof BLOB_NEW + ID_HEX_BYTES];
    enum status status;

    id_random(id);
    (void)snprintf(name, sizeof name, BLOB_NEW "%s", id);
    if ((status = blob_path(writer->dir, name, writer->path, err)) != AF_OK)
        return status;
    writer->fd = open(writer->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return writer->fd >= 0 ? AF_OK : blob_failed(errno, "cannot write", writer->path, err);
}

enum status blob_begin(const char *dir, uint64_t bytes_max, struct blob_writer **out,
                       struct error *err)
{
    struct blob_writer *writer;
    enum status status = hash_start(err);

    if (status != AF_OK || (status = blob_make_dir(dir, err)) != AF_OK)
        return status;
    writer = aligned_alloc(_Alignof(struct blob_writer), sizeof *writer); /* libsodium's state */
    if (writer == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to store a file");
    *writer = (struct blob_writer){.fd = -1, .bytes_max = bytes_max};
    (void)crypto_generichash_init(&writer->hash, NULL, 0, DIGEST_BYTES);
    if ((size_t)snprintf(writer->dir, sizeof writer->dir, "%s", dir) >= sizeof writer->dir)
        status = error_set(err, AF_INVALID, "the path %.100s… is too long", dir);
    else
        status = open_new(writer, err);
    if (status == AF_OK)
        *out = writer;
    else
        free(writer);
    return status;
}

static enum status write_all(struct blob_writer *writer, struct bytes piece, struct error *err)
{
    while (piece.len > 0) {
        ssize_t n = write(writer->fd, piece.data, piece.len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return blob_failed(n < 0 ? errno : ENOSPC, "cannot write", writer->path, err);
        piece = bytes_of(piece.data + n, piece.len - (size_t)n);
    }
    return AF_OK;
}

enum status blob_write(struct blob_writer *writer, struct bytes piece, struct error *err)
{
    enum status status;

    if (piece.len > writer->bytes_max - writer->bytes)
        return error_set(err, AF_TOO_LARGE, "the file has more than %llu bytes",
                         (unsigned long long)writer->bytes_max);
    if (piece.len == 0 || (status = write_all(writer, piece, err)) != AF_OK)
        return piece.len == 0 ? AF_OK : status;
    (void)crypto_generichash_update(&writer->hash, piece.data, piece.len);
    writer->bytes += piece.len;
    if (writer->bytes - writer->told >= AHEAD_BYTES) {
        /* Only begins to write: an error is met by fsync. */
        (void)sync_file_range(writer->fd, (off_t)writer->told,
                              (off_t)(writer->bytes - writer->told), SYNC_FILE_RANGE_WRITE);
        writer->told = writer->bytes;
    }
    return AF_OK;
}

static enum status sync_and_close(struct blob_writer *writer, struct error *err)
{
    int why = fsync(writer->fd) != 0 ? errno : 0;

    if (close(writer->fd) != 0 && why == 0)
        why = errno;
    writer->fd = -1;
    return why == 0 ? AF_OK : blob_failed(why, "cannot sync", writer->path, err);
}

static enum status publish(struct blob_writer *writer, const struct digest *hash, struct error *err)
{
    char path[PATH_MAX];
    int lock;
    enum status status = blob_path_of(writer->dir, hash, path, err);

    /* Not while the old ones are removed: an equal one might be the next to go. */
    if (status != AF_OK || (status = blob_lock(writer->dir, BLOB_SHARED, &lock, err)) != AF_OK)
        return status;
    if (rename(writer->path, path) != 0)
        status = blob_failed(errno, "cannot rename", writer->path, err);
    blob_unlock(lock);
    if (status != AF_OK)
        return status;
    status = blob_path(writer->dir, NULL, path, err);
    return status == AF_OK ? blob_sync_dir(path, err) : status;
}

enum status blob_commit(struct blob_writer *writer, struct digest *hash, uint64_t *bytes,
                        struct error *err)
{
    struct digest digest;
    enum status status = sync_and_close(writer, err);

    (void)crypto_generichash_final(&writer->hash, digest.b, DIGEST_BYTES);
    if (status == AF_OK)
        status = publish(writer, &digest, err);
    if (status == AF_OK) {
        *hash = digest;
        *bytes = writer->bytes;
    }
    blob_abort(writer);
    return status;
}

/* After a commit the path is nobody's any more. */
void blob_abort(struct blob_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->fd >= 0)
        (void)close(writer->fd);
    (void)unlink(writer->path);
    free(writer);
}

/* --- reading ------------------------------------------------------------------------------ */

static enum status damaged(const struct digest *hash, const char *what, struct error *err)
{
    char hex[DIGEST_HEX_BYTES];

    digest_hex(hash, hex);
    return error_set(err, AF_CORRUPT, "damaged: blob %s %s", hex, what);
}

/* Hashes what the file has, up to one byte more than it should. */
static enum status hash_all(int fd, const struct digest *hash, uint64_t bytes, struct error *err)
{
    crypto_generichash_state state;
    uint8_t piece[PIECE_BYTES];
    struct digest found;
    uint64_t got = 0;

    (void)crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return damaged(hash, strerror(errno), err);
        if (n == 0 || got > bytes)
            break;
        (void)crypto_generichash_update(&state, piece, (unsigned long long)n);
        got += (uint64_t)n;
    }
    (void)crypto_generichash_final(&state, found.b, DIGEST_BYTES);
    if (got != bytes)
        return damaged(hash, got < bytes ? "is cut off" : "is longer than it was", err);
    return digest_equal(hash, &found) ? AF_OK : damaged(hash, "has other bytes", err);
}

enum status blob_open(const char *dir, const struct digest *hash, uint64_t bytes, int *fd,
                      struct error *err)
{
    char path[PATH_MAX];
    enum status status = blob_path_of(dir, hash, path, err);
    int file;

    if (status != AF_OK)
        return status;
    file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return errno == ENOENT || errno == ELOOP ? damaged(hash, "is missing", err)
                                                 : blob_failed(errno, "cannot read", path, err);
    status = hash_all(file, hash, bytes, err);
    if (status == AF_OK && lseek(file, 0, SEEK_SET) != 0)
        status = blob_failed(errno, "cannot read", path, err);
    if (status == AF_OK)
        *fd = file;
    else
        (void)close(file);
    return status;
}

enum status blob_verify(const char *dir, const struct digest *hash, uint64_t bytes,
                        struct error *err)
{
    int fd;
    enum status status = blob_open(dir, hash, bytes, &fd, err);

    if (status == AF_OK)
        (void)close(fd);
    return status;
}
