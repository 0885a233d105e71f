/* span.h: exact checks on folded text: phrases, longest runs, whole titles, nearness.
 *
 * The index stores no positions; the text of the few candidates is read instead. All of these
 * compare "units": letters, digits and CJK characters. What stands between them (blanks, line
 * breaks, punctuation) is skipped, so that a hard-wrapped line or a comma breaks nothing;
 * only a phrase in quotes also wants its words whole ("rint" is not in "printer"). */
#ifndef ASKFIRST_SEARCH_SPAN_H
#define ASKFIRST_SEARCH_SPAN_H

#include "data/base/arena.h"
#include "data/base/bytes.h"

/* Does this code point count? Marks, blanks, dashes and punctuation do not. */
bool span_is_unit(uint32_t letter);

/* Has the text the phrase? A phrase without units is in every text. */
bool span_has_phrase(struct bytes text, struct bytes phrase);

/* The same units from end to end; or `text` begins with those of `start` (which must have
 * some). */
bool span_same(struct bytes text, struct bytes other);
bool span_begins(struct bytes text, struct bytes start);

/* The longest run of the question that a text holds, in whole words and CJK characters: a
 * suffix automaton of the question (Blumer et al. 1985), made once, reads each text once. */
struct span_runs;
/* NULL in *out when the question has no units. Reads SPAN_PIECES_MAX words and characters. */
enum status span_runs_new(struct bytes question, struct arena *arena, struct span_runs **out,
                          struct error *err) MUST_USE;
/* Of the whole question, and of the run: a word weighs 3, a CJK character 1. */
uint32_t span_runs_weight(const struct span_runs *runs);
uint32_t span_runs_longest(const struct span_runs *runs, struct bytes text);

#define SPAN_NEEDLES_MAX 4
/* How close the needles come to each other: the length of all of them, divided by the
 * smallest piece of text that holds all; 0 when one is missing. */
double span_nearness(struct bytes text, const struct bytes *needles, uint32_t count);

#endif
