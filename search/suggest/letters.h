/* letters.h: folded text as the letters and digits that suggestions are compared by.
 *
 * Blanks and punctuation are no letters: they are remembered as a gap before the next one. A typed
 * text may match from where a letter `begins`: any CJK or Thai character, or the first of a word,
 * of a number, of digits after letters. */
#ifndef ASKFIRST_SEARCH_SUGGEST_LETTERS_H
#define ASKFIRST_SEARCH_SUGGEST_LETTERS_H

#include "data/base/bytes.h"
#include "indexer/text/script.h"
#include "indexer/text/title_terms.h"

#define LETTERS_MAX TITLE_LETTERS_MAX

struct letter {
    uint32_t cp;
    uint32_t start, end; /* bytes in the folded text */
    uint8_t script;      /* enum script */
    bool gap;            /* something stands before it; true for the first */
    bool begins;
};

struct letters {
    uint32_t count;
    bool cut; /* there are more */
    struct letter list[LETTERS_MAX];
};

/* The first LETTERS_MAX of them. */
void letters_of(struct bytes folded, struct letters *out);
/* The same of what is typed: consonants that an input method put together (ㄳ) are two letters, as
 * they are when initials are meant. */
void letters_typed(struct bytes folded, struct letters *out);

/* Their first ones, as UTF-8. */
size_t letters_utf8(const struct letters *letters, uint32_t from, uint32_t end, uint8_t *out,
                    size_t room);

#endif
