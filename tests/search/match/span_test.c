#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/match/span.h"

#include <math.h>

static void phrases_want_whole_words_in_order(void **state)
{
    static const struct {
        const char *text, *phrase;
        bool has;
    } rows[] = {
        {"the printer is out of paper",   "out of paper", true },
        {"the printer is out  of\npaper", "out of paper", true },
        {"out of paper trays",            "out of paper", true },
        {"out of papers",                 "out of paper", false},
        {"about of paper",                "out of paper", false},
        {"out, of paper",                 "out of paper", true },
        {"paper out of",                  "out of paper", false},
        {"sprinter printer",              "printer",      true },
        {"sprinter",                      "printer",      false},
        {"打印机缺纸怎么办",      "缺纸",       true },
        {"打印机缺\n纸怎么办",    "缺纸",       true },
        {"打印机缺了纸",            "缺纸",       false},
        {"错误e-013",                   "e-013",        true },
        {"错误e-0131",                  "e-013",        false},
        {"a",                             "",             true },
        {"a",                             " ,。",        true },
        {"",                              "a",            false},
        {"aab",                           "ab",           false},
        {"ab",                            "abc",          false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(span_has_phrase(bytes_str(rows[i].text), bytes_str(rows[i].phrase)),
                         rows[i].has);
}

static void titles_are_compared_without_punctuation(void **state)
{
    (void)state;
    assert_true(span_same(bytes_str("打印机:缺纸 (e-013)"), bytes_str("打印机缺纸 e013")));
    assert_false(span_same(bytes_str("打印机缺纸"), bytes_str("打印机缺")));
    assert_false(span_same(bytes_str("打印机缺"), bytes_str("打印机缺纸")));
    assert_true(span_same(bytes_str("c++"), bytes_str("c++")));
    assert_false(span_same(bytes_str("c"), bytes_str("c++")));
}

static void bad_bytes_are_not_units(void **state)
{
    (void)state;
    assert_true(span_same(bytes_of("a\xFF\xC3z", 4), bytes_str("az")));
    assert_false(span_has_phrase(bytes_of("\xE6\x89", 2), bytes_str("打")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_want_whole_words_in_order),
        cmocka_unit_test(titles_are_compared_without_punctuation),
        cmocka_unit_test(bad_bytes_are_not_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
