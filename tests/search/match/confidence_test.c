#include "tests/search/library.h"

#include "search/match/confidence.h"

#include <math.h>

enum { SOME = 40 }; /* cases that match */

/* Of a question of four words, 8 of 10 of which is looked for in titles: a hit that has all of it,
 * in a title that says nothing else. */
static struct ranked whole_hit(double score)
{
    return (struct ranked){
        .score = score, .e = {.text = 8, .mass = 10, .about = 8, .title = 8, .explained = 12}
    };
}

static struct ranking ranking_of(struct ranked *hits, uint32_t count)
{
    return (struct ranking){
        hits, count, 12, {.mass = 10, .whole = 8, .known = 10, .run = 12}
    };
}

static double value_of(struct ranked hit, uint64_t matches)
{
    struct ranked hits[2] = {hit, {.score = hit.score / 2}};
    struct ranking two = ranking_of(hits, 2);

    return confidence_of(&two, matches, &settings_defaults).value;
}

static void nothing_found_is_no_answer(void **state)
{
    struct ranking none = ranking_of(NULL, 0);
    struct confidence c = confidence_of(&none, 0, &settings_defaults);

    (void)state;
    assert_int_equal(VERDICT_NONE, c.verdict);
    assert_true(c.value == 0);
}

static void the_more_of_the_question_a_hit_has_the_surer_it_is(void **state)
{
    double before = 0;

    (void)state;
    for (int i = 0; i <= 8; i++) {
        struct ranked hit = whole_hit(0.8);
        double value;

        hit.e.text = i;
        value = value_of(hit, SOME);
        assert_true(value > before && value < 1);
        before = value;
    }
}

static void a_title_that_is_about_more_or_less_makes_it_less_sure(void **state)
{
    struct ranked more = whole_hit(0.8), less = whole_hit(0.8);

    (void)state;
    more.e.explained = 6;
    less.e.title = 4;
    assert_true(value_of(more, SOME) < value_of(whole_hit(0.8), SOME));
    assert_true(value_of(less, SOME) < value_of(whole_hit(0.8), SOME));
}

static void what_many_cases_match_says_less(void **state)
{
    (void)state;
    assert_true(value_of(whole_hit(0.8), 1) > value_of(whole_hit(0.8), 100));
    assert_true(value_of(whole_hit(0.8), 100) > value_of(whole_hit(0.8), UINT64_MAX));
    assert_true(value_of(whole_hit(0.8), UINT64_MAX) > 0);
}

static void words_that_no_case_has_do_not_speak_against_a_hit(void **state)
{
    struct ranked hit = whole_hit(0.8);
    struct ranking known = ranking_of(&hit, 1), unknown;

    (void)state;
    hit.e.text = 4;
    unknown = known;
    unknown.totals.known = 5;
    assert_true(confidence_of(&unknown, SOME, &settings_defaults).value >
                confidence_of(&known, SOME, &settings_defaults).value);
}

static void numbers_without_measure_stay_between_0_and_1(void **state)
{
    struct ranked odd = {
        .score = 1, .e = {.text = 1e9, .mass = 1e9, .title = 1e9, .explained = UINT32_MAX}
    };
    struct ranking one = {
        &odd, 1, 0, {.mass = 1e-9, .run = UINT32_MAX}
    };
    struct confidence c = confidence_of(&one, UINT64_MAX, &settings_defaults);

    (void)state;
    assert_true(c.value >= 0 && c.value <= 1);
    assert_true(c.signals[SIGNAL_TEXT] <= 1 && c.signals[SIGNAL_TITLE] <= 1);
    assert_true(c.signals[SIGNAL_SHORT] == 0);
}

static void verdicts_begin_where_the_settings_say(void **state)
{
    struct ranked hits[2] = {whole_hit(0.6), {.score = 0.5}};
    struct ranking two = ranking_of(hits, 2);
    struct settings settings = settings_defaults;
    double value = confidence_of(&two, SOME, &settings).value;

    (void)state;
    settings.confidence.full_coverage = 2; /* no hit is likely by that */
    settings.confidence.none = value;
    settings.confidence.sure = value + 0.01;
    assert_int_equal(VERDICT_LIKELY, confidence_of(&two, SOME, &settings).verdict);
    settings.confidence.sure = value;
    assert_int_equal(VERDICT_SURE, confidence_of(&two, SOME, &settings).verdict);
    settings.confidence.none = settings.confidence.sure = value + 0.01;
    assert_int_equal(VERDICT_NONE, confidence_of(&two, SOME, &settings).verdict);
}

