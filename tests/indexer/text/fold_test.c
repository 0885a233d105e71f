#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/fold.h"
#include "indexer/text/fold_table.h"

#include <stdio.h>
#include <stdlib.h>

static int open_folder(void **state)
{
    return folder_new((struct folder **)state, NULL) == AF_OK ? 0 : -1;
}

static int close_folder(void **state)
{
    folder_free(*state);
    return 0;
}

static struct folded fold(void **state, struct bytes text)
{
    struct folded folded = {0};

    assert_int_equal(folder_run(*state, text, &folded, NULL), AF_OK);
    return folded;
}

static void check_fold(void **state, const char *from, const char *to)
{
    struct folded folded = fold(state, bytes_str(from));

    if (!bytes_equal(folded.text, bytes_str(to)))
        fail_msg("\"%s\" folds to \"%.*s\", not \"%s\"", from, (int)folded.text.len,
                 (const char *)folded.text.data, to);
}

struct pair {
    const char *from, *to;
};

static void check_pairs(void **state, const struct pair *pairs)
{
    for (; pairs->from != NULL; pairs++) {
        check_fold(state, pairs->from, pairs->to);
        check_fold(state, pairs->to, pairs->to);
    }
}

static void traditional_and_simplified_are_one(void **state)
{
    static const struct pair pairs[] = {
        {"軟體",              "软体"             },
        {"列印",              "列印"             },
        {"記憶體",           "记忆体"          },
        {"路由器設定",     "路由器设定"    },
        {"網絡",              "网络"             },
        {"回覆",              "回复"             },
        {"乾",                 "干"                },
        {"著作 執著",       "着作 执着"      },
        {"瞭解",              "了解"             },
        {"裡面 裏面",       "里面 里面"      },
        {"舘",                 "馆"                },
        {"砲",                 "炮"                },
        {"為什麼 爲什麽", "为什么 为什么"},
        {"憑藉",              "凭借"             },
        {"覈查",              "核查"             },
        {NULL,                  NULL                 },
    };

    check_pairs(state, pairs);
}

static void japanese_new_forms_join_their_class(void **state)
{
    static const struct pair pairs[] = {
        {"図",           "图"          },
        {"圖",           "图"          },
        {"気 氣",       "气 气"      },
        {"広 廣",       "广 广"      },
        {"検索",        "检索"       },
        {"接続",        "接续"       },
        {"発生",        "发生"       },
        {"変更",        "变更"       },
        {"対応",        "对应"       },
        {"単価",        "单价"       },
        {"芸術 藝術", "艺术 艺术"},
        {"駅",           "驿"          },
        {NULL,            NULL           },
    };

    check_pairs(state, pairs);
}

static void two_words_of_todays_chinese_stay_two(void **state)
{
    static const struct pair pairs[] = {
        {"欠费 缺货", "欠费 缺货"},
        {"给予 犹豫", "给予 犹豫"},
        {"缶 罐",       "缶 罐"      },
        {NULL,            NULL           }
    };

    check_pairs(state, pairs);
}

static void kana_and_width_fold(void **state)
{
    static const struct pair pairs[] = {
        {"ルーター",             "るーたー"          },
        {"ﾙｰﾀｰ",             "るーたー"          },
        {"るーたー",             "るーたー"          },
        {"ｶﾞｷﾞ",             "がぎ"                },
        {"か\xE3\x82\x99",          "が"                   },
        {"ハ\xE3\x82\x9A",          "ぱ"                   },
        {"ヴ",                      "ゔ"                   },
        {"ヷ",                      "わ"                   },
        {"ＡＢＣ１２３",       "abc123"                },
        {"㌔",                      "きろ"                },
        {"㌻",                      "ぺーじ"             },
        {"　",                      " "                     },
        {"データ・センター", "でーた せんたー"},
        {"人々",                   "人人"                },
        {"ただゝ",                "ただだ"             },
        {"いすゞ",                "いすず"             },
        {"々",                      "々"                   },
        {"ＰＣー９８",          "pc-98"                 },
        {NULL,                       NULL                    },
    };

    check_pairs(state, pairs);
}

