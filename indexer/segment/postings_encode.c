#include "indexer/segment/postings_write.h"

#include <assert.h>

void postings_encoder_release(struct postings_encoder *encoder)
{
    buf_release(&encoder->bytes);
}

void postings_encode_begin(struct postings_encoder *encoder)
{
    encoder->df = encoder->base = 0;
    encoder->block.n = 0;
    buf_clear(&encoder->bytes);
}

/* What posting `i` says; most are in one field. */
static float impact(const struct postings_encoder *encoder, uint32_t i, const uint8_t *tf)
{
    const uint8_t *lengths = encoder->lengths + (size_t)encoder->block.docs[i] * FIELD_COUNT;
    uint8_t code = encoder->block.codes[i];

    if (code < SHAPE_PAIRS) {
        unsigned field = code % FIELD_COUNT;

        return (float)(code / FIELD_COUNT + 1) * encoder->impacts->factor[field][lengths[field]];
    }
    return impact_of(encoder->impacts, tf, lengths);
}

static uint8_t block_impact(const struct postings_encoder *encoder)
{
    const struct postings_block *block = &encoder->block;
    float most = 0;

    if (encoder->impacts == NULL)
        return IMPACT_ANY;
    for (uint32_t i = 0; i < block->n; i++) {
        float strength = impact(encoder, i, postings_block_tf(block, i));

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

/* The full block becomes a part of a run. */
static void end_block(struct postings_encoder *encoder)
{
    uint32_t last = encoder->block.docs[encoder->block.n - 1];
    size_t body = postings_body_encode(&encoder->block, encoder->base, last, encoder->body);
    uint8_t head[11];
    size_t head_len = 1;

    head[0] = block_impact(encoder);
    head_len += put_varint(head + head_len, last - encoder->base);
    head_len += put_varint(head + head_len, (uint32_t)body);
    buf_add(&encoder->bytes, bytes_of(head, head_len));
    buf_add(&encoder->bytes, bytes_of(encoder->body, body));
    encoder->base = last + 1;
    encoder->block.n = 0;
}

void postings_encode_add(struct postings_encoder *encoder, const uint32_t *docs,
                         const uint8_t *codes, uint32_t count,
                         const uint8_t (*escapes)[FIELD_COUNT])
{
    struct postings_block *block = &encoder->block;

    while (count > 0) {
        uint32_t room = POSTINGS_BLOCK - block->n, n = count < room ? count : room;

        if (room == 0) {
            end_block(encoder);
            continue;
        }
        assert(docs[0] >= encoder->base && (block->n == 0 || docs[0] > block->docs[block->n - 1]));
        memcpy(block->docs + block->n, docs, n * sizeof *docs);
        memcpy(block->codes + block->n, codes, n);
        for (uint32_t i = 0; i < n; i++)
            if (codes[i] == SHAPE_ESCAPE)
                memcpy(block->escapes[block->n + i], escapes[i], FIELD_COUNT);
        block->n += n;
        encoder->df += n;
        docs += n;
        codes += n;
        escapes += n;
        count -= n;
    }
}

static void end_single(struct postings_encoder *encoder)
{
    struct buf *out = &encoder->bytes;
    uint32_t doc = encoder->block.docs[0];
    uint8_t code = encoder->block.codes[0], escape[SHAPE_BYTES_MAX];
    unsigned few = code < POSTINGS_SINGLE_CODE ? code : POSTINGS_SINGLE_CODE;

    buf_add_u8(out, (uint8_t)((doc & 3u) << 6 | few << 1));
    if (few == POSTINGS_SINGLE_CODE)
        buf_add_u8(out, code);
    if (code == SHAPE_ESCAPE)
        buf_add(out, bytes_of(escape, shape_escape_encode(encoder->block.escapes[0], escape)));
    for (doc >>= 2; doc > 0; doc >>= 8)
        buf_add_u8(out, (uint8_t)doc);
}

static void end_short(struct postings_encoder *encoder)
{
    size_t body = postings_body_encode(&encoder->block, 0, encoder->docs_count - 1, encoder->body);

    buf_add(&encoder->bytes, bytes_of(encoder->body, body));
}

enum status postings_encode_end(struct postings_encoder *encoder, struct postings_list *out,
                                struct error *err)
{
    if (encoder->df > POSTINGS_BLOCK)
        end_block(encoder);
    else if (encoder->df > 1)
        end_short(encoder);
    else if (encoder->df == 1)
        end_single(encoder);
    *out = (struct postings_list){encoder->df, buf_bytes(&encoder->bytes)};
    return buf_status(&encoder->bytes, "writing a segment", err);
}
