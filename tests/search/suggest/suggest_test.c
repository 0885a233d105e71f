#include "tests/search/library.h"

#include "data/base/utf8.h"
#include "search/suggest/suggest.h"

#include <stdio.h>

static struct library *library;
static struct suggester *suggester;

static const char *const cases[] = {
    "{'id':'R1','lang':'zh-Hans','title':'路由器红灯闪烁','product':'HG8245H','category':['网络','"
    "路由']}",
    "{'id':'R2','lang':'zh-Hans','title':'重启路由器以后没有网络'}",
    "{'id':'R3','lang':'zh-Hant','title':'路由器無法連線'}",
    "{'id':'P1','lang':'zh-Hans','title':'打印机缺纸','error_code':['E-013','E-014']}",
    "{'id':'P2','lang':'en','title':'Printer offline','product':'LaserJet "
    "4','keywords':['ORA-00942']}",
    "{'id':'P3','lang':'en','title':'Red light on the printer, fault E-077','product':'LaserJet "
    "5'}",
    "{'id':'W1','lang':'en','title':'Wi-Fi drops after an update'}",
    "{'id':'J1','lang':'ja','title':'ルーターの設定'}",
    "{'id':'J2','lang':'ja','title':'ログインできない'}",
    "{'id':'K1','lang':'ko','title':'청소 방법','product':'공유기'}",
    "{'id':'K2','lang':'ko','title':'공유기 연결 안됨'}",
    "{'id':'T1','lang':'th','title':'เครื่องพิมพ์กระดาษติด'}",
    "{'id':'I1','lang':'en','title':'Printer password of the vault','audience':'internal',"
    "'product':'Vault 9','error_code':'E-099'}",
    "{'id':'D1','lang':'en','title':'Printer drafts','state':'archived'}",
};

static int begin(void **state)
{
    struct error err;

    (void)state;
    library = library_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        library_add(library, cases[i]);
    assert_ok(suggester_new(library->index, library->store, &suggester, &err));
    return 0;
}

static int end(void **state)
{
    (void)state;
    suggester_free(suggester);
    library_free(library);
    return 0;
}

static struct suggest_result suggest(const struct suggest_request *request)
{
    struct suggest_request asked = *request;
    struct suggest_result result;
    struct error err;

    if (asked.limit == 0)
        asked.limit = SUGGEST_MAX;
    assert_ok(suggest_run(suggester, &asked, library->arena, &result, &err));
    return result;
}

/* "title R1, code E-013": titles by their cases. */
static void list(const struct suggest_request *request, struct buf *out)
{
    struct suggest_result result = suggest(request);

    for (uint32_t i = 0; i < result.count; i++) {
        const struct suggested *item = &result.items[i];
        struct bytes what = item->id.len > 0 ? item->id : item->text.text;

        buf_printf(out, "%s%s ", i > 0 ? ", " : "", suggest_kind_name(item->kind));
        buf_add(out, what);
    }
}

static void assert_list(const struct suggest_request *request, const char *wanted)
{
    struct buf found = {0};

    list(request, &found);
    if (strcmp(buf_str(&found), wanted) != 0)
        fail_msg("%.*s: %s, not %s", (int)request->typed.len, (const char *)request->typed.data,
                 buf_str(&found), wanted);
    buf_release(&found);
}