static void latin_loses_case_and_accents(void **state)
{
    static const struct pair pairs[] = {
        {"Straße",           "strasse"       },
        {"é",                "e"             },
        {"e\xCC\x81",         "e"             },
        {"ﬁle",             "file"          },
        {"đ Đ",             "d d"           },
        {"ø",                "o"             },
        {"æ Œ",             "ae oe"         },
        {"ı İ I",           "i i i"         },
        {"ł",                "l"             },
        {"Việt",            "viet"          },
        {"ŀ",                "l"             },
        {"½",                "1/2"           },
        {"①⑩",            "110"           },
        {"™",               " "             },
        {"don’t",           "don't"         },
        {"ﬃ",               "ffi"           },
        {"Σίσυφος",    "σισυφοσ"},
        {"\xC3\xA9\xCC\x81x", "ex"            },
        {NULL,                NULL            },
    };

    check_pairs(state, pairs);
}

static void other_scripts_fold(void **state)
{
    static const struct pair pairs[] = {
        {"Ёлка",                             "елка"        },
        {"й",                                   "й"              },
        {"и\xCC\x86",                           "й"              },
        {"а\xCC\x81",                           "а"              },
        {"їжак ў",                          "їжак ў"     },
        {"أإآا",                             "اااا"        },
        {"مـحـمد",                         "محمد"        },
        {"مُحَمَّد",                     "محمد"        },
        {"ی",                                   "ي"              },
        {"١٢٣ ४५",                        "123 45"          },
        {"น้ำ ทำ",                     "น้ำ ทำ"},
        {"שָׁלוֹם",                       "שלום"        },
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한"             },
        {"ㅋㅋㅋ ㄱ",                        "ㅋㅋㅋ ㄱ"   },
        {"ﾡ",                                  "ㄱ"             },
        {NULL,                                   NULL              },
    };

    check_pairs(state, pairs);
}

static void dashes_and_invisible_characters(void **state)
{
    static const struct pair pairs[] = {
        {"a‐b‑c–d—e−f－g",         "a-b-c-d-e-f-g"},
        {"zero\xE2\x80\x8Bwidth\xEF\xBB\xBF", "zerowidth"    },
        {"\xE2\x80\xAE"
         "abc\xE2\x80\xAC",          "abc"          },
        {"soft\xC2\xADhyphen",                "softhyphen"   },
        {"a\nb\tc",                           "a\nb\tc"      },
        {"a\xC2\xA0"
         "b",                        "a b"          },
        {NULL,                                NULL           },
    };

    check_pairs(state, pairs);
}

/* The short way of ASCII against the table, at every place of a block and beside others. */
static void ascii_folds_as_the_table_says(void **state)
{
    uint8_t text[24];

    for (unsigned c = 1; c < 0x80; c++) {
        assert_true(fold_table[c] == c + (c >= 'A' && c <= 'Z' ? 32 : 0));
        for (size_t len = 1; len <= sizeof text; len++) {
            for (size_t at = 0; at < len; at++) {
                struct folded folded;

                memset(text, 'Q', len);
                text[at] = (uint8_t)c;
                folded = fold(state, bytes_of(text, len));
                assert_int_equal(folded.text.len, len);
                for (size_t i = 0; i < len; i++)
                    assert_int_equal(folded.text.data[i], fold_table[text[i]]);
                assert_int_equal(folded.source[at], at);
            }
        }
    }
}

/* No form of three bytes that is no character comes out as one, whatever is beside it. */
static void overlong_forms_and_surrogates_are_bad_bytes(void **state)
{
    static const char *const bad[] = {"\xE0\x80\x80", "\xE0\x81\x81", "\xE0\x9F\xBF",
                                      "\xED\xA0\x80", "\xED\xBF\xBF"};
    static const char *const beside[] = {"", "中", "a", "，", "中文中文"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        for (size_t k = 0; k < sizeof beside / sizeof *beside; k++) {
            const char *folded = strcmp(beside[k], "，") == 0 ? "," : beside[k];
            char from[64], to[64];

            snprintf(from, sizeof from, "%s%s%s", beside[k], bad[i], beside[k]);
            snprintf(to, sizeof to, "%s\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD%s", folded, folded);
            check_fold(state, from, to);
        }
    }
}

