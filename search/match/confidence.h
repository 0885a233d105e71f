/* confidence.h: is there an answer at all, and is it the first hit? A logistic model (Cox 1958) of
 * what is known after ranking, fitted on judged questions asked of libraries with and without their
 * answer, of 400 to 35,000 cases (`make calibrate`).
 *
 *     z = constant + sum of weight × signal        confidence = 1 / (1 + e^-z)
 *
 * Scores say which hit is the better one; here counts what would be there by chance as well. Many
 * cases have something of a question, and one of them always most:
 *
 *   text      how well the first hit has what the library can have of the question: what no case
 *             has speaks against the words, not against the hit
 *   title     share of the question in its title × share of its title in the question: a case that
 *             is about more, or about something else, is a neighbour
 *   mass      a long or rare question that is there is no chance
 *   matches   what a thousand cases match fits anything
 *   short     a word or two: there is nothing else to go by
 *   guessed   what is there only as a correction of what was typed
 *
 * It says how to show the list, never what is in it: below `none` the page says that nothing seems
 * to fit; from `sure` on the first case is opened, if it is also ahead of the next, and about what
 * was asked. */
#ifndef ASKFIRST_SEARCH_MATCH_CONFIDENCE_H
#define ASKFIRST_SEARCH_MATCH_CONFIDENCE_H

#include "search/match/rank.h"

/* All 0 without a hit. `matches`: how many cases match (total.h). */
struct confidence confidence_of(const struct ranking *ranking, uint64_t matches,
                                const struct settings *settings);

#endif
