/* One or two characters: the title that has them as they were typed stands first, and none is lost
 * that folding or grams find. The questions are some that people ask support in one syllable. */
#include "tests/search/library.h"

#include "search/show/explain.h"

#define OTHERS 40 /* cases that have it too: more than are looked at closely */

static void add(struct library *l, const char *kind, int i, const char *lang, const char *title,
                const char *text)
{
    char json[1000];

    (void)snprintf(json, sizeof json, "{'id':'%s-%02d','lang':'%s','title':'%s','text':'%s'}", kind,
                   i, lang, title, text);
    library_add(l, json);
}

static int set_up(void **state)
{
    struct library *l = library_new();

    for (int i = 0; i < OTHERS; i++) {
        add(l, "ko", i, "ko", "표준 발표 자료",
            "표준 문서의 목표를 발표할 수 없습니다. 도표 목록표");
        add(l, "cannot", i, "ko", "인쇄할 수 없음", "할 수 없습니다. 할 수 없는 경우");
        add(l, "reply", i, "zh-Hans", "自动答复", "答复、回复与恢复：复制");
        add(l, "scope", i, "zh-Hant", "個人範圍", "範圍、範本、個人的規範");
        add(l, "read", i, "ja", "値の読みに失敗", "読みに時間がかかる。読みに行く");
        add(l, "login", i, "ja", "ログイン", "ログインできない。ログインのログ");
    }
    add(l, "log", 1, "ja", "サーバーが起動しないときに確認する ログ の場所", "起動");
    add(l, "table", 1, "ko", "워드에서 표 서식을 다시 지정하고 셀 크기를 맞추는 방법",
        "삽입을 누릅니다.");
    add(l, "unable", 1, "ko", "TeamsOnly로 업그레이드를 완료할 수없음", "업그레이드");
    add(l, "cover", 1, "zh-Hans", "由默认存储覆盖的报价单项目的存储编号不正确", "项目");
    add(l, "name", 1, "zh-Hant", "修補程式之后产品图像未显示在范例邮件中", "郵件");
    add(l, "mini", 1, "ja", "商品は注文後にミニカートに残ったままになります", "注文");
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static void the_title_that_has_it_as_typed_stands_first(void **state)
{
    static const struct {
        const char *question, *first, *next; /* the beginnings of their ids */
    } rows[] = {
        {"표",       "table-01",  "ko-"    }, /* table; 발표, 목표 have it inside */
        {"수없",    "unable-01", "cannot-"}, /* written without its blank */
        {"覆",       "cover-01",  "reply-" }, /* 复, 復 and 覆 are one to a search */
        {"范",       "name-01",   "scope-" },
        {"ミニ",    "mini-01",   "read-"  }, /* 読みに */
        {"ログ",    "log-01",    "login-" }, /* a word, and how another begins */
        {"ログイ", "login-",    "login-" },
        {"みに",    "read-",     "read-"  },
        {"範",       "scope-",    "scope-" },
        {"範圍",    "scope-",    "scope-" },
        {"복",       NULL,        NULL     }, /* in no case */
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int typing = 0; typing < 2; typing++) {
            const struct search_request request = {.query = bytes_str(rows[i].question),
                                                   .typing = typing != 0};
            struct search_result result = library_search(*state, &request);

            if (rows[i].first == NULL) {
                assert_int_equal(0, result.hits_count);
                continue;
            }
            assert_int_equal(HITS_DEFAULT, result.hits_count);
            if (!bytes_has_prefix(result.hits[0].id, bytes_str(rows[i].first)) ||
                !bytes_has_prefix(result.hits[1].id, bytes_str(rows[i].next)))
                fail_msg("%s: %.*s, %.*s", rows[i].question, (int)result.hits[0].id.len,
                         (const char *)result.hits[0].id.data, (int)result.hits[1].id.len,
                         (const char *)result.hits[1].id.data);
        }
}

/* It changes which cases stand first, not which match. */
static void the_number_of_matches_is_that_of_all_forms(void **state)
{
    static const struct {
        const char *question;
        uint64_t total;
    } rows[] = {
        {"표",    OTHERS + 1    },
        {"수없", 2 * OTHERS + 1},
        {"范",    OTHERS + 1    },
        {"ミニ", OTHERS + 1    },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct search_request request = {.query = bytes_str(rows[i].question)};
        struct search_result result = library_search(*state, &request);

        assert_int_equal(rows[i].total, result.total);
        assert_false(result.total_is_estimate);
    }
}

static void pages_continue_each_other(void **state)
{
    static const char *const questions[] = {"표", "수없", "覆", "范", "ミニ"};

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const struct search_request both = {.query = bytes_str(questions[i]), .limit = 20};
        struct search_result expected = library_search(*state, &both);

        assert_int_equal(20, expected.hits_count);
        for (uint32_t page = 0; page < 2; page++) {
            const struct search_request one = {
                .query = both.query, .limit = 10, .offset = 10 * page};
            struct search_result result = library_search(*state, &one);

            assert_int_equal(10, result.hits_count);
            for (uint32_t k = 0; k < 10; k++)
                assert_int_equal(expected.hits[10 * page + k].no, result.hits[k].no);
        }
    }
}

static void what_the_asker_may_not_see_does_not_come_in_this_way(void **state)
{
    struct search_request request = {.query = BYTES_LIT("표"), .lang = BYTES_LIT("zh-Hans")};

    assert_int_equal(0, library_search(*state, &request).hits_count);
    library_add(*state, "{'id':'secret','lang':'ko','title':'본 목록','audience':'internal'}");
    for (int i = 0; i < OTHERS; i++)
        add(*state, "copy", i, "ko", "사본 기본", "일본 사본 기본");
    request = (struct search_request){.query = BYTES_LIT("본")};
    assert_true(bytes_has_prefix(library_search(*state, &request).hits[0].id, BYTES_LIT("copy-")));
    request.audience = AUDIENCE_INTERNAL;
    assert_bytes_equal(library_search(*state, &request).hits[0].id, BYTES_LIT("secret"));
}

static void a_longer_question_does_not_ask(void **state)
{
    static const char *const questions[] = {"표 서식", "\"표\"", "table 표", "표준화"};

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        const struct search_request request = {.query = bytes_str(questions[i]), .explain = true};
        struct search_result result = library_search(*state, &request);

        for (uint32_t h = 0; h < result.hits_count; h++)
            assert_true(result.explanation->hits[h].parts.weight[PART_WRITTEN] <= 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_title_that_has_it_as_typed_stands_first),
        cmocka_unit_test(the_number_of_matches_is_that_of_all_forms),
        cmocka_unit_test(pages_continue_each_other),
        cmocka_unit_test(what_the_asker_may_not_see_does_not_come_in_this_way),
        cmocka_unit_test(a_longer_question_does_not_ask),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
