/* "Did you mean": offered when the other spelling finds much more, and to nobody for words of cases
 * that they may not see. */
#include "tests/search/library.h"

static int set_up(void **state)
{
    struct library *l = library_new();

    for (int i = 0; i < 12; i++) {
        char text[400];

        (void)snprintf(text, sizeof text,
                       "{'id':'k-%d','lang':'en','title':'Keyboard %d loses letters'}", i, i);
        library_add(l, text);
        (void)snprintf(text, sizeof text,
                       "{'id':'z-%d','lang':'zh-Hans','title':'打印机缺纸 第%d次'}", i, i);
        library_add(l, text);
    }
    for (int i = 0; i < 12; i++) {
        char text[400];

        (void)snprintf(text, sizeof text,
                       "{'id':'g-%d','lang':'zh-Hans','title':'会议录制 合并找到 %d'}", i, i);
        library_add(l, text);
        (void)snprintf(text, sizeof text,
                       "{'id':'ko-%d','lang':'ko','title':'비밀번호 재설정 팀으로 %d'}", i, i);
        library_add(l, text);
        (void)snprintf(text, sizeof text,
                       "{'id':'ja-%d','lang':'ja','title':'パスワードのリセット %d'}", i, i);
        library_add(l, text);
    }
    library_add(l, "{'id':'typo','lang':'en','title':'Keybaord with a typo'}");
    library_add(l, "{'id':'secret','lang':'en','title':'Splitter rogue','audience':'internal'}");
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static void another_spelling_is_offered_when_it_finds_much_more(void **state)
{
    static const struct {
        const char *typed, *offered;
    } table[] = {
        {"keyboarf",                    "keyboard"              },
        {"keybaord",                    "keyboard"              }, /* one case has it, twelve have the other */
        {"Keyboarf loses leters",       "keyboard loses letters"},
        {"keyboard",                    ""                      },
        {"keyboard letters",            ""                      },
        {"打印机却纸",             "打印机缺纸"       },
        {"打印机缺纸",             ""                      },
        {"비밀번호 재설졍",      "비밀번호 재설정"},
        {"팀즈",                      ""                      }, /* 팀으 is the beginning of 팀으로 */
        {"パスワドをリセット", ""                      }, /* kana are folded: it would read ぱすわーど */
        {"qqqqqqq",                     ""                      },
        {"\"keyboarf\"",                ""                      }, /* quoted: as it stands */
        {"?!",                          ""                      },
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct search_request request = {.query = bytes_str(table[i].typed), .suggest = true};
        struct search_result result = library_search(*state, &request);

        if (!bytes_equal(result.suggestion, bytes_str(table[i].offered)))
            fail_msg("%s: %.*s", table[i].typed, (int)result.suggestion.len,
                     (const char *)result.suggestion.data);
    }
}

static void nothing_is_offered_unasked(void **state)
{
    const struct search_request request = {.query = BYTES_LIT("keyboarf")};

    assert_int_equal(0, library_search(*state, &request).suggestion.len);
}

static void a_word_of_hidden_cases_is_not_offered(void **state)
{
    struct search_request request = {.query = BYTES_LIT("spliter"), .suggest = true};

    assert_int_equal(0, library_search(*state, &request).suggestion.len);
    request.audience = AUDIENCE_INTERNAL;
    assert_bytes_equal(library_search(*state, &request).suggestion, BYTES_LIT("splitter"));
}

static void what_is_offered_finds_what_it_says_and_offers_nothing_more(void **state)
{
    struct search_request request = {.query = BYTES_LIT("Keyboarf loses leters"), .suggest = true};
    struct search_result result = library_search(*state, &request);

    request.query = result.suggestion;
    result = library_search(*state, &request);
    assert_int_equal(0, result.suggestion.len);
    assert_true(result.total >= 10);
    assert_int_equal(REASON_EXACT, result.hits[0].reasons);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_spelling_is_offered_when_it_finds_much_more),
        cmocka_unit_test(nothing_is_offered_unasked),
        cmocka_unit_test(a_word_of_hidden_cases_is_not_offered),
        cmocka_unit_test(what_is_offered_finds_what_it_says_and_offers_nothing_more),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
