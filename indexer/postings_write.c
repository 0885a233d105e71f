#include "indexer/postings.h"

#include <assert.h>

void postings_writer_release(struct postings_writer *writer)
{
    buf_release(&writer->chunk);
    buf_release(&writer->skips);
}

void postings_begin(struct postings_writer *writer)
{
    writer->df = writer->base = 0;
    writer->is_long = false;
    writer->impact = writer->chunk_impact = writer->chunk_blocks = 0;
    writer->block.n = 0;
    writer->skip_base = 0;
    buf_clear(&writer->skips);
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

/* What posting `i` says; most are in one field. */
static float impact(const struct postings_writer *writer, uint32_t i, const uint8_t *tf)
{
    const uint8_t *lengths = writer->lengths + (size_t)writer->block.docs[i] * FIELD_COUNT;
    uint8_t code = writer->block.codes[i];

    if (code < SHAPE_PAIRS) {
        unsigned field = code % FIELD_COUNT;

        return (float)(code / FIELD_COUNT + 1) * writer->impacts->factor[field][lengths[field]];
    }
    return impact_of(writer->impacts, tf, lengths);
}

static uint8_t block_impact(const struct postings_writer *writer)
{
    const struct postings_block *block = &writer->block;
    float most = 0;

    if (writer->impacts == NULL)
        return IMPACT_ANY;
    for (uint32_t i = 0; i < block->n; i++) {
        float strength = impact(writer, i, postings_block_tf(block, i));

        most = strength > most ? strength : most;
    }
    return impact_code(most);
}

static size_t put_varint(uint8_t *at, uint32_t v)
{
    size_t len = 0;

    for (; v >= 0x80; v >>= 7)
        at[len++] = (uint8_t)(v | 0x80);
    at[len++] = (uint8_t)v;
    return len;
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

/* Puts the full block as a part of a run. */
static enum status put_run(struct postings_writer *writer, struct error *err)
{
    uint32_t last = writer->block.docs[writer->block.n - 1], chunk_before = writer->chunk_no;
    size_t body = postings_body_encode(&writer->block, writer->base, last, writer->body);
    uint8_t head[11];
    size_t head_len = 1;
    enum status status;

    head[0] = block_impact(writer);
    head_len += put_varint(head + head_len, last - writer->base);
    head_len += put_varint(head + head_len, (uint32_t)body);
    status = make_room(writer, head_len + body, err);
    if (status != AF_OK)
        return status;
    if (!writer->is_long) {
        writer->is_long = true;
        writer->first_chunk = writer->chunk_no;
        writer->first_offset = (uint32_t)writer->chunk.len;
    } else if (writer->chunk_no != chunk_before) {
        add_skip(writer);
    }
    buf_add(&writer->chunk, bytes_of(head, head_len));
    buf_add(&writer->chunk, bytes_of(writer->body, body));
    if (head[0] > writer->impact)
        writer->impact = head[0];
    if (head[0] > writer->chunk_impact)
        writer->chunk_impact = head[0];
    assert(writer->chunk_blocks < UINT8_MAX); /* a block has 20 bytes at least */
    writer->chunk_blocks++;
    writer->chunk_last = last;
    writer->base = last + 1;
    writer->block.n = 0;
    return AF_OK;
}

enum status postings_add_many(struct postings_writer *writer, const uint32_t *docs,
                              const uint8_t *codes, uint32_t count,
                              const uint8_t (*escapes)[FIELD_COUNT], struct error *err)
{
    struct postings_block *block = &writer->block;

    while (count > 0) {
        uint32_t room = POSTINGS_BLOCK - block->n, n = count < room ? count : room;

        if (room == 0) {
            enum status status = put_run(writer, err);

            if (status != AF_OK)
                return status;
            continue;
        }
        assert(docs[0] >= writer->base && (block->n == 0 || docs[0] > block->docs[block->n - 1]));
        memcpy(block->docs + block->n, docs, n * sizeof *docs);
        memcpy(block->codes + block->n, codes, n);
        for (uint32_t i = 0; i < n; i++)
            if (codes[i] == SHAPE_ESCAPE)
                memcpy(block->escapes[block->n + i], escapes[i], FIELD_COUNT);
        block->n += n;
        writer->df += n;
        docs += n;
        codes += n;
        escapes += n;
        count -= n;
    }
    return AF_OK;
}

/* --- the end of a list --- */

static void end_single(const struct postings_writer *writer, struct buf *payload)
{
    uint32_t doc = writer->block.docs[0];
    uint8_t code = writer->block.codes[0], escape[SHAPE_BYTES_MAX];
    unsigned few = code < POSTINGS_SINGLE_CODE ? code : POSTINGS_SINGLE_CODE;

    buf_add_u8(payload, (uint8_t)((doc & 3u) << 6 | few << 1));
    if (few == POSTINGS_SINGLE_CODE)
        buf_add_u8(payload, code);
    if (code == SHAPE_ESCAPE)
        buf_add(payload, bytes_of(escape, shape_escape_encode(writer->block.escapes[0], escape)));
    for (doc >>= 2; doc > 0; doc >>= 8)
        buf_add_u8(payload, (uint8_t)doc);
}

static enum status end_short(struct postings_writer *writer, struct buf *payload, struct error *err)
{
    size_t body = postings_body_encode(&writer->block, 0, writer->docs_count - 1, writer->body);
    enum status status;

    if (body <= POSTINGS_INLINE_BYTES) {
        buf_add_varint(payload, (uint64_t)writer->df * 4 + POSTINGS_INLINE);
        buf_add(payload, bytes_of(writer->body, body));
        return AF_OK;
    }
    status = make_room(writer, body, err);
    buf_add_varint(payload, (uint64_t)writer->df * 4 + POSTINGS_PAGED);
    buf_add_varint(payload, writer->chunk_no);
    buf_add_varint(payload, writer->chunk.len);
    buf_add(&writer->chunk, bytes_of(writer->body, body));
    return status;
}

static enum status end_long(struct postings_writer *writer, struct buf *payload, struct error *err)
{
    enum status status = put_run(writer, err);
    uint8_t key[6];

    if (status != AF_OK)
        return status;
    buf_add_varint(payload, (uint64_t)writer->df * 4 + POSTINGS_PAGED);
    buf_add_u8(payload, writer->impact);
    buf_add_varint(payload, writer->first_chunk);
    buf_add_varint(payload, writer->first_offset);
    buf_add_varint(payload, writer->chunk_last);
    buf_add_varint(payload, writer->chunk_no - writer->first_chunk + 1);
    if (writer->skips.len == 0)
        return AF_OK;
    add_skip(writer);
    put_be32(key, writer->first_chunk);
    put_be16(key + 4, (uint16_t)writer->first_offset);
    return writer->sink.put(writer->sink.context, IMAGE_SKIPS, bytes_of(key, sizeof key),
                            buf_bytes(&writer->skips), err);
}

enum status postings_end(struct postings_writer *writer, struct buf *payload, struct error *err)
{
    if (writer->df == 0)
        return AF_OK;
    if (writer->is_long)
        return end_long(writer, payload, err);
    if (writer->df == 1) {
        end_single(writer, payload);
        return AF_OK;
    }
    return end_short(writer, payload, err);
}

enum status postings_finish(struct postings_writer *writer, struct error *err)
{
    return writer->chunk.len == 0 ? AF_OK : put_chunk(writer, err);
}
