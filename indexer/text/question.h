/* question.h: when two questions are the same: the same letters and digits in the same order.
 *
 * Blanks, punctuation, case, width and script do not count (the text is folded), so that
 * "打印机 卡纸？" is "打印机卡纸" and "E-013" is "e013". + and # do: c++ is not c. */
#ifndef ASKFIRST_INDEXER_TEXT_QUESTION_H
#define ASKFIRST_INDEXER_TEXT_QUESTION_H

#include "data/base/bytes.h"

/* Terms that no text gives (analyzer.h has those that do); learned_terms.h says what they hold. */
#define TERM_LEARNED 'L'
#define TERM_REPEAT 'R'

#define QUESTION_TERM_BYTES 17 /* TERM_REPEAT and 16 hex digits */

/* The term of a folded question. False: it has no letter or digit. */
bool question_term(struct bytes folded, uint8_t term[QUESTION_TERM_BYTES]);

#endif
