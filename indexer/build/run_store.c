#include "indexer/build/run_store.h"

#include "data/base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- the spill file ----------------------------------------------------------------------- */

void run_store_init(struct run_store *store, const char *dir, size_t bytes_max)
{
    *store = (struct run_store){
        .dir = dir, .bytes_max = bytes_max, .block_bytes = RUN_BLOCK_BYTES, .fd = -1};
    (void)pthread_mutex_init(&store->mutex, NULL);
}

void run_store_release(struct run_store *store)
{
    if (store->fd >= 0)
        close(store->fd);
    (void)pthread_mutex_destroy(&store->mutex);
}

static enum status file_error(const struct run_store *store, int code, const char *doing,
                              struct error *err)
{
    if (code == ENOSPC || code == EDQUOT)
        return error_set(err, AF_FULL,
                         "indexing: no space left on the disk that holds %s; free some",
                         store->dir);
    return error_set(err, AF_IO, "indexing: a file for sorting cannot be %s in %s: %s", doing,
                     store->dir, strerror(code));
}

/* Under the mutex. The name is gone before the first byte is written; one that a killed process
 * left is empty and is taken over. */
static enum status open_file(struct run_store *store, struct error *err)
{
    char path[4096];

    if ((size_t)snprintf(path, sizeof path, "%s/sorting.tmp", store->dir) >= sizeof path)
        return error_set(err, AF_INVALID, "the path of the index is too long");
    store->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (store->fd < 0)
        return file_error(store, errno, "made", err);
    if (unlink(path) != 0)
        return file_error(store, errno, "made", err);
    return AF_OK;
}

static enum status write_at(const struct run_store *store, struct bytes bytes, uint64_t at,
                            struct error *err)
{
    while (bytes.len > 0) {
        ssize_t n = pwrite(store->fd, bytes.data, bytes.len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return file_error(store, n < 0 ? errno : ENOSPC, "written", err);
        bytes = bytes_of(bytes.data + n, bytes.len - (size_t)n);
        at += (uint64_t)n;
    }
    return AF_OK;
}

static enum status read_at(const struct run_store *store, uint8_t *data, size_t len, uint64_t at,
                           struct error *err)
{
    while (len > 0) {
        ssize_t n = pread(store->fd, data, len, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return file_error(store, n < 0 ? errno : EIO, "read", err);
        data += n;
        len -= (size_t)n;
        at += (uint64_t)n;
    }
    return AF_OK;
}

/* --- blocks ------------------------------------------------------------------------------- */

/* A place in memory or in the file. */
static enum status reserve(struct run_store *store, size_t len, bool *in_memory, uint64_t *at,
                           struct error *err)
{
    enum status status = AF_OK;

    (void)pthread_mutex_lock(&store->mutex);
    *in_memory = store->dir == NULL || store->bytes + len <= store->bytes_max;
    if (*in_memory) {
        store->bytes += len;
    } else {
        if (store->fd < 0)
            status = open_file(store, err);
        *at = store->file_bytes;
        store->file_bytes += len;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    return status;
}

static void give_back(struct run_store *store, size_t len)
{
    (void)pthread_mutex_lock(&store->mutex);
    store->bytes -= len;
    (void)pthread_mutex_unlock(&store->mutex);
}

enum status run_block_keep(struct run_store *store, struct bytes bytes, struct run_block *out,
                           struct error *err)
{
    bool in_memory;
    enum status status;

    *out = (struct run_block){.len = (uint32_t)bytes.len, .readers = 1};
    status = reserve(store, bytes.len, &in_memory, &out->at, err);
    if (status != AF_OK)
        return status;
    if (!in_memory) {
        out->checksum = checksum64(out->at, &bytes, 1);
        return write_at(store, bytes, out->at, err);
    }
    out->memory = malloc(bytes.len);
    if (out->memory == NULL) {
        give_back(store, bytes.len);
        return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
    }
    memcpy(out->memory, bytes.data, bytes.len);
    return AF_OK;
}

static enum status load(struct run_store *store, const struct run_block *block, struct buf *scratch,
                        struct bytes *out, struct error *err)
{
    enum status status;
    uint8_t *at;

    buf_clear(scratch);
    if ((at = buf_reserve(scratch, block->len)) == NULL)
        return buf_status(scratch, "indexing cases", err);
    status = read_at(store, at, block->len, block->at, err);
    if (status != AF_OK)
        return status;
    *out = bytes_of(at, block->len);
    if (checksum64(block->at, out, 1) != block->checksum)
        return error_set(err, AF_IO,
                         "indexing: the file for sorting does not hold what was written");
    return AF_OK;
}

enum status run_block_read(struct run_store *store, const struct run_block *block,
                           struct buf *scratch, struct bytes *out, struct error *err)
{
    if (block->memory == NULL)
        return load(store, block, scratch, out, err);
    *out = bytes_of(block->memory, block->len);
    return AF_OK;
}

void run_block_done(struct run_store *store, struct run_block *block)
{
    uint8_t *memory = NULL;

    if (block->memory == NULL)
        return;
    (void)pthread_mutex_lock(&store->mutex);
    if (--block->readers == 0) {
        memory = block->memory;
        block->memory = NULL;
        store->bytes -= block->len;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    free(memory);
}

void run_block_free(struct run_store *store, struct run_block *block)
{
    if (block->memory == NULL)
        return;
    free(block->memory);
    block->memory = NULL;
    give_back(store, block->len);
}