static void what_is_typed_becomes_what_it_may_become(void **state)
{
    static const struct {
        const char *page, *typed, *wanted;
    } rows[] = {
        {"zh-Hans", "路",                   "category 路由, title R1, title R3, title R2"},
        {"zh-Hans", "由器",                "title R1, title R2, title R3"                 },
        {"zh-Hant", "路由",                "category 路由, title R3, title R1, title R2"},
        {"zh-Hans", "luyou",                 "category 路由, title R1, title R3, title R2"},
        {"zh-Hans", "lu'you'q",              "title R1, title R3, title R2"                 },
        {"zh-Hans", "lyq",                   "title R1, title R3, title R2"                 },
        {"zh-Hans", "LYQ",                   "title R1, title R3, title R2"                 },
        {"zh-Hans", "chongqi",               "title R2"                                     },
        {"zh-Hans", "wangl",                 "category 网络, title R2"                    },
        {"zh-Hans", "dyj",                   "title P1"                                     },
        {"zh-Hans", "打印機",             "title P1"                                     },
        {"en",      "prin",                  "title P2, title P3"                           },
        {"en",      "light",                 "title P3"                                     },
        {"en",      "printer re",            "title P3"                                     },
        {"en",      "wifi",                  "title W1"                                     },
        {"en",      "e-0",                   "code E-013, code E-014, title P3"             },
        {"en",      "E01",                   "code E-013, code E-014"                       },
        {"en",      "ora",                   "code ORA-00942"                               },
        {"en",      "laser",                 "product LaserJet 4, product LaserJet 5"       },
        {"en",      "hg8",                   "product HG8245H"                              },
        {"ja",      "るー",                "title J1"                                     },
        {"ja",      "ru-ta",                 "title J1"                                     },
        {"ja",      "settei",                "title J1"                                     },
        {"ja",      "せってい",          "title J1"                                     },
        {"ja",      "rogui",                 "title J2"                                     },
        {"ko",      "처",                   "title K1"                                     },
        {"ko",      "ㅊㅅ",                "title K1"                                     },
        {"ko",      "ㄱㅇㄱ",             "product 공유기, title K2"                  },
        {"ko",      "공유ㄱ",             "product 공유기, title K2"                  },
        {"ko",      "공육",                "product 공유기, title K2"                  },
        {"ko",      "연",                   "title K2"                                     },
        {"th",      "เครื่อง", "title T1"                                     },
        {"en",      "zzz",                   ""                                             },
        {"en",      "",                      ""                                             },
        {"en",      " ?! ",                  ""                                             },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_list(&(struct suggest_request){.typed = bytes_str(rows[i].typed),
                                              .page_lang = bytes_str(rows[i].page)},
                    rows[i].wanted);
}

static void what_may_not_be_seen_is_not_suggested(void **state)
{
    struct suggest_request request = {.typed = BYTES_LIT("vault")};

    (void)state;
    assert_list(&request, "");
    request.audience = AUDIENCE_INTERNAL;
    assert_list(&request, "product Vault 9, title I1");
    request = (struct suggest_request){.typed = BYTES_LIT("e-09")};
    assert_list(&request, "");
    request.audience = AUDIENCE_INTERNAL;
    assert_list(&request, "code E-099");
    assert_list(
        &(struct suggest_request){.typed = BYTES_LIT("drafts"), .audience = AUDIENCE_INTERNAL}, "");
}

static void filters_hold_for_suggestions(void **state)
{
    (void)state;
    assert_list(&(struct suggest_request){.typed = BYTES_LIT("printer"),
                                          .product = BYTES_LIT("LaserJet 5")},
                "title P3");
    assert_list(&(struct suggest_request){.typed = BYTES_LIT("路由"), .lang = BYTES_LIT("zh-Hant")},
                "title R3");
    assert_list(
        &(struct suggest_request){.typed = BYTES_LIT("路由"), .category = BYTES_LIT("网络")},
        "title R1");
}

static void marks_are_what_was_typed(void **state)
{
    struct suggest_result result;

    (void)state;
    result = suggest(&(struct suggest_request){.typed = BYTES_LIT("wif")});
    assert_int_equal(1, result.count);
    assert_int_equal(1, result.items[0].text.marks_count);
    assert_int_equal(0, result.items[0].text.marks[0].start);
    assert_int_equal(4, result.items[0].text.marks[0].end); /* Wi-F */
    result = suggest(&(struct suggest_request){.typed = BYTES_LIT("printer red")});
    assert_int_equal(2, result.items[0].text.marks_count);
    result = suggest(&(struct suggest_request){.typed = BYTES_LIT("wuf"), .limit = 1});
    assert_int_equal(1, result.count); /* 無法, as 无法 is read */
    assert_int_equal(9, result.items[0].text.marks[0].start);
    assert_int_equal(15, result.items[0].text.marks[0].end);
}

static void a_new_case_is_suggested_and_an_old_title_is_not(void **state)
{
    (void)state;
    library_add(library, "{'id':'W1','lang':'en','title':'Bluetooth drops after an update'}");
    assert_list(&(struct suggest_request){.typed = BYTES_LIT("wifi")}, "");
    assert_list(&(struct suggest_request){.typed = BYTES_LIT("bluet")}, "title W1");
    library_add(library, cases[6]);
}

static void titles_that_say_the_same_are_one(void **state)
{
    (void)state;
    library_add(library, "{'id':'S1','lang':'en','title':'Same title'}");
    library_add(library, "{'id':'S2','lang':'en','title':'same  TITLE.'}");
    assert_int_equal(1, suggest(&(struct suggest_request){.typed = BYTES_LIT("same")}).count);
}

/* --- limits ------------------------------------------------------------------------------- */

static void the_list_is_as_long_as_asked_for(void **state)
{
    struct suggest_result result;
    struct error err;

    (void)state;
    for (uint32_t limit = 1; limit <= SUGGEST_MAX; limit++)
        assert_true(
            suggest(&(struct suggest_request){.typed = BYTES_LIT("p"), .limit = limit}).count <=
            limit);
    assert_refused(AF_INVALID, suggest_run(suggester, &(struct suggest_request){.limit = 0},
                                           library->arena, &result, &err));
    assert_refused(AF_INVALID,
                   suggest_run(suggester, &(struct suggest_request){.limit = SUGGEST_MAX + 1},
                               library->arena, &result, &err));
}

static struct bytes repeated(const char *piece, uint32_t times)
{
    struct buf text = {0};
    struct bytes copy;

    for (uint32_t i = 0; i < times; i++)
        buf_add_str(&text, piece);
    copy = arena_copy(library->arena, buf_bytes(&text));
    buf_release(&text);
    return copy;
}

static void a_long_text_is_a_question(void **state)
{
    struct suggest_result result;
    struct error err;

    (void)state;
    library_add(library,
                "{'id':'L1','lang':'en','title':"
                "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}");
    assert_int_equal(
        1, suggest(&(struct suggest_request){.typed = repeated("a", SUGGEST_LETTERS_MAX)}).count);
    assert_int_equal(
        0,
        suggest(&(struct suggest_request){.typed = repeated("a", SUGGEST_LETTERS_MAX + 1)}).count);
    assert_int_equal(
        0, suggest(&(struct suggest_request){.typed = repeated("b", QUERY_INPUT_BYTES_MAX)}).count);
    assert_refused(AF_TOO_LARGE,
                   suggest_run(suggester,
                               &(struct suggest_request){
                                   .typed = repeated("b", QUERY_INPUT_BYTES_MAX + 1), .limit = 1},
                               library->arena, &result, &err));
    arena_clear(library->arena);
}

/* SUGGEST_TITLES_MAX, SUGGEST_TERMS_MAX, SUGGEST_POSTINGS_MAX, SUGGEST_NAMES_MAX, SUGGEST_DOCS_MAX,
 * SUGGEST_CODE_CASES_MAX and SUGGEST_TEXT_BYTES_MAX: past them there are still suggestions, and
 * openings come first. */
static void a_large_library_has_suggestions_too(void **state)
{
    json_t *more = json_array();
    struct suggest_result result;

    (void)state;
    for (int i = 0; i < 3 * SUGGEST_TITLES_MAX; i++) {
        char id[20], title[120], product[40];

        (void)snprintf(title, sizeof title, "How to mend quirk%d, quick", i);
        (void)snprintf(id, sizeof id, "M%d", i);
        (void)snprintf(product, sizeof product, "Q%d mender", i);
        json_array_append_new(more,
                              json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", id, "title", title, "lang",
                                        "en", "product", product, "error_code", title + 12));
    }
    library_add_all(library, more);
    library_add(library, "{'id':'Q','lang':'en','title':'Quick'}");
    result =
        suggest(&(struct suggest_request){.typed = BYTES_LIT("qui"), .page_lang = BYTES_LIT("en")});
    assert_int_equal(SUGGEST_MAX, result.count);
    assert_bytes_equal(BYTES_LIT("Quick"), result.items[2].text.text); /* after two codes */
    result = suggest(&(struct suggest_request){.typed = BYTES_LIT("mend")});
    assert_int_equal(SUGGEST_PRODUCT, result.items[0].kind); /* of more than SUGGEST_NAMES_MAX */
    library_add(library, "{'id':'long','lang':'en','title':'Zebra zebra'}");
    assert_list(&(struct suggest_request){.typed = BYTES_LIT("zeb")}, "title long");
    arena_clear(library->arena);
}

