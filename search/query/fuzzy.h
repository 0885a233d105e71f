/* fuzzy.h: words of the dictionary that lie a letter or two from what was typed.
 *
 * Words of 4 letters or more may differ by one edit (neighbours.h finds those); only when none
 * does may longer ones differ by two, with the first letter right: people rarely miss it, and it
 * keeps the walk to one part of the dictionary. So does a word that may be unfinished, which is
 * compared with beginnings.
 *
 * Only alphabetic words: codes have rules of their own (slips.h), and CJK text degrades through
 * the overlap of its grams. */
#ifndef ASKFIRST_SEARCH_QUERY_FUZZY_H
#define ASKFIRST_SEARCH_QUERY_FUZZY_H

#include "search/query/editdist.h"
#include "search/query/lexicon.h"
#include "search/query/picks.h"

struct fuzzy {
    struct edit edit;
    bool prefix; /* the typed word may be unfinished: compare with beginnings */
    struct picks *picks;
};

/* How many edits a word of so many letters may have: 0, 1 or 2. */
unsigned fuzzy_edits(uint32_t letters);

/* False when this word is never corrected: too short, too long, digits, no alphabet. */
bool fuzzy_init(struct fuzzy *fuzzy, struct bytes word, bool prefix, struct picks *picks);

/* One dictionary word (TERM_WORD class byte first), in rising order; the visitor of a walk
 * (lexicon.h), which it ends past the words that share the first letter. */
size_t fuzzy_visit(void *fuzzy, struct bytes term, uint64_t df);

/* Cost of a pick: its edits. */
enum status fuzzy_find(const struct lexicon *lexicon, struct bytes word, bool prefix,
                       struct picks *picks, struct error *err) MUST_USE;

#endif
