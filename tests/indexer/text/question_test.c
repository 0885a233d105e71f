#include "tests/harness.h"

#include "indexer/text/fold.h"
#include "indexer/text/question.h"

static struct folder *folder;

static bool term_of(const char *text, uint8_t term[QUESTION_TERM_BYTES])
{
    struct folded folded;
    struct error err;

    assert_ok(folder_run(folder, bytes_str(text), &folded, &err));
    return question_term(folded.text, term);
}

static void punctuation_blanks_and_script_make_no_other_question(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"打印机卡纸", "打印机 卡纸？", true },
        {"打印機卡紙", "打印机卡纸。",  true },
        {"Printer offline", "printer  OFFLINE!",   true },
        {"E-013",           "e013",                true },
        {"ｅ０１３",    "E013",                true },
        {"打印机卡纸", "打印机缺纸",     false},
        {"e013",            "e014",                false},
        {"c++",             "c",                   false},
        {"c#",              "c++",                 false},
        {"ab c",            "ba c",                false},
        {"กา",          "กี",              false}, /* a mark is a letter */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t a[QUESTION_TERM_BYTES], b[QUESTION_TERM_BYTES];

        assert_true(term_of(cases[i].a, a) && term_of(cases[i].b, b));
        assert_int_equal(TERM_REPEAT, a[0]);
        if (cases[i].same != (memcmp(a, b, sizeof a) == 0))
            fail_msg("%s, %s", cases[i].a, cases[i].b);
    }
}

static void what_has_no_letter_is_no_question(void **state)
{
    static const char *const texts[] = {"", " ", "？！", "...", "😀", "\xFF"};
    uint8_t term[QUESTION_TERM_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(term_of(texts[i], term));
}

static int set_up(void **state)
{
    struct error err;

    (void)state;
    assert_ok(folder_new(&folder, &err));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_free(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(punctuation_blanks_and_script_make_no_other_question),
        cmocka_unit_test(what_has_no_letter_is_no_question),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
