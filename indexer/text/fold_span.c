/* fold_span.c: a starter and the marks after it, by ICU's NFKC_Casefold.
 *
 * ICU's normaliser is quadratic in a run of combining marks, and joiners inserted between them
 * do not help, because NFKC_Casefold deletes those first. So marks past MARKS_IN_A_ROW_MAX never
 * reach it (UAX #15, stream-safe text; here the rest is dropped).
 *
 * span_fold() goes on until nothing changes: dropping a mark may bring two characters together
 * that compose. */
#include "indexer/text/folder.h"

#include "data/base/limits.h"

#include <unicode/uchar.h>

#define SPAN_UNITS 128 /* UTF-16: a starter and its marks */
#define SPAN_OUT 512   /* the starter times 18 (U+FDFA), each mark times 3 */
#define SPAN_ROUNDS 4  /* two suffice for all that is known */

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
        folder_put(f, cp);
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

/* Takes all marks that follow `f->at` into the span; those past the limit are passed over. */
static void span_gather(struct folder *f, struct span *span)
{
    unsigned taken = 0;

    while (f->at < f->end) {
        const uint8_t *before = f->at;
        uint32_t cp = folder_decode(f);

        if (fold_is_dropped(cp))
            continue;
        if (!fold_is_mark(f, cp)) {
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
        uint32_t cp = folder_decode(f);

        span_add(&span, cp);
    }
    span_gather(f, &span);
    span_fold(f, &span, f->starter);
    f->marks = MARKS_IN_A_ROW_MAX;
}

/* A kept mark needs no ICU when it comes in canonical order. */
static bool put_mark_in_order(struct folder *f, uint32_t cp)
{
    uint8_t before = u_getCombiningClass((UChar32)folder_before(f, f->len));

    if (f->len == f->starter || before > u_getCombiningClass((UChar32)cp) ||
        f->marks >= MARKS_IN_A_ROW_MAX)
        return false;
    f->marks++;
    folder_put_char(f, cp);
    return true;
}

void folder_mark(struct folder *f, uint32_t cp)
{
    uint16_t code = cp < 0x10000 ? fold_table[cp] : FOLD_JOIN;

    if (code == FOLD_JOIN_DROP && f->len > 0 && fold_is_ascii_alnum(f->out[f->len - 1]))
        return; /* an accent on a Latin letter: whatever they compose to folds to the letter */
    if (code != FOLD_MARK || !put_mark_in_order(f, cp))
        fold_span(f);
}

void folder_astral(struct folder *f, uint32_t cp)
{
    struct span span = {.len = 0};

    span_add(&span, cp);
    span_fold(f, &span, f->starter);
}
