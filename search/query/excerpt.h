/* excerpt.h: what is read of a text that is longer than a question may be.
 *
 * People paste whole pages of log, and the line that says what is wrong stands anywhere. The
 * beginning, where they say what they want, is read as it is; of the rest, lines with an
 * identifier of a fault (acsd-53309, ora-00942, 0x80070005) and a word for failing (error, failed,
 * 错误 …), then those with an identifier alone, then with the word alone, in this order, each sort
 * in the order of the text. Nothing of that in the rest: the text is read until the limit. */
#ifndef ASKFIRST_SEARCH_QUERY_EXCERPT_H
#define ASKFIRST_SEARCH_QUERY_EXCERPT_H

#include "data/base/arena.h"

/* At most `most` bytes, which do not end inside a character; `text` itself when it is not longer.
 * Else from the arena; data is NULL without memory. Takes time in proportion to the text. */
struct bytes excerpt_of(struct bytes text, size_t most, struct arena *arena);

/* Does an identifier of a fault begin at `at`? Where it ends; `at` when none does. Letters, then
 * three digits or more, held together by - or _ or nothing; or 0x and four hex digits or more.
 * Nothing of it may go on before or behind. Capitals do not matter. */
size_t excerpt_fault_end(struct bytes text, size_t at);

#endif
