/* reading.h: how Japanese words of Han characters are read, and which words are read so.
 *
 * What for: きかい was not converted, or to 器械, where 機会 was meant. All letters are folded
 * (fold.h): Han of one class for all countries, kana as hiragana. Words with kana behind a Han
 * character (取り消し) are there too, verbs and adjectives in all forms, cut off where three kana say
 * which they are: つかえ is 使え, of 使える and 使えない. The table is made at build time from
 * mecab-ipadic (reading_gen.c):
 *
 *     entries   by kana, each the beginning of its kana and of its words, the commonest first
 *     letters   of each word, zeros at the end
 *     by_word   numbers of words in the order of their letters */
#ifndef ASKFIRST_INDEXER_TEXT_READING_H
#define ASKFIRST_INDEXER_TEXT_READING_H

#include <stddef.h>
#include <stdint.h>

#define READING_WORD_MIN 2 /* characters; one character has too many readings to say anything */
#define READING_WORD_MAX 4
#define READING_KANA_MAX 16 /* kana; no word of the dictionary has more */
#define READINGS_MAX 4      /* of one word that are looked at */

/* Words by their numbers, first … end-1. */
struct reading_range {
    uint32_t first, end;
};

/* The words read so; empty when there is none. */
struct reading_range reading_words(const uint32_t *kana, size_t count);

/* The characters of a word; how many. */
size_t reading_word(uint32_t word, uint32_t letters[READING_WORD_MAX]);

/* For each way to read the word, at most READINGS_MAX, all words that are read so (itself among
 * them); how many ways. */
size_t reading_of(const uint32_t *letters, size_t count, struct reading_range out[READINGS_MAX]);

/* A kana in one byte; 0 for what is none. */
static inline uint8_t reading_code(uint32_t cp)
{
    if (cp >= 0x3041 && cp <= 0x3096)
        return (uint8_t)(cp - 0x3040);
    return cp == 0x30FC ? 0x60 : 0;
}

/* --- the table ---------------------------------------------------------------------------- */

struct reading_entry {
    uint32_t kana, word;
};
extern const struct reading_entry reading_entries[]; /* one more than there are, as an end */
extern const uint8_t reading_kana[];
extern const uint32_t reading_count, reading_words_count;
extern const uint16_t reading_letters[][READING_WORD_MAX];
extern const uint32_t reading_by_word[];

#endif
