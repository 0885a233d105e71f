#include "indexer/text/written.h"

#include "data/base/utf8.h"
#include "indexer/text/script.h"

enum word_kind { WORD_NONE, WORD_HANGUL, WORD_KATAKANA };

/* The character that was typed for the folded one at `at`. */
static uint32_t typed_at(const struct written *w, uint32_t at)
{
    struct reader r = {w->text.data + w->analysis->source[at], w->text.data + w->text.len};

    return utf8_next(&r);
}

static bool is_katakana(uint32_t cp)
{
    return (cp >= 0x30A1 && cp <= 0x30FC && cp != 0x30FB) || (cp >= 0xFF66 && cp <= 0xFF9F);
}

/* Which words the folded character at `at`, which is `cp`, makes. */
static enum word_kind kind_of(const struct written *w, uint32_t at, uint32_t cp)
{
    if (cp >= 0xAC00 && cp <= 0xD7A3)
        return WORD_HANGUL;
    if (cp < 0x3041 || cp > 0x30FF)
        return WORD_NONE;
    return is_katakana(typed_at(w, at)) ? WORD_KATAKANA : WORD_NONE;
}

/* What comes next of a word; the end of the text has no kind. */
static enum word_kind next_kind(const struct written *w, size_t at, size_t *end)
{
    *end = at;
    if (at >= w->analysis->folded.len)
        return WORD_NONE;
    return kind_of(w, (uint32_t)at, script_next(w->analysis->folded.data, end));
}

static bool is_merged(uint32_t cp)
{
    return cp < 0x10000 && (fold_merged[cp / 8] >> cp % 8 & 1) != 0;
}

static size_t put(uint8_t *term, struct bytes characters)
{
    term[0] = TERM_WRITTEN;
    memcpy(term + 1, characters.data, characters.len);
    return 1 + characters.len;
}

static size_t put_whole(uint8_t *term, struct bytes characters)
{
    size_t len = put(term, characters);

    term[len] = WRITTEN_WHOLE;
    return len + 1;
}

/* A word begins at w->at: moves past it. One of two characters has another term. */
static size_t take_word(struct written *w, enum word_kind kind, uint8_t *term)
{
    struct bytes folded = w->analysis->folded, first = BYTES_NONE;
    size_t start = w->at, end = start, next;
    unsigned count = 0;

    for (; next_kind(w, end, &next) == kind; end = next)
        if (++count <= 2)
            first = bytes_of(folded.data + start, next - start);
    w->at = (uint32_t)end;
    w->word = count == 2 ? (uint32_t)start + 1 : 0;
    return count == 1 ? put_whole(term, first) : put(term, first);
}

/* The word of two characters that ends at w->at, whole. */
static size_t take_end(struct written *w, uint8_t *term)
{
    uint32_t start = w->word - 1;

    w->word = 0;
    return put_whole(term, bytes_of(w->analysis->folded.data + start, w->at - start));
}

size_t written_next(struct written *w, uint8_t term[WRITTEN_TERM_BYTES])
{
    if (w->word > 0)
        return take_end(w, term);
    while (w->at < w->analysis->folded.len) {
        size_t end = w->at;
        uint32_t cp = script_next(w->analysis->folded.data, &end), typed;
        enum word_kind kind = kind_of(w, w->at, cp);

        if (kind != WORD_NONE)
            return take_word(w, kind, term);
        typed = cp >= 0x3400 ? typed_at(w, w->at) : 0;
        w->at = (uint32_t)end;
        if (!is_merged(typed))
            continue;
        term[0] = TERM_WRITTEN;
        return 1 + utf8_encode(typed, term + 1);
    }
    return 0;
}