/* --- hostile input ------------------------------------------------------------------------ */

static void every_character_is_borne_twice_alike(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 0x110000; cp += cp < 0x3400 || cp > 0xAC00 ? 1 : 7) {
        struct suggest_result first, second;
        uint8_t text[8];
        size_t len;

        if ((cp >= 0xD800 && cp < 0xE000) || (cp > 0x20000 && cp % 64 != 0))
            continue;
        len = utf8_encode(cp, text);
        first = suggest(&(struct suggest_request){.typed = bytes_of(text, len)});
        second = suggest(&(struct suggest_request){.typed = bytes_of(text, len)});
        assert_int_equal(first.count, second.count);
        for (uint32_t i = 0; i < first.count; i++)
            assert_bytes_equal(first.items[i].text.text, second.items[i].text.text);
        arena_clear(library->arena);
    }
}

static void any_bytes_are_borne(void **state)
{
    struct test_random random = test_random_new();

    (void)state;
    for (int round = 0; round < 5000; round++) {
        uint8_t text[64];
        size_t len = test_random_below(&random, sizeof text);

        for (size_t i = 0; i < len; i++)
            text[i] = (uint8_t)(test_random_below(&random, 2) == 0
                                    ? "lyqzhe'013ru-"[test_random_below(&random, 13)]
                                    : (int)test_random_below(&random, 256));
        (void)suggest(&(struct suggest_request){.typed = bytes_of(text, len)});
        arena_clear(library->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_becomes_what_it_may_become),
        cmocka_unit_test(what_may_not_be_seen_is_not_suggested),
        cmocka_unit_test(filters_hold_for_suggestions),
        cmocka_unit_test(marks_are_what_was_typed),
        cmocka_unit_test(a_new_case_is_suggested_and_an_old_title_is_not),
        cmocka_unit_test(titles_that_say_the_same_are_one),
        cmocka_unit_test(the_list_is_as_long_as_asked_for),
        cmocka_unit_test(a_long_text_is_a_question),
        cmocka_unit_test(a_large_library_has_suggestions_too),
        cmocka_unit_test(every_character_is_borne_twice_alike),
        cmocka_unit_test(any_bytes_are_borne),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
