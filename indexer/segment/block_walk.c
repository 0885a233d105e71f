#include "indexer/segment/block_impl.h"

#include <assert.h>

static enum status open_block(struct block_cursor *cursor, struct bytes key, struct bytes body,
                              struct block *block, struct error *err)
{
    assert(key.len <= IMAGE_KEY_BYTES_MAX);
    if (!split_block(body, block))
        return block_damaged(cursor->image, cursor->kind, err);
    memcpy(cursor->block_key, key.data, key.len);
    cursor->block_key_len = key.len;
    cursor->key_len = 0;
    cursor->left = reader_of(block->entries);
    return AF_OK;
}

/* The writer shares all it can, so one byte tells that keys rise, except where a run begins. */
static inline bool rises(const struct block_cursor *cursor, const struct entry *entry)
{
    struct bytes before = bytes_of(cursor->key, cursor->key_len);

    if (entry->shared >= before.len || entry->rest.data[0] != before.data[entry->shared])
        return entry->shared == before.len ||
               (entry->shared < before.len && entry->rest.data[0] > before.data[entry->shared]);
    return bytes_compare(entry->rest,
                         bytes_of(before.data + entry->shared, before.len - entry->shared)) > 0;
}

/* Most keys differ in a few bytes: a copy of a fixed size is one instruction, where there is room
 * to read and write beyond them. */
static inline void put_rest(struct block_cursor *cursor, const struct entry *entry)
{
    uint8_t *to = cursor->key + entry->shared;
    size_t left = (size_t)(cursor->left.end - entry->rest.data);

    if (entry->rest.len <= BLOCK_KEY_SPARE && left >= BLOCK_KEY_SPARE)
        memcpy(to, entry->rest.data, BLOCK_KEY_SPARE);
    else
        memcpy(to, entry->rest.data, entry->rest.len);
}

/* The next entry of the open block, which must not be at its end. */
static inline enum status next_entry(struct block_cursor *cursor, struct error *err)
{
    struct entry entry;

    if (!read_entry(&cursor->left, &entry) || !rises(cursor, &entry) ||
        entry.rest.len > IMAGE_KEY_BYTES_MAX - entry.shared)
        return block_damaged(cursor->image, cursor->kind, err);
    put_rest(cursor, &entry);
    cursor->key_len = entry.shared + entry.rest.len;
    cursor->shared = entry.shared;
    cursor->payload = entry.payload;
    return AF_OK;
}

static enum status next_block(struct block_cursor *cursor, bool *found, struct error *err)
{
    struct bytes at, body;
    struct block block;
    enum status status;

    status =
        image_after(cursor->image, cursor->kind, bytes_of(cursor->block_key, cursor->block_key_len),
                    &at, &body, found, err);
    if (status == AF_OK && *found)
        status = open_block(cursor, at, body, &block, err);
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
    return next_entry(cursor, err);
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
    struct block block;
    enum status status;
    size_t run;
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
    if ((status = open_block(cursor, at, body, &block, err)) != AF_OK)
        return status;
    if (!block_find_run(&block, from, &run) || run_at(&block, run) >= block.entries.len)
        return block_damaged(image, kind, err);
    cursor->left.at += run_at(&block, run);
    return skip_to(cursor, from, err);
}

/* --- faster than entry by entry --- */

static inline bool is_at_end(const struct block_cursor *cursor)
{
    return cursor->left.at == cursor->left.end;
}

enum status block_skip(struct block_cursor *cursor, size_t len, bool *found, struct error *err)
{
    uint8_t beginning[IMAGE_KEY_BYTES_MAX];

    assert(!cursor->pending && len > 0 && len <= cursor->key_len);
    memcpy(beginning, cursor->key, len);
    for (;;) {
        struct reader before = cursor->left;
        struct entry entry;
        enum status status;

        /* What shares so much is not put together: whoever comes after it and shares less finds
         * what it shares in the key as it is. */
        while (!is_at_end(cursor) && read_entry(&cursor->left, &entry) && entry.shared >= len)
            before = cursor->left;
        cursor->left = before;
        cursor->key_len = len < cursor->key_len ? len : cursor->key_len;
        status = block_next(cursor, found, err);
        if (status != AF_OK || !*found)
            return status;
        if (!bytes_has_prefix(block_cursor_key(cursor), bytes_of(beginning, len)))
            return AF_OK;
    }
}

/* Does the piece end in the last `fresh` bytes of the key? */
static bool ends_in(struct bytes key, size_t fresh, struct bytes piece)
{
    size_t least = key.len - fresh > piece.len ? key.len - fresh : piece.len;
    const uint8_t *at = key.data + least, *end = key.data + key.len;

    while (at < end && (at = memchr(at, piece.data[piece.len - 1], (size_t)(end - at))) != NULL) {
        at++;
        if (memcmp(at - piece.len, piece.data, piece.len) == 0)
            return true;
    }
    return false;
}

/* What the entry before did not have can only end where this one differs from it. */
enum status block_next_holding(struct block_cursor *cursor, uint8_t first, struct bytes piece,
                               uint32_t *left, bool *found, struct error *err)
{
    assert(piece.len > 0);
    for (bool is_first = true; *left > 0; is_first = false) {
        struct bytes key;
        enum status status;

        *found = true;
        if (cursor->pending || is_at_end(cursor))
            status = block_next(cursor, found, err);
        else
            status = next_entry(cursor, err);
        if (status != AF_OK || !*found)
            return status;
        --*left;
        key = block_cursor_key(cursor);
        if (key.data[0] != first)
            break;
        if (ends_in(key, is_first ? key.len : key.len - cursor->shared, piece))
            return AF_OK;
    }
    *found = false;
    return AF_OK;
}
