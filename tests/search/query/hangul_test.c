/* Hangul by its letters: all 11,172 syllables against Unicode's decomposition, the table of likely
 * slips against the keyboard and the sounds it is made from, and people's own slips. */
#include "tests/harness.h"

#include "data/base/utf8.h"
#include "search/query/hangul.h"

#include <math.h>
#include <stdlib.h>
#include <unicode/unorm2.h>

#define FIRST 0xAC00
#define SYLLABLES (HANGUL_INITIALS * HANGUL_VOWELS * HANGUL_FINALS)

static uint32_t only(const char *text)
{
    struct reader r = reader_of(bytes_str(text));

    return utf8_next(&r);
}

static size_t decompose(uint32_t syllable, UChar out[4])
{
    UErrorCode e = U_ZERO_ERROR;
    UChar in[1] = {(UChar)syllable};

    return (size_t)unorm2_normalize(unorm2_getNFDInstance(&e), in, 1, out, 4, &e);
}

static void syllables_come_apart_as_unicode_has_it(void **state)
{
    (void)state;
    for (uint32_t s = FIRST; s < FIRST + SYLLABLES; s++) {
        struct hangul h = hangul_split(s);
        UChar letters[4];
        size_t count = decompose(s, letters);

        assert_true(hangul_is_syllable(s));
        assert_int_equal(letters[0], 0x1100 + h.initial);
        assert_int_equal(letters[1], 0x1161 + h.vowel);
        assert_int_equal(count, h.final > 0 ? 3 : 2);
        assert_true(h.final == 0 || letters[2] == 0x11A7 + h.final);
        assert_int_equal(s, hangul_join(h));
    }
    assert_false(hangul_is_syllable(FIRST - 1));
    assert_false(hangul_is_syllable(FIRST + SYLLABLES));
}

struct slips {
    uint32_t typed, list[80];
    unsigned costs[80], count;
};

static void note(void *context, uint32_t syllable, unsigned cost)
{
    struct slips *slips = context;

    assert_true(slips->count < 80);
    slips->costs[slips->count] = cost;
    slips->list[slips->count++] = syllable;
}

static void slips_differ_in_one_letter_and_are_all_of_those(void **state)
{
    (void)state;
    for (uint32_t s = FIRST; s < FIRST + SYLLABLES; s += 7) {
        struct slips slips = {.typed = s};
        struct hangul typed = hangul_split(s);

        hangul_slips(s, note, &slips);
        assert_int_equal(HANGUL_INITIALS + HANGUL_VOWELS + HANGUL_FINALS - 3, slips.count);
        for (unsigned i = 0; i < slips.count; i++) {
            struct hangul h = hangul_split(slips.list[i]);

            assert_int_equal(1, (h.initial != typed.initial) + (h.vowel != typed.vowel) +
                                    (h.final != typed.final));
            assert_in_range(slips.costs[i], 1, 2);
            for (unsigned j = 0; j < i; j++)
                assert_int_not_equal(slips.list[i], slips.list[j]);
        }
    }
}

static unsigned cost_between(uint32_t typed, uint32_t meant)
{
    struct slips slips = {.typed = typed};

    hangul_slips(typed, note, &slips);
    for (unsigned i = 0; i < slips.count; i++)
        if (slips.list[i] == meant)
            return slips.costs[i];
    return 0;
}

