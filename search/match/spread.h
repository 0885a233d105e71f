/* spread.h: asked by the end of a code (ends.h): a case of each code before a second one of any.
 *
 * Which of the codes was meant nobody can know, and ten cases of one of them would hide the
 * others: the first case of each of the best SPREAD_CODES goes first, of plain numbers only when
 * no code ends so; the others come after these in their order. Scores say so too, or the order
 * would not be that of scores. */
#ifndef ASKFIRST_SEARCH_MATCH_SPREAD_H
#define ASKFIRST_SEARCH_MATCH_SPREAD_H

#include "search/match/rank.h"

#define SPREAD_CODES 5

/* `hits`: the best first; they must be sorted again. Scores differ by `step` or more. */
void spread_codes(struct ranked *hits, uint32_t count, double step);

#endif
