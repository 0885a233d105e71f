/* fold_table_gen.c: writes fold_table.c at build time.
 *
 *     fold_table_gen OPENCC_DIR OUT
 *
 * A character's folded form is found by applying, until nothing changes: NFKC_Casefold (ICU);
 * accents off Latin and Greek letters, other Latin letters by ICU's Latin-ASCII (ø → o, æ → ae);
 * decimal digits to 0-9; katakana to hiragana; one representative for each class of Han
 * variants; our own short lists of dashes, dots, apostrophes and Arabic letters.
 *
 * Classes of Han: first OpenCC's Traditional → Simplified (the first meaning that differs, so
 * 瞭 → 了, 覆 → 复: a search wants both sides to meet, context is of no use), then ICU's
 * Traditional-Simplified, then Japanese new forms (図 = 圖 = 图) and the variants of Taiwan and
 * Hong Kong. Two characters that are both in GB 2312 are two words of today's Chinese (予 豫,
 * 欠 缺): only OpenCC's first table may join those.
 *
 * Files in OPENCC_DIR, one "key TAB value SPACE value…" a line: opencc_dict makes them from
 * Debian's libopencc-data (Apache-2.0). */
#include "indexer/script.h"

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CP_END 0x40000 /* past the last ideograph there is */
#define STR_MAX 64     /* UTF-16 units of one expansion; U+FDFA has 18 */
#define VALUES_MAX 8

struct str {
    UChar u[STR_MAX];
    int32_t len;
};

static uint32_t han[CP_END];
static uint8_t in_gb[CP_END], in_big5[CP_END], in_jis[CP_END], from_opencc[CP_END];
static uint8_t composes[0x10000]; /* is the second of a canonical pair */
static const UNormalizer2 *nfc, *nfd, *nfkc, *nfkc_cf;
static UTransliterator *latin_ascii, *trad_simp;

static void die(const char *what)
{
    fprintf(stderr, "fold_table_gen: %s\n", what);
    exit(1);
}

static void check(UErrorCode e, const char *what)
{
    if (U_FAILURE(e)) {
        fprintf(stderr, "fold_table_gen: %s: %s\n", what, u_errorName(e));
        exit(1);
    }
}

static void str_add(struct str *s, UChar32 c)
{
    if (s->len + 2 > STR_MAX)
        die("an expansion is longer than STR_MAX");
    if (c >= 0x10000)
        s->u[s->len++] = (UChar)(0xD7C0 + (c >> 10));
    s->u[s->len++] = (UChar)(c >= 0x10000 ? 0xDC00 | (c & 0x3FF) : c);
}

static UChar32 str_next(const struct str *s, int32_t *at)
{
    UChar32 unit = s->u[(*at)++];

    if ((unit & 0xFC00) != 0xD800 || *at >= s->len)
        return unit;
    return 0x10000 + ((unit & 0x3FF) << 10) + (s->u[(*at)++] & 0x3FF);
}

static struct str str_of(UChar32 c)
{
    struct str s = {.len = 0};

    str_add(&s, c);
    return s;
}

static int str_equal(const struct str *a, const struct str *b)
{
    return a->len == b->len && memcmp(a->u, b->u, (size_t)a->len * sizeof(UChar)) == 0;
}

/* --- ICU ------------------------------------------------------------------------------ */

static struct str normalize(const UNormalizer2 *form, const struct str *in)
{
    UErrorCode e = U_ZERO_ERROR;
    struct str out;

    out.len = unorm2_normalize(form, in->u, in->len, out.u, STR_MAX, &e);
    check(e, "normalising");
    return out;
}

static struct str transliterate(const UTransliterator *t, struct str s)
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t limit = s.len;

    utrans_transUChars(t, s.u, &s.len, STR_MAX, 0, &limit, &e);
    check(e, "transliterating");
    return s;
}

static UTransliterator *open_transliterator(const char *name)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar id[64];
    UTransliterator *t;

    u_uastrcpy(id, name);
    t = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
    check(e, name);
    return t;
}

