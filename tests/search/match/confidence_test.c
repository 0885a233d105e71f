#include "tests/harness.h"

#include "search/match/confidence.h"

#include <math.h>

static struct ranked hit(double score, double mass, double about)
{
    return (struct ranked){
        .score = score, .e = {.mass = mass, .about = about}
    };
}

static struct ranking ranking_of(struct ranked *hits, uint32_t count)
{
    return (struct ranking){
        hits, count, {.mass = 10, .whole = 8, .run = 12}
    };
}

static void nothing_found_is_no_answer(void **state)
{
    struct ranking none = ranking_of(NULL, 0);
    struct confidence c = confidence_of(&none, &settings_defaults);

    (void)state;
    assert_int_equal(VERDICT_NONE, c.verdict);
    assert_true(c.value == 0);
}

static void the_same_hit_is_surer_the_further_the_next_is_behind(void **state)
{
    double before = 0;

    (void)state;
    for (int i = 0; i <= 8; i++) {
        struct ranked hits[2] = {hit(0.8, 9, 6), hit(0.8 - i / 10.0, 9, 6)};
        struct ranking two = ranking_of(hits, 2);
        struct confidence c = confidence_of(&two, &settings_defaults);

        assert_true(c.value > before && c.value < 1);
        assert_true(fabs(i / 10.0 - c.signals[SIGNAL_AHEAD]) < 1e-9);
        before = c.value;
    }
}

static void verdicts_begin_where_the_settings_say(void **state)
{
    struct ranked hits[2] = {hit(0.6, 9, 6), hit(0.5, 9, 6)};
    struct ranking two = ranking_of(hits, 2);
    struct settings settings = settings_defaults;
    double value = confidence_of(&two, &settings).value;

    (void)state;
    settings.confidence.none = value;
    settings.confidence.sure = value + 0.01;
    assert_int_equal(VERDICT_LIKELY, confidence_of(&two, &settings).verdict);
    settings.confidence.sure = value;
    assert_int_equal(VERDICT_SURE, confidence_of(&two, &settings).verdict);
    settings.confidence.none = settings.confidence.sure = value + 0.01;
    assert_int_equal(VERDICT_NONE, confidence_of(&two, &settings).verdict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_found_is_no_answer),
        cmocka_unit_test(the_same_hit_is_surer_the_further_the_next_is_behind),
        cmocka_unit_test(verdicts_begin_where_the_settings_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
