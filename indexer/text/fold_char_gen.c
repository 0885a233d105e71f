/* fold_char_gen.c: the folded form of one character.
 *
 * Until nothing changes: NFKC_Casefold (ICU); accents off Latin and Greek letters, other Latin
 * letters by ICU's Latin-ASCII (ø → o, æ → ae); decimal digits to 0-9; katakana to hiragana;
 * Han by its class; and the short lists below. */
#include "indexer/text/fold_gen.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int str_equal(const struct gen_str *a, const struct gen_str *b)
{
    return a->len == b->len && memcmp(a->u, b->u, (size_t)a->len * sizeof(UChar)) == 0;
}

static int in_list(UChar32 c, const UChar32 *list)
{
    for (; *list != 0; list++) {
        if (*list == c)
            return 1;
    }
    return 0;
}

/* Characters whose meaning NFKC would lose; the folder or the reader knows them as they are. */
static int is_kept(UChar32 c)
{
    static const UChar32 kept[] = {
        0xE33,  0xEB3, /* Thai and Lao AM: ICU's dictionary has them whole */
        0x3005, 0x303B, 0x309D, 0x309E, 0x30FD, 0x30FE, 0x30FC, 0};

    return in_list(c, kept) || (c >= 0x3131 && c <= 0x318E && c != 0x3164); /* ㅋㅋ, ㄱ */
}

static int is_hyphen(UChar32 c)
{
    static const UChar32 list[] = {0x2D7,  0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015,
                                   0x2043, 0x2212, 0x30A0, 0xFE58, 0xFE63, 0xFF0D, 0};

    return in_list(c, list);
}

/* Middle dots, spacing accents that NFKC would make of a blank, and signs after a name. */
static int is_blank(UChar32 c)
{
    static const UChar32 list[] = {0xB7,   0x387,  0x2022, 0x2024, 0x2027, 0x2219, 0x22C5,
                                   0x30FB, 0xFF65, 0x2122, 0x2120, 0xAE,   0xA9,   0};

    return in_list(c, list) || (c > 0x7F && u_isUWhiteSpace(c));
}

static int is_apostrophe(UChar32 c)
{
    static const UChar32 list[] = {0x2BC, 0x2018, 0x2019, 0x201B, 0x2B9, 0xFF07, 0};

    return in_list(c, list);
}

/* Marks that say how to read, not what is written: they go when they did not compose. */
int gen_is_dropped_mark(UChar32 c)
{
    static const UChar32 ranges[][2] = {
        {0x300,  0x36F },
        {0x483,  0x489 },
        {0x591,  0x5BD },
        {0x5BF,  0x5BF },
        {0x5C1,  0x5C2 },
        {0x5C4,  0x5C5 },
        {0x5C7,  0x5C7 },
        {0x610,  0x61A },
        {0x640,  0x640 },
        {0x64B,  0x65F },
        {0x670,  0x670 },
        {0x6D6,  0x6DC },
        {0x6DF,  0x6E4 },
        {0x6E7,  0x6E8 },
        {0x6EA,  0x6ED },
        {0x8D3,  0x8FF },
        {0x1AB0, 0x1AFF},
        {0x1DC0, 0x1DFF},
        {0x20D0, 0x20FF},
        {0x3099, 0x309A},
        {0xFE20, 0xFE2F},
        {0,      0     },
    };

    for (int i = 0; ranges[i][0] != 0; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return 1;
    }
    return 0;
}

static UChar32 own_letter(UChar32 c)
{
    static const UChar32 pairs[][2] = {
        {0x451,  0x435 },
        {0x450,  0x435 },
        {0x45D,  0x438 }, /* ё ѐ → е, ѝ → и; й stays */
        {0x622,  0x627 },
        {0x623,  0x627 },
        {0x625,  0x627 },
        {0x671,  0x627 }, /* alef */
        {0x649,  0x64A },
        {0x6CC,  0x64A },
        {0x6A9,  0x643 }, /* yeh, kaf */
        {0x2044, 0x2F  },
        {0x2215, 0x2F  }, /* ½ → 1/2 */
        {0x30F7, 0x308F},
        {0x30F8, 0x3090},
        {0x30F9, 0x3091},
        {0x30FA, 0x3092}, /* ヷ → わ */
        {0x131,  0x69  },
        {0x3F3,  0x3B9 },
        {0,      0     },
    };

    for (int i = 0; pairs[i][0] != 0; i++) {
        if (pairs[i][0] == c)
            return pairs[i][1];
    }
    return c;
}