/* The reader is shown a list of equals, not one of them. */
static void a_hit_that_is_not_ahead_is_never_sure(void **state)
{
    struct ranked hits[2] = {whole_hit(0.9), whole_hit(0.9)};
    struct ranking two = ranking_of(hits, 2);
    struct settings settings = settings_defaults;

    (void)state;
    settings.confidence.sure = 0;
    assert_int_equal(VERDICT_LIKELY, confidence_of(&two, SOME, &settings).verdict);
    hits[1].score = 0.9 - settings.confidence.ahead - 1e-6;
    assert_int_equal(VERDICT_SURE, confidence_of(&two, SOME, &settings).verdict);
}

static void a_page_that_only_mentions_it_is_never_sure(void **state)
{
    struct ranked hits[2] = {whole_hit(0.9), {.score = 0.1}};
    struct ranking two = ranking_of(hits, 2);
    struct settings settings = settings_defaults;

    (void)state;
    settings.confidence.sure = 0;
    hits[0].e.about = settings.confidence.about * 8 - 1e-6;
    assert_int_equal(VERDICT_LIKELY, confidence_of(&two, SOME, &settings).verdict);
    two.totals.codes = hits[0].e.codes = 1;
    assert_int_equal(VERDICT_SURE, confidence_of(&two, SOME, &settings).verdict);
}

static void the_next_in_another_language_is_not_behind_it(void **state)
{
    struct ranked hits[3] = {whole_hit(0.9), whole_hit(0.9), {.score = 0.4}};
    struct ranking three = ranking_of(hits, 3);
    const char *langs[] = {"ja", "ko", "ja"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        hits[i].is_read = true;
        hits[i].document.lang = bytes_str(langs[i]);
    }
    assert_true(fabs(confidence_of(&three, SOME, &settings_defaults).signals[SIGNAL_AHEAD] - 0.5) <
                1e-9);
}

/* A word that stands in many cases: none of them says more of it than another. */
static void a_single_word_in_a_title_is_no_miss_unless_it_was_guessed(void **state)
{
    struct ranked word = {
        .score = 0.3, .e = {.text = 0.2, .mass = 3, .about = 3}
    };
    struct ranking one = {
        &word, 1, 40, {.mass = 3, .whole = 3, .known = 3, .run = 3}
    };

    (void)state;
    assert_int_equal(VERDICT_LIKELY, confidence_of(&one, UINT32_MAX, &settings_defaults).verdict);
    word.e.about = 0;
    assert_int_equal(VERDICT_NONE, confidence_of(&one, UINT32_MAX, &settings_defaults).verdict);
    word.e.about = 3;
    word.e.reasons = REASON_TYPO;
    assert_int_equal(VERDICT_NONE, confidence_of(&one, UINT32_MAX, &settings_defaults).verdict);
}

/* A sentence of eight words, of which the only case with some has half. */
static void far_ahead_in_a_long_question_is_no_miss(void **state)
{
    struct ranked hits[2] = {
        {.score = 0.4, .e = {.text = 3, .mass = 5}},
        {.score = 0.1           }
    };
    struct ranking two = ranking_of(hits, 2);

    (void)state;
    assert_int_equal(VERDICT_NONE, confidence_of(&two, SOME, &settings_defaults).verdict);
    two.totals.run = 24;
    assert_int_equal(VERDICT_LIKELY, confidence_of(&two, SOME, &settings_defaults).verdict);
    hits[1].score = 0.3;
    assert_int_equal(VERDICT_NONE, confidence_of(&two, SOME, &settings_defaults).verdict);
}

static void what_solved_this_very_question_is_no_miss(void **state)
{
    struct ranked solved = {
        .score = 0.6, .repeat = 0.4, .e = {.text = 0.1, .mass = 1}
    };
    struct ranking one = ranking_of(&solved, 1);
    double value = confidence_of(&one, SOME, &settings_defaults).value;

    (void)state;
    assert_true(value >= 0.4);
    assert_true(confidence_of(&one, SOME, &settings_defaults).verdict != VERDICT_NONE);
    solved.repeat = 0;
    assert_int_equal(VERDICT_NONE, confidence_of(&one, SOME, &settings_defaults).verdict);
}

