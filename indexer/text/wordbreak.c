/* wordbreak.c: text goes to ICU in pieces, so that ICU never asks for much memory: its word
 * iterator crashes when an allocation fails. A word over the seam of two pieces is cut. */
#include "indexer/text/wordbreak.h"

#include "data/base/utf8.h"

#include <unicode/ubrk.h>

#include <stdlib.h>

#define PIECE_UNITS 16384 /* UTF-16; a Thai text without any blank is rare beyond a page */

struct wordbreak {
    UBreakIterator *icu;
    uint32_t *ends;
    uint32_t count, room;
    UChar units[PIECE_UNITS + 2];
    uint32_t offset[PIECE_UNITS + 3]; /* byte offset of each unit, and of the end */
};

enum status wordbreak_new(struct wordbreak **out, struct error *err)
{
    UErrorCode e = U_ZERO_ERROR;
    struct wordbreak *w = calloc(1, sizeof *w);

    if (w == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for cutting words");
    w->icu = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
    if (U_FAILURE(e)) {
        free(w);
        return error_set(err, AF_IO, "ICU has no data for word breaks (%s)", u_errorName(e));
    }
    *out = w;
    return AF_OK;
}

void wordbreak_free(struct wordbreak *w)
{
    if (w == NULL)
        return;
    ubrk_close(w->icu);
    free(w->ends);
    free(w);
}

static bool add_end(struct wordbreak *w, uint32_t end)
{
    if (w->count == w->room) {
        uint32_t room = w->room == 0 ? 64 : w->room * 2;
        uint32_t *ends = realloc(w->ends, room * sizeof *ends);

        if (ends == NULL)
            return false;
        w->ends = ends;
        w->room = room;
    }
    w->ends[w->count++] = end;
    return true;
}

/* Fills the piece from `r`; how many units. */
static int32_t take_piece(struct wordbreak *w, struct bytes text, struct reader *r)
{
    int32_t len = 0;

    while (r->at < r->end && len < PIECE_UNITS) {
        uint32_t at = (uint32_t)(r->at - text.data), cp = utf8_next(r);

        if (cp == UTF8_INVALID)
            cp = 0xFFFD;
        w->offset[len] = at;
        if (cp >= 0x10000) {
            w->units[len++] = (UChar)(0xD7C0 + (cp >> 10));
            w->offset[len] = at;
            cp = 0xDC00 | (cp & 0x3FF);
        }
        w->units[len++] = (UChar)cp;
    }
    w->offset[len] = (uint32_t)(r->at - text.data);
    return len;
}

static bool break_piece(struct wordbreak *w, int32_t len)
{
    UErrorCode e = U_ZERO_ERROR;

    ubrk_setText(w->icu, w->units, len, &e);
    if (U_FAILURE(e))
        return add_end(w, w->offset[len]); /* one long word is better than none */
    ubrk_first(w->icu);
    for (int32_t at = ubrk_next(w->icu); at != UBRK_DONE; at = ubrk_next(w->icu)) {
        if (!add_end(w, w->offset[at]))
            return false;
    }
    return true;
}

enum status wordbreak_find(struct wordbreak *w, struct bytes text, const uint32_t **ends,
                           uint32_t *count, struct error *err)
{
    struct reader r = reader_of(text);

    w->count = 0;
    while (r.at < r.end) {
        int32_t len = take_piece(w, text, &r);

        if (!break_piece(w, len))
            return error_set(err, AF_NO_MEMORY, "no memory for the words of a text");
    }
    *ends = w->ends;
    *count = w->count;
    return AF_OK;
}
