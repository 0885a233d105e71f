#include "indexer/segment/shape.h"

#include <assert.h>
#include <endian.h>

/* A shape as seven hexadecimal digits: how often in field 0, 1, … 6. These were counted in the
 * generated corpus of 100,000 cases (parts apart) and in 35,067 real ones (mostly one text), half
 * the weight each; sorted, since codes are looked up here. */
/* clang-format off */
#define OTHERS(X)                                                                                  \
    X(0x0000120) X(0x0000130) X(0x0000140) X(0x0000150) X(0x0000210) X(0x0000220)                  \
    X(0x0000230) X(0x0000240) X(0x0000310) X(0x0000320) X(0x0001020) X(0x0001030)                  \
    X(0x0001040) X(0x0001050) X(0x0001060) X(0x0001110) X(0x0001120) X(0x0001130)                  \
    X(0x0001140) X(0x0001150) X(0x0001200) X(0x0001210) X(0x0001220) X(0x0001230)                  \
    X(0x0001240) X(0x0001300) X(0x0001310) X(0x0001320) X(0x0002010) X(0x0002020)                  \
    X(0x0002030) X(0x0002040) X(0x0002050) X(0x0002100) X(0x0002110) X(0x0002120)                  \
    X(0x0002130) X(0x0002140) X(0x0002150) X(0x0002200) X(0x0002210) X(0x0002220)                  \
    X(0x0002230) X(0x0002240) X(0x0003010) X(0x0003020) X(0x0003030) X(0x0003040)                  \
    X(0x0003100) X(0x0003110) X(0x0003120) X(0x0003130) X(0x0003140) X(0x0003150)                  \
    X(0x0003200) X(0x0003210) X(0x0003220) X(0x0003230) X(0x0004010) X(0x0004020)                  \
    X(0x0004030) X(0x0004100) X(0x0004110) X(0x0004120) X(0x0010002) X(0x0010003)                  \
    X(0x0010004) X(0x0010020) X(0x0010110) X(0x0011010) X(0x0011020) X(0x0012000)                  \
    X(0x1000002) X(0x1000003) X(0x1000004) X(0x1000005) X(0x1000006) X(0x1000007)                  \
    X(0x1000008) X(0x1000009) X(0x1000020) X(0x1000030) X(0x1000040) X(0x1000110)                  \
    X(0x1000120) X(0x1000130) X(0x1000200) X(0x1000210) X(0x1000220) X(0x1001010)                  \
    X(0x1001020) X(0x1001030) X(0x1001040) X(0x1001100) X(0x1001110) X(0x1001120)                  \
    X(0x1001130) X(0x1001140) X(0x1001200) X(0x1001210) X(0x1001220) X(0x1002000)                  \
    X(0x1002010) X(0x1002020) X(0x1002030) X(0x1002040) X(0x1002100) X(0x1002110)                  \
    X(0x1002120) X(0x1002130) X(0x1003000) X(0x1003010) X(0x1003020) X(0x1003130)                  \
    X(0x1010001) X(0x1010002) X(0x1010010) X(0x1011000) X(0x1011010) X(0x1101000)                  \
    X(0x2000001) X(0x2000002) X(0x2000003) X(0x2000004) X(0x2000005) X(0x2000006)                  \
    X(0x2000010) X(0x2000020) X(0x2001000)
/* clang-format on */

#define DIGIT(shape, field) ((uint8_t)((shape) >> (4 * (FIELD_COUNT - 1 - (field))) & 15u))
#define BIT(shape, field) (DIGIT(shape, field) != 0 ? 1u << (field) : 0u)
#define MASK(shape)                                                                                \
    (uint8_t)(BIT(shape, 0) | BIT(shape, 1) | BIT(shape, 2) | BIT(shape, 3) | BIT(shape, 4) |      \
              BIT(shape, 5) | BIT(shape, 6))
#define ROW(shape)                                                                                 \
    {DIGIT(shape, 0), DIGIT(shape, 1), DIGIT(shape, 2), DIGIT(shape, 3),                           \
     DIGIT(shape, 4), DIGIT(shape, 5), DIGIT(shape, 6), MASK(shape)},
