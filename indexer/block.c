#include "indexer/block.h"

#include <assert.h>

#define NIBBLE 15         /* what a half of the head can say; that much and more is said after it */
#define ENTRY_HEAD_MAX 16 /* the head, three varints of at most five bytes */
#define RUNS_COUNT_BYTES 1 /* the tail of a block: so many, and RUN_BYTES a run */
#define RUN_BYTES 2

/* --- writing --- */

void block_writer_release(struct block_writer *writer)
{
    buf_release(&writer->body);
    buf_release(&writer->first);
    buf_release(&writer->last);
}

static void add_runs(struct block_writer *writer)
{
    for (uint32_t i = 0; i < writer->runs_count; i++) {
        uint8_t be[RUN_BYTES];

        put_be16(be, writer->runs[i]);
        buf_add(&writer->body, bytes_of(be, sizeof be));
    }
    buf_add_u8(&writer->body, (uint8_t)writer->runs_count);
}

enum status block_finish(struct block_writer *writer, struct error *err)
{
    enum status status = AF_OK;

    if (writer->entries > 0)
        add_runs(writer);
    if (!buf_ok(&writer->body) || !buf_ok(&writer->first) || !buf_ok(&writer->last))
        return error_set(err, AF_NO_MEMORY, "no memory for writing a segment");
    if (writer->body.len > 0)
        status = writer->sink.put(writer->sink.context, writer->kind, buf_bytes(&writer->first),
                                  buf_bytes(&writer->body), err);
    buf_clear(&writer->body);
    writer->entries = writer->runs_count = 0;
    return status;
}

static size_t shared_len(struct bytes a, struct bytes b)
{
    size_t n = 0, most = a.len < b.len ? a.len : b.len;

    while (n < most && a.data[n] == b.data[n])
        n++;
    return n;
}

static void add_head(struct buf *body, size_t shared, size_t rest)
{
    size_t high = shared < NIBBLE ? shared : NIBBLE, low = rest < NIBBLE ? rest : NIBBLE;

    buf_add_u8(body, (uint8_t)(high << 4 | low));
    if (high == NIBBLE)
        buf_add_varint(body, shared - NIBBLE);
    if (low == NIBBLE)
        buf_add_varint(body, rest - NIBBLE);
}

/* What the block would have with this entry and all runs. */
static size_t size_with(const struct block_writer *writer, size_t rest, size_t payload)
{
    return writer->body.len + ENTRY_HEAD_MAX + rest + payload +
           RUN_BYTES * (writer->runs_count + (size_t)1) + RUNS_COUNT_BYTES;
}

enum status block_add(struct block_writer *writer, struct bytes key, struct bytes payload,
                      struct error *err)
{
    size_t shared = shared_len(buf_bytes(&writer->last), key);

    assert(key.len > 0 && key.len <= IMAGE_KEY_BYTES_MAX);
    assert(writer->last.len == 0 || bytes_compare(buf_bytes(&writer->last), key) < 0);
    if (writer->entries % BLOCK_RUN == 0)
        shared = 0;
    if (writer->entries > 0 &&
        size_with(writer, key.len - shared, payload.len) > IMAGE_BODY_BYTES) {
        enum status status = block_finish(writer, err);

        if (status != AF_OK)
            return status;
    }
    if (writer->entries == 0) {
        shared = 0;
        buf_clear(&writer->first);
        buf_add(&writer->first, key);
    } else if (writer->entries % BLOCK_RUN == 0) {
        assert(writer->runs_count < BLOCK_RUNS);
        writer->runs[writer->runs_count++] = (uint16_t)writer->body.len;
    }
    writer->entries++;
    add_head(&writer->body, shared, key.len - shared);
    buf_add(&writer->body, bytes_of(key.data + shared, key.len - shared));
    buf_add_varint(&writer->body, payload.len);
    buf_add(&writer->body, payload);
    buf_clear(&writer->last);
    buf_add(&writer->last, key);
    return AF_OK;
}

/* --- reading an entry --- */

struct entry {
    uint32_t shared;
    struct bytes rest, payload;
};

/* Adds a varint to *sum. As reader_varint32, and inlined for the one byte it nearly always has. */
static inline bool add_varint(struct reader *r, uint32_t *sum)
{
    uint32_t more;

    if (r->at < r->end && *r->at < 0x80) {
        *sum += *r->at++;
        return true;
    }
    if (!reader_varint32(r, &more) || more > UINT32_MAX - *sum)
        return false;
    *sum += more;
    return true;
}

static inline bool take(struct reader *r, uint32_t len, struct bytes *out)
{
    if (len > reader_left(r))
        return false;
    *out = bytes_of(r->at, len);
    r->at += len;
    return true;
}

static inline bool read_entry(struct reader *r, struct entry *out)
{
    uint32_t rest, payload = 0;

    if (r->at == r->end)
        return false;
    out->shared = *r->at >> 4;
    rest = *r->at++ & NIBBLE;
    if (out->shared == NIBBLE && !add_varint(r, &out->shared))
        return false;
    if (rest == NIBBLE && !add_varint(r, &rest))
        return false;
    return rest > 0 && take(r, rest, &out->rest) && add_varint(r, &payload) &&
           take(r, payload, &out->payload);
}

