/* pinyin_table.h: the tables that pinyin_table_gen.c writes at build time; pinyin.h reads them. */
#ifndef ASKFIRST_INDEXER_TEXT_PINYIN_TABLE_H
#define ASKFIRST_INDEXER_TEXT_PINYIN_TABLE_H

#include <stdint.h>

#define PINYIN_LETTER_FIRST 0x4E00 /* the block of Han characters in use; others have no reading */
#define PINYIN_LETTER_END 0xA000
#define PINYIN_READINGS_MAX 3 /* of a character; 和 has more, which are never what is typed */
#define PINYIN_NAME_MAX 8     /* zhuang, and a zero */

extern const uint16_t pinyin_syllables_count;
extern const char pinyin_names[][PINYIN_NAME_MAX]; /* in order */

/* Of each character: syllables, most used first, plus 1; 0: no more. */
extern const uint16_t pinyin_of[PINYIN_LETTER_END - PINYIN_LETTER_FIRST][PINYIN_READINGS_MAX];

/* Of syllable i: pinyin_letter_list[pinyin_letter_at[i]] up to that of i + 1, most used first;
 * the same for syllables that are taken for it. */
extern const uint16_t pinyin_letter_at[], pinyin_letter_list[];
extern const uint16_t pinyin_near_at[], pinyin_near_list[];

#endif
