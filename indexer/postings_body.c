#include "indexer/bitpack.h"
#include "indexer/postings.h"

#include <assert.h>
#include <endian.h>

/* --- documents: Elias-Fano --- */

/* Bits that are packed: what `n` numbers of 0 … most cost least with. */
static unsigned low_width(uint32_t n, uint32_t most)
{
    uint32_t each = (uint32_t)(((uint64_t)most + 1) / n);

    return each == 0 ? 0 : 31u - (unsigned)__builtin_clz(each);
}

static size_t encode_docs(const struct postings_block *block, uint32_t base, uint32_t last,
                          uint8_t *out)
{
    uint32_t n = block->n, low[POSTINGS_BLOCK], most = last - base - (n - 1);
    unsigned width = low_width(n, most);
    uint8_t *high = out + bitpack_bytes(n, width);
    size_t high_bytes = (((block->docs[n - 1] - base - (n - 1)) >> width) + n + 7) / 8;

    memset(high, 0, high_bytes);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = block->docs[i] - base - i, bit = (v >> width) + i;

        low[i] = v & (uint32_t)(((uint64_t)1 << width) - 1);
        high[bit / 8] |= (uint8_t)(1u << bit % 8);
    }
    bitpack_encode(low, n, width, out);
    return (size_t)(high - out) + high_bytes;
}

const uint8_t *postings_packed(struct reader *r, size_t bytes, uint8_t *scratch)
{
    const uint8_t *at = r->at;
    size_t left = reader_left(r);

    if (left < bytes)
        return NULL;
    r->at += bytes;
    if (left - bytes >= BITPACK_SLACK)
        return at;
    memset(scratch + bytes, 0, BITPACK_SLACK);
    if (bytes > 0)
        memcpy(scratch, at, bytes);
    return scratch;
}

/* The next eight bytes, or what there is of them. */
static uint64_t load_bits(const uint8_t *at, size_t left)
{
    uint64_t word = 0;

    memcpy(&word, at, left < sizeof word ? left : sizeof word);
    return le64toh(word);
}

/* Adds the high bits to the low ones in `docs`. False: they end too early, or what comes out does
 * not rise or passes `most`. Numbers too big for 32 bits wrap, and then do not rise. */
static bool add_high(struct reader *r, uint32_t n, unsigned width, uint32_t base, uint32_t most,
                     uint32_t *docs)
{
    const uint8_t *start = r->at;
    size_t left = reader_left(r);
    uint32_t i = 0, before = 0, bit = 0, low = 0;
    bool bad = false;

    for (uint32_t word_at = 0; i < n; word_at += 64) {
        uint64_t word;

        if (word_at / 8 >= left)
            return false;
        word = load_bits(start + word_at / 8, left - word_at / 8);
        for (; word != 0 && i < n; word &= word - 1, i++) {
            uint32_t doc;

            bit = word_at + (unsigned)__builtin_ctzll(word);
            low = docs[i];
            doc = base + i + low + ((bit - i) << width);
            bad |= i > 0 && doc <= before;
            docs[i] = before = doc;
        }
    }
    r->at = start + bit / 8 + 1;
    return !bad && docs[0] >= base && ((uint64_t)(bit - (n - 1)) << width) + low <= most;
}

static bool decode_docs(struct reader *r, uint32_t n, uint32_t base, uint32_t last, uint32_t *docs)
{
    uint8_t scratch[POSTINGS_BLOCK * 4 + BITPACK_SLACK];
    const uint8_t *packed;
    unsigned width;

    if (n == 0 || n > POSTINGS_BLOCK || base > last || last - base < n - 1)
        return false;
    width = low_width(n, last - base - (n - 1));
    packed = postings_packed(r, bitpack_bytes(n, width), scratch);
    if (packed == NULL)
        return false;
    bitpack_decode(packed, n, width, docs);
    return add_high(r, n, width, base, last - base - (n - 1), docs);
}

/* --- the whole --- */

size_t postings_body_encode(const struct postings_block *block, uint32_t base, uint32_t last,
                            uint8_t *out)
{
    size_t len = encode_docs(block, base, last, out);
    unsigned escapes = 0;

    len += postings_codes_encode(block->codes, block->n, out + len);
    for (uint32_t i = 0; i < block->n; i++)
        if (block->codes[i] == SHAPE_ESCAPE)
            len += shape_escape_encode(block->escapes[escapes++], out + len);
    assert(len <= POSTINGS_BODY_MAX);
    return len;
}

bool postings_body_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                          struct postings_block *out)
{
    const uint8_t *at = out->codes;
    unsigned escapes = 0;

    if (!decode_docs(r, n, base, last, out->docs) || !postings_codes_decode(r, n, out->codes))
        return false;
    out->n = n;
    while ((at = memchr(at, SHAPE_ESCAPE, (size_t)(out->codes + n - at))) != NULL) {
        if (!shape_escape_decode(r, out->escapes[escapes++]))
            return false;
        at++;
    }
    return true;
}

const uint8_t *postings_block_tf(const struct postings_block *block, uint32_t i)
{
    unsigned escape = 0;

    assert(i < block->n);
    if (block->codes[i] != SHAPE_ESCAPE)
        return shape_tf(block->codes[i]);
    for (uint32_t j = 0; j < i; j++)
        escape += block->codes[j] == SHAPE_ESCAPE;
    return block->escapes[escape];
}

/* --- the builder's log --- */

size_t postings_code_encode(const uint8_t tf[FIELD_COUNT], uint8_t *at)
{
    at[0] = shape_code(tf);
    return at[0] == SHAPE_ESCAPE ? 1 + shape_escape_encode(tf, at + 1) : 1;
}

bool postings_code_decode(struct reader *r, uint8_t tf[FIELD_COUNT])
{
    uint8_t code;

    if (!reader_u8(r, &code))
        return false;
    if (code == SHAPE_ESCAPE)
        return shape_escape_decode(r, tf);
    memcpy(tf, shape_tf(code), FIELD_COUNT);
    return true;
}
