#include "tests/harness.h"

#include "search/match/langpref.h"

static void the_question_says_its_language_and_else_the_page_does(void **state)
{
    static const struct {
        const char *question, *page, *expected;
    } rows[] = {
        {"프린터가 안 돼요",                   "en",      "ko"     },
        {"ログインできない",                  "zh-Hans", "ja"     },
        {"電子郵件無法傳送",                  "zh-Hans", "zh-Hant"},
        {"打印机",                                 "",        "zh-Hans"},
        {"管理者",                                 "ja",      "ja"     }, /* Han alone: the page decides */
        {"管理者",                                 "zh-Hant", "zh-Hant"},
        {"管理者",                                 "en",      "zh-Hans"},
        {"outlook",                                   "zh-Hant", "zh-Hant"}, /* a name in every language */
        {"outlook",                                   "",        "en"     },
        {"how do I reset the password of my account", "ja",      "en"     },
        {"",                                          "ja",      "ja"     },
        {"",                                          "",        ""       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes got = langpref_of(bytes_str(rows[i].question), bytes_str(rows[i].page));

        if (!bytes_equal(got, bytes_str(rows[i].expected)))
            fail_msg("%s on a page in \"%s\": %.*s", rows[i].question, rows[i].page, (int)got.len,
                     (const char *)got.data);
    }
}

static void another_script_of_a_language_is_half_of_it(void **state)
{
    static const struct {
        const char *preferred, *lang;
        double expected;
    } rows[] = {
        {"zh-Hans", "zh-Hans", 1  },
        {"zh-Hans", "zh-Hant", 0.5},
        {"zh",      "zh-Hant", 1  },
        {"ja",      "JA",      1  },
        {"en-GB",   "en",      1  },
        {"en",      "de",      0  },
        {"zh-Hans", "",        0  },
        {"",        "en",      0  },
        {"",        "",        0  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double got = langpref_match(bytes_str(rows[i].preferred), bytes_str(rows[i].lang));

        if (got != rows[i].expected)
            fail_msg("%s, a case in %s: %g", rows[i].preferred, rows[i].lang, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_says_its_language_and_else_the_page_does),
        cmocka_unit_test(another_script_of_a_language_is_half_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
