/* span.h: exact checks on folded text: phrases, whole titles.
 *
 * The index stores no positions; the text of the few candidates is read instead. All of these
 * compare "units": letters, digits and CJK characters. What stands between them (blanks, line
 * breaks, punctuation) is skipped, so that a hard-wrapped line or a comma breaks nothing;
 * only a phrase in quotes also wants its words whole ("rint" is not in "printer"). */
#ifndef ASKFIRST_SEARCH_MATCH_SPAN_H
#define ASKFIRST_SEARCH_MATCH_SPAN_H

#include "data/base/bytes.h"

/* Has the text the phrase? A phrase without units is in every text. */
bool span_has_phrase(struct bytes text, struct bytes phrase);

/* The same units from end to end. */
bool span_same(struct bytes text, struct bytes other);

#endif
