/* written.h: cases whose title has the question the way it was typed (search/query/written.h).
 *
 * They are among those that have it at all, but there may be thousands of these, and what is
 * looked at is the best by what folding and grams leave of the question. So when the page is not
 * full of such titles and there are more, the best of them become candidates too, and all are
 * ranked again. That is known only of a question that one term says all of: a character, a word.
 * Of two Han characters titles are told apart among the candidates alone. */
#ifndef ASKFIRST_SEARCH_MATCH_WRITTEN_H
#define ASKFIRST_SEARCH_MATCH_WRITTEN_H

#include "search/match/rank.h"

#define WRITTEN_BEGINS 0.5f

/* Sets `written` of the totals and of `count` cases in order of place: 1 for a title with all of
 * it, WRITTEN_BEGINS where only a word begins so while elsewhere it is one. AF_CORRUPT,
 * AF_NO_MEMORY. */
enum status written_mark(const struct plan *plan, struct question_totals *totals,
                         struct evidence *list, uint32_t count, struct error *err) MUST_USE;

/* *changed: were candidates added to those that were ranked? AF_CORRUPT, AF_NO_MEMORY. */
enum status written_add(const struct plan *plan, const struct ranking *ranking,
                        struct candidates *candidates, bool *changed, struct error *err) MUST_USE;

#endif
