#include "indexer/segment/bitpack.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static uint64_t load64(const uint8_t *at)
{
    uint64_t v;

    memcpy(&v, at, sizeof v);
    return le64toh(v);
}

/* --- packing --- */

struct packer {
    uint64_t held;
    unsigned bits;
    uint8_t *at;
};

static inline void pack(struct packer *p, uint64_t number, unsigned width)
{
    p->held |= number << p->bits;
    p->bits += width;
    if (p->bits >= 32) {
        uint32_t word = htole32((uint32_t)p->held);

        memcpy(p->at, &word, sizeof word);
        p->at += sizeof word;
        p->held >>= 32;
        p->bits -= 32;
    }
}

static inline void pack_rest(struct packer *p)
{
    for (; p->bits > 0; p->bits = p->bits < 8 ? 0 : p->bits - 8) {
        *p->at++ = (uint8_t)p->held;
        p->held >>= 8;
    }
}

void bitpack_encode(const uint32_t *numbers, unsigned count, unsigned width, uint8_t *out)
{
    struct packer p = {.at = out};

    assert(width <= 32);
    for (unsigned i = 0; i < count; i++)
        pack(&p, numbers[i], width);
    pack_rest(&p);
}

static void encode_bytes_plain(const uint8_t *numbers, unsigned count, unsigned width, uint8_t *out)
{
    struct packer p = {.at = out};

    assert(width <= 8);
    for (unsigned i = 0; i < count; i++)
        pack(&p, numbers[i], width);
    pack_rest(&p);
}

/* --- plain --- */

const uint8_t *bitpack_take(struct reader *r, size_t bytes, uint8_t *scratch)
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

void bitpack_decode_plain(const uint8_t *packed, unsigned count, unsigned width, uint32_t *out)
{
    uint64_t mask = ((uint64_t)1 << width) - 1;

    assert(width <= 32);
    for (unsigned i = 0, bit = 0; i < (count + 7u) / 8u * 8u; i++, bit += width)
        out[i] = i < count ? (uint32_t)(load64(packed + bit / 8) >> bit % 8 & mask) : 0;
}

void bitpack_decode_bytes_plain(const uint8_t *packed, unsigned count, unsigned width, uint8_t *out)
{
    uint64_t mask = ((uint64_t)1 << width) - 1;

    assert(width <= 8);
    for (unsigned i = 0; i < count; i += 8) { /* eight of them are `width` bytes */
        uint64_t word = load64(packed + (size_t)i / 8 * width);

        for (unsigned j = 0; j < 8; j++)
            out[i + j] = (uint8_t)(word >> j * width & mask);
    }
}

/* --- with the processor's help --- */

#if defined(__x86_64__)

#define WIDTH_AVX2_MAX 25u /* and up to 7 bits before it: four bytes */

/* Eight numbers are `width` bytes: four from the first of them, four from half-way on. Bytes are
 * moved so that every lane has the four it needs, then shifted down. */
__attribute__((target("avx2"))) static void decode_avx2(const uint8_t *packed, unsigned count,
                                                        unsigned width, uint32_t *out)
{
    unsigned half = width / 2, odd = width % 2 * 4;
    __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 0, 1, 2, 3);
    __m256i bits =
        _mm256_add_epi32(_mm256_mullo_epi32(lanes, _mm256_set1_epi32((int)width)),
                         _mm256_setr_epi32(0, 0, 0, 0, (int)odd, (int)odd, (int)odd, (int)odd));
    __m256i from = _mm256_mullo_epi32(_mm256_srli_epi32(bits, 3), _mm256_set1_epi32(0x01010101));
    __m256i bytes = _mm256_add_epi32(from, _mm256_set1_epi32(0x03020100));
    __m256i shift = _mm256_and_si256(bits, _mm256_set1_epi32(7));
    __m256i mask = _mm256_set1_epi32((int)((1u << width) - 1u));

    for (unsigned i = 0; i < count; i += 8, packed += width) {
        __m128i low = _mm_loadu_si128((const __m128i *)(const void *)packed);
        __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(packed + half));
        __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);

        both = _mm256_srlv_epi32(_mm256_shuffle_epi8(both, bytes), shift);
        _mm256_storeu_si256((__m256i *)(void *)(out + i), _mm256_and_si256(both, mask));
    }
}

__attribute__((target("bmi2"))) static void decode_bytes_bmi2(const uint8_t *packed, unsigned count,
                                                              unsigned width, uint8_t *out)
{
    uint64_t mask = ((1u << width) - 1u) * UINT64_C(0x0101010101010101);

    for (unsigned i = 0; i < count; i += 8, packed += width) {
        uint64_t eight = _pdep_u64(load64(packed), mask);

        memcpy(out + i, &eight, sizeof eight);
    }
}

/* Eight become `width` bytes; a whole word is stored where what follows will write over it. */
__attribute__((target("bmi2"))) static void
encode_bytes_bmi2(const uint8_t *numbers, unsigned count, unsigned width, uint8_t *out)
{
    uint64_t mask = ((1u << width) - 1u) * UINT64_C(0x0101010101010101), eight;
    const uint8_t *end = out + bitpack_bytes(count, width);
    unsigned i = 0;

    for (; i + 8 <= count && end - out >= 8; i += 8, out += width) {
        memcpy(&eight, numbers + i, sizeof eight);
        eight = htole64(_pext_u64(le64toh(eight), mask));
        memcpy(out, &eight, sizeof eight);
    }
    encode_bytes_plain(numbers + i, count - i, width, out);
}

void bitpack_encode_bytes(const uint8_t *numbers, unsigned count, unsigned width, uint8_t *out)
{
    if (width > 0 && __builtin_cpu_supports("bmi2"))
        encode_bytes_bmi2(numbers, count, width, out);
    else
        encode_bytes_plain(numbers, count, width, out);
}

void bitpack_decode(const uint8_t *packed, unsigned count, unsigned width, uint32_t *out)
{
    if (width <= WIDTH_AVX2_MAX && __builtin_cpu_supports("avx2"))
        decode_avx2(packed, count, width, out);
    else
        bitpack_decode_plain(packed, count, width, out);
}

void bitpack_decode_bytes(const uint8_t *packed, unsigned count, unsigned width, uint8_t *out)
{
    if (__builtin_cpu_supports("bmi2"))
        decode_bytes_bmi2(packed, count, width, out);
    else
        bitpack_decode_bytes_plain(packed, count, width, out);
}

#else

void bitpack_encode_bytes(const uint8_t *numbers, unsigned count, unsigned width, uint8_t *out)
{
    encode_bytes_plain(numbers, count, width, out);
}

void bitpack_decode(const uint8_t *packed, unsigned count, unsigned width, uint32_t *out)
{
    bitpack_decode_plain(packed, count, width, out);
}

void bitpack_decode_bytes(const uint8_t *packed, unsigned count, unsigned width, uint8_t *out)
{
    bitpack_decode_bytes_plain(packed, count, width, out);
}

#endif
