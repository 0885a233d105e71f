#include "indexer/bloom.h"

#include "indexer/analyzer.h"

#include <stdatomic.h>
#include <stdlib.h>

#define TERMS_PER_LINE 64
#define BITS 5      /* of a term: the best number for eight bits a term is 5.5 */
#define BIT_WIDTH 9 /* log2 of the bits of a line */
#define HEAD_BYTES 4
/* Of a value: sixteen pages with the frame, in whole lines. */
#define VALUE_LINES ((16 * IMAGE_PAGE - 16 - FRAME_HEADER_BYTES - HEAD_BYTES) / BLOOM_LINE)

/* Odd constants without structure: the golden ratio, and of splitmix64 (Steele et al. 2014). */
#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15)
#define FINISHER UINT64_C(0xBF58476D1CE4E5B9)

bool bloom_takes(struct bytes term)
{
    if (term.len == 0)
        return false;
    return term.data[0] == TERM_WORD || term.data[0] == TERM_SQUEEZED ||
           term.data[0] == TERM_PART || term.data[0] == TERM_NUMBER;
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

/* The first value is there also when there are no lines, so that a missing one is damage. */
static enum status put_lines(const uint8_t *lines, uint32_t lines_count, struct image_sink sink,
                             struct error *err)
{
    uint32_t at = 0, value = 0, n;
    enum status status;
    struct buf body = {0};

    do {
        uint8_t key[4];

        n = lines_count - at < VALUE_LINES ? lines_count - at : VALUE_LINES;
        put_be32(key, value);
        buf_clear(&body);
        if (value++ == 0)
            buf_add_be32(&body, lines_count);
        buf_add(&body, bytes_of(lines + (size_t)at * BLOOM_LINE, (size_t)n * BLOOM_LINE));
        status = buf_status(&body, "a segment's filter", err);
        if (status == AF_OK)
            status = sink.put(sink.context, IMAGE_BLOOM, bytes_of(key, sizeof key),
                              buf_bytes(&body), err);
        at += n;
    } while (status == AF_OK && at < lines_count);
    buf_release(&body);
    return status;
}

enum status bloom_finish(struct bloom_writer *writer, struct image_sink sink, struct error *err)
{
    struct bytes hashes = buf_bytes(&writer->hashes);
    size_t lines_count = (size_t)lines_for(hashes.len / 4);
    enum status status = buf_status(&writer->hashes, "a segment's filter", err);
    uint8_t *lines;

    if (status != AF_OK)
        return status;
    if ((lines = calloc(lines_count + 1, BLOOM_LINE)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for writing a segment");
    set_bits(lines, (uint32_t)lines_count, hashes);
    status = put_lines(lines, (uint32_t)lines_count, sink, err);
    free(lines);
    buf_clear(&writer->hashes);
    return status;
}

/* --- reading --- */

static enum status damaged(const struct image *image, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u: its filter is missing or wrong",
                     (unsigned)image->id);
}

static enum status get_value(struct image *image, uint32_t value, struct bytes *body, bool *found,
                             struct error *err)
{
    uint8_t key[4];

    put_be32(key, value);
    return image_get(image, IMAGE_BLOOM, bytes_of(key, sizeof key), body, found, err);
}

static enum status load_lines(struct image *image, struct bloom *bloom, struct reader first,
                              struct error *err)
{
    size_t whole = (size_t)bloom->lines_count * BLOOM_LINE, have = 0;
    struct bytes body = bytes_of(first.at, reader_left(&first));

    for (uint32_t value = 1; have < whole; value++) {
        enum status status = AF_OK;
        bool found = true;

        if (value > 1)
            status = get_value(image, value - 1, &body, &found, err);
        if (status != AF_OK)
            return status;
        if (!found || body.len == 0 || body.len > whole - have)
            return damaged(image, err);
        memcpy(bloom->lines + have, body.data, body.len);
        have += body.len;
    }
    return AF_OK;
}

static enum status load(struct image *image, uint64_t terms_max, struct bloom **out,
                        struct error *err)
{
    uint32_t lines_count;
    struct bloom *bloom;
    enum status status;
    struct bytes body;
    struct reader r;
    bool found;

    if ((status = get_value(image, 0, &body, &found, err)) != AF_OK)
        return status;
    r = reader_of(body);
    if (!found || !reader_be32(&r, &lines_count) || lines_count > lines_for(terms_max))
        return damaged(image, err);
    bloom = aligned_alloc(BLOOM_LINE, sizeof *bloom + (size_t)lines_count * BLOOM_LINE);
    if (bloom == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a segment of the index");
    bloom->lines_count = lines_count;
    if ((status = load_lines(image, bloom, r, err)) != AF_OK) {
        free(bloom);
        return status;
    }
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
