/* filler.h: how people begin and end a question (请问 … 怎么办, how do I …, … 방법): words that say
 * that something is asked, and not what.
 *
 * They are common in questions and rare in cases, so their idf is high: without this "电子邮件
 * 发不出去怎么办" finds cases that ask 怎么办 of something else. They are weighed down, never
 * dropped: a case may well be titled with them. */
#ifndef ASKFIRST_SEARCH_QUERY_FILLER_H
#define ASKFIRST_SEARCH_QUERY_FILLER_H

#include "search/query/query.h"

/* Sets `filler` of the groups that lie inside such words, unless nothing else was asked. */
void filler_mark(struct query *query);

/* The phrases, in folded form, ended by NULL: a test holds them against the folder. */
extern const char *const filler_phrases[];

#endif
