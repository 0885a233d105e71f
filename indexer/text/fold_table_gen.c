/* fold_table_gen.c: writes fold_table.c (see fold_table.h) at build time.
 *
 *     fold_table_gen OPENCC_DIR OUT
 *
 * OPENCC_DIR holds OpenCC's lists as text. The output is the same on every machine with the
 * same ICU and OpenCC; it is made anew in each build and not kept in the source. */
#include "indexer/text/fold_gen.h"
#include "indexer/text/script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <stdio.h>
#include <string.h>

static uint8_t composes[0x10000]; /* is the second of a canonical pair */

static void find_composing(void)
{
    for (UChar32 c = 0; c < 0x110000; c++) {
        UErrorCode e = U_ZERO_ERROR;
        struct gen_str s;
        int32_t at = 0;

        s.len = unorm2_getRawDecomposition(gen.nfc, c, s.u, GEN_STR_MAX, &e);
        if (U_FAILURE(e) || s.len <= 0)
            continue;
        gen_str_next(&s, &at);
        if (at < s.len) {
            UChar32 second = gen_str_next(&s, &at);

            if (second < 0x10000)
                composes[second] = 1;
        }
    }
    for (UChar32 c = 0x1161; c <= 0x11C2; c++) /* Hangul composes by rule, not by pairs */
        composes[c] = 1;
}

static int is_surrogate(UChar32 c)
{
    return c >= 0xD800 && c < 0xE000;
}

static int is_only(const struct gen_str *s, UChar32 c)
{
    return s->len == 1 && s->u[0] == c;
}

static int mark_code(UChar32 c, const struct gen_str *folded)
{
    if (folded->len == 0)
        return composes[c] || c == 0xFF9E || c == 0xFF9F ? FOLD_JOIN_DROP : FOLD_DROP;
    if (composes[c] || !is_only(folded, c) || u_getCombiningClass(c) == 0)
        return FOLD_JOIN;
    return FOLD_MARK;
}

/* The code of a character that needs one, or -1 when its folded string says all. */
static int code_of(UChar32 c, const struct gen_str *folded)
{
    struct gen_str one = gen_str_of(c), plain = gen_normalize(gen.nfkc_cf, &one);

    if (c == 0x3005 || c == 0x303B || c == 0x309D || c == 0x30FD)
        return FOLD_REPEAT;
    if (c == 0x309E || c == 0x30FE)
        return FOLD_REPEAT_VOICED;
    if (is_only(folded, 0x30FC))
        return FOLD_DASH;
    if (plain.len == 0)
        return FOLD_DROP;
    if (!unorm2_hasBoundaryBefore(gen.nfkc_cf, c))
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
        gen_die("the expansions do not fit");
    pool[pool_len++] = (uint8_t)(more == 0 ? cp : (0xF00u >> (more + 1) & 0xFF) | cp >> (6 * more));
    while (more-- > 0)
        pool[pool_len++] = (uint8_t)(0x80 | (cp >> (6 * more) & 0x3F));
}

static int add_expansion(const struct gen_str *s)
{
    for (int32_t i = 0; i < s->len;)
        pool_add(gen_str_next(s, &i));
    starts[++expansions] = (uint16_t)pool_len;
    if (FOLD_EXPAND + expansions >= FOLD_CODE_END)
        gen_die("too many expansions for the codes there are");
    return FOLD_EXPAND + expansions - 1;
}

static uint16_t table_value(UChar32 c)
{
    struct gen_str folded;
    int code;

    if (is_surrogate(c))
        return 0xFFFD;
    folded = gen_fold_char(c);
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
    if (gen.in_big5[c] && !gen.in_gb[c])
        value |= SCRIPT_HANT_ONLY;
    if (gen.in_gb[c] && !gen.in_big5[c])
        value |= SCRIPT_HANS_ONLY;
    if (gen.in_jis[c] && !gen.in_gb[c] && !gen.in_big5[c])
        value |= SCRIPT_JAPAN_ONLY;
    return value;
}

/* --- output --------------------------------------------------------------------------- */

static void write_row(FILE *out, int i, unsigned value)
{
    fprintf(out, "%u,%s", value, i % 16 == 15 ? "\n" : "");
}

/* Compatibility forms and radicals (U+2F00, U+F900) are other code points of the same character. */
static int is_everyday(UChar32 c)
{
    return c >= 0x3400 && c < 0xA000 && (gen.in_gb[c] || gen.in_big5[c] || gen.in_jis[c]);
}

static void write_merged(FILE *out)
{
    static uint8_t merged[0x10000 / 8];

    for (UChar32 c = 0x3400; c < 0xA000; c++) {
        unsigned to = is_everyday(c) ? table_value(c) : (unsigned)c;

        if (to == (unsigned)c)
            continue;
        merged[c / 8] |= (uint8_t)(1 << c % 8);
        merged[to / 8] |= (uint8_t)(1 << to % 8);
    }
    fprintf(out, "const uint8_t fold_merged[0x10000 / 8] = {\n");
    for (int i = 0; i < (int)sizeof merged; i++)
        write_row(out, i, merged[i]);
    fprintf(out, "};\n");
}

static void write_astral(FILE *out)
{
    unsigned count = 0;

    fprintf(out, "const struct fold_pair fold_astral[] = {\n");
    for (uint32_t c = 0x10000; c < GEN_CP_END; c++) {
        if (gen_han_root(c) != c) {
            fprintf(out, "{%u,%u},\n", (unsigned)c, (unsigned)gen_han_root(c));
            count++;
        }
    }
    fprintf(out, "{0,0}};\nconst uint32_t fold_astral_count = %u;\n", count);
}

static void write_tables(FILE *out)
{
    fprintf(
        out,
        "/* Written by indexer/text/fold_table_gen.c. */\n#include \"indexer/text/script.h\"\n\n"
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
    write_merged(out);
    write_astral(out);
}

int main(int argc, char **argv)
{
    FILE *out;

    if (argc != 3)
        gen_die("usage: fold_table_gen OPENCC_DIR OUT");
    gen_open();
    find_composing();
    gen_han_make(argv[1]);
    out = fopen(argv[2], "w");
    if (out == NULL)
        gen_die("cannot write the output");
    write_tables(out);
    if (fclose(out) != 0)
        gen_die("cannot write the output");
    gen_close();
    return 0;
}