/* Which code points a national character set has. */
static void mark_charset(const char *name, uint8_t *member)
{
    UErrorCode e = U_ZERO_ERROR;
    UConverter *cnv = ucnv_open(name, &e);
    USet *set = uset_openEmpty();

    check(e, name);
    ucnv_getUnicodeSet(cnv, set, UCNV_ROUNDTRIP_SET, &e);
    check(e, name);
    for (UChar32 c = 0x2E80; c < CP_END; c++)
        member[c] = uset_contains(set, c) != 0;
    uset_close(set);
    ucnv_close(cnv);
}

static void open_icu(void)
{
    UErrorCode e = U_ZERO_ERROR;

    nfc = unorm2_getNFCInstance(&e);
    nfd = unorm2_getNFDInstance(&e);
    nfkc = unorm2_getNFKCInstance(&e);
    nfkc_cf = unorm2_getNFKCCasefoldInstance(&e);
    check(e, "opening the normalisers");
    latin_ascii = open_transliterator("Latin-ASCII");
    trad_simp = open_transliterator("Traditional-Simplified");
    mark_charset("ibm-1383_P110-1999", in_gb); /* EUC-CN, which is GB 2312 */
    mark_charset("Big5", in_big5);
    mark_charset("EUC-JP", in_jis);
}

static void find_composing(void)
{
    for (UChar32 c = 0; c < 0x110000; c++) {
        UErrorCode e = U_ZERO_ERROR;
        struct str s;
        int32_t at = 0;

        s.len = unorm2_getRawDecomposition(nfc, c, s.u, STR_MAX, &e);
        if (U_FAILURE(e) || s.len <= 0)
            continue;
        str_next(&s, &at);
        if (at < s.len) {
            UChar32 second = str_next(&s, &at);

            if (second < 0x10000)
                composes[second] = 1;
        }
    }
    for (UChar32 c = 0x1161; c <= 0x11C2; c++) /* Hangul composes by rule, not by pairs */
        composes[c] = 1;
}

/* --- classes of Han ------------------------------------------------------------------- */

static uint32_t han_root(uint32_t c)
{
    while (c < CP_END && han[c] != c)
        c = han[c];
    return c;
}

/* Puts two characters into one class unless both are words of today's Chinese. */
static void han_link(uint32_t variant, uint32_t standard)
{
    uint32_t v = han_root(variant), s = han_root(standard);

    if (v == s || v >= CP_END || s >= CP_END || (in_gb[v] && in_gb[s]))
        return;
    if ((in_gb[v] && !in_gb[s]) || (v < 0x10000 && s >= 0x10000))
        han[s] = v;
    else
        han[v] = s;
}

/* Reads "key TAB value SPACE value…"; how many values, 0 at the end of the file. */
static int read_line(FILE *file, uint32_t *key, uint32_t values[VALUES_MAX])
{
    char line[512];
    int count = 0;

    while (fgets(line, sizeof line, file) != NULL) {
        size_t len = strcspn(line, "\r\n"), at = 0;

        line[len] = '\0';
        if (len == 0 || strchr(line, '\t') == NULL)
            continue;
        *key = script_next((const uint8_t *)line, &at);
        if (line[at] != '\t')
            continue; /* a phrase */
        while (count < VALUES_MAX && at < len) {
            at++;
            values[count++] = script_next((const uint8_t *)line, &at);
            at += strcspn(line + at, " ");
        }
        return count;
    }
    return 0;
}

static FILE *open_list(const char *dir, const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.txt", dir, name);
    file = fopen(path, "r");
    if (file == NULL)
        die("a list of OpenCC is missing; is libopencc-data installed?");
    return file;
}

static void read_traditional(const char *dir)
{
    FILE *file = open_list(dir, "TSCharacters");
    uint32_t key, values[VALUES_MAX];
    int count, lines = 0;

    for (; (count = read_line(file, &key, values)) > 0; lines++) {
        uint32_t to = key;

        for (int i = 0; i < count && to == key; i++) {
            if (values[i] < 0x10000 || key >= 0x10000)
                to = values[i];
        }
        if (key >= CP_END || to >= CP_END)
            continue;
        if (to != key) {
            han[key] = to;
            from_opencc[key] = 1;
        } else if (values[0] != key && values[0] < CP_END) {
            han[values[0]] = key; /* only an ideograph outside the BMP: it follows */
        }
    }
    if (lines < 3000)
        die("TSCharacters is not the list that was expected");
    fclose(file);
}

