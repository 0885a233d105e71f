/* runs.h: the longest run of the question that a text holds, in whole words and CJK characters.
 *
 * A suffix automaton of the question (Blumer et al. 1985), made once, reads each text once. A
 * piece is a word (any run of letters and digits) or a character of a script that does not
 * write words apart; what is not a unit (span.h) is skipped. */
#ifndef ASKFIRST_SEARCH_RUNS_H
#define ASKFIRST_SEARCH_RUNS_H

#include "data/base/arena.h"
#include "data/base/bytes.h"

struct runs;

/* NULL in *out when the question has no units. Reads SPAN_PIECES_MAX words and characters. */
enum status runs_new(struct bytes question, struct arena *arena, struct runs **out,
                     struct error *err) MUST_USE;
/* Of the whole question, and of the run: a word weighs 3, a CJK character 1. */
uint32_t runs_weight(const struct runs *runs);
uint32_t runs_longest(const struct runs *runs, struct bytes text);

#endif
