/* suggestion.h: "did you mean": the question with its slips put right.
 *
 * The forms that expansion found in place of what the index hardly knows (REASON_TYPO,
 * REASON_SOUND) are written where what was typed stands. Whether that is worth saying is decided
 * by asking it: search.c. */
#ifndef ASKFIRST_SEARCH_SHOW_SUGGESTION_H
#define ASKFIRST_SEARCH_SHOW_SUGGESTION_H

#include "search/query/query.h"

#define SUGGESTION_GAIN 10 /* times as many hits as what was typed, or it had none */
#define SUGGESTION_GRAMS 3 /* of one question at most: with more it is another question */

/* A gram that was put right: two characters say little about the word they are in, so some case
 * must have it as it stands in the suggestion, with the character before or the one after it; of
 * Hangul the whole word. */
struct suggestion_gram {
    struct bytes with[2]; /* of `text`; the second may be empty */
};

struct suggestion {
    struct bytes text;   /* folded; empty: nothing to put right */
    uint64_t typed_most; /* cases that can have all that was typed, at most */
    uint32_t grams_count;
    struct suggestion_gram grams[SUGGESTION_GRAMS];
};

/* Of an expanded question. In the arena. AF_NO_MEMORY. */
enum status suggestion_of(const struct query *query, struct arena *arena, struct suggestion *out,
                          struct error *err) MUST_USE;

#endif
