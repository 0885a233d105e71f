#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/match/topk.h"

#include <stdlib.h>
#include <string.h>

static int by_score_then_key(const void *a, const void *b)
{
    const struct topk_item *x = a, *y = b;

    if (x->score < y->score || y->score < x->score)
        return x->score > y->score ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Few different scores, so that ties are common. */
static void the_best_k_are_the_head_of_the_sorted_list(void **state)
{
    unsigned seed = 7;

    (void)state;
    print_message("seed %u\n", seed);
    for (int round = 0; round < 300; round++) {
        struct topk_item all[400], kept[64];
        uint32_t n = (uint32_t)rand_r(&seed) % 400, k = (uint32_t)rand_r(&seed) % 64;
        struct topk top = {kept, 0, k};

        for (uint32_t i = 0; i < n; i++) {
            all[i] = (struct topk_item){(double)(rand_r(&seed) % 20), i};
            topk_offer(&top, all[i].score, all[i].key);
        }
        qsort(all, n, sizeof *all, by_score_then_key);
        qsort(kept, top.count, sizeof *kept, by_score_then_key);
        assert_int_equal(top.count, n < k ? n : k);
        for (uint32_t i = 0; i < top.count; i++)
            assert_int_equal(kept[i].key, all[i].key);
    }
}

static void room_for_none_keeps_none(void **state)
{
    struct topk top = {NULL, 0, 0};

    (void)state;
    assert_false(topk_would_keep(&top, 1, 1));
    topk_offer(&top, 1, 1);
    assert_int_equal(top.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_k_are_the_head_of_the_sorted_list),
        cmocka_unit_test(room_for_none_keeps_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
