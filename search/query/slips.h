/* slips.h: forms for what was mistyped: words a letter or two away, codes one slip away, and
 * lookalikes in codes. */
#ifndef ASKFIRST_SEARCH_QUERY_SLIPS_H
#define ASKFIRST_SEARCH_QUERY_SLIPS_H

#include "search/query/forms.h"

/* Corrections of a word, once; `prefix`: it may be unfinished. */
enum status slips_fuzzy(struct expansion *x, struct group *group, bool prefix) MUST_USE;
/* Codes that the index has one slip from one it does not know. */
enum status slips_codes(struct expansion *x, struct group *typed) MUST_USE;
/* Spellings of a code with 0/O, 1/I/l, 5/S, 8/B, 2/Z that the index has. */
enum status slips_lookalikes(struct expansion *x, struct group *group) MUST_USE;

#endif
