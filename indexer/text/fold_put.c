#include "indexer/text/folder.h"

#include <unicode/uchar.h>

/* The folded character before `at`, or 0 at the beginning. */
uint32_t folder_before(const struct folder *f, size_t at)
{
    size_t start = at;

    if (at == 0)
        return 0;
    do
        start--;
    while (start > 0 && (f->out[start] & 0xC0) == 0x80);
    return script_next(f->out, &start);
}

static void put_expansion(struct folder *f, unsigned i)
{
    size_t len = (size_t)(fold_expansion[i + 1] - fold_expansion[i]);

    if (f->len + len > f->ceiling) {
        folder_put_char(f, ' ');
        return;
    }
    memcpy(f->out + f->len, fold_pool + fold_expansion[i], len);
    for (size_t k = 0; k < len; k++)
        f->source[f->len + k] = f->from;
    f->len += len;
}

/* 々 after a Han character, ゝ after kana; anywhere else they stand for themselves. */
static void put_repeat(struct folder *f, uint32_t cp, bool is_voiced)
{
    uint32_t before = folder_before(f, f->len);
    bool wants_kana = cp != 0x3005 && cp != 0x303B;
    unsigned kind = before < 0x10000 ? script_table[before] : SCRIPT_HAN;
    UChar32 voiced;

    if (before == 0 || (kind & (wants_kana ? SCRIPT_KANA : SCRIPT_HAN)) == 0)
        before = cp;
    voiced = is_voiced ? unorm2_composePair(f->nfc, (UChar32)before, 0x3099) : -1;
    folder_put_char(f, voiced >= 0 ? (uint32_t)voiced : before);
}

static uint32_t astral_class(uint32_t cp)
{
    uint32_t low = 0, high = fold_astral_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (fold_astral[middle].from < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low < fold_astral_count && fold_astral[low].from == cp ? fold_astral[low].to : cp;
}

static void put_astral(struct folder *f, uint32_t cp)
{
    if (u_charType((UChar32)cp) == U_DECIMAL_DIGIT_NUMBER)
        folder_put_char(f, '0' + (uint32_t)u_charDigitValue((UChar32)cp));
    else
        folder_put_char(f, astral_class(cp));
}

/* One character that stands alone or has been through NFKC_Casefold. */
void folder_put(struct folder *f, uint32_t cp)
{
    uint16_t v;

    if (cp >= 0x10000) {
        put_astral(f, cp);
        return;
    }
    v = fold_table[cp];
    if (v < FOLD_DROP || v >= FOLD_CODE_END) {
        folder_put_char(f, v);
        return;
    }
    switch (v) {
    case FOLD_DROP:
    case FOLD_JOIN_DROP:
        break;
    case FOLD_REPEAT:
    case FOLD_REPEAT_VOICED:
        put_repeat(f, cp, v == FOLD_REPEAT_VOICED);
        break;
    case FOLD_DASH:
        folder_put_char(f, fold_is_ascii_alnum(folder_before(f, f->len)) ? '-' : 0x30FC);
        break;
    case FOLD_MARK:
    case FOLD_JOIN:
        folder_put_char(f, cp);
        break;
    default:
        put_expansion(f, v - FOLD_EXPAND);
    }
}
