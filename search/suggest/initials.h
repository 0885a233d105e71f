/* initials.h: nothing but first letters (lyq, ㅊㅅ) that no case has → the words of titles that
 * begin so, 路由器. A search asks for them when what was typed found nothing (search.c).
 *
 * Of the titles that have such letters in a row, as matching.h has it, the characters that stand
 * there most often are meant; others that are half as frequent may be. Only titles that the asker
 * may see are read. */
#ifndef ASKFIRST_SEARCH_SUGGEST_INITIALS_H
#define ASKFIRST_SEARCH_SUGGEST_INITIALS_H

#include "indexer/text/fold.h"
#include "search/match/filter.h"

/* Are they three to eight Latin letters that are no Chinese syllables, or two to eight Hangul
 * initials? Costs nothing. */
bool initials_are(struct bytes folded);

/* *words: folded, blanks between them, the likeliest first; in the arena; empty: none. `folder` is
 * used for titles: `folded` is not in it. AF_CORRUPT, AF_NO_MEMORY. */
enum status initials_words(const struct snapshot *snapshot, const struct filter *filter,
                           struct folder *folder, struct bytes folded, struct arena *arena,
                           struct bytes *words, struct error *err) MUST_USE;

#endif
