#include "tests/harness.h"

#include "data/base/utf8.h"
#include "indexer/text/pinyin.h"

#include <stdio.h>
#include <unicode/utrans.h>

static uint32_t letter_of(const char *text)
{
    struct reader r = reader_of(bytes_str(text));

    return utf8_next(&r);
}

/* "zhong chong" */
static void name_readings(uint32_t letter, char out[64])
{
    uint16_t readings[PINYIN_READINGS_MAX];
    uint32_t count = pinyin_readings(letter, readings);
    int len = 0;

    out[0] = '\0';
    for (uint32_t i = 0; i < count; i++)
        len += snprintf(out + len, 64 - (size_t)len, "%s%s", i == 0 ? "" : " ",
                        pinyin_name(readings[i]));
}

static void characters_are_read_as_they_are_used(void **state)
{
    static const struct {
        const char *letter, *readings;
    } rows[] = {
        {"行", "xing hang"  },
        {"重", "zhong chong"},
        {"调", "diao tiao"  },
        {"绿", "lv"         },
        {"限", "xian"       },
        {"乐", "le yue"     },
        {"路", "lu"         },
        {"器", "qi"         },
        {"丿", "pie"        },
        {"a",   ""           },
        {"あ", ""           },
        {"가", ""           },
        {"軟", ""           }, /* folded to 软 before anybody asks */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char readings[64];

        name_readings(letter_of(rows[i].letter), readings);
        if (strcmp(readings, rows[i].readings) != 0)
            fail_msg("%s is read %s, not %s", rows[i].letter, readings, rows[i].readings);
    }
}

static bool is_in(struct pinyin_list list, uint32_t item)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (list.items[i] == item)
            return true;
    return false;
}

static void what_a_syllable_lists_is_read_so(void **state)
{
    uint32_t listed = 0;

    (void)state;
    for (uint32_t s = 0; s < pinyin_count(); s++) {
        struct pinyin_list letters = pinyin_letters(s);

        assert_true(letters.count > 0);
        listed += letters.count;
        for (uint32_t i = 0; i < letters.count; i++) {
            uint16_t readings[PINYIN_READINGS_MAX];
            uint32_t count = pinyin_readings(letters.items[i], readings);

            if (!is_in((struct pinyin_list){readings, count}, s))
                fail_msg("U+%04X is not read %s", letters.items[i], pinyin_name(s));
        }
    }
    assert_in_range(listed, 8000, 16000); /* 8,105 characters are in today's official list */
}

static void sounds_that_are_mixed_up_are_near(void **state)
{
    static const struct {
        const char *name, *near;
    } rows[] = {
        {"zhang", "zang zhan"   },
        {"niang", "liang nian"  },
        {"hu",    "fu"          },
        {"lan",   "nan ran lang"},
        {"xin",   "xing"        },
        {"wo",    ""            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char names[64] = "";
        struct pinyin_list near;
        int len = 0;
        uint32_t syllable;

        assert_true(pinyin_find(bytes_str(rows[i].name), &syllable));
        near = pinyin_near(syllable);
        for (uint32_t k = 0; k < near.count; k++) {
            len += snprintf(names + len, sizeof names - (size_t)len, "%s%s", k == 0 ? "" : " ",
                            pinyin_name(near.items[k]));
        }
        assert_string_equal(names, rows[i].near);
    }
    for (uint32_t s = 0; s < pinyin_count(); s++)
        for (uint32_t k = 0; k < pinyin_near(s).count; k++)
            assert_true(is_in(pinyin_near(pinyin_near(s).items[k]), s));
}

static void syllables_are_found_by_their_beginning(void **state)
{
    (void)state;
    for (uint32_t length = 0; length <= 6; length++)
        for (uint32_t s = 0; s < pinyin_count(); s++) {
            struct bytes name = bytes_str(pinyin_name(s));
            uint32_t first, count, expected = 0, found;

            if (name.len < length)
                continue;
            name.len = length;
            count = pinyin_beginning(name, &first);
            for (uint32_t k = 0; k < pinyin_count(); k++) {
                bool begins = bytes_has_prefix(bytes_str(pinyin_name(k)), name);

                expected += begins;
                assert_int_equal(begins, k >= first && k < first + count);
            }
            assert_int_equal(count, expected);
            assert_true(pinyin_find(bytes_str(pinyin_name(s)), &found) && found == s);
        }
    assert_false(pinyin_find(bytes_str("zz"), &(uint32_t){0}));
    assert_false(pinyin_find(bytes_str(""), &(uint32_t){0}));
    assert_int_equal(pinyin_beginning(bytes_str("zz"), &(uint32_t){0}), 0);
}

/* ICU knows one reading of each character, from the same Unihan but by its own rules. */
static void icu_reads_them_the_same(void **state)
{
    UErrorCode e = U_ZERO_ERROR;
    UTransliterator *icu =
        utrans_openU(u"Han-Latin; Latin-ASCII", -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
    uint32_t asked = 0, same = 0;

    (void)state;
    assert_true(U_SUCCESS(e));
    for (uint32_t c = PINYIN_LETTER_FIRST; c < PINYIN_LETTER_END; c++) {
        UChar text[32] = {(UChar)c};
        char readings[64], ascii[32];
        int32_t len = 1, limit = 1;

        name_readings(c, readings);
        if (readings[0] == '\0')
            continue;
        utrans_transUChars(icu, text, &len, 32, 0, &limit, &e);
        assert_true(U_SUCCESS(e) && len < 32);
        for (int32_t i = 0; i <= len; i++)
            ascii[i] = i < len ? (char)text[i] : '\0';
        asked++;
        for (char *at = readings; *at != '\0'; at++)
            *at = *at == 'v' ? 'u' : *at; /* Latin-ASCII makes u of ü */
        same += strstr(readings, ascii) != NULL;
    }
    utrans_close(icu);
    if (asked < 15000 || same * 1000 < asked * 995)
        fail_msg("ICU reads %u of %u the same", same, asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_read_as_they_are_used),
        cmocka_unit_test(what_a_syllable_lists_is_read_so),
        cmocka_unit_test(sounds_that_are_mixed_up_are_near),
        cmocka_unit_test(syllables_are_found_by_their_beginning),
        cmocka_unit_test(icu_reads_them_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
