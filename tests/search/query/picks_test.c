#include "tests/harness.h"

#include "search/query/picks.h"

#include <stdio.h>
#include <stdlib.h>

static void the_least_cost_is_first_then_df_then_bytes(void **state)
{
    static const char *const order[] = {"wc", "wd", "wa"};
    struct arena *arena = arena_new(1u << 20);
    struct picks picks;

    (void)state;
    picks_init(&picks, arena, 3);
    picks_offer(&picks, BYTES_LIT("wb"), 3, 1);
    picks_offer(&picks, BYTES_LIT("wa"), 3, 1);
    picks_offer(&picks, BYTES_LIT("wc"), 1, 0);
    picks_offer(&picks, BYTES_LIT("wd"), 4, 1);
    picks_offer(&picks, BYTES_LIT("we"), 9, 2);
    picks_sort(&picks);
    assert_int_equal(picks.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_bytes_equal(bytes_str(order[i]), picks.list[i].term);
    arena_free(arena);
}

struct offered {
    char term[8];
    uint64_t df;
    uint32_t cost;
};

static int better(const void *a, const void *b)
{
    const struct offered *x = a, *y = b;

    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    if (x->df != y->df)
        return x->df > y->df ? -1 : 1;
    return strcmp(x->term, y->term);
}

static void the_best_of_many_are_kept(void **state)
{
    static const uint32_t sizes[] = {0, 1, 2, 7, 32, 2000};
    static struct offered all[1000];
    unsigned seed = 5;

    (void)state;
    print_message("seed %u\n", seed);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct arena *arena = arena_new(1u << 20);
        uint32_t kept = sizes[s] < 1000 ? sizes[s] : 1000;
        struct picks picks;

        picks_init(&picks, arena, sizes[s]);
        for (unsigned i = 0; i < 1000; i++) {
            snprintf(all[i].term, sizeof all[i].term, "w%u", i);
            all[i].df = (uint64_t)rand_r(&seed) % 50;
            all[i].cost = (uint32_t)rand_r(&seed) % 3;
            picks_offer(&picks, bytes_str(all[i].term), all[i].df, all[i].cost);
        }
        qsort(all, 1000, sizeof *all, better);
        picks_sort(&picks);
        assert_int_equal(picks.count, kept);
        for (uint32_t i = 0; i < kept; i++)
            assert_bytes_equal(bytes_str(all[i].term), picks.list[i].term);
        arena_free(arena);
    }
}

static void an_empty_arena_is_said(void **state)
{
    struct arena *small = arena_new(2000);
    struct picks picks;

    (void)state;
    picks_init(&picks, small, 1000);
    for (unsigned i = 0; i < 1000; i++) {
        char term[16];

        snprintf(term, sizeof term, "w%u", i);
        picks_offer(&picks, bytes_str(term), 1, 0);
    }
    assert_true(picks.exhausted);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_cost_is_first_then_df_then_bytes),
        cmocka_unit_test(the_best_of_many_are_kept),
        cmocka_unit_test(an_empty_arena_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
