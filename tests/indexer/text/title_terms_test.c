#include "tests/harness.h"

#include "data/base/utf8.h"
#include "indexer/text/fold.h"
#include "indexer/text/title_terms.h"

static struct folder *folder;

static int make_folder(void **state)
{
    (void)state;
    return folder_new(&folder, NULL) == AF_OK ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    folder_free(folder);
    return 0;
}

/* "a b c": in their order. */
static void terms_of(const char *title, struct buf *out)
{
    struct title_terms terms;
    struct folded folded;
    struct error err;

    assert_ok(folder_run(folder, bytes_str(title), &folded, &err));
    title_terms_of(folded.text, &terms);
    for (uint32_t i = 0; i < terms.count; i++) {
        if (i > 0)
            buf_add_u8(out, ' ');
        buf_add(out, title_term(&terms, i));
    }
}

static void a_title_has_the_terms_it_may_be_typed_as(void **state)
{
    static const struct {
        const char *title, *terms;
    } rows[] = {
        {"路由器",                "ylyu'ou yyqou'i o路由器 oluyouqi"                },
        {"無線 網路",            "ywxu'ian yxwian'ang ywlang'u o无线网 owuxianwang"}, /* 無, 線 folded */
        {"【缺纸】",             "yqzue'hi o缺纸 oquezhi"                           },
        {"USB打印",                "ydya'in ousb"                                       }, /* letters part neighbours */
        {"长度",                   "yzdhang'u ycdhang'u o长度 ozhangdu"               }, /* two readings */
        {"Wi-Fi",                    "owif"                                               },
        {"청소 방법",            "yOJ yJH yHH o청소방"                             },
        {"설정",                   "yJM o설정"                                        },
        {"ログインできない", "oろぐい"                                         },
        {"設定の変更",          "o设定の"                                         }, /* kana: Japanese is not read so */
        {"",                         ""                                                   },
        {"…!？",                  ""                                                   },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf terms = {0};

        terms_of(rows[i].title, &terms);
        if (strcmp(buf_str(&terms), rows[i].terms) != 0)
            fail_msg("%s: %s, not %s", rows[i].title, buf_str(&terms), rows[i].terms);
        buf_release(&terms);
    }
}

static void a_term_comes_once(void **state)
{
    struct buf terms = {0};

    (void)state;
    terms_of("打印打印打印", &terms);
    assert_string_equal("ydya'in yydin'a o打印打 odayinda", buf_str(&terms));
    buf_release(&terms);
}

static void a_long_title_has_no_more_than_its_limit(void **state)
{
    struct title_terms terms;
    struct buf title = {0};

    (void)state;
    for (uint32_t cp = 0x4E00; cp < 0x9000; cp++)
        utf8_add(&title, cp);
    title_terms_of(buf_bytes(&title), &terms);
    assert_in_range(terms.count, TITLE_LETTERS_MAX / 2, TITLE_TERMS_MAX);
    buf_release(&title);
}

static void every_character_is_borne(void **state)
{
    struct title_terms terms;

    (void)state;
    for (uint32_t cp = 1; cp < 0x110000; cp++) {
        uint8_t text[12];
        struct folded folded;
        struct error err;
        size_t len;

        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        len = utf8_encode(cp, text);
        len += utf8_encode(0x8DEF, text + len);
        len += utf8_encode(cp, text + len);
        assert_ok(folder_run(folder, bytes_of(text, len), &folded, &err));
        title_terms_of(folded.text, &terms);
        for (uint32_t i = 0; i < terms.count; i++)
            assert_in_range(terms.len[i], 2, TITLE_TERM_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_has_the_terms_it_may_be_typed_as),
        cmocka_unit_test(a_term_comes_once),
        cmocka_unit_test(a_long_title_has_no_more_than_its_limit),
        cmocka_unit_test(every_character_is_borne),
    };

    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
