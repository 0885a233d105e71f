/* learned.h: the words that a case is found by because people who used them were helped by it
 * (indexer/build/learned_terms.h has the terms).
 *
 * They are forms as stems are: a case that has a word itself is never worth less than one that
 * only learned it. A library that learned nothing pays one look-up a segment. */
#ifndef ASKFIRST_SEARCH_QUERY_LEARNED_H
#define ASKFIRST_SEARCH_QUERY_LEARNED_H

#include "search/query/forms.h"

/* Sets query->learned and query->repeats. AF_CORRUPT, AF_NO_MEMORY. */
enum status learned_begin(struct expansion *x) MUST_USE;

/* Adds the learned form of each typed form of a group, looked up. */
enum status learned_forms(struct expansion *x, struct group *group) MUST_USE;

#endif
