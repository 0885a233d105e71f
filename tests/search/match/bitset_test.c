#include "tests/harness.h"

#include "search/match/bitset.h"

#define WORDS 128

/* Sets with few and with many; numbers with and without gaps, of every count. */
static void the_numbers_of_a_set_are_picked_by_both_ways(void **state)
{
    struct test_random random = test_random_new();
    unsigned picked = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint64_t set[WORDS] = {0};
        uint32_t numbers[128], base = test_random_below(&random, UINT32_MAX - 64 * WORDS);
        uint32_t at = test_random_below(&random, 200), gap = 1 + test_random_below(&random, 60);
        unsigned n = 0, expected = 0, all = test_random_below(&random, 129);
        uint8_t places[128 + BITSET_SLACK], plain[128 + BITSET_SLACK];

        for (uint32_t i = test_random_below(&random, 1u << test_random_below(&random, 14)); i > 0;
             i--)
            bitset_add(set, test_random_below(&random, 64 * WORDS));
        for (; n < all && at < 64 * WORDS; at += 1 + test_random_below(&random, gap))
            numbers[n++] = base + at;
        picked += bitset_pick(set, numbers, n, base, places);
        assert_int_equal(bitset_pick(set, numbers, n, base, places),
                         bitset_pick_plain(set, numbers, n, base, plain));
        for (unsigned i = 0; i < n; i++) {
            if (!bitset_has(set, numbers[i] - base))
                continue;
            assert_int_equal(i, places[expected]);
            assert_int_equal(i, plain[expected++]);
        }
        assert_int_equal(expected, bitset_pick(set, numbers, n, base, places));
    }
    assert_true(picked > 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_of_a_set_are_picked_by_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
