/* spelled.h: Chinese that was typed as pinyin: which grams are read so?
 *
 *   liuliang      → 流量            alone
 *   疑nanjie答    → 疑难 难解 解答  inside Han: what stands beside it helps to choose
 *   lu'you'q      → 路由 由器       as an input method has it before it is done: the last syllable
 *                                   unfinished, apostrophes, digits for tones (lu4you2)
 *   xian          → 西安            all ways to cut it into syllables are weighed
 *
 * A word that the index knows stays what it is, and one that is a letter away from such a word is
 * pinyin only when all of it is, and then both. Others become groups of their own, one for each
 * pair of characters, of the likeliest readings; the word itself counts no more. Initials (lyq)
 * are not looked for: every title would have to be filed under them. */
#ifndef ASKFIRST_SEARCH_QUERY_SPELLED_H
#define ASKFIRST_SEARCH_QUERY_SPELLED_H

#include "search/query/forms.h"

#define SPELLED_LETTERS_MAX 32 /* of a run: five syllables and more; longer ones are no word */

/* After all groups were looked up: adds groups of two characters; these and the words that they
 * stand for are marked `changed`. Looks up no more than respell.h leaves of
 * EXPAND_GRAMS_ASKED_MAX. */
enum status spelled_grams(struct expansion *x) MUST_USE;

#endif
