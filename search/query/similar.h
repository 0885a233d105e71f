/* similar.h: which terms of a case's text say what it is about: the question "what is like this?"
 *
 * The best SIMILAR_TERMS by tf · idf of those that some other case has, and not too many: a term in
 * over 5 % of the cases is common to this library, not to these two cases. Codes count twice. They
 * are looked for as they stand: nothing in a case is unfinished, and slips in it are its own. */
#ifndef ASKFIRST_SEARCH_QUERY_SIMILAR_H
#define ASKFIRST_SEARCH_QUERY_SIMILAR_H

#include "search/query/query.h"

#define SIMILAR_TERMS 25
#define SIMILAR_DF_LEAST 10 /* in a library so small that 5 % is less, this many are not too many */

/* Keeps those groups of the parsed question and looks their terms up; expand_query() then only
 * settles them. AF_CORRUPT, AF_NO_MEMORY. */
enum status similar_choose(const struct lexicon *lexicon, struct query *query,
                           struct error *err) MUST_USE;

#endif
