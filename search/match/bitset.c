#include "search/match/bitset.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

unsigned bitset_pick_plain(const uint64_t *set, const uint32_t *numbers, unsigned n, uint32_t base,
                           uint8_t *places)
{
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++) {
        places[count] = (uint8_t)i;
        count += bitset_has(set, numbers[i] - base);
    }
    return count;
}

#if defined(__x86_64__)

#define EACH_BYTE 0x0101010101010101ull

/* The numbers of the bits of `found` that are set, a byte each, from the lowest byte on. */
__attribute__((target("avx2,bmi2"))) static inline uint64_t bits_of(unsigned found)
{
    return _pext_u64(0x0706050403020100ull, _pdep_u64(found, EACH_BYTE) * 0xff);
}

/* Eight words of 32 bits are fetched at once; the bit that is asked for becomes the sign. How many
 * of eight are found is anybody's guess, so eight places are written whatever their number. */
__attribute__((target("avx2,bmi2,popcnt"))) static unsigned
pick_avx2(const uint64_t *set, const uint32_t *numbers, unsigned n, uint32_t base, uint8_t *places)
{
    const int *words = (const int *)(const void *)set;
    __m256i from = _mm256_set1_epi32((int)base), last = _mm256_set1_epi32(31);
    unsigned count = 0, i = 0;

    for (; i + 8 <= n; i += 8) {
        __m256i eight = _mm256_loadu_si256((const __m256i *)(const void *)(numbers + i));
        __m256i at = _mm256_sub_epi32(eight, from);
        __m256i word = _mm256_i32gather_epi32(words, _mm256_srli_epi32(at, 5), 4);
        __m256i sign = _mm256_sllv_epi32(word, _mm256_andnot_si256(at, last));
        unsigned found = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(sign));
        uint64_t eight_places = bits_of(found) + i * EACH_BYTE;

        memcpy(places + count, &eight_places, sizeof eight_places);
        count += (unsigned)__builtin_popcount(found);
    }
    for (; i < n; i++) {
        places[count] = (uint8_t)i;
        count += bitset_has(set, numbers[i] - base);
    }
    return count;
}

unsigned bitset_pick(const uint64_t *set, const uint32_t *numbers, unsigned n, uint32_t base,
                     uint8_t *places)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")
               ? pick_avx2(set, numbers, n, base, places)
               : bitset_pick_plain(set, numbers, n, base, places);
}

#else

unsigned bitset_pick(const uint64_t *set, const uint32_t *numbers, unsigned n, uint32_t base,
                     uint8_t *places)
{
    return bitset_pick_plain(set, numbers, n, base, places);
}

#endif
