#include "tests/harness.h"

#include "indexer/segment/bitpack.h"

#include <stdlib.h>

#define NUMBERS 256u

static void fill(struct test_random *random, uint32_t *numbers, unsigned count, unsigned width)
{
    uint64_t mask = ((uint64_t)1 << width) - 1;

    for (unsigned i = 0; i < count; i++)
        numbers[i] =
            (uint32_t)((test_random_below(random, 4) == 0 ? UINT32_MAX
                                                          : test_random_below(random, UINT32_MAX)) &
                       mask);
}

/* Packed in memory of its own, with just the slack that decoding may read. */
static void numbers_of_every_width_come_back(void **state)
{
    struct test_random random = test_random_new();
    uint32_t numbers[NUMBERS], plain[NUMBERS], fast[NUMBERS];

    (void)state;
    for (unsigned width = 0; width <= 32; width++)
        for (unsigned count = 0; count <= 136; count++) {
            size_t bytes = bitpack_bytes(count, width);
            uint8_t *packed = malloc(bytes + BITPACK_SLACK);

            memset(packed, 0xFF, bytes + BITPACK_SLACK);
            fill(&random, numbers, count, width);
            bitpack_encode(numbers, count, width, packed);
            for (unsigned i = 0; i < BITPACK_SLACK; i++)
                assert_int_equal(0xFF, packed[bytes + i]);
            bitpack_decode_plain(packed, count, width, plain);
            bitpack_decode(packed, count, width, fast);
            assert_memory_equal(numbers, plain, count * sizeof *numbers);
            assert_memory_equal(numbers, fast, count * sizeof *numbers);
            free(packed);
        }
}

static void bytes_of_every_width_come_back(void **state)
{
    struct test_random random = test_random_new();
    uint8_t numbers[NUMBERS], plain[NUMBERS], fast[NUMBERS];

    (void)state;
    for (unsigned width = 0; width <= 8; width++)
        for (unsigned count = 0; count <= 136; count++) {
            size_t bytes = bitpack_bytes(count, width);
            uint8_t *packed = malloc(bytes + BITPACK_SLACK);

            memset(packed, 0xFF, bytes + BITPACK_SLACK);
            for (unsigned i = 0; i < count; i++)
                numbers[i] = (uint8_t)test_random_below(&random, 1u << width);
            bitpack_encode_bytes(numbers, count, width, packed);
            for (unsigned i = 0; i < BITPACK_SLACK; i++)
                assert_int_equal(0xFF, packed[bytes + i]);
            bitpack_decode_bytes_plain(packed, count, width, plain);
            bitpack_decode_bytes(packed, count, width, fast);
            assert_memory_equal(numbers, plain, count);
            assert_memory_equal(numbers, fast, count);
            free(packed);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_every_width_come_back),
        cmocka_unit_test(bytes_of_every_width_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