static void read_variants(const char *dir, const char *name, int key_is_standard)
{
    FILE *file = open_list(dir, name);
    uint32_t key, values[VALUES_MAX];
    int count;

    while ((count = read_line(file, &key, values)) > 0) {
        for (int i = 0; i < count; i++) {
            if (key_is_standard)
                han_link(values[i], key);
            else
                han_link(key, values[i]);
        }
    }
    fclose(file);
}

/* Overrides what two rules above get wrong, for words that support texts use. */
static void own_han(void)
{
    han[0x82B8] = 0x827A; /* 芸 is 藝 in Japanese (芸術); in Chinese it is a rare plant */
    han[0x8457] = 0x7740; /* 著 → 着: 執著 is 执着; OpenCC needs the phrase to know */
    han[0x4FF1] = 0x5177; /* 俱 → 具: 傢俱 is 家具 */
}

static void break_han_cycles(void)
{
    for (uint32_t c = 0; c < CP_END; c++) {
        uint32_t at = c;

        for (int steps = 0; han[at] != at; steps++, at = han[at]) {
            if (steps > 16) {
                han[at] = at;
                break;
            }
        }
    }
}

static void make_han(const char *dir)
{
    for (uint32_t c = 0; c < CP_END; c++)
        han[c] = c;
    read_traditional(dir);
    break_han_cycles();
    for (uint32_t c = 0x3400; c < 0x10000; c++) {
        struct str s;

        if (from_opencc[c] || (c >= 0xA000 && c < 0xF900))
            continue;
        s = transliterate(trad_simp, str_of((UChar32)c));
        if (s.len == 1 && s.u[0] != c)
            han_link(c, s.u[0]);
    }
    own_han();
    read_variants(dir, "JPShinjitaiCharacters", 0);
    read_variants(dir, "JPVariants", 1);
    read_variants(dir, "TWVariants", 1);
    read_variants(dir, "HKVariants", 1);
    break_han_cycles();
}

/* --- one character -------------------------------------------------------------------- */

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
static int is_dropped_mark(UChar32 c)
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

static void add_without_marks(struct str *out, UChar32 c)
{
    struct str one = str_of(c), parts = normalize(nfd, &one);

    for (int32_t i = 0; i < parts.len;) {
        UChar32 d = str_next(&parts, &i);
        if (!is_dropped_mark(d))
            str_add(out, d);
    }
}

static void add_latin(struct str *out, UChar32 c)
{
    struct str plain = {.len = 0}, ascii;

    add_without_marks(&plain, c);
    ascii = transliterate(latin_ascii, plain);
    for (int32_t i = 0; i < ascii.len; i++) {
        if (ascii.u[i] >= 0x80 || !u_isalpha(ascii.u[i])) {
            ascii = plain; /* a letter that ASCII has nothing for */
            break;
        }
    }
    for (int32_t i = 0; i < ascii.len;) {
        UChar32 d = str_next(&ascii, &i);
        str_add(out, d);
    }
}

static void add_letter(struct str *out, UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &e);

    if (script == USCRIPT_LATIN && u_isalpha(c) && c > 0x7F)
        add_latin(out, c);
    else if (script == USCRIPT_GREEK && u_isalpha(c))
        add_without_marks(out, c);
    else if (c >= 0x30A1 && c <= 0x30F6)
        str_add(out, c - 0x60);
    else if (c < CP_END)
        str_add(out, (UChar32)han_root((uint32_t)c));
    else
        str_add(out, c);
}

