/* Kana as they are typed: romaji against ICU's transliterator, and people's own examples. */
#include "tests/harness.h"

#include "data/base/utf8.h"
#include "search/query/kana.h"

#include <unicode/ustring.h>
#include <unicode/utrans.h>

static void to_kana(const char *romaji, bool unfinished, char out[128])
{
    uint32_t kana[32];
    size_t bytes = 0,
           count = kana_of_romaji((const uint8_t *)romaji, strlen(romaji), unfinished, kana, 32);

    for (size_t i = 0; i < count; i++)
        bytes += utf8_encode(kana[i], (uint8_t *)out + bytes);
    out[bytes] = '\0';
}

static void romaji_is_what_an_input_method_makes_of_it(void **state)
{
    static const char *const rows[][2] = {
        {"roguin",     "ろぐいん"      },
        {"ru-ta-",     "るーたー"      },
        {"settei",     "せってい"      },
        {"kyouyuu",    "きょうゆう"   },
        {"pasuwa-do",  "ぱすわーど"   },
        {"fairu",      "ふぁいる"      },
        {"dhisupurei", "でぃすぷれい"},
        {"shinbun",    "しんぶん"      },
        {"shimbun",    "しんぶん"      },
        {"sannpuru",   "さんぷる"      },
        {"konna",      "こんな"         },
        {"kon'yaku",   "こんやく"      },
        {"konyaku",    "こにゃく"      },
        {"matcha",     "まっちゃ"      },
        {"sinnkiro",   "しんきろ"      },
        {"jyouhou",    "じょうほう"   },
        {"zyouhou",    "じょうほう"   },
        {"che-n",      "ちぇーん"      },
        {"xtuxyalu",   "っゃぅ"         },
        {"vaiorin",    "ゔぁいおりん"},
        {"nn",         "ん"               },
        {"printer",    ""                  },
        {"wifi",       "うぃふぃ"      },
        {"x",          ""                  },
        {"settei1",    ""                  },
        {"",           ""                  },
    };
    char kana[128];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        to_kana(rows[i][0], false, kana);
        assert_string_equal(rows[i][1], kana);
    }
}

static void a_consonant_may_be_left_while_typing(void **state)
{
    char kana[128];

    (void)state;
    to_kana("setteis", true, kana);
    assert_string_equal("せってい", kana);
    to_kana("setteish", true, kana);
    assert_string_equal("せってい", kana);
    to_kana("setteisht", true, kana);
    assert_string_equal("", kana);
    to_kana("setteis", false, kana);
    assert_string_equal("", kana);
}

static void more_kana_than_there_is_room_for_are_none(void **state)
{
    uint32_t kana[2];

    (void)state;
    assert_int_equal(2, kana_of_romaji((const uint8_t *)"kana", 4, false, kana, 2));
    assert_int_equal(0, kana_of_romaji((const uint8_t *)"kanata", 6, false, kana, 2));
    assert_int_equal(0, kana_of_romaji((const uint8_t *)"kanatya", 7, false, kana, 3 - 1));
}

static void transliterate(UTransliterator *t, const char *text, char out[64])
{
    UErrorCode e = U_ZERO_ERROR;
    UChar units[64];
    int32_t len, limit;

    u_strFromUTF8(units, 64, &len, text, -1, &e);
    limit = len;
    utrans_transUChars(t, units, &len, 64, 0, &limit, &e);
    u_strToUTF8(out, 64, NULL, units, len, &e);
    assert_true(U_SUCCESS(e));
}

/* っん is nothing; ICU writes dji dzu, and wi we for kana that are gone and are not typed so. */
static bool is_written_otherwise(uint32_t kana)
{
    return kana == 0x3063 || kana == 0x3062 || kana == 0x3065 || kana == 0x3090 || kana == 0x3091;
}

/* What ICU writes for each kana, and for each with another after it, is read back as that. */
static void icu_s_romaji_is_read_back(void **state)
{
    static const char *const small[] = {"", "ゃ", "ゅ", "ょ", "ぇ", "ん", "っと"};
    UErrorCode e = U_ZERO_ERROR;
    UChar id[] = u"Hiragana-Latin";
    UTransliterator *t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
    unsigned compared = 0;

    (void)state;
    assert_true(U_SUCCESS(e));
    for (uint32_t kana = 0x3042; kana <= 0x3093; kana++)
        for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
            char typed[32], romaji[64], back[128];
            size_t bytes = utf8_encode(kana, (uint8_t *)typed);

            (void)snprintf(typed + bytes, sizeof typed - bytes, "%s", small[i]);
            transliterate(t, typed, romaji);
            if (is_written_otherwise(kana) ||
                romaji[strspn(romaji, "abcdefghijklmnopqrstuvwxyz'")] != '\0')
                continue;
            to_kana(romaji, false, back);
            compared++;
            assert_string_equal(typed, back);
        }
    utrans_close(t);
    assert_true(compared > 250);
}

static void variants_are_typed_for_each_other(void **state)
{
    unsigned pairs = 0;

    (void)state;
    for (uint32_t kana = 0x3041; kana < 0x3097; kana++) {
        uint32_t out[KANA_VARIANTS], back[KANA_VARIANTS];
        size_t count = kana_variants(kana, out);

        assert_true(count <= KANA_VARIANTS);
        for (size_t i = 0; i < count; i++) {
            size_t n = kana_variants(out[i], back);
            bool found = false;

            for (size_t k = 0; k < n; k++)
                found = found || back[k] == kana;
            assert_true(found);
            pairs++;
        }
    }
    assert_int_equal(pairs, 16 + 6 + 6 + 28 + 30); /* small; ぅうゔ; っつづ; か … ど; は … ぽ */
    assert_int_equal(0, kana_variants(0x6A5F, (uint32_t[KANA_VARIANTS]){0}));
}

static void a_vowel_may_stand_for_the_long_one(void **state)
{
    static const struct {
        const char *pair;
        bool is_long;
    } rows[] = {
        {"さあ", true },
        {"ばあ", true },
        {"とう", true },
        {"とお", true },
        {"れい", true },
        {"しい", true },
        {"さい", false},
        {"しう", false},
        {"んあ", false},
        {"ゃあ", true },
        {"っう", true },
        {"わあ", true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct reader r = reader_of(bytes_str(rows[i].pair));
        uint32_t before = utf8_next(&r);

        assert_int_equal(rows[i].is_long, kana_is_long(before, utf8_next(&r)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(romaji_is_what_an_input_method_makes_of_it),
        cmocka_unit_test(a_consonant_may_be_left_while_typing),
        cmocka_unit_test(more_kana_than_there_is_room_for_are_none),
        cmocka_unit_test(icu_s_romaji_is_read_back),
        cmocka_unit_test(variants_are_typed_for_each_other),
        cmocka_unit_test(a_vowel_may_stand_for_the_long_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