/* --- what the signals say of real hits ---------------------------------------------------- */

static const char *const cases[] = {
    "{'id':'jam','lang':'en','title':'Paper jam in tray','text':'Open the tray.'}",
    "{'id':'many','lang':'en','title':'Paper jam in tray, toner leaks and stripes','text':'x'}",
    "{'id':'list','lang':'en','title':'Contents','text':'Paper jam in tray, page 4.'}",
    "{'id':'vpn','lang':'en','title':'Connection drops','text':'Every hour.'}",
};

static int set_up(void **state)
{
    *state = library_of(cases, sizeof cases / sizeof *cases);
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static struct confidence ask(struct library *l, const char *question, const char *first)
{
    const struct search_request request = {.query = bytes_str(question)};
    struct search_result result = library_search(l, &request);

    assert_true(result.hits_count > 0);
    assert_bytes_equal(bytes_str(first), result.hits[0].id);
    return result.confidence;
}

static void a_title_that_is_the_question_says_all_of_it(void **state)
{
    struct confidence c = ask(*state, "paper jam in tray", "jam");

    assert_true(fabs(c.signals[SIGNAL_TITLE] - 1) < 1e-6);
    assert_true(c.signals[SIGNAL_TEXT] > 0.5 && c.signals[SIGNAL_TEXT] <= 1);
    assert_true(c.signals[SIGNAL_GUESSED] == 0);
    assert_true(fabs(c.signals[SIGNAL_MATCHES] - log(4) / 10) < 1e-6);
}

/* Half of the question's words, all of them in a title of two. */
static void a_question_about_more_than_the_title_is_not_said_by_it(void **state)
{
    struct confidence alone = ask(*state, "connection drops", "vpn");
    struct confidence more = ask(*state, "connection drops stripes leaks", "vpn");

    assert_true(more.signals[SIGNAL_TITLE] < alone.signals[SIGNAL_TITLE] - 0.2);
}

static void a_word_that_no_case_has_leaves_the_text_signal_alone(void **state)
{
    struct confidence c = ask(*state, "connection drops", "vpn");
    struct confidence unknown = ask(*state, "connection drops qqzzkk", "vpn");

    assert_true(fabs(c.signals[SIGNAL_TEXT] - unknown.signals[SIGNAL_TEXT]) < 1e-6);
    assert_true(unknown.signals[SIGNAL_TITLE] < c.signals[SIGNAL_TITLE]);
}

static void a_slip_is_a_guess(void **state)
{
    struct confidence c = ask(*state, "conection drops", "vpn");

    assert_true(c.signals[SIGNAL_GUESSED] > 0.2 && c.signals[SIGNAL_GUESSED] < 0.9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_found_is_no_answer),
        cmocka_unit_test(the_more_of_the_question_a_hit_has_the_surer_it_is),
        cmocka_unit_test(a_title_that_is_about_more_or_less_makes_it_less_sure),
        cmocka_unit_test(what_many_cases_match_says_less),
        cmocka_unit_test(words_that_no_case_has_do_not_speak_against_a_hit),
        cmocka_unit_test(numbers_without_measure_stay_between_0_and_1),
        cmocka_unit_test(verdicts_begin_where_the_settings_say),
        cmocka_unit_test(a_hit_that_is_not_ahead_is_never_sure),
        cmocka_unit_test(a_page_that_only_mentions_it_is_never_sure),
        cmocka_unit_test(the_next_in_another_language_is_not_behind_it),
        cmocka_unit_test(a_single_word_in_a_title_is_no_miss_unless_it_was_guessed),
        cmocka_unit_test(far_ahead_in_a_long_question_is_no_miss),
        cmocka_unit_test(what_solved_this_very_question_is_no_miss),
        cmocka_unit_test(a_title_that_is_the_question_says_all_of_it),
        cmocka_unit_test(a_question_about_more_than_the_title_is_not_said_by_it),
        cmocka_unit_test(a_word_that_no_case_has_leaves_the_text_signal_alone),
        cmocka_unit_test(a_slip_is_a_guess),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
