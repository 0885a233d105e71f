/* fold.c: one pass with a table; the rare rest by ICU on small spans (fold_span.c).
 *
 * Example: "ﬁle Ｘ か゛" → "file x が". ﬁ is an expansion, so both its letters point at it; Ｘ is
 * a plain table value; the loose voicing mark has the code FOLD_JOIN_DROP, so the folder goes
 * back to the last starter (か), takes all marks that follow, and lets ICU compose the span.
 *
 * Folding is idempotent: for single characters the table is (a test walks all of them), and a
 * span is folded until it is a fixed point. */
#include "indexer/folder.h"

#include "data/base/limits.h"

#include <assert.h>
#include <stdlib.h>

#define CHAR_OUT_MAX 512      /* folded bytes that one step may add */
#define KEPT_BYTES (1u << 17) /* more is given back when the next text is short */

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

static void give_back(struct folder *f)
{
    free(f->out);
    free(f->source);
    f->out = NULL;
    f->source = NULL;
    f->room = 0;
}

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

/* --- the pass ------------------------------------------------------------------------- */

static void begin_starter(struct folder *f)
{
    f->starter = f->len;
    f->starter_from = f->from;
    f->marks = 0;
}

static void fold_rare(struct folder *f, uint32_t cp)
{
    if (fold_is_dropped(cp))
        return;
    if (fold_is_mark(f, cp)) {
        folder_mark(f, cp);
        return;
    }
    begin_starter(f);
    if (cp >= 0x10000)
        folder_astral(f, cp);
    else
        folder_put(f, cp);
}

/* Three-byte sequences in line, since they are nearly all of a Chinese text. */
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
    return folder_decode(f);
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
            folder_put_char(f, v);
        } else {
            fold_rare(f, cp);
        }
    }
    return true;
}

enum status folder_run(struct folder *f, struct bytes text, struct folded *out, struct error *err)
{
    assert(text.len < UINT32_MAX);
    if (f->room > 2 * KEPT_BYTES && text.len < KEPT_BYTES)
        give_back(f);
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
