/* ends.h: the last four of a serial number: which codes and numbers end in what was typed?
 *
 * Asked when four to eight letters and digits are all there is and hardly a case has them as they
 * are. What is found are forms of the group (REASON_VARIANT, never the code itself), codes before
 * plain numbers; query.by_end then has rank.c show a case of each code before a second one of any
 * (spread.h). Terms are looked at in their order up to EXPAND_ENDS_SCAN_MAX: in a library with more
 * codes than that some are not found by their ends. */
#ifndef ASKFIRST_SEARCH_QUERY_ENDS_H
#define ASKFIRST_SEARCH_QUERY_ENDS_H

#include "search/query/forms.h"

/* `group` is looked up and settled. Sets query.by_end when something ends so. */
enum status ends_add(struct expansion *x, struct group *group) MUST_USE;

/* Which code a case has that was found by `found` and by `other` (or NULL): one that ends so; else
 * the first form of the group, for what was typed itself; NULL when it is neither. */
const struct member *ends_likelier(const struct group *group, const struct member *found,
                                   const struct member *other);

#endif
