#include "indexer/segment/elias.h"

#include "indexer/segment/bitpack.h"

#include <assert.h>
#include <endian.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* A word may have bits of what follows, and places are stored up to sixteen at a time. */
#define PLACES (ELIAS_NUMBERS_MAX + 64 + 16)
#define HIGH_WORDS (3 * ELIAS_NUMBERS_MAX / 64 + 1)

/* Bits that are packed: what `n` numbers of 0 … most cost least with. */
static unsigned low_width(uint32_t n, uint32_t most)
{
    uint32_t each = (uint32_t)(((uint64_t)most + 1) / n);

    return each == 0 ? 0 : 31u - (unsigned)__builtin_clz(each);
}

size_t elias_encode(const uint32_t *numbers, uint32_t n, uint32_t base, uint32_t last, uint8_t *out)
{
    uint32_t low[ELIAS_NUMBERS_MAX], bit = 0;
    unsigned width = low_width(n, last - base - (n - 1));
    uint32_t mask = (uint32_t)(((uint64_t)1 << width) - 1);
    uint64_t words[HIGH_WORDS] = {0};
    size_t low_bytes = bitpack_bytes(n, width);

    assert(n > 0 && n <= ELIAS_NUMBERS_MAX);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = numbers[i] - base - i;

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

/* --- where the high bits are set --- */

/* The next eight bytes, or what there is of them. */
static inline uint64_t load_bits(const uint8_t *at, size_t left)
{
    uint64_t word = 0;

    if (left >= sizeof word)
        memcpy(&word, at, sizeof word);
    else
        memcpy(&word, at, left);
    return le64toh(word);
}

/* The first `n` of them. False: there are not as many. */
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

/* --- high and low bits together: false when what comes out does not rise --- */

static bool join_plain(const uint32_t *places, uint32_t n, unsigned width, uint32_t base,
                       uint32_t *out)
{
    bool rises = true;

    for (uint32_t i = 0; i < n; i++) {
        out[i] += base + i + ((places[i] - i) << width);
        rises &= i == 0 || out[i] > out[i - 1];
    }
    return rises;
}

static bool high_plain(const struct reader *r, uint32_t n, unsigned width, uint32_t base,
                       uint32_t *out, uint32_t *last_place)
{
    uint32_t places[PLACES];

    if (!find_bits(r, n, places))
        return false;
    *last_place = places[n - 1];
    return join_plain(places, n, width, base, out);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static bool rises_avx2(const uint32_t *out, uint32_t n)
{
    __m256i bad = _mm256_setzero_si256();
    bool rises = true;
    uint32_t i;

    for (i = 0; i + 8 < n; i += 8) { /* a > b or equal: the greater of both is a */
        __m256i a = _mm256_loadu_si256((const void *)(out + i));
        __m256i b = _mm256_loadu_si256((const void *)(out + i + 1));

        bad = _mm256_or_si256(bad, _mm256_cmpeq_epi32(_mm256_max_epu32(a, b), a));
    }
    for (i++; i < n; i++)
        rises &= out[i] > out[i - 1];
    return rises && _mm256_testz_si256(bad, bad) != 0;
}

/* `out` has room for whole eights. */
__attribute__((target("avx2"))) static bool join_avx2(const uint32_t *places, uint32_t n,
                                                      unsigned width, uint32_t base, uint32_t *out)
{
    __m256i index = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i bases = _mm256_add_epi32(index, _mm256_set1_epi32((int)base));
    const __m128i shift = _mm_cvtsi32_si128((int)width);

    for (uint32_t i = 0; i < n; i += 8) {
        __m256i low = _mm256_loadu_si256((const void *)(out + i));
        __m256i high = _mm256_loadu_si256((const void *)(places + i));

        high = _mm256_sll_epi32(_mm256_sub_epi32(high, index), shift);
        low = _mm256_add_epi32(_mm256_add_epi32(low, high), bases);
        _mm256_storeu_si256((void *)(out + i), low);
        index = _mm256_add_epi32(index, _mm256_set1_epi32(8));
        bases = _mm256_add_epi32(bases, _mm256_set1_epi32(8));
    }
    return rises_avx2(out, n);
}

__attribute__((target("avx2,bmi,popcnt"))) static bool high_avx2(const struct reader *r, uint32_t n,
                                                                 unsigned width, uint32_t base,
                                                                 uint32_t *out,
                                                                 uint32_t *last_place)
{
    uint32_t places[PLACES];

    if (!find_bits(r, n, places))
        return false;
    *last_place = places[n - 1];
    return join_avx2(places, n, width, base, out);
}

/* Sixteen bits at a time, their numbers pushed together. */
__attribute__((target("avx2,avx512f,popcnt"))) static bool high_avx512(const struct reader *r,
                                                                       uint32_t n, unsigned width,
                                                                       uint32_t base, uint32_t *out,
                                                                       uint32_t *last_place)
{
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    uint32_t places[PLACES], i = 0;
    size_t left = reader_left(r);

    for (uint32_t byte = 0; i < n; byte += 8) {
        uint64_t word;

        if (byte >= left)
            return false;
        word = load_bits(r->at + byte, left - byte);
        for (unsigned quarter = 0; quarter < 4; quarter++, word >>= 16) {
            __mmask16 set = (__mmask16)word;

            _mm512_storeu_si512(places + i, _mm512_maskz_compress_epi32(set, at));
            i += (uint32_t)__builtin_popcount(set);
            at = _mm512_add_epi32(at, _mm512_set1_epi32(16));
        }
    }
    *last_place = places[n - 1];
    return join_avx2(places, n, width, base, out);
}

static bool high(enum elias_way way, const struct reader *r, uint32_t n, unsigned width,
                 uint32_t base, uint32_t *out, uint32_t *last_place)
{
    if (way == ELIAS_AVX512)
        return high_avx512(r, n, width, base, out, last_place);
    if (way == ELIAS_AVX2)
        return high_avx2(r, n, width, base, out, last_place);
    return high_plain(r, n, width, base, out, last_place);
}

bool elias_can(enum elias_way way)
{
    if (way == ELIAS_AVX512)
        return __builtin_cpu_supports("avx512f") != 0;
    return way == ELIAS_PLAIN || __builtin_cpu_supports("avx2") != 0;
}

#else

static bool high(enum elias_way way, const struct reader *r, uint32_t n, unsigned width,
                 uint32_t base, uint32_t *out, uint32_t *last_place)
{
    (void)way;
    return high_plain(r, n, width, base, out, last_place);
}

bool elias_can(enum elias_way way)
{
    return way == ELIAS_PLAIN;
}

#endif

/* --- reading --- */

bool elias_decode_by(enum elias_way way, struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                     uint32_t *out)
{
    uint8_t scratch[ELIAS_NUMBERS_MAX * 4 + BITPACK_SLACK];
    uint32_t most, low, place;
    const uint8_t *packed;
    unsigned width;

    if (n == 0 || n > ELIAS_NUMBERS_MAX || base > last || last - base < n - 1)
        return false;
    most = last - base - (n - 1);
    width = low_width(n, most);
    packed = bitpack_take(r, bitpack_bytes(n, width), scratch);
    if (packed == NULL)
        return false;
    if (way == ELIAS_PLAIN)
        bitpack_decode_plain(packed, n, width, out);
    else
        bitpack_decode(packed, n, width, out);
    low = out[n - 1];
    if (!high(way, r, n, width, base, out, &place))
        return false;
    r->at += place / 8 + 1;
    /* A number too big for 32 bits has wrapped, and does not rise, or is one of these two. */
    return out[0] >= base && ((uint64_t)(place - (n - 1)) << width) + low <= most;
}

bool elias_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last, uint32_t *out)
{
    enum elias_way way = elias_can(ELIAS_AVX512) ? ELIAS_AVX512
                         : elias_can(ELIAS_AVX2) ? ELIAS_AVX2
                                                 : ELIAS_PLAIN;

    return elias_decode_by(way, r, n, base, last, out);
}

/* --- one of them --- */

struct finder {
    struct bytes bytes; /* low bits from its beginning on, */
    size_t high, end;   /* high bits from … to */
    unsigned width;
    uint32_t n, base;
};

/* Number i, when its bit of the high ones is the `place`-th. */
static uint64_t number_at(const struct finder *f, uint32_t i, uint32_t place)
{
    size_t bit = (size_t)i * f->width;
    uint64_t word = load_bits(f->bytes.data + bit / 8, f->bytes.len - bit / 8);
    uint64_t low = word >> bit % 8 & (((uint64_t)1 << f->width) - 1);

    return f->base + i + ((uint64_t)(place - i) << f->width) + low;
}

/* The most that it can be, whatever its low bits. */
static uint64_t most_at(const struct finder *f, uint32_t i, uint32_t place)
{
    return f->base + i + ((uint64_t)(place - i + 1) << f->width) - 1;
}

/* Where bits of a word come after `zeros` zeros; 64: nowhere. */
typedef uint32_t after_zeros(uint64_t word, uint32_t zeros);

/* Number i has at least (target - base + 1 - i) >> w zeros before its bit, less one: in a word
 * whose last number is not too small, those that cannot have as many are passed at once. What
 * follows the high bits may stand in the last word; it is not read past the n-th bit. */
static inline __attribute__((always_inline)) bool find_in_words(const struct finder *f,
                                                                after_zeros *after, uint32_t target,
                                                                uint32_t *at, uint64_t *number)
{
    uint32_t i = 0;

    for (uint32_t byte = 0; f->high + byte < f->end && i < f->n; byte += 8) {
        uint64_t word = load_bits(f->bytes.data + f->high + byte, f->bytes.len - f->high - byte);
        uint32_t bits = (uint32_t)__builtin_popcountll(word), zeros, least, from;

        if (bits == 0)
            continue;
        if (most_at(f, i + bits - 1, byte * 8 + 63 - (uint32_t)__builtin_clzll(word)) < target) {
            i += bits;
            continue;
        }
        zeros = byte * 8 - i;
        least = target - f->base < i + bits
                    ? 0
                    : (uint32_t)(((uint64_t)(target - f->base - i - bits) + 2) >> f->width);
        if (least > zeros + 1 && (from = after(word, least - 1 - zeros)) < 64) {
            i += (uint32_t)__builtin_popcountll(word & (((uint64_t)1 << from) - 1));
            word &= UINT64_MAX << from;
        }
        for (; word != 0 && i < f->n; word &= word - 1, i++) {
            uint32_t place = byte * 8 + (uint32_t)__builtin_ctzll(word);

            if (most_at(f, i, place) >= target && (*number = number_at(f, i, place)) >= target) {
                *at = i;
                return true;
            }
        }
    }
    return false;
}

static uint32_t after_zeros_plain(uint64_t word, uint32_t zeros)
{
    for (uint64_t left = ~word; left != 0; left &= left - 1)
        if (--zeros == 0)
            return (uint32_t)__builtin_ctzll(left) + 1;
    return 64;
}

static bool find_plain(const struct finder *f, uint32_t target, uint32_t *at, uint64_t *number)
{
    return find_in_words(f, after_zeros_plain, target, at, number);
}

#if defined(__x86_64__)

#define WITH_BMI __attribute__((target("bmi,bmi2,popcnt,lzcnt")))

WITH_BMI static inline uint32_t after_zeros_bmi(uint64_t word, uint32_t zeros)
{
    return (uint32_t)_tzcnt_u64(_pdep_u64((uint64_t)1 << (zeros - 1), ~word)) + 1;
}

WITH_BMI static bool find_bmi(const struct finder *f, uint32_t target, uint32_t *at,
                              uint64_t *number)
{
    return find_in_words(f, after_zeros_bmi, target, at, number);
}

static bool find_one(bool plain, const struct finder *f, uint32_t target, uint32_t *at,
                     uint64_t *number)
{
    return plain || !__builtin_cpu_supports("bmi2") ? find_plain(f, target, at, number)
                                                    : find_bmi(f, target, at, number);
}

#else

static bool find_one(bool plain, const struct finder *f, uint32_t target, uint32_t *at,
                     uint64_t *number)
{
    (void)plain;
    return find_plain(f, target, at, number);
}

#endif

bool elias_find_by(bool plain, struct bytes bytes, uint32_t n, uint32_t base, uint32_t last,
                   uint32_t target, uint32_t *at, uint32_t *number, size_t *end)
{
    struct finder f = {.bytes = bytes, .n = n, .base = base};
    uint32_t most;
    uint64_t found;

    if (n == 0 || n > ELIAS_NUMBERS_MAX || base > last || last - base < n - 1)
        return false;
    most = last - base - (n - 1);
    f.width = low_width(n, most);
    f.high = bitpack_bytes(n, f.width);
    f.end = f.high + ((most >> f.width) + n - 1) / 8 + 1;
    if (f.end > bytes.len)
        return false;
    *end = f.end;
    if (!find_one(plain, &f, target, at, &found) || found > last)
        return false;
    *number = (uint32_t)found;
    return true;
}

bool elias_find(struct bytes bytes, uint32_t n, uint32_t base, uint32_t last, uint32_t target,
                uint32_t *at, uint32_t *number, size_t *end)
{
    return elias_find_by(false, bytes, n, base, last, target, at, number, end);
}