static void bad_bytes_become_replacement_characters(void **state)
{
    struct folded folded = fold(state, bytes_of("a\xFF"
                                                "b\0c\xED\xA0\x80\xE4\xB8",
                                                10));

    assert_true(bytes_equal(folded.text, bytes_str("a\uFFFD"
                                                   "b\uFFFD"
                                                   "c\uFFFD\uFFFD\uFFFD\uFFFD")));
    assert_int_equal(fold(state, BYTES_NONE).text.len, 0);
}

static void offsets_lead_back(void **state)
{
    /* ﬁ is bytes 0-2, the accent on e bytes 4-5, 図 bytes 6-8, a zero-width space 9-11 */
    struct folded folded = fold(state, bytes_str("ﬁe\xCC\x81図\xE2\x80\x8B."));
    static const uint32_t want[] = {0, 0, 3, 6, 6, 6, 12, 13};

    assert_true(bytes_equal(folded.text, bytes_str("fie图.")));
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(folded.source[i], want[i]);
    assert_int_equal(folded_end(&folded, 1), 3);
    assert_int_equal(folded_end(&folded, 3), 6);
    assert_int_equal(folded_end(&folded, 6), 12);
}

/* Folds `text` twice; the second result must be the first. */
static void check_settled(void **state, struct folder *again, struct bytes text, const char *what)
{
    struct folded once = fold(state, text), twice = {0};

    assert_int_equal(folder_run(again, once.text, &twice, NULL), AF_OK);
    if (!bytes_equal(once.text, twice.text))
        fail_msg("%s: folding again changes \"%.*s\" to \"%.*s\"", what, (int)once.text.len,
                 (const char *)once.text.data, (int)twice.text.len, (const char *)twice.text.data);
}

static void folding_any_code_point_twice_is_folding_it_once(void **state)
{
    struct folder *again;

    assert_int_equal(folder_new(&again, NULL), AF_OK);
    for (uint32_t cp = 1; cp < 0x110000; cp++) {
        uint8_t text[16];
        size_t len;
        char what[32];

        if ((cp >= 0xD800 && cp < 0xE000) || (cp >= 0x40000 && cp < 0xE0000))
            continue;
        snprintf(what, sizeof what, "U+%04X", (unsigned)cp);
        text[0] = 'a';
        len = 1 + utf8_encode(cp, text + 1);
        check_settled(state, again, bytes_of(text + 1, len - 1), what);
        check_settled(state, again, bytes_of(text, len), what);
        len += utf8_encode(0x3099, text + len);
        check_settled(state, again, bytes_of(text + 1, len - 1), what);
    }
    folder_free(again);
}

static uint32_t random_cp(void)
{
    static const uint32_t bases[] = {0x20,    0x300,   0x3040, 0x3090, 0x4E00, 0x1100,  0x1160,
                                     0x11A0,  0xAC00,  0xE30,  0x640,  0xFB00, 0x900,   0x2000,
                                     0xFF60,  0x3000,  0x1E00, 0x400,  0xFDF0, 0x1F600, 0xE0100,
                                     0x1D150, 0x110B0, 0x1000, 0x590,  0x3130};
    size_t which = (size_t)rand() % (sizeof bases / sizeof bases[0]);

    return bases[which] + (uint32_t)(rand() % 0x60);
}

static void check_offsets(const struct folded *folded, struct bytes text)
{
    assert_int_equal(utf8_valid_len(folded->text), folded->text.len);
    assert_int_equal(folded->source[folded->text.len], text.len);
    for (size_t i = 0; i < folded->text.len; i++) {
        assert_true(folded->source[i] <= folded->source[i + 1]);
        assert_true(folded->source[i] < text.len);
        if ((folded->text.data[i] & 0xC0) == 0x80)
            assert_int_equal(folded->source[i], folded->source[i - 1]);
    }
}

