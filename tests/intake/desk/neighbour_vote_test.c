#include "tests/harness.h"

#include "intake/desk/neighbour_vote.h"

#include <math.h>
#include <stdlib.h>

static void nobody_with_a_value_elects_nothing(void **state)
{
    const struct neighbour without[] = {{.score = 1}, {.score = 0.5}};

    (void)state;
    assert_int_equal(0, neighbour_vote(NULL, 0).value.len);
    assert_int_equal(0, neighbour_vote(without, 2).value.len);
    assert_true(neighbour_vote(without, 2).share <= 0);
}

static void one_near_neighbour_outweighs_many_far_ones(void **state)
{
    const struct neighbour list[] = {
        {BYTES_LIT("a"), 0.9},
        {BYTES_LIT("b"), 0.5},
        {BYTES_LIT("b"), 0.5},
        {BYTES_LIT("b"), 0.5},
        {BYTES_LIT("b"), 0.5},
        {BYTES_LIT("b"), 0.5},
        {BYTES_LIT(""),  0.5},
    };
    struct elected best = neighbour_vote(list, 7);

    (void)state;
    assert_bytes_equal(BYTES_LIT("a"), best.value);
    assert_int_equal(1, best.voters);
    best = neighbour_vote(list + 1, 6); /* who has no value has no vote */
    assert_bytes_equal(BYTES_LIT("b"), best.value);
    assert_int_equal(5, best.voters);
    assert_true(best.share > 0.999999);
}

static void of_equal_ones_the_first_is_elected(void **state)
{
    const struct neighbour list[] = {
        {BYTES_LIT("z"), 0.5},
        {BYTES_LIT("a"), 0.5},
        {BYTES_LIT("a"), 0  },
        {BYTES_LIT("b"), 0.5}
    };

    (void)state;
    assert_bytes_equal(BYTES_LIT("z"), neighbour_vote(list, 4).value);
}

/* Votes in a table by value, the largest of them. */
static void it_elects_what_a_naive_count_does(void **state)
{
    struct test_random random = test_random_new();
    static const char *const values[] = {"", "p", "q", "r", "s"};

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct neighbour list[20];
        double votes[5] = {0}, all = 0;
        uint32_t count = test_random_below(&random, 21), best = 0;
        struct elected elected;

        for (uint32_t i = 0; i < count; i++) {
            uint32_t v = test_random_below(&random, 5);

            list[i] = (struct neighbour){bytes_str(values[v]),
                                         1.0 - (double)i / 40 -
                                             (double)test_random_below(&random, 10) / 1000};
        }
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t v = 1; v < 5; v++)
                if (bytes_equal(list[i].value, bytes_str(values[v]))) {
                    votes[v] += pow(list[i].score / list[0].score, 4);
                    all += pow(list[i].score / list[0].score, 4);
                }
        for (uint32_t v = 1; v < 5; v++)
            best = votes[v] > votes[best] + 1e-12 ? v : best;
        elected = neighbour_vote(list, count);
        assert_bytes_equal(bytes_str(values[best]), elected.value);
        if (all > 0)
            assert_true(fabs(votes[best] / all - elected.share) < 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_with_a_value_elects_nothing),
        cmocka_unit_test(one_near_neighbour_outweighs_many_far_ones),
        cmocka_unit_test(of_equal_ones_the_first_is_elected),
        cmocka_unit_test(it_elects_what_a_naive_count_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
