/* logpage.h: a pasted page of log: what of it says what is wrong?
 *
 * A question is one when it is long and full of time stamps, addresses, process ids, dumps and
 * the like (ident_is_volatile(), which are dropped). Nobody typed most of it, so no slip is looked
 * for, and its quotes are a program's. Identifiers decide first: those that few cases know, as
 * error codes are, weigh twice as much as all the rest together, so that what is around them only
 * orders the cases that have them. Words in no case and parts of names (db-6ada55) go; what is said
 * on every line weighs less the oftener it is said. */
#ifndef ASKFIRST_SEARCH_QUERY_LOGPAGE_H
#define ASKFIRST_SEARCH_QUERY_LOGPAGE_H

#include "search/query/query.h"

/* Before volatile groups are dropped. */
bool logpage_is(const struct query *query);
/* Once all groups are settled: sets their weights, drops some. `docs`: of the index. */
void logpage_weigh(struct query *query, uint32_t docs);

#endif
