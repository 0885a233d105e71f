#include "indexer/segment/block_impl.h"

#include <assert.h>

#define ENTRY_HEAD_MAX 16 /* the head, three varints of at most five bytes */

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

static uint8_t *put_varint(uint8_t *at, size_t v)
{
    for (; v >= 0x80; v >>= 7)
        *at++ = (uint8_t)(v | 0x80);
    *at++ = (uint8_t)v;
    return at;
}

static uint8_t *put_bytes(uint8_t *at, struct bytes bytes)
{
    if (bytes.len > 0)
        memcpy(at, bytes.data, bytes.len);
    return at + bytes.len;
}

/* Without room the body is marked, which block_finish says. */
static void put_entry(struct buf *body, size_t shared, struct bytes rest, struct bytes payload)
{
    uint8_t *at = buf_reserve(body, ENTRY_HEAD_MAX + rest.len + payload.len);
    size_t high = shared < NIBBLE ? shared : NIBBLE, low = rest.len < NIBBLE ? rest.len : NIBBLE;

    if (at == NULL)
        return;
    *at++ = (uint8_t)(high << 4 | low);
    if (high == NIBBLE)
        at = put_varint(at, shared - NIBBLE);
    if (low == NIBBLE)
        at = put_varint(at, rest.len - NIBBLE);
    at = put_bytes(at, rest);
    at = put_varint(at, payload.len);
    at = put_bytes(at, payload);
    body->len = (size_t)(at - body->data);
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
    put_entry(&writer->body, shared, bytes_of(key.data + shared, key.len - shared), payload);
    buf_clear(&writer->last);
    buf_add(&writer->last, key);
    return AF_OK;
}