static void add_without_marks(struct gen_str *out, UChar32 c)
{
    struct gen_str one = gen_str_of(c), parts = gen_normalize(gen.nfd, &one);

    for (int32_t i = 0; i < parts.len;) {
        UChar32 d = gen_str_next(&parts, &i);
        if (!gen_is_dropped_mark(d))
            gen_str_add(out, d);
    }
}

static void add_latin(struct gen_str *out, UChar32 c)
{
    struct gen_str plain = {.len = 0}, ascii;

    add_without_marks(&plain, c);
    ascii = gen_transliterate(gen.latin_ascii, plain);
    for (int32_t i = 0; i < ascii.len; i++) {
        if (ascii.u[i] >= 0x80 || !u_isalpha(ascii.u[i])) {
            ascii = plain; /* a letter that ASCII has nothing for */
            break;
        }
    }
    for (int32_t i = 0; i < ascii.len;) {
        UChar32 d = gen_str_next(&ascii, &i);
        gen_str_add(out, d);
    }
}

static void add_letter(struct gen_str *out, UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &e);

    if (script == USCRIPT_LATIN && u_isalpha(c) && c > 0x7F)
        add_latin(out, c);
    else if (script == USCRIPT_GREEK && u_isalpha(c))
        add_without_marks(out, c);
    else if (c >= 0x30A1 && c <= 0x30F6)
        gen_str_add(out, c - 0x60);
    else if (c < GEN_CP_END)
        gen_str_add(out, (UChar32)gen_han_root((uint32_t)c));
    else
        gen_str_add(out, c);
}

static void add_mapped(struct gen_str *out, UChar32 c)
{
    int digit = u_charType(c) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(c) : -1;

    if (gen_is_dropped_mark(c))
        return;
    if (c == 0)
        gen_str_add(out, 0xFFFD);
    else if (is_kept(c) || c == '\n' || c == '\t')
        gen_str_add(out, c);
    else if (is_hyphen(c))
        gen_str_add(out, '-');
    else if (is_blank(c))
        gen_str_add(out, ' ');
    else if (is_apostrophe(c))
        gen_str_add(out, '\'');
    else if (digit >= 0)
        gen_str_add(out, '0' + digit);
    else if (own_letter(c) != c)
        gen_str_add(out, own_letter(c));
    else
        add_letter(out, c);
}

/* NFKC_Casefold, but characters that are kept or listed are not taken apart first. */
static struct gen_str prepare(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    struct gen_str s = gen_str_of(c);

    if (is_kept(c) || is_hyphen(c) || is_blank(c) || is_apostrophe(c))
        return s;
    if (c >= 0xFFA1 && c <= 0xFFDC) { /* halfwidth ㄱ: to the letter, not to a conjoining part */
        s.len = unorm2_getRawDecomposition(gen.nfkc, c, s.u, GEN_STR_MAX, &e);
        return s.len > 0 ? s : gen_str_of(c);
    }
    if (c == 0x13F || c == 0x140)
        return gen_str_of('l'); /* NFKC would leave a middle dot behind */
    return gen_normalize(gen.nfkc_cf, &s);
}

static struct gen_str fold_once(const struct gen_str *in)
{
    struct gen_str out = {.len = 0};

    for (int32_t i = 0; i < in->len;) {
        struct gen_str part;
        UChar32 c = gen_str_next(in, &i);
        part = prepare(c);
        for (int32_t j = 0; j < part.len;) {
            UChar32 d = gen_str_next(&part, &j);
            add_mapped(&out, d);
        }
    }
    return out;
}

struct gen_str gen_fold_char(UChar32 c)
{
    struct gen_str s = gen_str_of(c);

    for (int round = 0; round < 8; round++) {
        struct gen_str next = fold_once(&s);

        if (str_equal(&next, &s))
            return s;
        s = next;
    }
    fprintf(stderr, "fold_table_gen: U+%04X does not settle\n", (unsigned)c);
    exit(1);
}
