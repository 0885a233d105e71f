#include "indexer/postings.h"

#include <assert.h>

void postings_writer_release(struct postings_writer *writer)
{
    buf_release(&writer->chunk);
    buf_release(&writer->skips);
    buf_release(&writer->block);
    buf_release(&writer->head);
}

size_t postings_code_encode(const uint8_t tf[FIELD_COUNT], uint8_t *at)
{
    unsigned mask = 0, fields = 0, only = 0;
    size_t len = 2;

    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (tf[f] > 0) {
            mask |= 1u << f;
            fields++;
            only = f;
        }
    assert(fields > 0);
    if (fields == 1 && tf[only] <= POSTINGS_CODE_FIELD) {
        at[0] = (uint8_t)(only * POSTINGS_CODE_FIELD + tf[only] - 1u);
        return 1;
    }
    at[0] = POSTINGS_CODE_MANY;
    at[1] = (uint8_t)mask;
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (tf[f] > 0)
            at[len++] = tf[f];
    return len;
}

void postings_begin(struct postings_writer *writer)
{
    writer->df = writer->base = 0;
    writer->is_long = false;
    writer->n = 0;
    writer->codes_len = 0;
    writer->skip_base = 0;
    buf_clear(&writer->skips);
}

/* Packs `count` numbers of `width` bits, low bits first. */
static void pack_bits(const uint32_t *numbers, unsigned count, unsigned width, struct buf *out)
{
    uint64_t held = 0;
    unsigned bits = 0;

    for (unsigned i = 0; i < count; i++) {
        held |= (uint64_t)numbers[i] << bits;
        for (bits += width; bits >= 8; bits -= 8) {
            buf_add_u8(out, (uint8_t)held);
            held >>= 8;
        }
    }
    if (bits > 0)
        buf_add_u8(out, (uint8_t)held);
}

/* The documents in hand → writer->block. */
static void encode_block(struct postings_writer *writer)
{
    uint32_t gaps[POSTINGS_BLOCK], all = 0;
    unsigned width;

    buf_clear(&writer->block);
    buf_add_varint(&writer->block, writer->docs[0] - writer->base);
    if (writer->n > 1) {
        for (unsigned i = 1; i < writer->n; i++) {
            gaps[i - 1] = writer->docs[i] - writer->docs[i - 1] - 1;
            all |= gaps[i - 1];
        }
        width = all == 0 ? 0 : 32u - (unsigned)__builtin_clz(all);
        buf_add_u8(&writer->block, (uint8_t)width);
        pack_bits(gaps, writer->n - 1, width, &writer->block);
    }
    buf_add(&writer->block, bytes_of(writer->codes, writer->codes_len));
}

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

/* Puts the full block as a part of a run. */
static enum status put_run(struct postings_writer *writer, struct error *err)
{
    uint32_t last = writer->docs[writer->n - 1], chunk_before = writer->chunk_no;
    enum status status;

    encode_block(writer);
    buf_clear(&writer->head);
    buf_add_u8(&writer->head, (uint8_t)(writer->n - 1));
    buf_add_varint(&writer->head, last - writer->base);
    buf_add_varint(&writer->head, writer->block.len);
    status = make_room(writer, writer->head.len + writer->block.len, err);
    if (status != AF_OK)
        return status;
    if (!writer->is_long) {
        writer->is_long = true;
        writer->first_chunk = writer->chunk_no;
        writer->first_offset = (uint32_t)writer->chunk.len;
    } else if (writer->chunk_no != chunk_before) {
        buf_add_varint(&writer->skips, writer->chunk_last - writer->skip_base);
        writer->skip_base = writer->chunk_last;
    }
    buf_add(&writer->chunk, buf_bytes(&writer->head));
    buf_add(&writer->chunk, buf_bytes(&writer->block));
    writer->chunk_last = last;
    writer->base = last + 1;
    writer->n = 0;
    writer->codes_len = 0;
    return AF_OK;
}

enum status postings_add(struct postings_writer *writer, uint32_t doc,
                         const uint8_t tf[FIELD_COUNT], struct error *err)
{
    assert(doc != DOC_END && doc >= writer->base);
    assert(writer->n == 0 || doc > writer->docs[writer->n - 1]);
    if (writer->n == POSTINGS_BLOCK) {
        enum status status = put_run(writer, err);

        if (status != AF_OK)
            return status;
    }
    writer->docs[writer->n++] = doc;
    writer->codes_len += postings_code_encode(tf, writer->codes + writer->codes_len);
    writer->df++;
    return AF_OK;
}

static enum status end_long(struct postings_writer *writer, struct buf *payload, struct error *err)
{
    enum status status = put_run(writer, err);
    uint8_t key[6];

    if (status != AF_OK)
        return status;
    buf_add_varint(payload, (uint64_t)writer->df * 2);
    buf_add_varint(payload, writer->first_chunk);
    buf_add_varint(payload, writer->first_offset);
    buf_add_varint(payload, writer->chunk_last);
    buf_add_varint(payload, writer->chunk_no - writer->first_chunk + 1);
    if (writer->skips.len == 0)
        return AF_OK;
    put_be32(key, writer->first_chunk);
    key[4] = (uint8_t)(writer->first_offset >> 8);
    key[5] = (uint8_t)writer->first_offset;
    return writer->sink.put(writer->sink.context, IMAGE_SKIPS, bytes_of(key, sizeof key),
                            buf_bytes(&writer->skips), err);
}

enum status postings_end(struct postings_writer *writer, struct buf *payload, struct error *err)
{
    enum status status;

    if (writer->df == 0)
        return AF_OK;
    if (writer->is_long)
        return end_long(writer, payload, err);
    encode_block(writer);
    if (writer->block.len <= POSTINGS_INLINE_BYTES) {
        buf_add_varint(payload, (uint64_t)writer->df * 2 + 1);
        buf_add(payload, buf_bytes(&writer->block));
        return buf_status(&writer->block, "writing a segment", err);
    }
    status = make_room(writer, writer->block.len, err);
    buf_add_varint(payload, (uint64_t)writer->df * 2);
    buf_add_varint(payload, writer->chunk_no);
    buf_add_varint(payload, writer->chunk.len);
    buf_add(&writer->chunk, buf_bytes(&writer->block));
    return status;
}

enum status postings_finish(struct postings_writer *writer, struct error *err)
{
    return writer->chunk.len == 0 ? AF_OK : put_chunk(writer, err);
}
