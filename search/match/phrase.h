/* phrase.h: has a case what was quoted? Read in the case itself: the index has no positions.
 *
 * Costs reading a case from the journal, some 0.1 ms, so only the best candidates are asked. */
#ifndef ASKFIRST_SEARCH_MATCH_PHRASE_H
#define ASKFIRST_SEARCH_MATCH_PHRASE_H

#include "search/match/plan.h"

/* Each quoted phrase of the question in some field. AF_CORRUPT, AF_NO_MEMORY. */
enum status phrase_check(const struct plan *plan, const struct document *document, bool *has,
                         struct error *err) MUST_USE;

#endif
