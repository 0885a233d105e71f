/* folder.h: the inside of a folder, shared by fold.c (the pass), fold_put.c (one character out)
 * and fold_span.c (marks that compose). Nobody else includes it. */
#ifndef ASKFIRST_INDEXER_TEXT_FOLDER_H
#define ASKFIRST_INDEXER_TEXT_FOLDER_H

#include "data/base/utf8.h"
#include "indexer/text/fold.h"
#include "indexer/text/script.h"

#include <unicode/unorm2.h>

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

/* One character that stands alone or has been through NFKC_Casefold. The caller has made room. */
void folder_put(struct folder *f, uint32_t cp);

/* The folded character that ends before `at`, or 0 at the beginning. */
uint32_t folder_before(const struct folder *f, size_t at);

/* A mark was read: it is put as it stands when that is right, else the folder goes back to the
 * starter and folds it anew with all marks that follow. */
void folder_mark(struct folder *f, uint32_t cp);
/* A character outside the BMP, which has no table. */
void folder_astral(struct folder *f, uint32_t cp);

/* The next character of the text; U+FFFD for bad bytes. */
static inline uint32_t folder_decode(struct folder *f)
{
    struct reader r = {f->at, f->end};
    uint32_t cp = utf8_next(&r);

    f->at = r.at;
    return cp == UTF8_INVALID ? 0xFFFD : cp;
}

static inline void folder_put_char(struct folder *f, uint32_t cp)
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

static inline bool fold_is_ascii_alnum(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z');
}

/* Does the character join what is before it, whatever that is? */
static inline bool fold_is_mark(const struct folder *f, uint32_t cp)
{
    if (cp >= 0x10000)
        return !unorm2_hasBoundaryBefore(f->nfkc_cf, (UChar32)cp);
    return fold_table[cp] >= FOLD_MARK && fold_table[cp] <= FOLD_JOIN_DROP;
}

static inline bool fold_is_dropped(uint32_t cp)
{
    return cp < 0x10000 && fold_table[cp] == FOLD_DROP;
}

#endif