static void add_mapped(struct str *out, UChar32 c)
{
    int digit = u_charType(c) == U_DECIMAL_DIGIT_NUMBER ? u_charDigitValue(c) : -1;

    if (is_dropped_mark(c))
        return;
    if (c == 0)
        str_add(out, 0xFFFD);
    else if (is_kept(c) || c == '\n' || c == '\t')
        str_add(out, c);
    else if (is_hyphen(c))
        str_add(out, '-');
    else if (is_blank(c))
        str_add(out, ' ');
    else if (is_apostrophe(c))
        str_add(out, '\'');
    else if (digit >= 0)
        str_add(out, '0' + digit);
    else if (own_letter(c) != c)
        str_add(out, own_letter(c));
    else
        add_letter(out, c);
}

/* NFKC_Casefold, but characters that are kept or listed are not taken apart first. */
static struct str prepare(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    struct str s = str_of(c);

    if (is_kept(c) || is_hyphen(c) || is_blank(c) || is_apostrophe(c))
        return s;
    if (c >= 0xFFA1 && c <= 0xFFDC) { /* halfwidth ㄱ: to the letter, not to a conjoining part */
        s.len = unorm2_getRawDecomposition(nfkc, c, s.u, STR_MAX, &e);
        return s.len > 0 ? s : str_of(c);
    }
    if (c == 0x13F || c == 0x140)
        return str_of('l'); /* NFKC would leave a middle dot behind */
    return normalize(nfkc_cf, &s);
}

static struct str fold_once(const struct str *in)
{
    struct str out = {.len = 0};

    for (int32_t i = 0; i < in->len;) {
        struct str part;
        UChar32 c = str_next(in, &i);
        part = prepare(c);
        for (int32_t j = 0; j < part.len;) {
            UChar32 d = str_next(&part, &j);
            add_mapped(&out, d);
        }
    }
    return out;
}

static struct str fold_char(UChar32 c)
{
    struct str s = str_of(c);

    for (int round = 0; round < 8; round++) {
        struct str next = fold_once(&s);

        if (str_equal(&next, &s))
            return s;
        s = next;
    }
    fprintf(stderr, "fold_table_gen: U+%04X does not settle\n", (unsigned)c);
    exit(1);
}

/* --- codes ---------------------------------------------------------------------------- */

static int is_surrogate(UChar32 c)
{
    return c >= 0xD800 && c < 0xE000;
}

static int is_only(const struct str *s, UChar32 c)
{
    return s->len == 1 && s->u[0] == c;
}

static int mark_code(UChar32 c, const struct str *folded)
{
    if (folded->len == 0)
        return composes[c] || c == 0xFF9E || c == 0xFF9F ? FOLD_JOIN_DROP : FOLD_DROP;
    if (composes[c] || !is_only(folded, c) || u_getCombiningClass(c) == 0)
        return FOLD_JOIN;
    return FOLD_MARK;
}

/* The code of a character that needs one, or -1 when its folded string says all. */
static int code_of(UChar32 c, const struct str *folded)
{
    struct str one = str_of(c), plain = normalize(nfkc_cf, &one);

    if (c == 0x3005 || c == 0x303B || c == 0x309D || c == 0x30FD)
        return FOLD_REPEAT;
    if (c == 0x309E || c == 0x30FE)
        return FOLD_REPEAT_VOICED;
    if (is_only(folded, 0x30FC))
        return FOLD_DASH;
    if (plain.len == 0)
        return FOLD_DROP;
    if (!unorm2_hasBoundaryBefore(nfkc_cf, c))
        return mark_code(c, folded);
    return folded->len == 0 ? FOLD_DROP : -1;
}

static uint8_t pool[0x10000];
static uint16_t starts[FOLD_CODE_END - FOLD_EXPAND + 1];
static int pool_len, expansions;

static void pool_add(UChar32 c)
{
    unsigned cp = (unsigned)c, more = cp < 0x80 ? 0 : cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;

    if (pool_len + 4 > (int)sizeof pool)
        die("the expansions do not fit");
    pool[pool_len++] = (uint8_t)(more == 0 ? cp : (0xF00u >> (more + 1) & 0xFF) | cp >> (6 * more));
    while (more-- > 0)
        pool[pool_len++] = (uint8_t)(0x80 | (cp >> (6 * more) & 0x3F));
}

