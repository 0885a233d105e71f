/* written.h: whose title has it the way it was typed? Asked of a question of one or two characters.
 *
 * Folding finds 範 for 范, and grams find 표 in 비표준화, which is right: nothing shall be missed. But
 * who types one character means that one, and a Korean who types one syllable that word, and with
 * so little typed hardly anything else tells cases apart. The terms are those of titles
 * (indexer/text/written.h); a case must have all that the question has. */
#ifndef ASKFIRST_SEARCH_QUERY_WRITTEN_H
#define ASKFIRST_SEARCH_QUERY_WRITTEN_H

#include "search/query/forms.h"

/* Sets query->written once its groups are settled; none when the question is longer, has no such
 * characters, or no title has one of them. AF_CORRUPT, AF_NO_MEMORY. */
enum status written_find(struct expansion *x) MUST_USE;

#endif
