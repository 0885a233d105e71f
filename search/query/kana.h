/* kana.h: kana as they are typed: what a slip makes of one, and romaji.
 *
 * Letters are folded: katakana is hiragana here, ー is itself. No words, no index. */
#ifndef ASKFIRST_SEARCH_QUERY_KANA_H
#define ASKFIRST_SEARCH_QUERY_KANA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KANA_LONG 0x30FC /* ー */
#define KANA_TSU 0x3063  /* っ */

/* Kana that this one is typed for: the other size (つ っ), the other voices (は ば ぱ). At most
 * KANA_VARIANTS; how many. */
#define KANA_VARIANTS 3
size_t kana_variants(uint32_t kana, uint32_t out[KANA_VARIANTS]);

/* Is `kana` the vowel that ー would make longer after `before`? さあばあ is さーばー. */
bool kana_is_long(uint32_t before, uint32_t kana);

/* What an input method makes of Latin letters: Hepburn, Kunrei and its own ways (roguin, kyouyu,
 * ti, si, xtu, ru-ta-). Small letters and hyphens only. How many kana; 0 when something is left
 * over or there are more than max. `unfinished`: a consonant may be left at the end. */
size_t kana_of_romaji(const uint8_t *text, size_t count, bool unfinished, uint32_t *out,
                      size_t max);

#endif
