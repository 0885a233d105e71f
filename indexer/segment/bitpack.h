/* bitpack.h: small numbers side by side, `width` bits each, low bits first; the last byte is
 * filled up with zeros.
 *
 * The decoders read whole words: BITPACK_SLACK bytes after the packed ones must be readable
 * (whatever they hold), and they write a multiple of 8 numbers. Where the processor has AVX2
 * and BMI2 these are used; the plain ones give the same and are here for the tests too. */
#ifndef ASKFIRST_INDEXER_SEGMENT_BITPACK_H
#define ASKFIRST_INDEXER_SEGMENT_BITPACK_H

#include "data/base/bytes.h"

#define BITPACK_SLACK 32u

static inline size_t bitpack_bytes(unsigned count, unsigned width)
{
    return ((size_t)count * width + 7) / 8;
}

/* Writes exactly bitpack_bytes(); the numbers fit in `width` ≤ 32 bits. */
void bitpack_encode(const uint32_t *numbers, unsigned count, unsigned width, uint8_t *out);
void bitpack_encode_bytes(const uint8_t *numbers, unsigned count, unsigned width, uint8_t *out);

/* Packed bytes at the front of `r`, with the slack: in place, or copied to `scratch` of `bytes` +
 * BITPACK_SLACK. NULL: there are not as many. */
const uint8_t *bitpack_take(struct reader *r, size_t bytes, uint8_t *scratch);

/* width ≤ 32; `out` has room for `count` rounded up to 8. */
void bitpack_decode(const uint8_t *packed, unsigned count, unsigned width, uint32_t *out);
void bitpack_decode_plain(const uint8_t *packed, unsigned count, unsigned width, uint32_t *out);
/* width ≤ 8 */
void bitpack_decode_bytes(const uint8_t *packed, unsigned count, unsigned width, uint8_t *out);
void bitpack_decode_bytes_plain(const uint8_t *packed, unsigned count, unsigned width,
                                uint8_t *out);

#endif