#define ONE(times)                                                                                 \
    ROW(0x1000000u * (times))                                                                      \
    ROW(0x100000u * (times))                                                                       \
    ROW(0x10000u * (times))                                                                        \
    ROW(0x1000u * (times)) ROW(0x100u * (times)) ROW(0x10u * (times)) ROW(0x1u * (times))

_Static_assert(FIELD_COUNT == 7, "shapes are written for seven fields");

/* clang-format off */
const uint8_t shape_table[256][FIELD_COUNT + 1] = {
    ONE(1u) ONE(2u) ONE(3u) ONE(4u) ONE(5u) ONE(6u) ONE(7u) ONE(8u)
    ONE(9u) ONE(10u) ONE(11u) ONE(12u) ONE(13u) ONE(14u) ONE(15u)
    ROW(0x1100000u) ROW(0x1010000u) ROW(0x1001000u) ROW(0x1000100u) ROW(0x1000010u) ROW(0x1000001u)
    ROW(0x0110000u) ROW(0x0101000u) ROW(0x0100100u) ROW(0x0100010u) ROW(0x0100001u)
    ROW(0x0011000u) ROW(0x0010100u) ROW(0x0010010u) ROW(0x0010001u)
    ROW(0x0001100u) ROW(0x0001010u) ROW(0x0001001u)
    ROW(0x0000110u) ROW(0x0000101u)
    ROW(0x0000011u)
    OTHERS(ROW)
    {0}
};

#define COMMA(shape) shape,
static const uint32_t others[] = {OTHERS(COMMA)};
/* clang-format on */

_Static_assert(SHAPE_OTHERS + sizeof others / sizeof *others == SHAPE_ESCAPE, "a code each");

static uint8_t find_other(uint32_t shape)
{
    unsigned low = 0, high = sizeof others / sizeof *others;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (others[middle] < shape)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < sizeof others / sizeof *others && others[low] == shape)
        return (uint8_t)(SHAPE_OTHERS + low);
    return SHAPE_ESCAPE;
}

/* Pairs with a first field below `first`, then the second. */
static uint8_t pair_code(unsigned first, unsigned second)
{
    return (uint8_t)(SHAPE_PAIRS + first * (2 * FIELD_COUNT - 1 - first) / 2 + second - first - 1);
}

/* The shape of fields that may have up to 15 each, all others being 0. */
static uint8_t code_of_many(const uint8_t tf[FIELD_COUNT])
{
    uint32_t shape = 0;
    unsigned all = 0;

    for (unsigned f = 0; f < FIELD_COUNT; f++) {
        shape = shape << 4 | (tf[f] & 15u);
        all |= tf[f];
    }
    return all > SHAPE_TIMES ? SHAPE_ESCAPE : find_other(shape);
}

uint8_t shape_code(const uint8_t tf[FIELD_COUNT])
{
    uint64_t all = 0, rest, beyond; /* field f in byte f */
    unsigned first, place;

    memcpy(&all, tf, FIELD_COUNT);
    all = le64toh(all);
    assert(all != 0);
    first = (unsigned)__builtin_ctzll(all) / 8;
    rest = all >> first * 8;
    if (rest <= SHAPE_TIMES)
        return (uint8_t)((rest - 1) * FIELD_COUNT + first);
    beyond = rest - 1; /* once in the first field, and once in one other: a single bit */
    place = (unsigned)__builtin_ctzll(beyond);
    if ((rest & 255) != 1 || (beyond & (beyond - 1)) != 0 || place % 8 != 0)
        return code_of_many(tf);
    return pair_code(first, first + place / 8);
}

size_t shape_escape_encode(const uint8_t tf[FIELD_COUNT], uint8_t *at)
{
    unsigned mask = 0;
    size_t len = 1;

    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (tf[f] > 0) {
            mask |= 1u << f;
            at[len++] = tf[f];
        }
    at[0] = (uint8_t)mask;
    return len;
}

bool shape_escape_decode(struct reader *r, uint8_t tf[FIELD_COUNT])
{
    uint8_t mask;

    memset(tf, 0, FIELD_COUNT);
    if (!reader_u8(r, &mask) || mask == 0 || mask >> FIELD_COUNT != 0)
        return false;
    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if (((unsigned)mask >> f & 1u) != 0 && (!reader_u8(r, &tf[f]) || tf[f] == 0))
            return false;
    return true;
}
