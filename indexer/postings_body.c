#include "indexer/bitpack.h"
#include "indexer/postings.h"

#include <assert.h>
#include <endian.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* --- documents: Elias-Fano --- */

#define HIGH_WORDS (3 * POSTINGS_BLOCK / 64 + 1) /* fewer than two zeros a document */

/* Bits that are packed: what `n` numbers of 0 … most cost least with. */
static unsigned low_width(uint32_t n, uint32_t most)
{
    uint32_t each = (uint32_t)(((uint64_t)most + 1) / n);

    return each == 0 ? 0 : 31u - (unsigned)__builtin_clz(each);
}

static size_t encode_docs(const struct postings_block *block, uint32_t base, uint32_t last,
                          uint8_t *out)
{
    uint32_t n = block->n, low[POSTINGS_BLOCK], most = last - base - (n - 1), bit = 0;
    unsigned width = low_width(n, most);
    uint32_t mask = (uint32_t)(((uint64_t)1 << width) - 1);
    uint64_t words[HIGH_WORDS] = {0};
    size_t low_bytes = bitpack_bytes(n, width);

    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = block->docs[i] - base - i;

        low[i] = v & mask;
        bit = (v >> width) + i;
        words[bit / 64] |= (uint64_t)1 << bit % 64;
    }
    bitpack_encode(low, n, width, out);
    for (unsigned i = 0; i <= bit / 64; i++)
        words[i] = htole64(words[i]);
    memcpy(out + low_bytes, words, bit / 8 + 1);
    return low_bytes + bit / 8 + 1;
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

#define PLACES (POSTINGS_BLOCK + 64 + 4) /* a word may have bits of what follows, four at a time */

/* Where the first `n` bits are that are set. False: there are not as many. */
static inline __attribute__((always_inline)) bool find_bits(const struct reader *r, uint32_t n,
                                                            uint32_t places[PLACES])
{
    size_t left = reader_left(r);
    uint32_t i = 0;

    for (uint32_t at = 0; i < n; at += 64) {
        uint32_t *to = places + i;
        uint64_t word;

        if (at / 8 >= left)
            return false;
        word = load_bits(r->at + at / 8, left - at / 8);
        i += (uint32_t)__builtin_popcountll(word);
        for (; word != 0; to += 4)
            for (unsigned j = 0; j < 4; j++) { /* past the last bit: what is written over */
                to[j] = at + (uint32_t)__builtin_ctzll(word | (uint64_t)1 << 63);
                word &= word - 1;
            }
    }
    return true;
}

/* docs[i] has the low bits; those of numbers too big for 32 wrap, and then do not rise. */
static bool join_plain(uint32_t *docs, const uint32_t *places, uint32_t n, unsigned width,
                       uint32_t base)
{
    bool rises = true;

    for (uint32_t i = 0; i < n; i++) {
        docs[i] += base + i + ((places[i] - i) << width);
        rises &= i == 0 || docs[i] > docs[i - 1];
    }
    return rises;
}

static bool high_plain(const struct reader *r, uint32_t n, unsigned width, uint32_t base,
                       uint32_t *docs, uint32_t *last_place)
{
    uint32_t places[PLACES];

    if (!find_bits(r, n, places))
        return false;
    *last_place = places[n - 1];
    return join_plain(docs, places, n, width, base);
}

#if defined(__x86_64__)

__attribute__((target("avx2,bmi,popcnt"))) static bool high_avx2(const struct reader *r, uint32_t n,
                                                                 unsigned width, uint32_t base,
                                                                 uint32_t *docs,
                                                                 uint32_t *last_place)
{
    uint32_t places[PLACES];
    __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i bases = _mm256_add_epi32(index, _mm256_set1_epi32((int)base));
    __m256i bad = _mm256_setzero_si256();
    const __m128i shift = _mm_cvtsi32_si128((int)width);
    uint32_t i;
    bool rises = true;

    if (!find_bits(r, n, places))
        return false;
    *last_place = places[n - 1];
    for (i = 0; i < n; i += 8) { /* docs has room for whole eights */
        __m256i low = _mm256_loadu_si256((const void *)(docs + i));
        __m256i high = _mm256_loadu_si256((const void *)(places + i));

        high = _mm256_sll_epi32(_mm256_sub_epi32(high, index), shift);
        _mm256_storeu_si256((void *)(docs + i),
                            _mm256_add_epi32(_mm256_add_epi32(low, high), bases));
        index = _mm256_add_epi32(index, _mm256_set1_epi32(8));
        bases = _mm256_add_epi32(bases, _mm256_set1_epi32(8));
    }
    for (i = 0; i + 8 < n; i += 8) { /* a > b or equal: the greater of both is a */
        __m256i a = _mm256_loadu_si256((const void *)(docs + i));
        __m256i b = _mm256_loadu_si256((const void *)(docs + i + 1));

        bad = _mm256_or_si256(bad, _mm256_cmpeq_epi32(_mm256_max_epu32(a, b), a));
    }
    for (i++; i < n; i++)
        rises &= docs[i] > docs[i - 1];
    return rises && _mm256_testz_si256(bad, bad) != 0;
}

static bool high(const struct reader *r, uint32_t n, unsigned width, uint32_t base, uint32_t *docs,
                 uint32_t *last_place)
{
    return __builtin_cpu_supports("avx2") ? high_avx2(r, n, width, base, docs, last_place)
                                          : high_plain(r, n, width, base, docs, last_place);
}

#else
#define high high_plain
#endif

/* Adds the high bits to the low ones in `docs`. False: they end too early, or what comes out does
 * not rise or passes `most`. */
static bool add_high(struct reader *r, uint32_t n, unsigned width, uint32_t base, uint32_t most,
                     uint32_t *docs)
{
    uint32_t low = docs[n - 1], place;

    if (!high(r, n, width, base, docs, &place))
        return false;
    r->at += place / 8 + 1;
    return docs[0] >= base && ((uint64_t)(place - (n - 1)) << width) + low <= most;
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
    const uint8_t *at = block->codes, *end = block->codes + block->n;

    len += postings_codes_encode(block->codes, block->n, out + len);
    for (unsigned i = 0; (at = memchr(at, SHAPE_ESCAPE, (size_t)(end - at))) != NULL; i++, at++)
        len += shape_escape_encode(block->escapes[i], out + len);
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
