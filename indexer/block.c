#include "indexer/block.h"

#include <assert.h>

#define ENTRY_HEAD_MAX 15 /* three varints of at most five bytes */

void block_writer_release(struct block_writer *writer)
{
    buf_release(&writer->body);
    buf_release(&writer->first);
    buf_release(&writer->last);
}

enum status block_finish(struct block_writer *writer, struct error *err)
{
    enum status status = AF_OK;

    if (!buf_ok(&writer->body) || !buf_ok(&writer->first) || !buf_ok(&writer->last))
        return error_set(err, AF_NO_MEMORY, "no memory for writing a segment");
    if (writer->body.len > 0)
        status = writer->sink.put(writer->sink.context, writer->kind, buf_bytes(&writer->first),
                                  buf_bytes(&writer->body), err);
    buf_clear(&writer->body);
    return status;
}

static size_t shared_len(struct bytes a, struct bytes b)
{
    size_t n = 0, most = a.len < b.len ? a.len : b.len;

    while (n < most && a.data[n] == b.data[n])
        n++;
    return n;
}

enum status block_add(struct block_writer *writer, struct bytes key, struct bytes payload,
                      struct error *err)
{
    size_t shared = shared_len(buf_bytes(&writer->last), key);

    assert(key.len > 0 && key.len <= IMAGE_KEY_BYTES_MAX);
    assert(writer->last.len == 0 || bytes_compare(buf_bytes(&writer->last), key) < 0);
    if (writer->body.len + ENTRY_HEAD_MAX + key.len - shared + payload.len > IMAGE_BODY_BYTES) {
        enum status status = block_finish(writer, err);

        if (status != AF_OK)
            return status;
    }
    if (writer->body.len == 0) {
        shared = 0;
        buf_clear(&writer->first);
        buf_add(&writer->first, key);
    }
    buf_add_varint(&writer->body, shared);
    buf_add_varint(&writer->body, key.len - shared);
    buf_add(&writer->body, bytes_of(key.data + shared, key.len - shared));
    buf_add_varint(&writer->body, payload.len);
    buf_add(&writer->body, payload);
    buf_clear(&writer->last);
    buf_add(&writer->last, key);
    return AF_OK;
}

/* --- reading --- */

static enum status damaged(const struct block_cursor *cursor, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u, %s: a block has a bad entry",
                     (unsigned)cursor->image->id, image_kind_name(cursor->kind));
}

static void open_block(struct block_cursor *cursor, struct bytes key, struct bytes body)
{
    assert(key.len <= IMAGE_KEY_BYTES_MAX);
    memcpy(cursor->block_key, key.data, key.len);
    cursor->block_key_len = key.len;
    cursor->key_len = 0;
    cursor->left = reader_of(body);
}

/* The next entry of the open block, which must not be at its end. */
static enum status read_entry(struct block_cursor *cursor, struct error *err)
{
    struct reader *r = &cursor->left;
    uint32_t shared, rest, payload;
    struct bytes tail;
    bool rises;

    if (!reader_varint32(r, &shared) || !reader_varint32(r, &rest) || shared > cursor->key_len ||
        rest > IMAGE_KEY_BYTES_MAX - shared || !reader_take(r, rest, &tail) ||
        !reader_varint32(r, &payload) || !reader_take(r, payload, &cursor->payload))
        return damaged(cursor, err);
    rises = bytes_compare(tail, bytes_of(cursor->key + shared, cursor->key_len - shared)) > 0;
    if (!rises)
        return damaged(cursor, err);
    memcpy(cursor->key + shared, tail.data, rest);
    cursor->key_len = shared + rest;
    return AF_OK;
}

static enum status next_block(struct block_cursor *cursor, bool *found, struct error *err)
{
    struct bytes at, body;
    enum status status;

    status =
        image_after(cursor->image, cursor->kind, bytes_of(cursor->block_key, cursor->block_key_len),
                    &at, &body, found, err);
    if (status == AF_OK && *found && body.len == 0)
        return damaged(cursor, err);
    if (status == AF_OK && *found)
        open_block(cursor, at, body);
    return status;
}

enum status block_next(struct block_cursor *cursor, bool *found, struct error *err)
{
    enum status status;

    *found = true;
    if (cursor->pending) {
        cursor->pending = false;
        return AF_OK;
    }
    if (reader_left(&cursor->left) == 0) {
        status = next_block(cursor, found, err);
        if (status != AF_OK || !*found)
            return status;
    }
    return read_entry(cursor, err);
}

/* Reads on until the entry in hand is ≥ from. */
static enum status skip_to(struct block_cursor *cursor, struct bytes from, struct error *err)
{
    bool found = true;

    while (found) {
        enum status status = block_next(cursor, &found, err);

        if (status != AF_OK)
            return status;
        if (found && bytes_compare(block_cursor_key(cursor), from) >= 0) {
            cursor->pending = true;
            return AF_OK;
        }
    }
    return AF_OK;
}

enum status block_seek(struct block_cursor *cursor, struct image *image, enum image_kind kind,
                       struct bytes from, struct error *err)
{
    struct bytes at, body;
    enum status status;
    bool found;

    cursor->image = image;
    cursor->kind = kind;
    cursor->left = reader_of(BYTES_NONE);
    cursor->pending = false;
    cursor->key_len = cursor->block_key_len = 0;
    status = image_floor(image, kind, from, &at, &body, &found, err);
    if (status != AF_OK)
        return status;
    if (!found) /* before the first block: next_block() finds that one */
        return AF_OK;
    open_block(cursor, at, body);
    return skip_to(cursor, from, err);
}

enum status block_find(struct image *image, enum image_kind kind, struct bytes key,
                       struct bytes *payload, bool *found, struct error *err)
{
    struct block_cursor cursor = {.image = image, .kind = kind};
    struct bytes at, body;
    enum status status;
    int order = -1;

    status = image_floor(image, kind, key, &at, &body, found, err);
    if (status != AF_OK || !*found)
        return status;
    open_block(&cursor, at, body);
    while (order < 0 && reader_left(&cursor.left) > 0) {
        status = read_entry(&cursor, err);
        if (status != AF_OK)
            return status;
        order = bytes_compare(block_cursor_key(&cursor), key);
    }
    *found = order == 0;
    *payload = cursor.payload;
    return AF_OK;
}
