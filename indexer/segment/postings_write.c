#include "indexer/segment/postings_write.h"

#include <assert.h>

void postings_writer_release(struct postings_writer *writer)
{
    postings_encoder_release(&writer->encoder);
    buf_release(&writer->chunk);
    buf_release(&writer->skips);
}

/* --- pages -------------------------------------------------------------------------------- */

static enum status put_chunk(struct postings_writer *writer, struct error *err)
{
    enum status status;
    uint8_t key[4];

    put_be32(key, writer->chunk_no);
    status = buf_status(&writer->chunk, "writing a segment", err);
    if (status == AF_OK)
        status = writer->sink.put(writer->sink.context, IMAGE_POSTINGS, bytes_of(key, 4),
                                  buf_bytes(&writer->chunk), err);
    writer->chunk_no++;
    buf_clear(&writer->chunk);
    return status;
}

/* Makes room for `len` bytes in the open chunk. */
static enum status make_room(struct postings_writer *writer, size_t len, struct error *err)
{
    assert(len <= IMAGE_BODY_BYTES);
    if (writer->chunk.len + len <= IMAGE_BODY_BYTES)
        return AF_OK;
    return put_chunk(writer, err);
}

/* --- lists -------------------------------------------------------------------------------- */

static enum status put_short(struct postings_writer *writer, const struct postings_list *list,
                             struct buf *payload, struct error *err)
{
    enum status status;

    if (list->bytes.len <= POSTINGS_INLINE_BYTES) {
        buf_add_varint(payload, (uint64_t)list->df * 4 + POSTINGS_INLINE);
        buf_add(payload, list->bytes);
        return AF_OK;
    }
    status = make_room(writer, list->bytes.len, err);
    buf_add_varint(payload, (uint64_t)list->df * 4 + POSTINGS_PAGED);
    buf_add_varint(payload, writer->chunk_no);
    buf_add_varint(payload, writer->chunk.len);
    buf_add(&writer->chunk, list->bytes);
    return status;
}

/* The list leaves a chunk, or ends. */
static void add_skip(struct postings_writer *writer)
{
    buf_add_varint(&writer->skips, writer->chunk_last - writer->skip_base);
    buf_add_u8(&writer->skips, writer->chunk_blocks);
    buf_add_u8(&writer->skips, writer->chunk_impact);
    writer->skip_base = writer->chunk_last;
    writer->chunk_blocks = writer->chunk_impact = 0;
}

struct list_block {
    struct bytes bytes; /* all of it */
    uint32_t rise;      /* of its last document over its base */
    uint8_t impact;
};

static bool next_block(struct reader *r, struct list_block *out)
{
    const uint8_t *start = r->at;
    struct bytes body;
    uint32_t len;

    if (!reader_u8(r, &out->impact) || !reader_varint32(r, &out->rise) ||
        !reader_varint32(r, &len) || !reader_take(r, len, &body))
        return false;
    out->bytes = bytes_of(start, (size_t)(r->at - start));
    return out->bytes.len <= IMAGE_BODY_BYTES;
}

/* Where a long list begins, and the most that it says. */
struct list_start {
    uint32_t chunk, offset;
    uint8_t impact;
};

static enum status put_block(struct postings_writer *writer, const struct list_block *block,
                             uint32_t last, bool is_first, struct list_start *start,
                             struct error *err)
{
    uint32_t chunk_before = writer->chunk_no;
    enum status status = make_room(writer, block->bytes.len, err);

    if (status != AF_OK)
        return status;
    if (is_first)
        *start = (struct list_start){writer->chunk_no, (uint32_t)writer->chunk.len, 0};
    else if (writer->chunk_no != chunk_before)
        add_skip(writer);
    buf_add(&writer->chunk, block->bytes);
    if (block->impact > start->impact)
        start->impact = block->impact;
    if (block->impact > writer->chunk_impact)
        writer->chunk_impact = block->impact;
    assert(writer->chunk_blocks < UINT8_MAX); /* a block has 20 bytes at least */
    writer->chunk_blocks++;
    writer->chunk_last = last;
    return AF_OK;
}

static enum status put_blocks(struct postings_writer *writer, struct bytes bytes,
                              struct list_start *start, struct error *err)
{
    struct reader r = reader_of(bytes);
    uint32_t base = 0;
    enum status status = AF_OK;
    bool is_first = true;

    buf_clear(&writer->skips);
    writer->skip_base = writer->chunk_impact = writer->chunk_blocks = 0;
    for (; status == AF_OK && reader_left(&r) > 0; is_first = false) {
        struct list_block block;

        if (!next_block(&r, &block) || block.rise >= UINT32_MAX - base)
            return error_set(err, AF_IO, "indexing: a list is not what was encoded");
        status = put_block(writer, &block, base + block.rise, is_first, start, err);
        base += block.rise + 1;
    }
    return status;
}

static enum status put_long(struct postings_writer *writer, const struct postings_list *list,
                            struct buf *payload, struct error *err)
{
    struct list_start start = {0};
    enum status status = put_blocks(writer, list->bytes, &start, err);
    uint8_t key[6];

    if (status != AF_OK)
        return status;
    buf_add_varint(payload, (uint64_t)list->df * 4 + POSTINGS_PAGED);
    buf_add_u8(payload, start.impact);
    buf_add_varint(payload, start.chunk);
    buf_add_varint(payload, start.offset);
    buf_add_varint(payload, writer->chunk_last);
    buf_add_varint(payload, writer->chunk_no - start.chunk + 1);
    if (writer->skips.len == 0 && buf_ok(&writer->skips))
        return AF_OK;
    add_skip(writer);
    put_be32(key, start.chunk);
    put_be16(key + 4, (uint16_t)start.offset);
    status = buf_status(&writer->skips, "writing a segment", err);
    return status != AF_OK
               ? status
               : writer->sink.put(writer->sink.context, IMAGE_SKIPS, bytes_of(key, sizeof key),
                                  buf_bytes(&writer->skips), err);
}

enum status postings_put(struct postings_writer *writer, const struct postings_list *list,
                         struct buf *payload, struct error *err)
{
    if (list->df > POSTINGS_BLOCK)
        return put_long(writer, list, payload, err);
    if (list->df > 1)
        return put_short(writer, list, payload, err);
    buf_add(payload, list->bytes);
    return AF_OK;
}

enum status postings_finish(struct postings_writer *writer, struct error *err)
{
    /* empty, or empty because there was no memory for the first list in it */
    return writer->chunk.len == 0 && buf_ok(&writer->chunk) ? AF_OK : put_chunk(writer, err);
}
