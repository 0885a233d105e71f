#include "indexer/segment/bloom.h"

#include "indexer/text/analyzer.h"
#include "indexer/text/question.h"

#include <stdatomic.h>
#include <stdlib.h>

#define TERMS_PER_LINE 64
#define BITS 5      /* of a term: the best number for eight bits a term is 5.5 */
#define BIT_WIDTH 9 /* log2 of the bits of a line */
#define HEAD_BYTES (BLOOM_LINE - 16 - FRAME_HEADER_BYTES) /* 16: of LMDB's page */

/* Odd constants without structure: the golden ratio, and of splitmix64 (Steele et al. 2014). */
#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15)
#define FINISHER UINT64_C(0xBF58476D1CE4E5B9)

bool bloom_takes(struct bytes term)
{
    if (term.len == 0)
        return false;
    return term.data[0] == TERM_WORD || term.data[0] == TERM_SQUEEZED ||
           term.data[0] == TERM_PART || term.data[0] == TERM_NUMBER ||
           term.data[0] == TERM_LEARNED || term.data[0] == TERM_REPEAT ||
           term.data[0] == TERM_GRAM2;
}

static inline uint64_t le64(const uint8_t *at, size_t len)
{
    uint64_t v = 0;

    for (size_t i = 0; i < len; i++)
        v |= (uint64_t)at[i] << (8 * i);
    return v;
}

static inline uint64_t stir(uint64_t h, uint64_t v)
{
    h = (h ^ v) * MULTIPLIER;
    return h ^ h >> 32;
}

uint32_t bloom_hash(struct bytes term)
{
    uint64_t h = term.len;

    for (; term.len >= 8; term = bytes_of(term.data + 8, term.len - 8))
        h = stir(h, le64(term.data, 8));
    h = stir(h, le64(term.data, term.len));
    return (uint32_t)(h * FINISHER >> 32);
}

static size_t line_of(uint32_t lines_count, uint32_t hash)
{
    return (size_t)((uint64_t)hash * lines_count >> 32);
}

static uint64_t lines_for(uint64_t terms)
{
    return terms / TERMS_PER_LINE + (terms % TERMS_PER_LINE > 0);
}

/* --- writing --- */

void bloom_add(struct bloom_writer *writer, uint32_t hash)
{
    buf_add(&writer->hashes, bytes_of(&hash, sizeof hash));
}

void bloom_writer_release(struct bloom_writer *writer)
{
    buf_release(&writer->hashes);
}

static void set_bits(uint8_t *lines, uint32_t lines_count, struct bytes hashes)
{
    for (; hashes.len > 0; hashes = bytes_of(hashes.data + 4, hashes.len - 4)) {
        uint32_t hash;
        uint64_t bits;
        uint8_t *line;

        memcpy(&hash, hashes.data, sizeof hash);
        line = lines + BLOOM_LINE * line_of(lines_count, hash);
        bits = hash * MULTIPLIER;
        for (int i = 0; i < BITS; i++, bits <<= BIT_WIDTH) {
            uint32_t bit = (uint32_t)(bits >> (64 - BIT_WIDTH));

            line[bit / 8] |= (uint8_t)(1u << bit % 8);
        }
    }
}

/* There is a value also when there are no lines, so that a missing one is damage. */
enum status bloom_finish(struct bloom_writer *writer, struct image_sink sink, struct error *err)
{
    struct bytes hashes = buf_bytes(&writer->hashes);
    uint32_t lines_count = (uint32_t)lines_for(hashes.len / 4);
    size_t bytes = HEAD_BYTES + (size_t)lines_count * BLOOM_LINE;
    enum status status = buf_status(&writer->hashes, "a segment's filter", err);
    uint8_t *body;

    if (status != AF_OK)
        return status;
    if ((body = calloc(1, bytes)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for writing a segment");
    put_be32(body, lines_count);
    set_bits(body + HEAD_BYTES, lines_count, hashes);
    status = sink.put(sink.context, IMAGE_BLOOM, BYTES_NONE, bytes_of(body, bytes), err);
    free(body);
    buf_clear(&writer->hashes);
    return status;
}

/* --- reading --- */

static enum status damaged(const struct image *image, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u: its filter is missing or wrong",
                     (unsigned)image->id);
}

static enum status load(struct image *image, uint64_t terms_max, struct bloom **out,
                        struct error *err)
{
    struct bytes body, head;
    uint32_t lines_count;
    struct bloom *bloom;
    enum status status;
    struct reader r;
    bool found;

    status = image_get(image, IMAGE_BLOOM, BYTES_NONE, &body, &found, err);
    if (status != AF_OK)
        return status;
    r = found ? reader_of(body) : reader_of(BYTES_NONE);
    if (!reader_be32(&r, &lines_count) || !reader_take(&r, HEAD_BYTES - 4, &head) ||
        lines_count > lines_for(terms_max) || reader_left(&r) != (size_t)lines_count * BLOOM_LINE)
        return damaged(image, err);
    bloom = malloc(sizeof *bloom);
    if (bloom == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a segment of the index");
    *bloom = (struct bloom){lines_count, r.at};
    *out = bloom;
    return AF_OK;
}

struct bloom_place {
    uint64_t terms_max;
    _Atomic(struct bloom *) at;
};

struct bloom_place *bloom_place_new(uint64_t terms_max)
{
    struct bloom_place *place = calloc(1, sizeof *place);

    if (place != NULL)
        place->terms_max = terms_max;
    return place;
}

void bloom_place_free(struct bloom_place *place)
{
    if (place == NULL)
        return;
    free(atomic_load(&place->at));
    free(place);
}

const struct bloom *bloom_peek(struct bloom_place *place)
{
    return atomic_load_explicit(&place->at, memory_order_acquire);
}

/* When two threads need it at once both read it, and the second throws its own away. */
enum status bloom_get(struct bloom_place *place, struct image *image, const struct bloom **out,
                      struct error *err)
{
    struct bloom *bloom = NULL, *before = NULL;
    enum status status;

    if ((*out = bloom_peek(place)) != NULL)
        return AF_OK;
    if ((status = load(image, place->terms_max, &bloom, err)) != AF_OK)
        return status;
    if (!atomic_compare_exchange_strong(&place->at, &before, bloom)) {
        free(bloom);
        bloom = before;
    }
    *out = bloom;
    return AF_OK;
}

bool bloom_may_have(const struct bloom *bloom, uint32_t hash)
{
    uint64_t bits = hash * MULTIPLIER;
    const uint8_t *line;

    if (bloom->lines_count == 0)
        return false;
    line = bloom->lines + BLOOM_LINE * line_of(bloom->lines_count, hash);
    for (int i = 0; i < BITS; i++, bits <<= BIT_WIDTH) {
        uint32_t bit = (uint32_t)(bits >> (64 - BIT_WIDTH));

        if ((line[bit / 8] & 1u << bit % 8) == 0)
            return false;
    }
    return true;
}
