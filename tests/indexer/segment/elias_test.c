#include "tests/harness.h"

#include "indexer/segment/elias.h"

#include <stdlib.h>

static void fill(struct test_random *random, uint32_t *numbers, uint32_t n, uint32_t base,
                 uint32_t gap)
{
    for (uint32_t i = 0; i < n; i++) {
        numbers[i] = base + test_random_below(random, gap);
        base = numbers[i] + 1;
    }
}

/* Every count, from numbers without a gap to such with the widest; `last` theirs or far beyond. */
static void numbers_come_back_by_every_way(void **state)
{
    static const uint32_t gaps[] = {1, 2, 3, 9, 100, 4000, 1u << 20, UINT32_MAX / 130};
    struct test_random random = test_random_new();
    uint32_t numbers[ELIAS_NUMBERS_MAX], back[ELIAS_NUMBERS_MAX];

    (void)state;
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (uint32_t n = 1; n <= ELIAS_NUMBERS_MAX; n++) {
            uint32_t base = test_random_below(&random, 1u << 20), last;
            uint8_t bytes[ELIAS_BYTES_MAX], *exact;
            size_t len;

            fill(&random, numbers, n, base, gaps[g]);
            last = numbers[n - 1];
            if (n % 3 == 0)
                last += test_random_below(&random, UINT32_MAX - last);
            len = elias_encode(numbers, n, base, last, bytes);
            assert_true(len <= ELIAS_BYTES_MAX);
            exact = malloc(len); /* its own, so that the sanitizer sees its end */
            memcpy(exact, bytes, len);
            for (int way = 0; way < ELIAS_WAYS; way++) {
                struct reader r = reader_of(bytes_of(exact, len));

                if (!elias_can((enum elias_way)way))
                    continue;
                assert_true(elias_decode_by((enum elias_way)way, &r, n, base, last, back));
                assert_int_equal(0, reader_left(&r));
                assert_memory_equal(numbers, back, n * sizeof *numbers);
            }
            free(exact);
        }
}

/* Every number, what lies just before it, and the end that decoding finds. */
static void one_is_found_as_if_all_were_decoded(void **state)
{
    static const uint32_t gaps[] = {1, 2, 3, 9, 100, 4000, 1u << 20, UINT32_MAX / 130};
    struct test_random random = test_random_new();
    uint32_t numbers[ELIAS_NUMBERS_MAX], at, number;

    (void)state;
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (uint32_t n = 1; n <= ELIAS_NUMBERS_MAX; n++) {
            uint32_t base = test_random_below(&random, 1u << 20), from = base;
            size_t after = test_random_below(&random, 20), end;
            uint8_t bytes[ELIAS_BYTES_MAX], *exact;
            size_t len;

            fill(&random, numbers, n, base, gaps[g]);
            len = elias_encode(numbers, n, base, numbers[n - 1], bytes);
            exact = malloc(len + after);
            memcpy(exact, bytes, len);
            memset(exact + len, 0xA5, after);
            for (uint32_t i = 0; i < n; from = numbers[i++] + 1)
                for (uint32_t step = 0; step < 6; step++) {
                    uint32_t gap = numbers[i] - from;
                    uint32_t target = step < 2 ? from : step < 4 ? numbers[i] : from + gap / 2;

                    assert_true(elias_find_by(step % 2 == 0, bytes_of(exact, len + after), n, base,
                                              numbers[n - 1], target, &at, &number, &end));
                    assert_int_equal(i, at);
                    assert_int_equal(numbers[i], number);
                    assert_int_equal(len, end);
                }
            free(exact);
        }
}

/* Whatever the bytes are, nothing outside of them is read and what is found lies where it may. */
static void finding_one_in_random_bytes_stays_in_range(void **state)
{
    struct test_random random = test_random_new();
    unsigned found = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        uint32_t n = test_random_below(&random, ELIAS_NUMBERS_MAX + 2);
        uint32_t base = test_random_below(&random, 1u << test_random_below(&random, 32));
        uint32_t last = base + test_random_below(&random, 1u << test_random_below(&random, 32));
        uint32_t target = base + test_random_below(&random, last - base + 1), at, number;
        size_t len = test_random_below(&random, 200), end;
        uint8_t *bytes = malloc(len + 1);

        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)test_random_below(&random, 256);
        if (elias_find_by(round % 2 == 0, bytes_of(bytes, len), n, base, last, target, &at, &number,
                          &end)) {
            assert_true(number >= target && number <= last && at < n && end <= len);
            found++;
        }
        free(bytes);
    }
    assert_true(found > 1000);
}

static void all_ways_take_and_refuse_the_same_bytes(void **state)
{
    struct test_random random = test_random_new();
    unsigned taken = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        uint32_t n = test_random_below(&random, round % 4 == 0 ? ELIAS_NUMBERS_MAX + 2 : 12);
        uint32_t base = test_random_below(&random, 1u << test_random_below(&random, 32));
        uint32_t last = base + test_random_below(&random, 1u << test_random_below(&random, 32));
        uint32_t first[ELIAS_NUMBERS_MAX], back[ELIAS_NUMBERS_MAX];
        size_t len = test_random_below(&random, 400);
        uint8_t *bytes = malloc(len + 1);
        struct reader r = reader_of(bytes_of(bytes, len)), other;
        bool good;

        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(test_random_below(&random, 256) &
                                 test_random_below(&random, round % 2 == 0 ? 256 : 3));
        good = elias_decode_by(ELIAS_PLAIN, &r, n, base, last, first);
        for (int way = ELIAS_PLAIN + 1; way < ELIAS_WAYS; way++) {
            if (!elias_can((enum elias_way)way))
                continue;
            other = reader_of(bytes_of(bytes, len));
            assert_int_equal(good,
                             elias_decode_by((enum elias_way)way, &other, n, base, last, back));
            if (good) {
                assert_ptr_equal(r.at, other.at);
                assert_memory_equal(first, back, n * sizeof *first);
            }
        }
        if (good) {
            assert_true(first[0] >= base && first[n - 1] <= last);
            for (uint32_t i = 1; i < n; i++)
                assert_true(first[i] > first[i - 1]);
            taken++;
        }
        free(bytes);
    }
    assert_true(taken > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_come_back_by_every_way),
        cmocka_unit_test(one_is_found_as_if_all_were_decoded),
        cmocka_unit_test(finding_one_in_random_bytes_stays_in_range),
        cmocka_unit_test(all_ways_take_and_refuse_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