static void random_text_folds_to_a_fixed_point(void **state)
{
    unsigned seed = (unsigned)clock_steady_us();
    struct folder *again;
    struct buf text = {0};

    print_message("seed %u\n", seed);
    srand(seed);
    assert_int_equal(folder_new(&again, NULL), AF_OK);
    for (int round = 0; round < 20000; round++) {
        int count = rand() % 12;

        buf_clear(&text);
        for (int i = 0; i < count; i++)
            utf8_add(&text, random_cp());
        check_settled(state, again, buf_bytes(&text), buf_str(&text));
        struct folded folded = fold(state, buf_bytes(&text));
        check_offsets(&folded, buf_bytes(&text));
        for (size_t i = 0; i < folded.text.len; i++) {
            uint8_t at = text.data[folded.source[i]];
            assert_true((at & 0xC0) != 0x80);
        }
    }
    buf_release(&text);
    folder_free(again);
}

static void random_bytes_fold_to_valid_text(void **state)
{
    uint8_t text[64];

    for (int round = 0; round < 20000; round++) {
        size_t len = (size_t)(rand() % 64);

        for (size_t i = 0; i < len; i++)
            text[i] = (uint8_t)(rand() % 4 == 0 ? rand() : 0xC0 + rand() % 64);
        struct folded folded = fold(state, bytes_of(text, len));
        check_offsets(&folded, bytes_of(text, len));
    }
}

static void repeat(struct buf *text, const char *s, size_t bytes)
{
    buf_clear(text);
    while (text->len < bytes)
        buf_add_str(text, s);
    assert_true(buf_ok(text));
}

/* ICU alone takes minutes for the first of these; here all together take well below a second. */
static void hostile_text_takes_linear_time(void **state)
{
    static const char *const patterns[] = {
        "\u0316\u0301",
        "e\u0301",
        "\u1161",
        "\u110B\u1161\u11A8",
        "\uFDFA",
        "\uFF9E",
        "\u0E38\u0E48",
        "\u200B\u0316",
        "\u3005",
        "\U000E0101",
        "\U0001D15E",
        "\u0654",
        "\u0345",
        "\u094D\u093C",
        "\u0F71\u0F72\u0F74",
    };
    struct buf text = {0};
    int64_t start_us = clock_steady_us();

    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        repeat(&text, patterns[i], FIELD_BYTES_MAX);
        struct folded folded = fold(state, buf_bytes(&text));
        assert_true(folded.text.len <= text.len * (FOLD_GROWTH + 1) + FOLD_GROWTH_FREE);
    }
    assert_true(clock_steady_us() - start_us < 20000000);
    buf_release(&text);
}

static void marks_past_thirty_are_dropped(void **state)
{
    struct buf text = {0};

    buf_add_str(&text, "\u0915");
    for (int i = 0; i < 100; i++)
        buf_add_str(&text, "\u093C");
    struct folded folded = fold(state, buf_bytes(&text));
    assert_int_equal(folded.text.len, 3 + 3 * MARKS_IN_A_ROW_MAX);
    buf_release(&text);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_folder, close_folder)
    const struct CMUnitTest tests[] = {
        T(traditional_and_simplified_are_one),
        T(japanese_new_forms_join_their_class),
        T(two_words_of_todays_chinese_stay_two),
        T(kana_and_width_fold),
        T(latin_loses_case_and_accents),
        T(other_scripts_fold),
        T(dashes_and_invisible_characters),
        T(ascii_folds_as_the_table_says),
        T(overlong_forms_and_surrogates_are_bad_bytes),
        T(bad_bytes_become_replacement_characters),
        T(offsets_lead_back),
        T(folding_any_code_point_twice_is_folding_it_once),
        T(random_text_folds_to_a_fixed_point),
        T(random_bytes_fold_to_valid_text),
        T(hostile_text_takes_linear_time),
        T(marks_past_thirty_are_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
