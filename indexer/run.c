#include "indexer/run.h"

#include "data/base/hash.h"
#include "data/base/limits.h"
#include "indexer/analyzer.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

/* --- the spill file ----------------------------------------------------------------------- */

void run_store_init(struct run_store *store, const char *dir, size_t bytes_max)
{
    *store = (struct run_store){.dir = dir, .bytes_max = bytes_max, .fd = -1};
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

/* --- keeping a block ---------------------------------------------------------------------- */

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

static void free_block(struct run_store *store, struct run_block *block)
{
    if (block->memory == NULL)
        return;
    free(block->memory);
    block->memory = NULL;
    (void)pthread_mutex_lock(&store->mutex);
    store->bytes -= block->len;
    (void)pthread_mutex_unlock(&store->mutex);
}

static enum status keep(struct run_store *store, struct bytes bytes, struct run_block *out,
                        struct error *err)
{
    bool in_memory;
    enum status status;

    *out = (struct run_block){.len = (uint32_t)bytes.len};
    status = reserve(store, bytes.len, &in_memory, &out->at, err);
    if (status != AF_OK)
        return status;
    if (!in_memory) {
        out->checksum = checksum64(out->at, &bytes, 1);
        return write_at(store, bytes, out->at, err);
    }
    out->memory = malloc(bytes.len);
    if (out->memory == NULL) {
        (void)pthread_mutex_lock(&store->mutex);
        store->bytes -= bytes.len;
        (void)pthread_mutex_unlock(&store->mutex);
        return no_memory(err);
    }
    memcpy(out->memory, bytes.data, bytes.len);
    return AF_OK;
}

enum status run_list_end(struct run_store *store, struct run_list *list, struct error *err)
{
    enum status status = buf_status(&list->open, "indexing cases", err);

    if (status != AF_OK || list->open.len == 0)
        return status;
    if (list->count == list->room) {
        uint32_t room = list->room == 0 ? 16 : list->room * 2;
        struct run_block *blocks = realloc(list->blocks, room * sizeof *blocks);

        if (blocks == NULL)
            return no_memory(err);
        list->blocks = blocks;
        list->room = room;
    }
    status = keep(store, buf_bytes(&list->open), &list->blocks[list->count], err);
    if (status == AF_OK)
        list->count++;
    buf_clear(&list->open);
    return status;
}

enum status run_list_added(struct run_store *store, struct run_list *list, struct error *err)
{
    return list->open.len < RUN_BLOCK_BYTES && buf_ok(&list->open) ? AF_OK
                                                                   : run_list_end(store, list, err);
}

static uint8_t *put_varint(uint8_t *at, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        *at++ = (uint8_t)(v | 0x80);
    *at++ = (uint8_t)v;
    return at;
}

enum status run_add_entry(struct run_store *store, struct run_list *list, struct bytes term,
                          uint32_t langs, struct bytes payload, struct error *err)
{
    struct buf *out = &list->open;
    uint8_t *at = buf_reserve(out, 1 + term.len + 5 + 10);

    assert(term.len > 0 && term.len <= UINT8_MAX);
    if (at == NULL)
        return no_memory(err);
    *at++ = (uint8_t)term.len;
    memcpy(at, term.data, term.len);
    at += term.len;
    if (term.data[0] == TERM_WORD)
        at = put_varint(at, langs);
    at = put_varint(at, payload.len);
    out->len = (size_t)(at - out->data);
    buf_add(out, payload);
    return run_list_added(store, list, err);
}

void run_list_release(struct run_store *store, struct run_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        free_block(store, &list->blocks[i]);
    free(list->blocks);
    buf_release(&list->open);
    *list = (struct run_list){0};
}

void run_init(struct run *run, struct run_store *store, uint64_t seq)
{
    memset(run, 0, sizeof *run);
    run->store = store;
    run->seq = seq;
}

void run_release(struct run *run)
{
    run_list_release(run->store, &run->docs);
    run_list_release(run->store, &run->terms);
}

/* --- reading ------------------------------------------------------------------------------ */

void run_reader_init(struct run_reader *reader, struct run_store *store, struct run_list *list)
{
    *reader = (struct run_reader){.store = store, .list = list, .r = reader_of(BYTES_NONE)};
}

void run_reader_release(struct run_reader *reader)
{
    buf_release(&reader->block);
}

static enum status damaged(struct error *err)
{
    return error_set(err, AF_IO, "indexing: the file for sorting does not hold what was written");
}

static enum status load(struct run_reader *reader, const struct run_block *block, struct error *err)
{
    uint8_t *at;
    struct bytes bytes;
    enum status status;

    buf_clear(&reader->block);
    at = buf_reserve(&reader->block, block->len);
    if (at == NULL)
        return no_memory(err);
    status = read_at(reader->store, at, block->len, block->at, err);
    if (status != AF_OK)
        return status;
    bytes = bytes_of(at, block->len);
    if (checksum64(block->at, &bytes, 1) != block->checksum)
        return damaged(err);
    reader->r = reader_of(bytes);
    return AF_OK;
}

/* When the block is at its end: the next one. */
static enum status fill(struct run_reader *reader, bool *found, struct error *err)
{
    const struct run_block *block;

    *found = true;
    if (reader_left(&reader->r) > 0)
        return AF_OK;
    if (reader->next > 0)
        free_block(reader->store, &reader->list->blocks[reader->next - 1]);
    reader->r = reader_of(BYTES_NONE);
    *found = reader->next < reader->list->count;
    if (!*found)
        return AF_OK;
    block = &reader->list->blocks[reader->next++];
    if (block->memory == NULL)
        return load(reader, block, err);
    reader->r = reader_of(bytes_of(block->memory, block->len));
    return AF_OK;
}

enum status run_next_document(struct run_reader *reader, struct run_document *out, bool *found,
                              struct error *err)
{
    enum status status = fill(reader, found, err);
    struct bytes lengths;
    uint32_t len;

    if (status != AF_OK || !*found)
        return status;
    if (!reader_varint32(&reader->r, &out->no) || !reader_take(&reader->r, FIELD_COUNT, &lengths) ||
        !reader_varint32(&reader->r, &len) || !reader_take(&reader->r, len, &out->record))
        return damaged(err);
    out->lengths = lengths.data;
    return AF_OK;
}

enum status run_next_entry(struct run_reader *reader, struct run_entry *out, bool *found,
                           struct error *err)
{
    enum status status = fill(reader, found, err);
    uint32_t len;
    uint8_t term_len;

    if (status != AF_OK || !*found)
        return status;
    out->langs = 0;
    if (!reader_u8(&reader->r, &term_len) || term_len == 0 ||
        !reader_take(&reader->r, term_len, &out->term) ||
        (out->term.data[0] == TERM_WORD && !reader_varint32(&reader->r, &out->langs)) ||
        !reader_varint32(&reader->r, &len) || !reader_take(&reader->r, len, &out->payload))
        return damaged(err);
    out->key = term_key(out->term);
    return AF_OK;
}
