/* fold.c: one pass with a table; the rare rest by ICU on small spans.
 *
 * Example: "ﬁle Ｘ か゛" → "file x が". ﬁ is an expansion, so both its letters point at it; Ｘ is
 * a plain table value; the loose voicing mark has the code FOLD_JOIN_DROP, so the folder goes
 * back to the last starter (か), takes all marks that follow, and lets ICU compose the span.
 *
 * ICU's normaliser is quadratic in a run of combining marks, and joiners inserted between them
 * do not help, because NFKC_Casefold deletes those first. So marks past MARKS_IN_A_ROW_MAX never
 * reach it (UAX #15, stream-safe text; here the rest is dropped).
 *
 * Folding is idempotent. For single characters the table is (checked by a test); for spans,
 * span_fold() goes on until nothing changes, because dropping a mark may bring two characters
 * together that compose. */
#include "indexer/fold.h"

#include "data/base/buf.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/script.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

#include <assert.h>
#include <stdlib.h>

#define SPAN_UNITS 128   /* UTF-16: a starter and its marks */
#define SPAN_OUT 512     /* the starter times 18 (U+FDFA), each mark times 3 */
#define SPAN_ROUNDS 4    /* two suffice for all that is known */
#define CHAR_OUT_MAX 512 /* folded bytes that one step may add */

struct folder {
    const UNormalizer2 *nfkc_cf, *nfc; /* ICU's, never freed */
    uint8_t *out;
    uint32_t *source;
    size_t room; /* of both */
    size_t len, ceiling;
    const uint8_t *text, *at, *end;
    size_t starter;        /* where in `out` the last character began that marks may join */
    uint32_t starter_from; /* and where in the text */
    uint32_t from;         /* where in the text the character in hand begins */
    unsigned marks;        /* kept since the starter */
};

enum status folder_new(struct folder **out, struct error *err)
{
    UErrorCode e = U_ZERO_ERROR;
    struct folder *f = calloc(1, sizeof *f);

