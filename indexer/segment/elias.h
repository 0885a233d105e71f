/* elias.h: up to 128 numbers that rise, in little more bits than they need (Elias 1974, Fano 1971).
 *
 *   numbers d0 < d1 < … of base … last:   | low bits | high bits |    each from a new byte on
 *
 *     v_i = d_i - base - i never falls. Its low w bits stand packed (bitpack.h), w the whole part
 *     of log2((last - base + 1 - n) / n); of the rest h_i, bit h_i + i of the high bits is set.
 *
 * Reader and writer know n, base and last from elsewhere; nothing else is stored. */
#ifndef ASKFIRST_INDEXER_SEGMENT_ELIAS_H
#define ASKFIRST_INDEXER_SEGMENT_ELIAS_H

#include "data/base/bytes.h"

#define ELIAS_NUMBERS_MAX 128
/* 32 low bits of each, and fewer than two zeros a one */
#define ELIAS_BYTES_MAX (ELIAS_NUMBERS_MAX * 4 + ELIAS_NUMBERS_MAX * 3 / 8 + 1)

/* Returns how many bytes it wrote. 1 ≤ n ≤ ELIAS_NUMBERS_MAX. */
size_t elias_encode(const uint32_t *numbers, uint32_t n, uint32_t base, uint32_t last,
                    uint8_t *out);

/* False, or numbers that rise and lie in base … last, whatever the bytes are. `out` has room for
 * ELIAS_NUMBERS_MAX. */
bool elias_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last, uint32_t *out);

/* One of them without the others: the first ≥ `target`, which is at most `last`; `last` is the
 * last number itself. Of 128 it costs a fifth of decoding (443 instructions against 2,290, with
 * AVX2). *end: the bytes that all of them take. False: these are not such numbers, or the bytes
 * are damaged. What damage lets pass still lies in target … last. */
bool elias_find(struct bytes bytes, uint32_t n, uint32_t base, uint32_t last, uint32_t target,
                uint32_t *at, uint32_t *number, size_t *end);
/* `plain`: without the processor's help, for tests. */
bool elias_find_by(bool plain, struct bytes bytes, uint32_t n, uint32_t base, uint32_t last,
                   uint32_t target, uint32_t *at, uint32_t *number, size_t *end);

/* elias_decode by one way of doing it, for tests; elias_can: the processor has it. */
enum elias_way { ELIAS_PLAIN, ELIAS_AVX2, ELIAS_AVX512, ELIAS_WAYS };
bool elias_can(enum elias_way way);
bool elias_decode_by(enum elias_way way, struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                     uint32_t *out);

#endif
