/* neighbours.h: every text that lies one slip of the finger from what was typed, and which of
 * them the index has.
 *
 * A slip is a wrong, missing or extra letter, or two neighbours swapped (Damerau 1964: four of
 * five misspellings are one of these). A text of n letters over an alphabet of a has about
 * 2an of them, 500 for a word and 800 for a code, whatever the size of the dictionary: each
 * segment's filter (indexer/segment/bloom.h) is asked for all, and the dictionary for the few it
 * admits. */
#ifndef ASKFIRST_SEARCH_QUERY_NEIGHBOURS_H
#define ASKFIRST_SEARCH_QUERY_NEIGHBOURS_H

#include "search/query/lexicon.h"
#include "search/query/picks.h"

#define NEIGHBOUR_LETTERS_MAX 32 /* longer ones are pasted, not typed; and cost 2,000 questions */

/* Ranges of code points that a wrong letter may be. Folded text: no capitals, no accents. */
struct alphabet {
    struct {
        uint32_t low, high;
    } ranges[2]; /* high 0: none */
};
/* The one that a letter belongs to: Latin, Greek, Cyrillic; NULL: another. */
const struct alphabet *alphabet_of(uint32_t letter);
extern const struct alphabet alphabet_codes; /* a-z, 0-9 */

/* Calls `visit` with each neighbour once, `text` itself left out; false from it ends this. False
 * when the text is empty, longer than NEIGHBOUR_LETTERS_MAX or not UTF-8. */
typedef bool (*neighbour_fn)(void *context, struct bytes text);
bool neighbours_each(struct bytes text, const struct alphabet *alphabet, neighbour_fn visit,
                     void *context);

/* Offers those that the index has as terms of the class, at a cost of 1. AF_CORRUPT,
 * AF_NO_MEMORY. */
enum status neighbours_find(const struct lexicon *lexicon, uint8_t term_class, struct bytes text,
                            const struct alphabet *alphabet, struct picks *picks,
                            struct error *err) MUST_USE;

#endif
