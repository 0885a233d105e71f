/* title_terms.h: what a title may be typed as, beyond what its own terms say → terms of their own.
 *
 *   yly…      two neighbouring Han characters as they are read, first letters first so that all
 *             that share them stand together: 路由 (lu you) is  y ly u'ou  , and  y ly  is walked
 *             for the initials. Each reading of each, two at most.
 *   yOJ       initial consonants of two neighbouring Hangul syllables: 청소 (ㅊㅅ), A … S
 *   o路由器   the first three letters of the title; of Han also as they are read: oluyouqi
 *
 * Blanks and punctuation do not part neighbours; letters, digits and kana do. In a text with kana
 * Han are Japanese and not read so. Only titles have these terms, and the questions that a case
 * has learned (learned_terms.h); ranking knows nothing of them (search/suggest/ does). */
#ifndef ASKFIRST_INDEXER_TEXT_TITLE_TERMS_H
#define ASKFIRST_INDEXER_TEXT_TITLE_TERMS_H

#include "data/base/bytes.h"

#define TERM_SOUND 'y'
#define TERM_OPENING 'o'

#define OPENING_LETTERS 3
#define TITLE_TERM_BYTES 16  /* class, two first letters, zhuang'zhuang without them */
#define TITLE_LETTERS_MAX 64 /* of a title that are looked at; who types on says it by words */
#define TITLE_TERMS_MAX 256  /* four a letter, which only characters of two readings have */

struct title_terms {
    uint32_t count;
    uint8_t len[TITLE_TERMS_MAX];
    uint8_t text[TITLE_TERMS_MAX][TITLE_TERM_BYTES];
};

/* Of a folded title, each once. */
void title_terms_of(struct bytes folded, struct title_terms *out);

static inline struct bytes title_term(const struct title_terms *terms, uint32_t i)
{
    return bytes_of(terms->text[i], terms->len[i]);
}

/* The term of two syllables by their names; returns its length. A NULL second name ends it after
 * the first letters, an empty rest is what walks begin with. */
size_t sound_term(uint8_t out[TITLE_TERM_BYTES], const char *first, const char *second);
/* 0 … 18 of a Hangul syllable; -1 of another character. */
int sound_initial(uint32_t cp);
/* The same of two Hangul initials. */
size_t sound_term_hangul(uint8_t out[TITLE_TERM_BYTES], int first, int second);

#endif
