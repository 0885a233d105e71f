/* hangul.h: Korean syllables as the letters (jamo) they are written with.
 *
 * A syllable is (initial × 21 + vowel) × 28 + final from U+AC00 on (Unicode Standard §3.12), so a
 * wrong letter makes another syllable, which shares no gram with the one that was meant. This
 * says which syllables lie one letter away, which one may become while it is typed, and what
 * was typed with the keyboard switched to Latin. It knows no words. */
#ifndef ASKFIRST_SEARCH_QUERY_HANGUL_H
#define ASKFIRST_SEARCH_QUERY_HANGUL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HANGUL_INITIALS 19
#define HANGUL_VOWELS 21
#define HANGUL_FINALS 28 /* 0: none */

struct hangul {
    uint8_t initial, vowel, final;
};

static inline bool hangul_is_syllable(uint32_t cp)
{
    return cp >= 0xAC00 && cp < 0xAC00 + HANGUL_INITIALS * HANGUL_VOWELS * HANGUL_FINALS;
}

/* Of a syllable. */
struct hangul hangul_split(uint32_t syllable);
uint32_t hangul_join(struct hangul letters);

#define HANGUL_SLIPS 65 /* (19 - 1) + (21 - 1) + (28 - 1) */
/* Calls `visit` with each of the syllables that differ in one letter. Cost 1: the two sound alike
 * (ㅐ ㅔ, ㅙ ㅚ ㅞ, ㄱ ㄲ ㅋ) or their keys are neighbours; else 2. */
typedef void (*hangul_fn)(void *context, uint32_t syllable, unsigned cost);
void hangul_slips(uint32_t syllable, hangul_fn visit, void *context);

/* The same for a syllable that is still being typed. Without a final any final may follow; with
 * one, that letter may become the initial of the next syllable (간 on the way to 가나): `*moved`
 * is then what stays, and the next begins with one of first … last; else 0. A lone initial ㄱ is
 * any of the syllables first … last. False: neither a syllable nor such a letter. */
struct hangul_range {
    uint32_t first, last;
};
bool hangul_unfinished(uint32_t cp, struct hangul_range *same, uint32_t *moved,
                       struct hangul_range *next);

/* What Latin keys write on a Korean keyboard (두벌식, KS X 5002): dkssud is 안녕. Capitals are
 * shifted keys. How many syllables; 0 when some letter is left over, or there are more than max. */
size_t hangul_of_keys(const uint8_t *keys, size_t count, uint32_t *out, size_t max);

#endif
