/* fold_icu_gen.c: the part of fold_table_gen that asks ICU, and its short strings. */
#include "indexer/text/fold_gen.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <stdio.h>
#include <stdlib.h>

struct gen gen;

_Noreturn void gen_die(const char *what)
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

void gen_str_add(struct gen_str *s, UChar32 c)
{
    if (s->len + 2 > GEN_STR_MAX)
        gen_die("an expansion is longer than GEN_STR_MAX");
    if (c >= 0x10000)
        s->u[s->len++] = (UChar)(0xD7C0 + (c >> 10));
    s->u[s->len++] = (UChar)(c >= 0x10000 ? 0xDC00 | (c & 0x3FF) : c);
}

UChar32 gen_str_next(const struct gen_str *s, int32_t *at)
{
    UChar32 unit = s->u[(*at)++];

    if ((unit & 0xFC00) != 0xD800 || *at >= s->len)
        return unit;
    return 0x10000 + ((unit & 0x3FF) << 10) + (s->u[(*at)++] & 0x3FF);
}

struct gen_str gen_str_of(UChar32 c)
{
    struct gen_str s = {.len = 0};

    gen_str_add(&s, c);
    return s;
}

/* --- ICU ------------------------------------------------------------------------------ */

struct gen_str gen_normalize(const UNormalizer2 *form, const struct gen_str *in)
{
    UErrorCode e = U_ZERO_ERROR;
    struct gen_str out;

    out.len = unorm2_normalize(form, in->u, in->len, out.u, GEN_STR_MAX, &e);
    check(e, "normalising");
    return out;
}

struct gen_str gen_transliterate(const UTransliterator *t, struct gen_str s)
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t limit = s.len;

    utrans_transUChars(t, s.u, &s.len, GEN_STR_MAX, 0, &limit, &e);
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
    for (UChar32 c = 0x2E80; c < GEN_CP_END; c++)
        member[c] = uset_contains(set, c) != 0;
    uset_close(set);
    ucnv_close(cnv);
}

void gen_open(void)
{
    UErrorCode e = U_ZERO_ERROR;

    gen.nfc = unorm2_getNFCInstance(&e);
    gen.nfd = unorm2_getNFDInstance(&e);
    gen.nfkc = unorm2_getNFKCInstance(&e);
    gen.nfkc_cf = unorm2_getNFKCCasefoldInstance(&e);
    check(e, "opening the normalisers");
    gen.latin_ascii = open_transliterator("Latin-ASCII");
    gen.trad_simp = open_transliterator("Traditional-Simplified");
    mark_charset("ibm-1383_P110-1999", gen.in_gb); /* EUC-CN, which is GB 2312 */
    mark_charset("Big5", gen.in_big5);
    mark_charset("EUC-JP", gen.in_jis);
}

void gen_close(void)
{
    utrans_close(gen.latin_ascii);
    utrans_close(gen.trad_simp);
}
