#include "tests/harness.h"

#include "indexer/build/keysort.h"

#include <stdlib.h>

static int by_number_down(const void *a, const void *b, void *context)
{
    uint32_t x = ((const struct keyed *)a)->no, y = ((const struct keyed *)b)->no;

    (void)context;
    return x < y ? 1 : x > y ? -1 : 0;
}

static void sorted_as_if_compared(size_t count, uint64_t mask, keyed_compare_fn compare,
                                  struct test_random *random)
{
    struct keyed *items = malloc((count + 1) * sizeof *items);

    for (size_t i = 0; i < count; i++)
        items[i] = (struct keyed){test_random_next(random) & mask, (uint32_t)i};
    assert_true(keysort(items, count, compare, NULL));
    for (size_t i = 1; i < count; i++) {
        assert_true(items[i - 1].key <= items[i].key);
        if (items[i - 1].key == items[i].key)
            assert_true(compare == NULL ? items[i - 1].no < items[i].no
                                        : items[i - 1].no > items[i].no);
    }
    free(items);
}

static void keys_of_any_bytes_are_sorted(void **state)
{
    static const uint64_t masks[] = {0, 1, 0xFF, 0xFF00, 0x8000000000000001, UINT64_MAX};
    static const size_t counts[] = {0, 1, 2, 3, 255, 5000};
    struct test_random random = test_random_new();

    (void)state;
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            sorted_as_if_compared(counts[c], masks[m], NULL, &random);
            sorted_as_if_compared(counts[c], masks[m], by_number_down, &random);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_any_bytes_are_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
