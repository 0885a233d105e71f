/* piece.h: which part of a text shows best why it was found: two at most, of bounded size, from the
 * ends of sentences or between words. */
#ifndef ASKFIRST_SEARCH_SHOW_PIECE_H
#define ASKFIRST_SEARCH_SHOW_PIECE_H

#include "data/base/utf8.h"
#include "search/show/highlight.h"

struct piece {
    size_t start, end; /* bytes of the text */
    double worth;      /* of the groups in it */
};

/* One piece of the whole size (snippet.h: SNIPPET_COST), or two of half the size, in their order in
 * the text, when they show clearly more; without a match the beginning. Scratch in the arena.
 * AF_NO_MEMORY. */
enum status pieces_choose(struct bytes text, const struct matches *matches, uint32_t groups,
                          struct arena *arena, struct piece pieces[2], uint32_t *count,
                          struct error *err) MUST_USE;

/* Is `at` where a sentence begins, or ends? */
bool piece_begins_sentence(struct bytes text, size_t at);
bool piece_stops_sentence(struct bytes text, size_t at);

static inline uint32_t letter_at(struct bytes text, size_t at, size_t *len)
{
    struct reader r = {text.data + at, text.data + text.len};
    uint32_t letter = utf8_next(&r);

    *len = (size_t)(r.at - (text.data + at));
    return letter;
}

static inline bool is_blank(uint32_t letter)
{
    return letter <= ' ' || letter == 0xA0 || letter == 0x3000;
}

#endif
