/* Explanations: their parts make the score that is shown, and each fate of a case is told.
 * (meilisearch #3771, typesense #1059: why does this stand here?) */
#include "tests/search/library.h"

#include "search/show/explain.h"

#include <math.h>

static const char *const cases[] = {
    "{'id':'paper','lang':'zh-Hans','title':'打印机缺纸怎么办','product':'MFP',"
    "'symptom':'面板显示缺纸，打印任务停止。','error_code':'E-013'}",
    "{'id':'jam','lang':'zh-Hans','title':'打印机卡纸','product':'MFP','symptom':'纸张卡住。',"
    "'error_code':'E-014'}",
    "{'id':'toner','lang':'en','title':'Toner leaks inside the printer','product':'MFP',"
    "'symptom':'Black powder on every page.','resolution':'Replace the toner cartridge.'}",
    "{'id':'vpn','lang':'en','title':'VPN connection drops','product':'Net',"
    "'symptom':'The connection drops after ten minutes.'}",
    "{'id':'margin','lang':'en','title':'Printer warranty margin','audience':'internal',"
    "'text':'printer toner margin'}",
    "{'id':'old','lang':'en','title':'Archived toner note','state':'archived','text':'toner'}",
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

static void nothing_is_explained_unless_asked_for(void **state)
{
    const struct search_request request = {.query = BYTES_LIT("toner")};

    assert_null(library_search(*state, &request).explanation);
}

static void an_empty_question_has_no_explanation(void **state)
{
    const struct search_request request = {.query = BYTES_LIT(" ?! "), .explain = true};

    assert_null(library_search(*state, &request).explanation);
}

/* Sums in double and the steps of 1e-4 that scores are shown in. */
static void the_parts_make_the_score(void **state)
{
    static const char *const questions[] = {"toner leaks", "打印机缺纸 E-013", "vpn drops printer",
                                            "缺纸", "E-013"};

    for (size_t q = 0; q < sizeof questions / sizeof *questions; q++) {
        const struct search_request request = {.query = bytes_str(questions[q]), .explain = true};
        struct search_result result = library_search(*state, &request);
        const struct explanation *x = result.explanation;

        assert_non_null(x);
        assert_int_equal(result.hits_count, x->hits_count);
        assert_true(x->hits_count > 0);
        for (uint32_t i = 0; i < x->hits_count; i++) {
            const struct explained_hit *hit = &x->hits[i];
            double sum = 0, full = 0;

            for (int p = 0; p < SCORE_PARTS; p++) {
                assert_true(hit->parts.value[p] >= 0 && hit->parts.value[p] <= 1 + 1e-6);
                sum += hit->parts.value[p] * hit->parts.weight[p];
                full += hit->parts.weight[p];
            }
            assert_bytes_equal(hit->id, result.hits[i].id);
            assert_int_equal(hit->rank, i + 1);
            assert_true(fabs(sum / full - hit->sum) < 1e-9);
            assert_true(fabs(result.hits[i].score - hit->score) < 1e-9);
            assert_true(hit->score <= hit->sum + 1e-4);
        }
    }
}

/* The points of what a case has are the numerator of `text`, where no group stands for another. */
static void points_of_words_make_the_text(void **state)
{
    const struct search_request request = {.query = BYTES_LIT("toner leaks printer"),
                                           .explain = true};
    const struct explanation *x = library_search(*state, &request).explanation;
    double points = 0;

    for (uint32_t i = 0; i < x->hits[0].matches_count; i++)
        points += x->hits[0].matches[i].points;
    assert_int_equal(3, x->hits[0].matches_count);
    assert_true(fabs(points / x->mass - x->hits[0].parts.value[PART_TEXT]) < 1e-6);
}

static void a_match_says_its_form_and_its_fields(void **state)
{
    const struct search_request request = {.query = BYTES_LIT("tonner"), .explain = true};
    const struct explanation *x = library_search(*state, &request).explanation;
    const struct explained_match *match = &x->hits[0].matches[0];

    assert_bytes_equal(x->hits[0].id, BYTES_LIT("toner"));
    assert_bytes_equal(match->group->text, BYTES_LIT("tonner"));
    assert_bytes_equal(match->form->term, BYTES_LIT("wtoner"));
    assert_int_equal(match->form->reason, REASON_TYPO);
    assert_int_equal(match->fields, 1u << FIELD_TITLE | 1u << FIELD_RESOLUTION);
}

static void searches_that_were_not_needed_are_not_told(void **state)
{
    struct search_request request = {.query = BYTES_LIT("toner"), .explain = true};
    const struct explanation *x = library_search(*state, &request).explanation;

    assert_int_equal(1 + 1, x->stages[STAGE_TYPED]);
    request.query = BYTES_LIT("zzzzzzz");
    x = library_search(*state, &request).explanation;
    assert_int_equal(0 + 1, x->stages[STAGE_TYPED]);
    assert_int_equal(0, x->stages[STAGE_OTHER_WORDS]);
}

static void what_became_of_a_case_is_told(void **state)
{
    static const struct {
        const char *query, *product, *id;
        enum explain_fate fate;
    } table[] = {
        {"toner",                                   "",    "toner",  FATE_HIT          },
        {"toner",                                   "Net", "toner",  FATE_FILTERED     },
        {"toner",                                   "",    "vpn",    FATE_NO_WORD      },
        {"toner",                                   "",    "margin", FATE_FILTERED     },
        {"toner",                                   "",    "old",    FATE_UNKNOWN      },
        {"toner",                                   "",    "nobody", FATE_UNKNOWN      },
        {"\"toner leaks\"",                         "",    "vpn",    FATE_NO_WORD      },
        {"black powder on every page, the printer", "",    "vpn",    FATE_COVERS_LITTLE},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct search_request request = {.query = bytes_str(table[i].query),
                                               .product = bytes_str(table[i].product),
                                               .audience = AUDIENCE_PUBLIC,
                                               .explain = true,
                                               .explain_id = bytes_str(table[i].id)};
        const struct explanation *x = library_search(*state, &request).explanation;

        if (x->fate != table[i].fate)
            fail_msg("%s, %s: %s", table[i].query, table[i].id, explain_fate_name(x->fate));
        assert_bytes_equal(x->asked_id, bytes_str(table[i].id));
        assert_int_equal(x->asked.rank > 0, x->fate == FATE_HIT);
    }
}

static void a_case_that_was_left_out_is_told_so(void **state)
{
    const struct bytes without[] = {BYTES_LIT("toner")};
    const struct search_request request = {.query = BYTES_LIT("toner leaks"),
                                           .without = without,
                                           .without_count = 1,
                                           .explain = true,
                                           .explain_id = BYTES_LIT("toner")};
    const struct explanation *x = library_search(*state, &request).explanation;

    assert_int_equal(FATE_LEFT_OUT, x->fate);
    assert_true(x->asked.sum > 0);
}

static void explaining_changes_no_answer(void **state)
{
    static const char *const questions[] = {"toner", "打印机", "E-013", "priner", "connection"};

    for (size_t q = 0; q < sizeof questions / sizeof *questions; q++) {
        struct search_request request = {.query = bytes_str(questions[q])};
        struct search_result plain = library_search(*state, &request), told;

        request.explain = true;
        request.explain_id = BYTES_LIT("vpn");
        told = library_search(*state, &request);
        assert_int_equal(plain.hits_count, told.hits_count);
        for (uint32_t i = 0; i < plain.hits_count; i++) {
            assert_bytes_equal(plain.hits[i].id, told.hits[i].id);
            assert_true(fabs(plain.hits[i].score - told.hits[i].score) < 1e-12);
        }
    }
}

static void everything_has_a_name(void **state)
{
    (void)state;
    for (int i = 0; i < STAGE_COUNT; i++)
        assert_non_null(explain_stage_name((enum explain_stage)i));
    for (int i = 0; i < FATE_COUNT; i++) {
        assert_non_null(explain_fate_name((enum explain_fate)i));
        assert_non_null(explain_fate_sentence((enum explain_fate)i));
    }
    for (int i = 0; i < SCORE_PARTS; i++)
        assert_non_null(explain_part_name((enum score_part)i));
    for (int i = 0; i < GROUP_KIND_COUNT; i++)
        assert_non_null(explain_kind_name((enum group_kind)i));
    for (int i = 0; i < FIELD_COUNT; i++)
        assert_non_null(explain_field_name((enum field)i));
    for (int i = 0; i < SIGNAL_COUNT; i++)
        assert_non_null(explain_signal_name((enum signal)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_explained_unless_asked_for),
        cmocka_unit_test(an_empty_question_has_no_explanation),
        cmocka_unit_test(the_parts_make_the_score),
        cmocka_unit_test(points_of_words_make_the_text),
        cmocka_unit_test(a_match_says_its_form_and_its_fields),
        cmocka_unit_test(searches_that_were_not_needed_are_not_told),
        cmocka_unit_test(what_became_of_a_case_is_told),
        cmocka_unit_test(a_case_that_was_left_out_is_told_so),
        cmocka_unit_test(explaining_changes_no_answer),
        cmocka_unit_test(everything_has_a_name),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
