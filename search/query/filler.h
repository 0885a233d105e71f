/* filler.h: how people begin and end a question (请问 … 怎么办, how do I …, … 방법): words that say
 * that something is asked, and not what.
 *
 * They are common in questions and rare in cases, so their idf is high: without this "电子邮件
 * 发不出去怎么办" finds cases that ask 怎么办 of something else. They are weighed down, never
 * dropped: a case may well be titled with them. */
#ifndef ASKFIRST_SEARCH_QUERY_FILLER_H
#define ASKFIRST_SEARCH_QUERY_FILLER_H

#include "search/query/query.h"

/* Sets `filler` of the groups that lie inside such words, from `start` to `end` of the folded
 * question. Which words these are is said in the vocabulary (vocabulary_text.h). */
void filler_mark(struct query *query, size_t start, size_t end);

/* After all of them: unmarks what was marked when nothing else was asked. */
void filler_settle(struct query *query);

#endif