    if (f == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for folding text");
    f->nfkc_cf = unorm2_getNFKCCasefoldInstance(&e);
    f->nfc = unorm2_getNFCInstance(&e);
    if (U_FAILURE(e)) {
        free(f);
        return error_set(err, AF_IO, "ICU has no normalisation data (%s)", u_errorName(e));
    }
    *out = f;
    return AF_OK;
}

void folder_free(struct folder *f)
{
    if (f == NULL)
        return;
    free(f->out);
    free(f->source);
    free(f);
}

/* --- output --------------------------------------------------------------------------- */

static bool reserve(struct folder *f, size_t need)
{
    size_t room = f->room < 256 ? 256 : f->room;
    uint8_t *out;
    uint32_t *source;

    if (need <= f->room)
        return true;
    while (room < need)
        room *= 2;
    out = realloc(f->out, room);
    if (out == NULL)
        return false;
    f->out = out;
    source = realloc(f->source, room * sizeof *source);
    if (source == NULL)
        return false;
    f->source = source;
    f->room = room;
    return true;
}

static inline void put_char(struct folder *f, uint32_t cp)
{
    uint8_t *p = f->out + f->len;
    uint32_t *s = f->source + f->len;

    s[0] = f->from;
    if (cp < 0x80) {
        p[0] = (uint8_t)cp;
        f->len += 1;
        return;
    }
    s[1] = f->from;
    if (cp < 0x800) {
        p[0] = (uint8_t)(0xC0 | cp >> 6);
        p[1] = (uint8_t)(0x80 | (cp & 0x3F));
        f->len += 2;
        return;
    }
    s[2] = f->from;
    if (cp < 0x10000) {
        p[0] = (uint8_t)(0xE0 | cp >> 12);
        p[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
        p[2] = (uint8_t)(0x80 | (cp & 0x3F));
        f->len += 3;
        return;
    }
    s[3] = f->from;
    f->len += utf8_encode(cp, p);
}

static void put_expansion(struct folder *f, unsigned i)
{
    size_t len = (size_t)(fold_expansion[i + 1] - fold_expansion[i]);

    if (f->len + len > f->ceiling) {
        put_char(f, ' ');
        return;
    }
    memcpy(f->out + f->len, fold_pool + fold_expansion[i], len);
    for (size_t k = 0; k < len; k++)
        f->source[f->len + k] = f->from;
    f->len += len;
}

/* The folded character before `at`, or 0 at the beginning. */
static uint32_t char_before(const struct folder *f, size_t at)
{
    size_t start = at;

    if (at == 0)
        return 0;
    do
        start--;
    while (start > 0 && (f->out[start] & 0xC0) == 0x80);
    return script_next(f->out, &start);
}

/* 々 after a Han character, ゝ after kana; anywhere else they stand for themselves. */
static void put_repeat(struct folder *f, uint32_t cp, bool is_voiced)
{
    uint32_t before = char_before(f, f->len);
    bool wants_kana = cp != 0x3005 && cp != 0x303B;
    unsigned kind = before < 0x10000 ? script_table[before] : SCRIPT_HAN;
    UChar32 voiced;

    if (before == 0 || (kind & (wants_kana ? SCRIPT_KANA : SCRIPT_HAN)) == 0)
        before = cp;
    voiced = is_voiced ? unorm2_composePair(f->nfc, (UChar32)before, 0x3099) : -1;
    put_char(f, voiced >= 0 ? (uint32_t)voiced : before);
}

static bool is_ascii_alnum(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z');
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
        put_char(f, '0' + (uint32_t)u_charDigitValue((UChar32)cp));
    else
        put_char(f, astral_class(cp));
}

/* One character that stands alone or has been through NFKC_Casefold. */
static void put_folded(struct folder *f, uint32_t cp)
{
    uint16_t v;

    if (cp >= 0x10000) {
        put_astral(f, cp);
        return;
    }
    v = fold_table[cp];
    if (v < FOLD_DROP || v >= FOLD_CODE_END) {
        put_char(f, v);
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
        put_char(f, is_ascii_alnum(char_before(f, f->len)) ? '-' : 0x30FC);
        break;
    case FOLD_MARK:
    case FOLD_JOIN:
        put_char(f, cp);
        break;
    default:
        put_expansion(f, v - FOLD_EXPAND);
    }
}

/* --- spans ---------------------------------------------------------------------------- */

struct span {
    UChar u[SPAN_OUT];
    int32_t len;
};

static void span_add(struct span *s, uint32_t cp)
{
    if (cp >= 0x10000) {
        s->u[s->len++] = (UChar)(0xD7C0 + (cp >> 10));
        s->u[s->len++] = (UChar)(0xDC00 | (cp & 0x3FF));
    } else {
        s->u[s->len++] = (UChar)cp;
    }
}

static uint32_t span_next(const struct span *s, int32_t *at)
{
    uint32_t unit = s->u[(*at)++];

    if ((unit & 0xFC00) != 0xD800 || *at >= s->len)
        return unit;
    return 0x10000 + ((unit & 0x3FF) << 10) + (s->u[(*at)++] & 0x3FFu);
}

/* What ICU makes of the span; the span itself when ICU fails (no memory). */
static void span_normalize(const struct folder *f, const struct span *in, struct span *out)
{
    UErrorCode e = U_ZERO_ERROR;

    out->len = unorm2_normalize(f->nfkc_cf, in->u, in->len, out->u, SPAN_OUT, &e);
    if (U_FAILURE(e) || out->len < 0 || out->len > SPAN_OUT)
        *out = *in;
}

/* Thai and Lao AM, which NFKC takes apart, back together: ICU's dictionaries know it whole. */
static void span_restore_am(struct span *s)
{
    for (int32_t i = 0; i + 1 < s->len; i++) {
        UChar whole = s->u[i] == 0xE4D && s->u[i + 1] == 0xE32   ? 0xE33
                      : s->u[i] == 0xECD && s->u[i + 1] == 0xEB2 ? 0xEB3
                                                                 : 0;

        if (whole == 0)
            continue;
        s->u[i] = whole;
        memmove(s->u + i + 1, s->u + i + 2, (size_t)(s->len - i - 2) * sizeof(UChar));
        s->len--;
    }
}

static void span_put(struct folder *f, const struct span *s)
{
    for (int32_t i = 0; i < s->len;) {
        uint32_t cp = span_next(s, &i);

        if (f->len > f->ceiling)
            return;
        put_folded(f, cp);
    }
}

/* Writes the folded span in place of what stands from `start` on, until it is a fixed point. */
static void span_fold(struct folder *f, struct span *span, size_t start)
{
    struct span normal;

    for (int round = 0; round < SPAN_ROUNDS; round++) {
        size_t at = start;

        f->len = start;
        span_normalize(f, span, &normal);
        span_restore_am(&normal);
        span_put(f, &normal);
        span->len = 0;
        while (at < f->len && span->len < SPAN_UNITS)
            span_add(span, script_next(f->out, &at));
        if (span->len == normal.len &&
            memcmp(span->u, normal.u, (size_t)normal.len * sizeof(UChar)) == 0)
            return;
    }
}

static uint32_t decode(struct folder *f)
{
    struct reader r = {f->at, f->end};
    uint32_t cp = utf8_next(&r);

    f->at = r.at;
    return cp == UTF8_INVALID ? 0xFFFD : cp;
}

/* Does the character join what is before it, whatever that is? */
static bool is_mark(const struct folder *f, uint32_t cp)
{
    if (cp >= 0x10000)
        return !unorm2_hasBoundaryBefore(f->nfkc_cf, (UChar32)cp);
    return fold_table[cp] >= FOLD_MARK && fold_table[cp] <= FOLD_JOIN_DROP;
}

static bool is_dropped(uint32_t cp)
{
    return cp < 0x10000 && fold_table[cp] == FOLD_DROP;
}

/* Takes all marks that follow `f->at` into the span; those past the limit are passed over. */
static void span_gather(struct folder *f, struct span *span)
{
    unsigned taken = 0;

    while (f->at < f->end) {
        const uint8_t *before = f->at;
        uint32_t cp = decode(f);

        if (is_dropped(cp))
            continue;
        if (!is_mark(f, cp)) {
            f->at = before;
            return;
        }
        if (taken++ < MARKS_IN_A_ROW_MAX)
            span_add(span, cp);
    }
}

/* A mark that may compose: goes back to the starter and folds the whole span anew. */
static void fold_span(struct folder *f)
{
    struct span span = {.len = 0};

    f->at = f->text + f->starter_from;
    f->from = f->starter_from;
    if (f->at < f->end) {
        uint32_t cp = decode(f);

        span_add(&span, cp);
    }
    span_gather(f, &span);
    span_fold(f, &span, f->starter);
    f->marks = MARKS_IN_A_ROW_MAX;
}

/* A kept mark needs no ICU when it comes in canonical order. */
static bool put_mark_in_order(struct folder *f, uint32_t cp)
{
    uint8_t before = u_getCombiningClass((UChar32)char_before(f, f->len));

    if (f->len == f->starter || before > u_getCombiningClass((UChar32)cp) ||
        f->marks >= MARKS_IN_A_ROW_MAX)
        return false;
    f->marks++;
    put_char(f, cp);
    return true;
}

/* --- the pass ------------------------------------------------------------------------- */

static void begin_starter(struct folder *f)
{
    f->starter = f->len;
    f->starter_from = f->from;
    f->marks = 0;
}

static void fold_rare(struct folder *f, uint32_t cp)
{
    if (is_dropped(cp))
        return;
    if (!is_mark(f, cp)) {
        begin_starter(f);
        if (cp >= 0x10000) {
            struct span span = {.len = 0};

            span_add(&span, cp);
            span_fold(f, &span, f->starter);
        } else {
            put_folded(f, cp);
        }
        return;
    }
    if (cp < 0x10000 && fold_table[cp] == FOLD_JOIN_DROP && f->len > 0 &&
        is_ascii_alnum(f->out[f->len - 1]))
        return; /* an accent on a Latin letter: whatever they compose to folds to the letter */
    if (cp < 0x10000 && fold_table[cp] == FOLD_MARK && put_mark_in_order(f, cp))
        return;
    fold_span(f);
}

/* Two and three byte sequences in line, since they are nearly all of a Chinese text. */
static inline uint32_t decode_fast(struct folder *f)
{
    const uint8_t *p = f->at;
    size_t left = (size_t)(f->end - p);

    if (left >= 3 && (p[0] & 0xF0) == 0xE0 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80) {
        uint32_t cp = (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);

        if (cp >= 0x800 && (cp & 0xF800) != 0xD800) {
            f->at += 3;
            return cp;
        }
    }
    return decode(f);
}

static bool fold_all(struct folder *f)
{
    while (f->at < f->end) {
        uint32_t cp;
        uint16_t v;

        if (f->len + CHAR_OUT_MAX > f->room && !reserve(f, f->len + CHAR_OUT_MAX))
            return false;
        f->from = (uint32_t)(f->at - f->text);
        cp = *f->at < 0x80 ? *f->at++ : decode_fast(f);
        v = cp < 0x10000 ? fold_table[cp] : FOLD_DROP;
        if (v < FOLD_DROP || v >= FOLD_CODE_END) {
            begin_starter(f);
            put_char(f, v);
        } else {
            fold_rare(f, cp);
        }
    }
    return true;
}

enum status folder_run(struct folder *f, struct bytes text, struct folded *out, struct error *err)
{
    assert(text.len < UINT32_MAX);
    f->text = f->at = text.len == 0 ? (const uint8_t *)"" : text.data;
    f->end = f->text + text.len;
    f->len = f->starter = 0;
    f->starter_from = f->from = 0;
    f->marks = 0;
    f->ceiling = text.len * FOLD_GROWTH + FOLD_GROWTH_FREE;
    if (!reserve(f, text.len + CHAR_OUT_MAX) || !fold_all(f))
        return error_set(err, AF_NO_MEMORY, "no memory to fold a text of %zu bytes", text.len);
    f->out[f->len] = '\0';
    f->source[f->len] = (uint32_t)text.len;
    out->text = bytes_of(f->out, f->len);
    out->source = f->source;
    return AF_OK;
}

uint32_t folded_end(const struct folded *folded, size_t at)
{
    assert(at > 0 && at <= folded->text.len);
    while (at < folded->text.len && folded->source[at] == folded->source[at - 1])
        at++;
    return folded->source[at];
}
