/* pinyin.h: how Han characters are read in Chinese, without tones; and which are read alike.
 *
 * Characters are folded ones (Simplified), syllables are numbers below pinyin_count(), in the
 * order of their names; ü is v, as input methods have it. Nothing here knows words: 重 is zhong
 * and chong wherever it stands. The tables are made while building (pinyin_table_gen.c). */
#ifndef ASKFIRST_INDEXER_TEXT_PINYIN_H
#define ASKFIRST_INDEXER_TEXT_PINYIN_H

#include "data/base/bytes.h"
#include "indexer/text/pinyin_table.h"

/* A list in the tables. */
struct pinyin_list {
    const uint16_t *items;
    uint32_t count;
};

uint32_t pinyin_count(void);
const char *pinyin_name(uint32_t syllable);

/* The readings of a character, most used first; how many, 0 for what is no Han character. */
uint32_t pinyin_readings(uint32_t letter, uint16_t out[PINYIN_READINGS_MAX]);
/* The characters that are read so, most used first. */
struct pinyin_list pinyin_letters(uint32_t syllable);
/* Syllables that many do not tell from this one: zh z, ch c, sh s, n l, r l, f h, ang an, eng en,
 * ing in; one of these changed. */
struct pinyin_list pinyin_near(uint32_t syllable);

/* Those whose names begin so: first … first + count - 1. */
uint32_t pinyin_beginning(struct bytes text, uint32_t *first);
bool pinyin_find(struct bytes name, uint32_t *syllable);

#endif