/* --- reading a block --- */

struct block {
    struct bytes entries, runs;
};

static bool split_block(struct bytes body, struct block *out)
{
    size_t runs;

    if (body.len < RUNS_COUNT_BYTES)
        return false;
    runs = (size_t)body.data[body.len - RUNS_COUNT_BYTES] * RUN_BYTES + RUNS_COUNT_BYTES;
    if (runs >= body.len)
        return false;
    out->entries = bytes_of(body.data, body.len - runs);
    out->runs = bytes_of(body.data + body.len - runs, runs - RUNS_COUNT_BYTES);
    return true;
}

/* Where a run begins: the first at 0, the end of the entries after the last. */
static size_t run_at(const struct block *block, size_t run)
{
    const uint8_t *at = block->runs.data + RUN_BYTES * (run - 1);

    if (run == 0)
        return 0;
    if (run > block->runs.len / RUN_BYTES)
        return block->entries.len;
    return (size_t)at[0] << 8 | at[1];
}

/* The entries of the run that would hold the key: of the last that does not begin after it. */
static bool find_run(const struct block *block, struct bytes key, size_t *run)
{
    size_t low = 0, high = block->runs.len / RUN_BYTES;

    while (low < high) {
        size_t middle = high - (high - low) / 2, at = run_at(block, middle);
        struct reader r = reader_of(block->entries);
        struct entry entry;

        if (at >= block->entries.len)
            return false;
        r.at += at;
        if (!read_entry(&r, &entry) || entry.shared != 0)
            return false;
        if (bytes_compare(entry.rest, key) <= 0)
            low = middle;
        else
            high = middle - 1;
    }
    *run = low;
    return true;
}

static enum status damaged(const struct image *image, enum image_kind kind, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u, %s: a block has a bad entry",
                     (unsigned)image->id, image_kind_name(kind));
}

/* Goes through the entries of a run. `have` bytes of the key are those of the entry before, which
 * is smaller: an entry that shares more of it is smaller for the same reason, and one that shares
 * less is greater. False: damage. */
static bool find_in_run(struct reader r, struct bytes key, struct bytes *payload, bool *found)
{
    size_t have = 0;
    struct entry entry;

    *found = false;
    for (bool first = true; r.at < r.end; first = false) {
        size_t most, same = 0;

        if (!read_entry(&r, &entry) || (first && entry.shared != 0))
            return false;
        if (entry.shared > have)
            continue;
        if (entry.shared < have)
            return true;
        most = key.len - have < entry.rest.len ? key.len - have : entry.rest.len;
        while (same < most && entry.rest.data[same] == key.data[have + same])
            same++;
        have += same;
        if (same == entry.rest.len) {
            if (have < key.len)
                continue;
            *found = true;
            *payload = entry.payload;
            return true;
        }
        if (have == key.len || entry.rest.data[same] > key.data[have])
            return true;
    }
    return true;
}

enum status block_find(struct image *image, enum image_kind kind, struct bytes key,
                       struct bytes *payload, bool *found, struct error *err)
{
    struct bytes at, body;
    struct block block;
    struct reader run;
    enum status status;
    size_t n, begin, end;

    status = image_floor(image, kind, key, &at, &body, found, err);
    if (status != AF_OK || !*found)
        return status;
    if (!split_block(body, &block) || !find_run(&block, key, &n))
        return damaged(image, kind, err);
    begin = run_at(&block, n);
    end = run_at(&block, n + 1);
    if (begin >= end || end > block.entries.len)
        return damaged(image, kind, err);
    run = reader_of(bytes_of(block.entries.data + begin, end - begin));
    return find_in_run(run, key, payload, found) ? AF_OK : damaged(image, kind, err);
}

/* --- walking --- */

static enum status open_block(struct block_cursor *cursor, struct bytes key, struct bytes body,
                              struct block *block, struct error *err)
{
    assert(key.len <= IMAGE_KEY_BYTES_MAX);
    if (!split_block(body, block))
        return damaged(cursor->image, cursor->kind, err);
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

/* The next entry of the open block, which must not be at its end. */
static inline enum status next_entry(struct block_cursor *cursor, struct error *err)
{
    struct entry entry;

    if (!read_entry(&cursor->left, &entry) || !rises(cursor, &entry) ||
        entry.rest.len > IMAGE_KEY_BYTES_MAX - entry.shared)
        return damaged(cursor->image, cursor->kind, err);
    memcpy(cursor->key + entry.shared, entry.rest.data, entry.rest.len);
    cursor->key_len = entry.shared + entry.rest.len;
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
    if (!find_run(&block, from, &run) || run_at(&block, run) >= block.entries.len)
        return damaged(image, kind, err);
    cursor->left.at += run_at(&block, run);
    return skip_to(cursor, from, err);
}
