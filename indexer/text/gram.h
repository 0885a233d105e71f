/* gram.h: the terms of Han, kana and Hangul: every character and every pair of neighbours. */
#ifndef ASKFIRST_INDEXER_TEXT_GRAM_H
#define ASKFIRST_INDEXER_TEXT_GRAM_H

#include "indexer/text/tokens.h"

/* Where ICU's words end in a query, as offsets in the text as typed, rising; a document has none.
 * Asked in rising order: `at` is where the next question goes on. */
struct word_ends {
    uint32_t *list;
    uint32_t count, room, at;
};

/* Adds the grams of the run of CJK characters that begins at `at` of the folded text; its end. */
size_t gram_add(struct tokens *t, struct word_ends *ends, size_t at);

#endif
