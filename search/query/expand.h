/* expand.h: from what was typed to what could be meant, always at a lower weight.
 *
 *   always         the same text in other classes (ora: word, part of ora-00942), stems
 *   two words      the same as one (log in, wi fi), when one of them is short
 *   last word      what it may become, while typing
 *   rare word      corrections (fuzzy.h), when the index knows it in fewer than 3 cases
 *   unknown code   codes that begin so, and its spellings with 0/O 1/I/l 5/S 8/B 2/Z; never one
 *                  with a wrong digit: another code is another fault
 *   wider          when too little was found: corrections of every word, pieces of words */
#ifndef ASKFIRST_SEARCH_QUERY_EXPAND_H
#define ASKFIRST_SEARCH_QUERY_EXPAND_H

#include "search/query/query.h"

/* Looks up every member, adds forms, and settles df, idf, weight and worth of each group.
 * Keeps the QUERY_GROUPS_MAX worthiest groups. AF_CORRUPT, AF_NO_MEMORY. */
enum status expand_query(const struct lexicon *lexicon, struct query *query,
                         struct error *err) MUST_USE;

/* Again, after too few hits or none. *changed: is there anything new to look for? */
enum status expand_wider(const struct lexicon *lexicon, struct query *query, bool nothing_found,
                         bool *changed, struct error *err) MUST_USE;

#endif
