#include "indexer/segment/shape.h"
#include "search/score/bm25.h"
#include "tests/harness.h"

#include <float.h>
#include <math.h>

static const struct impact_settings fields = {
    .weight = {[FIELD_TITLE] = 4,   [FIELD_BODY] = 1   },
    .b = {[FIELD_TITLE] = 0.5, [FIELD_BODY] = 0.75},
};
static const struct bm25_settings settings = {.k1 = 1.2, .fields = &fields};

static struct bm25 table(void)
{
    struct snapshot_totals totals = {.docs = 9, .docs_all = 10};
    struct bm25 bm25 = {0};

    totals.units[FIELD_TITLE] = 80; /* 8 a document */
    totals.units[FIELD_BODY] = 200; /* 20 */
    bm25_init(&bm25, &settings, &totals);
    return bm25;
}

static void idf_is_the_logarithm_of_the_odds(void **state)
{
    (void)state;
    assert_true(fabs(bm25_idf(10, 1) - log(1 + 9.5 / 1.5)) < 1e-12);
    assert_true(fabs(bm25_idf(10, 10) - log(1 + 0.5 / 10.5)) < 1e-12);
    assert_true(bm25_idf(10, 10) > 0); /* never negative */
    assert_true(bm25_idf(10, 99) > 0); /* df counts out-of-date documents too */
    assert_true(bm25_idf(0, 0) >= 0);
}

static void strength_by_hand(void **state)
{
    struct bm25 bm25 = table();
    uint8_t tf[FIELD_COUNT] = {0}, lengths[FIELD_COUNT] = {0};

    (void)state;
    lengths[FIELD_TITLE] = field_length_encode(8);
    lengths[FIELD_BODY] = field_length_encode(40);
    tf[FIELD_TITLE] = 1; /* 4 · 1 / (1 - 0.5 + 0.5 · 8/8) = 4 */
    assert_true(fabsf(bm25_strength(&bm25, tf, lengths) - 4.0f) < 1e-5f);
    tf[FIELD_TITLE] = 0;
    tf[FIELD_BODY] = 3; /* 1 · 3 / (1 - 0.75 + 0.75 · 40/20) = 3 / 1.75 */
    assert_true(fabsf(bm25_strength(&bm25, tf, lengths) - 3 / 1.75f) < 1e-5f);
    tf[FIELD_TITLE] = 1; /* fields add up before they saturate */
    assert_true(fabsf(bm25_saturate(&bm25, bm25_strength(&bm25, tf, lengths)) -
                      (4 + 3 / 1.75f) / (1.2f + 4 + 3 / 1.75f)) < 1e-5f);
}

static void a_longer_text_says_less(void **state)
{
    struct bm25 bm25 = table();

    (void)state;
    for (unsigned code = 1; code < 256; code++)
        assert_true(bm25.factor[FIELD_BODY][code] <= bm25.factor[FIELD_BODY][code - 1]);
}

static void no_lengths_say_more_than_the_most_of_a_code(void **state)
{
    struct bm25 bm25 = table();
    struct test_random random = test_random_new();

    (void)state;
    for (unsigned code = 0; code < SHAPE_ESCAPE; code++) {
        uint8_t lengths[FIELD_COUNT];

        for (int f = 0; f < FIELD_COUNT; f++)
            lengths[f] = (uint8_t)test_random_below(&random, 256);
        assert_true(bm25_strength(&bm25, shape_tf((uint8_t)code), lengths) <= bm25.most[code]);
    }
    assert_true(bm25.most[SHAPE_ESCAPE] >= FLT_MAX); /* says nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idf_is_the_logarithm_of_the_odds),
        cmocka_unit_test(strength_by_hand),
        cmocka_unit_test(a_longer_text_says_less),
        cmocka_unit_test(no_lengths_say_more_than_the_most_of_a_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
