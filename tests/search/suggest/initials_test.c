/* First letters that no case has, as the words of titles: what is taken for such, and what a search
 * makes of them. */
#include "tests/search/library.h"

#include "search/suggest/initials.h"

static struct library *library;

static const char *const cases[] = {
    "{'id':'R1','lang':'zh-Hans','title':'路由器红灯闪烁'}",
    "{'id':'R2','lang':'zh-Hans','title':'重启路由器以后没有网络'}",
    "{'id':'R3','lang':'zh-Hant','title':'路由器無法連線'}",
    "{'id':'R4','lang':'zh-Hans','title':'红灯一直闪','text':'家里的路由器红灯一直闪。'}",
    "{'id':'P1','lang':'zh-Hans','title':'组策略要求'}",
    "{'id':'D1','lang':'zh-Hans','title':'数据库连接'}",
    "{'id':'D2','lang':'en','title':'The sjk tool'}",
    "{'id':'K1','lang':'ko','title':'필터 청소'}",
    "{'id':'H1','lang':'zh-Hans','title':'服务器密钥','audience':'internal'}",
};

static int begin(void **state)
{
    (void)state;
    library = library_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        library_add(library, cases[i]);
    return 0;
}

static int end(void **state)
{
    (void)state;
    library_free(library);
    return 0;
}

static void first_letters_are_told_from_words(void **state)
{
    static const struct {
        const char *text;
        bool are;
    } rows[] = {
        {"lyq",       true },
        {"dyj",       true },
        {"wflj",      true },
        {"zhsz",      true },
        {"ㅊㅅ",    true },
        {"ㄱㅇㄱ", true },
        {"ㄳ",       true }, /* two that were put together */
        {"ly",        false},
        {"ㅊ",       false},
        {"lyqlyqlyq", false},
        {"luyou",     false},
        {"printer",   false},
        {"wifi",      false},
        {"l y q",     false},
        {"ly1",       false},
        {"路由器", false},
        {"청ㅅ",    false},
        {"lyㅊ",     false},
        {"",          false},
        {"???",       false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct folder *folder;
        struct folded folded;
        struct error err;

        assert_ok(folder_new(&folder, &err));
        assert_ok(folder_run(folder, bytes_str(rows[i].text), &folded, &err));
        if (initials_are(folded.text) != rows[i].are)
            fail_msg("%s: %d", rows[i].text, !rows[i].are);
        folder_free(folder);
    }
}

static struct search_result find(const char *text, const char *page, enum audience audience)
{
    return library_search(library, &(struct search_request){.query = bytes_str(text),
                                                            .page_lang = bytes_str(page),
                                                            .audience = audience,
                                                            .typing = true,
                                                            .snippets = true});
}

static void they_find_what_the_words_find(void **state)
{
    struct search_result typed = find("路由器", "", AUDIENCE_PUBLIC);
    struct search_result result = find("lyq", "", AUDIENCE_PUBLIC);

    (void)state;
    assert_bytes_equal(BYTES_LIT("路由器"), result.read_as); /* not 略要求 of 策略要求 */
    assert_int_equal(4, result.hits_count);                  /* R4 too, which has it in its text */
    assert_int_equal(typed.hits_count, result.hits_count);
    for (uint32_t i = 0; i < result.hits_count; i++) {
        assert_bytes_equal(typed.hits[i].id, result.hits[i].id);
        assert_int_equal(REASON_INITIALS, result.hits[i].reasons);
    }
    assert_true(result.hits[0].title.marks_count > 0);
    assert_int_not_equal(VERDICT_SURE, result.confidence.verdict);
    assert_bytes_equal(BYTES_LIT("청소"), find("ㅊㅅ", "", AUDIENCE_PUBLIC).read_as);
    assert_bytes_equal(BYTES_LIT("无法连线"), find("wflx", "", AUDIENCE_PUBLIC).read_as);
}

static void a_word_that_some_case_has_wins(void **state)
{
    struct search_result result = find("sjk", "zh-Hans", AUDIENCE_PUBLIC);

    (void)state;
    assert_int_equal(0, result.read_as.len);
    assert_bytes_equal(BYTES_LIT("D2"), result.hits[0].id);
    assert_int_equal(REASON_EXACT, result.hits[0].reasons);
}

/* htdy: htdz with a slip, or 合同打印. On a page that is not Chinese it is a slip. */
static void a_slip_is_told_from_them_by_the_page(void **state)
{
    (void)state;
    library_add(library, "{'id':'F1','lang':'zh-Hans','title':'合同打印'}");
    library_add(library, "{'id':'F2','lang':'en','title':'The htdz daemon'}");
    assert_int_equal(0, find("htdy", "en", AUDIENCE_PUBLIC).read_as.len);
    assert_bytes_equal(BYTES_LIT("F2"), find("htdy", "en", AUDIENCE_PUBLIC).hits[0].id);
    assert_bytes_equal(BYTES_LIT("合同打印"), find("htdy", "zh-Hans", AUDIENCE_PUBLIC).read_as);
}

static void titles_that_may_not_be_seen_give_no_words(void **state)
{
    (void)state;
    assert_int_equal(0, find("fwqmy", "", AUDIENCE_PUBLIC).read_as.len);
    assert_int_equal(0, find("fwqmy", "", AUDIENCE_PUBLIC).hits_count);
    assert_bytes_equal(BYTES_LIT("服务器密钥"), find("fwqmy", "", AUDIENCE_INTERNAL).read_as);
}

static void what_no_title_begins_stays_unfound(void **state)
{
    (void)state;
    assert_int_equal(0, find("qqqq", "", AUDIENCE_PUBLIC).hits_count);
    assert_int_equal(0, find("ㅋㅋㅋ", "", AUDIENCE_PUBLIC).hits_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_letters_are_told_from_words),
        cmocka_unit_test(they_find_what_the_words_find),
        cmocka_unit_test(a_word_that_some_case_has_wins),
        cmocka_unit_test(a_slip_is_told_from_them_by_the_page),
        cmocka_unit_test(titles_that_may_not_be_seen_give_no_words),
        cmocka_unit_test(what_no_title_begins_stays_unfound),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
