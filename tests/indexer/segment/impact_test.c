#include "tests/harness.h"

#include "indexer/segment/impact.h"

#include <math.h>

static void a_code_bounds_what_it_was_made_of_and_not_by_much(void **state)
{
    struct test_random random = test_random_new();

    (void)state;
    for (int round = 0; round < 200000; round++) {
        float strength = exp2f((float)test_random_below(&random, 20000) / 1000.f - 8.f);
        uint8_t code = impact_code(strength);

        assert_true(impact_strength(code) >= strength);
        if (code > 1 && code < IMPACT_ANY) {
            assert_true(impact_strength(code) <= strength * 1.0631f);
            assert_true(impact_strength((uint8_t)(code - 1)) < strength * 1.0001f);
        }
    }
}

static void codes_rise_and_end_in_one_that_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(0, impact_code(0));
    assert_true(impact_strength(0) <= 0);
    for (unsigned code = 1; code <= IMPACT_ANY; code++)
        assert_true(impact_strength((uint8_t)code) > impact_strength((uint8_t)(code - 1)));
    assert_int_equal(IMPACT_ANY, impact_code(1e6f));
    assert_int_equal(IMPACT_ANY, impact_code(INFINITY));
    assert_true(isinf(impact_strength(IMPACT_ANY)));
}

static void random_settings(struct test_random *random, struct impact_settings *settings,
                            double average[FIELD_COUNT])
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        settings->weight[f] = test_random_below(random, 1000) / 100.0;
        settings->b[f] = test_random_below(random, 100) / 100.0;
        average[f] = IMPACT_AVERAGE_MIN + test_random_below(random, 3000) / 10.0;
    }
}

/* For other weights, other b and other averages, and nowhere by more than it must. */
static void a_bound_times_the_ratio_bounds_tuned_strengths(void **state)
{
    struct test_random random = test_random_new();

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct impact_settings settings, ignored;
        static struct impact_table ours, theirs;
        double average[FIELD_COUNT], their_average[FIELD_COUNT], ratio, nearest = 0;

        random_settings(&random, &ignored, average);
        random_settings(&random, &settings, their_average);
        impact_table_init(&ours, &impact_reference, average);
        impact_table_init(&theirs, &settings, their_average);
        ratio = impact_ratio(average, &settings, their_average);
        for (unsigned i = 0; i < 2000; i++) {
            uint8_t tf[FIELD_COUNT] = {0}, lengths[FIELD_COUNT];
            unsigned one = test_random_below(&random, FIELD_COUNT);
            double share;

            for (int f = 0; f < FIELD_COUNT; f++) {
                lengths[f] = (uint8_t)test_random_below(&random, 256);
                if (i % 2 == 0 || (unsigned)f == one)
                    tf[f] = (uint8_t)test_random_below(&random, 20);
            }
            tf[one] = 1;
            if (i % 4 == 1)
                lengths[one] = i % 8 == 1 ? 0 : 255;
            share = (double)impact_of(&theirs, tf, lengths) / (double)impact_of(&ours, tf, lengths);
            assert_true(share <= ratio * 1.00001);
            nearest = fmax(nearest, share / ratio);
        }
        assert_true(nearest > 0.999);
    }
}

static void the_reference_needs_no_ratio(void **state)
{
    double average[FIELD_COUNT] = {4, 5, 6, 70, 80, 90, 1000};

    (void)state;
    assert_true(fabs(impact_ratio(average, &impact_reference, average) - 1) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_bounds_what_it_was_made_of_and_not_by_much),
        cmocka_unit_test(codes_rise_and_end_in_one_that_says_nothing),
        cmocka_unit_test(a_bound_times_the_ratio_bounds_tuned_strengths),
        cmocka_unit_test(the_reference_needs_no_ratio),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
