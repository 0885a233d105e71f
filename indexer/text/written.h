/* written.h: how a title stands there, where folding and grams lose it: terms beside its grams.
 *
 *   T范     a Han character as it is written, when folding makes it one with others (範)
 *   T표준   a Hangul or katakana word begins so: its first two characters, folded
 *   T표$    such a word of one or two characters, whole
 *
 *     "표준화 분 2"  →  T표준 T분$       "平臺の範囲"  →  T臺 T範       "ログの削除"  →  Tろぐ Tろぐ$
 *
 * They say nothing of which cases match; only, to a question of one or two characters, whose title
 * has it the way it was typed (search/query/written.h). Of titles alone: 1 % of an index, while in
 * texts nearly every case has the common ones. Han and hiragana, which no blanks cut into words,
 * have no beginnings and ends here. */
#ifndef ASKFIRST_INDEXER_TEXT_WRITTEN_H
#define ASKFIRST_INDEXER_TEXT_WRITTEN_H

#include "indexer/text/analyzer.h"

/* A class of terms that no analysis gives (analyzer.h has those that do). */
#define TERM_WRITTEN 'T'
#define WRITTEN_WHOLE '$' /* its last byte: the word ends here */

#define WRITTEN_TERM_BYTES 10 /* the class, two characters of four bytes, the end */

struct written {
    struct bytes text;               /* as typed: what was analysed */
    const struct analysis *analysis; /* both borrowed */
    uint32_t at;                     /* of the folded text; 0 to begin with */
    uint32_t word;                   /* and of the word whose end comes next + 1, or 0 */
};

/* The next term, in order of the text; the same one may come again. Returns its length; 0 at the
 * end. */
size_t written_next(struct written *w, uint8_t term[WRITTEN_TERM_BYTES]);

#endif
