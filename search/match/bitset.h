/* bitset.h: which of many numbers are in a set. */
#ifndef ASKFIRST_SEARCH_MATCH_BITSET_H
#define ASKFIRST_SEARCH_MATCH_BITSET_H

#include <stdbool.h>
#include <stdint.h>

static inline void bitset_add(uint64_t *set, uint32_t at)
{
    set[at / 64] |= (uint64_t)1 << at % 64;
}

static inline bool bitset_has(const uint64_t *set, uint32_t at)
{
    return (set[at / 64] >> at % 64 & 1) != 0;
}

/* Of numbers[0 … n-1] - base, which all lie under the size of the set, those that are in it: their
 * places, in order. Returns how many; `places` has room for BITSET_SLACK more than n ≤ 256. */
#define BITSET_SLACK 8
unsigned bitset_pick(const uint64_t *set, const uint32_t *numbers, unsigned n, uint32_t base,
                     uint8_t *places);
/* The same without the processor's help, for tests. */
unsigned bitset_pick_plain(const uint64_t *set, const uint32_t *numbers, unsigned n, uint32_t base,
                           uint8_t *places);

#endif