static int add_expansion(const struct str *s)
{
    for (int32_t i = 0; i < s->len;)
        pool_add(str_next(s, &i));
    starts[++expansions] = (uint16_t)pool_len;
    if (FOLD_EXPAND + expansions >= FOLD_CODE_END)
        die("too many expansions for the codes there are");
    return FOLD_EXPAND + expansions - 1;
}

static uint16_t table_value(UChar32 c)
{
    struct str folded;
    int code;

    if (is_surrogate(c))
        return 0xFFFD;
    folded = fold_char(c);
    code = code_of(c, &folded);
    if (code >= 0)
        return (uint16_t)code;
    return folded.len == 1 ? folded.u[0] : (uint16_t)add_expansion(&folded);
}

/* --- writing systems ------------------------------------------------------------------ */

static enum script script_class(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &e);
    int is_mark = (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;

    if (c >= '0' && c <= '9')
        return SCRIPT_DIGIT;
    if (u_isUWhiteSpace(c))
        return SCRIPT_BLANK;
    if (c == 0x30FC || c == 0x3006 || c == 0x3007)
        return SCRIPT_CJK;
    if (!u_isUAlphabetic(c) && !is_mark)
        return SCRIPT_OTHER;
    switch (script) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
        return SCRIPT_CJK;
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
        return SCRIPT_SEA;
    default:
        return is_mark ? SCRIPT_EXTEND : SCRIPT_LETTER;
    }
}

static unsigned script_value(UChar32 c)
{
    UErrorCode e = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(c, &e);
    unsigned value;

    if (is_surrogate(c))
        return SCRIPT_OTHER;
    value = script_class(c);
    if (script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA)
        value |= SCRIPT_KANA;
    if (script != USCRIPT_HAN)
        return value;
    value |= SCRIPT_HAN;
    if (in_big5[c] && !in_gb[c])
        value |= SCRIPT_HANT_ONLY;
    if (in_gb[c] && !in_big5[c])
        value |= SCRIPT_HANS_ONLY;
    if (in_jis[c] && !in_gb[c] && !in_big5[c])
        value |= SCRIPT_JAPAN_ONLY;
    return value;
}

/* --- output --------------------------------------------------------------------------- */

static void write_row(FILE *out, int i, unsigned value)
{
    fprintf(out, "%u,%s", value, i % 16 == 15 ? "\n" : "");
}

static void write_astral(FILE *out)
{
    unsigned count = 0;

    fprintf(out, "const struct fold_pair fold_astral[] = {\n");
    for (uint32_t c = 0x10000; c < CP_END; c++) {
        if (han_root(c) != c) {
            fprintf(out, "{%u,%u},\n", (unsigned)c, (unsigned)han_root(c));
            count++;
        }
    }
    fprintf(out, "{0,0}};\nconst uint32_t fold_astral_count = %u;\n", count);
}

static void write_tables(FILE *out)
{
    fprintf(out, "/* Written by indexer/fold_table_gen.c. */\n#include \"indexer/script.h\"\n\n"
                 "const uint16_t fold_table[0x10000] = {\n");
    for (UChar32 c = 0; c < 0x10000; c++)
        write_row(out, c, table_value(c));
    fprintf(out, "};\nconst uint16_t fold_expansion[] = {\n");
    for (int i = 0; i <= expansions; i++)
        write_row(out, i, starts[i]);
    fprintf(out, "};\nconst uint8_t fold_pool[] = {\n");
    for (int i = 0; i < pool_len; i++)
        write_row(out, i, pool[i]);
    fprintf(out, "};\nconst uint8_t script_table[0x10000] = {\n");
    for (UChar32 c = 0; c < 0x10000; c++)
        write_row(out, c, script_value(c));
    fprintf(out, "};\n");
    write_astral(out);
}

int main(int argc, char **argv)
{
    FILE *out;

    if (argc != 3)
        die("usage: fold_table_gen OPENCC_DIR OUT");
    open_icu();
    find_composing();
    make_han(argv[1]);
    out = fopen(argv[2], "w");
    if (out == NULL)
        die("cannot write the output");
    write_tables(out);
    if (fclose(out) != 0)
        die("cannot write the output");
    utrans_close(latin_ascii);
    utrans_close(trad_simp);
    return 0;
}