static void what_people_mistype_is_likely(void **state)
{
    static const char *const rows[][2] = {
        {"데", "대"},
        {"돼", "되"},
        {"왠", "웬"},
        {"녕", "병"},
        {"틴", "팅"},
        {"큔", "콘"},
        {"홰", "회"},
        {"채", "체"},
        {"캣", "켓"},
        {"켠", "면"},
        {"동", "공"},
        {"낫", "낮"},
        {"낳", "낫"},
        {"에", "의"},
        {"되", "돼"},
        {"까", "카"},
        {"앉", "안"},
        {"있", "잇"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (cost_between(only(rows[i][0]), only(rows[i][1])) != 1)
            fail_msg("%s for %s is unlikely", rows[i][0], rows[i][1]);
    assert_int_equal(2, cost_between(only("가"), only("마")));
    assert_int_equal(0, cost_between(only("가"), only("가")));
}

/* The table again, from the rows of the keyboard (each begins so many key widths to the right) and
 * from groups of letters that sound alike. */
static const struct {
    const char *keys, *shifted;
    float x;
} keyboard[] = {
    {"ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅃㅉㄸㄲㅆㅛㅕㅑㅒㅖ", 0    },
    {"ㅁㄴㅇㄹㅎㅗㅓㅏㅣ",    "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ",    0.25f},
    {"ㅋㅌㅊㅍㅠㅜㅡ",          "ㅋㅌㅊㅍㅠㅜㅡ",          0.75f},
};
static const char *const sounds[] = {"ㅐㅔ",   "ㅒㅖ",   "ㅙㅚㅞ", "ㅔㅢㅣ", "ㅟㅣ",  "ㅜㅡ",
                                     "ㄱㄲㅋ", "ㄷㄸㅌ", "ㅂㅃㅍ", "ㅅㅆ",   "ㅈㅉㅊ"};

#define JAMO 3 /* bytes of a letter */

static bool place_of(const char *letter, float *x, float *y)
{
    for (size_t row = 0; row < 3; row++)
        for (size_t i = 0; keyboard[row].keys[i] != '\0'; i += JAMO)
            if (memcmp(keyboard[row].keys + i, letter, JAMO) == 0 ||
                memcmp(keyboard[row].shifted + i, letter, JAMO) == 0) {
                *x = keyboard[row].x + (float)(i / JAMO);
                *y = (float)row;
                return true;
            }
    return false; /* ㅘ takes two keys */
}

static bool is_likely(const char *a, const char *b)
{
    float ax, ay, bx, by;

    for (size_t i = 0; i < sizeof sounds / sizeof *sounds; i++) {
        struct bytes class = bytes_str(sounds[i]);

        if (memmem(class.data, class.len, a, JAMO) != NULL &&
            memmem(class.data, class.len, b, JAMO) != NULL)
            return true;
    }
    return place_of(a, &ax, &ay) && place_of(b, &bx, &by) && hypotf(ax - bx, ay - by) < 1.9f;
}

static void likely_slips_are_neighbours_or_sound_alike(void **state)
{
    static const char initials[] = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ",
                      vowels[] = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";

    (void)state;
    for (uint8_t a = 0; a < HANGUL_VOWELS; a++)
        for (uint8_t b = 0; b < HANGUL_VOWELS; b++) {
            struct hangul x = {a, 0, 0}, y = {b, 0, 0};

            if (a != b && a < HANGUL_INITIALS && b < HANGUL_INITIALS)
                assert_int_equal(is_likely(initials + JAMO * a, initials + JAMO * b) ? 1 : 2,
                                 cost_between(hangul_join(x), hangul_join(y)));
            x = (struct hangul){0, a, 0};
            y = (struct hangul){0, b, 0};
            if (a != b)
                assert_int_equal(is_likely(vowels + JAMO * a, vowels + JAMO * b) ? 1 : 2,
                                 cost_between(hangul_join(x), hangul_join(y)));
        }
}

static void slips_are_likely_both_ways(void **state)
{
    (void)state;
    for (uint32_t s = FIRST; s < FIRST + SYLLABLES; s += 101) {
        struct slips slips = {.typed = s};

        hangul_slips(s, note, &slips);
        for (unsigned i = 0; i < slips.count; i++)
            assert_int_equal(slips.costs[i], cost_between(slips.list[i], s));
    }
}

static void keys_of_the_other_layout_are_syllables(void **state)
{
    static const char *const rows[][2] = {
        {"dkssud",       "안녕"            },
        {"xladmf",       "팀을"            },
        {"ghksrud",      "환경"            },
        {"rhksfl",       "관리"            },
        {"epdlxjqpdltm", "데이터베이스"},
        {"wkrdjqdmf",    "작업을"         },
        {"dlTek",        "있다"            },
        {"dksgdk",       "않아"            },
        {"rkqt",         "값"               },
        {"dhlsWhr",      "왼쪽"            },
        {"dnjs",         "원"               },
        {"github",       ""                  },
        {"printer",      ""                  },
        {"r",            ""                  },
        {"k",            ""                  },
        {"",             ""                  },
        {"rk1",          ""                  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t out[8];
        uint8_t text[32];
        size_t bytes = 0,
               count = hangul_of_keys((const uint8_t *)rows[i][0], strlen(rows[i][0]), out, 8);

        for (size_t k = 0; k < count; k++)
            bytes += utf8_encode(out[k], text + bytes);
        text[bytes] = '\0';
        assert_string_equal((const char *)text, rows[i][1]);
    }
}

static void more_syllables_than_there_is_room_for_are_none(void **state)
{
    uint32_t out[2];

    (void)state;
    assert_int_equal(2, hangul_of_keys((const uint8_t *)"rkrk", 4, out, 2));
    assert_int_equal(0, hangul_of_keys((const uint8_t *)"rkrkrk", 6, out, 2));
}

static void an_unfinished_syllable_may_become_these(void **state)
{
    static const struct {
        const char *typed, *first, *last, *moved, *next_first, *next_last;
    } rows[] = {
        {"부",          "부", "붛", "",    "",    ""   },
        {"간",          "간", "간", "가", "나", "닣"},
        {"앉",          "앉", "앉", "안", "자", "짛"},
        {"\xE3\x84\xB1", "가", "깋", "",    "",    ""   }, /* ㄱ */
        {"\xE3\x85\x8E", "하", "힣", "",    "",    ""   }, /* ㅎ */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hangul_range same, next;
        uint32_t moved;

        assert_true(hangul_unfinished(only(rows[i].typed), &same, &moved, &next));
        assert_int_equal(only(rows[i].first), same.first);
        assert_int_equal(only(rows[i].last), same.last);
        assert_int_equal(rows[i].moved[0] == '\0' ? 0 : only(rows[i].moved), moved);
        if (moved != 0) {
            assert_int_equal(only(rows[i].next_first), next.first);
            assert_int_equal(only(rows[i].next_last), next.last);
        }
    }
}

static void what_is_no_syllable_is_never_unfinished(void **state)
{
    static const char *const texts[] = {"a", "机", "\xE3\x85\x8F", "か"}; /* ㅏ */

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct hangul_range same, next;
        uint32_t moved;

        assert_false(hangul_unfinished(only(texts[i]), &same, &moved, &next));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(syllables_come_apart_as_unicode_has_it),
        cmocka_unit_test(slips_differ_in_one_letter_and_are_all_of_those),
        cmocka_unit_test(what_people_mistype_is_likely),
        cmocka_unit_test(likely_slips_are_neighbours_or_sound_alike),
        cmocka_unit_test(slips_are_likely_both_ways),
        cmocka_unit_test(keys_of_the_other_layout_are_syllables),
        cmocka_unit_test(more_syllables_than_there_is_room_for_are_none),
        cmocka_unit_test(an_unfinished_syllable_may_become_these),
        cmocka_unit_test(what_is_no_syllable_is_never_unfinished),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
