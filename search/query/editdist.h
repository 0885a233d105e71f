/* editdist.h: how many slips of the finger lie between two words.
 *
 * The distance counts a wrong, missing or extra letter and two neighbours swapped as one each
 * (Damerau 1964), where no piece is edited twice (optimal string alignment, Wagner & Lowrance
 * restricted to swaps of neighbours): "ca" and "abc" are 3 apart. Letters are code points.
 *
 * The table is filled a letter of the dictionary word at a time, so that a walk over a sorted
 * dictionary shares the rows of common beginnings and leaves dead ones early:
 *
 *             p  r  i  n  t            row i: the first i letters of the dictionary's word
 *          0  1  2  3  4  5            column j: the first j letters of the word that was typed
 *       p  1  0  1  2  3  4            a row whose least number is over `max` is dead: no longer
 *       r  2  1  0  1  2  3            word that begins so can come back within it
 */
#ifndef ASKFIRST_SEARCH_QUERY_EDITDIST_H
#define ASKFIRST_SEARCH_QUERY_EDITDIST_H

#include "data/base/bytes.h"

#define EDIT_LETTERS_MAX 64 /* as TOKEN_CODEPOINTS_MAX: longer "words" are never corrected */

struct edit {
    uint32_t typed[EDIT_LETTERS_MAX];
    uint32_t typed_len;
    uint32_t path[EDIT_LETTERS_MAX]; /* letters of the dictionary's word so far */
    uint32_t depth;
    unsigned max;
    uint8_t row[EDIT_LETTERS_MAX + 1][EDIT_LETTERS_MAX + 1];
};

/* False when the word is empty, not UTF-8 or longer than EDIT_LETTERS_MAX. */
bool edit_init(struct edit *edit, struct bytes typed, unsigned max);

/* Goes back to the first `depth` letters of the path. */
void edit_cut(struct edit *edit, uint32_t depth);

/* Adds a letter. False when the path is dead or full; it is added all the same (unless full),
 * so that edit_cut works on it. */
bool edit_push(struct edit *edit, uint32_t letter);

/* Between what was typed and the path. */
unsigned edit_distance(const struct edit *edit);

/* Letters of valid UTF-8 into `out`; false past EDIT_LETTERS_MAX or on bad bytes. */
bool edit_letters(struct bytes word, uint32_t out[EDIT_LETTERS_MAX], uint32_t *len);

#endif
