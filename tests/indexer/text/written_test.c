/* How a title is written: a table of titles, and what must hold of any. */
#include "tests/harness.h"

#include "data/base/buf.h"
#include "data/base/utf8.h"
#include "indexer/text/fold_table.h"
#include "indexer/text/written.h"

static int set_up(void **state)
{
    struct analyzer *analyzer;
    struct error err;

    assert_ok(analyzer_new(&analyzer, &err));
    *state = analyzer;
    return 0;
}

static int tear_down(void **state)
{
    analyzer_free(*state);
    return 0;
}

/* The terms of a text with blanks between them. */
static void terms_of(struct analyzer *analyzer, struct bytes text, struct buf *out)
{
    struct analysis analysis;
    struct written written = {.text = text, .analysis = &analysis};
    uint8_t term[WRITTEN_TERM_BYTES];
    struct error err;
    size_t len;

    buf_clear(out);
    assert_ok(analyzer_run(analyzer, ANALYZE_DOCUMENT, text, &analysis, &err));
    while ((len = written_next(&written, term)) > 0) {
        assert_true(len >= 2 && len <= sizeof term && term[0] == TERM_WRITTEN);
        if (out->len > 0)
            buf_add_u8(out, ' ');
        buf_add(out, bytes_of(term, len));
    }
}

static void a_title_says_how_it_is_written(void **state)
{
    static const struct {
        const char *title, *terms;
    } rows[] = {
        {"范围与範圍",                 "T范 T围 T与 T範 T圍"                  }, /* every form of a class of more */
        {"打扫",                          "T扫"                                      }, /* 掃; 打 is one of its kind */
        {"答復、答复、答覆",        "T復 T复 T覆"                            },
        {"표",                             "T표$"                                     }, /* a word of one syllable */
        {"지도, 지도를",               "T지도 T지도$ T지도"                  },
        {"표준화 및 발표회",         "T표준 T및$ T발표"                     },
        {"할 수없음, 할 수 없음",   "T할$ T수없 T할$ T수$ T없음 T없음$"},
        {"TeamsOnly로 업그레이드",    "T로$ T업그"                             },
        {"10분 3월",                      "T분$ T월$"                               },
        {"ログとログイン",           "Tろぐ Tろぐ$ Tろぐ"                  },
        {"ミニカートの読みに",     "Tみに T読"                              }, /* hiragana is no word here */
        {"ﾐﾆ ｶﾞｲﾄﾞ",          "Tみに Tみに$ Tがい"                  }, /* half width, voiced by a mark */
        {"サーバー",                    "Tさー"                                   },
        {"Wi-Fi 5.7.1 naïve Привет", ""                                          },
        {"",                                ""                                          },
    };
    struct buf terms = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        terms_of(*state, bytes_str(rows[i].title), &terms);
        if (strcmp(buf_str(&terms), rows[i].terms) != 0)
            fail_msg("%s: %s", rows[i].title, buf_str(&terms));
    }
    buf_release(&terms);
}

/* A character that stands alone gives the term that a title with it gives. */
static void a_merged_character_asked_for_is_the_one_of_a_title(void **state)
{
    struct buf text = {0}, terms = {0}, expected = {0};
    uint32_t merged = 0;

    for (uint32_t c = 0x3400; c < 0xA000; c++) {
        if ((fold_merged[c / 8] >> c % 8 & 1) == 0)
            continue;
        merged++;
        buf_clear(&text);
        buf_clear(&expected);
        utf8_add(&text, c);
        buf_add_u8(&expected, TERM_WRITTEN);
        utf8_add(&expected, c);
        terms_of(*state, buf_bytes(&text), &terms);
        assert_string_equal(buf_str(&expected), buf_str(&terms));
    }
    assert_in_range(merged, 4000, 8000);
    buf_release(&text);
    buf_release(&terms);
    buf_release(&expected);
}

static void no_character_is_merged_with_itself_alone(void **state)
{
    static uint32_t members[0x10000];

    (void)state;
    for (uint32_t c = 0; c < 0x10000; c++)
        members[fold_table[c]] += fold_merged[c / 8] >> c % 8 & 1;
    for (uint32_t c = 0; c < 0x10000; c++)
        if ((fold_merged[c / 8] >> c % 8 & 1) != 0)
            assert_true(members[fold_table[c]] >= 2);
}

static void any_bytes_give_terms_and_an_end(void **state)
{
    static const char *const pieces[] = {
        "표", "준", "ミ",   "ニ",       "ー", "ﾞ",  "范", "\xF0\xA0\x80\x80", "々", "ゞ", " ",
        "-",  "a",  "\xFF", "\xE3\x83", "ᄒ", "ᅡ", "︎"};
    enum { PIECES = sizeof pieces / sizeof *pieces };
    struct test_random random = test_random_new();
    struct buf text = {0}, terms = {0};

    for (int round = 0; round < 2000; round++) {
        buf_clear(&text);
        for (uint32_t left = test_random_below(&random, 12); left > 0; left--)
            buf_add(&text, bytes_str(pieces[test_random_below(&random, PIECES)]));
        terms_of(*state, buf_bytes(&text), &terms);
    }
    buf_release(&text);
    buf_release(&terms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_says_how_it_is_written),
        cmocka_unit_test(a_merged_character_asked_for_is_the_one_of_a_title),
        cmocka_unit_test(no_character_is_merged_with_itself_alone),
        cmocka_unit_test(any_bytes_give_terms_and_an_end),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
