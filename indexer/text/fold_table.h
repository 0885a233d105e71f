/* fold_table.h: the tables that fold_table_gen.c writes at build time, and their codes.
 *
 * fold_table[cp] is the folded character of a BMP code point. Surrogates are no characters, so
 * values from FOLD_DROP up are instructions instead. Every value is a fixed point: folding it
 * again gives itself (tests/indexer/text/fold_test.c walks all of them). */
#ifndef ASKFIRST_INDEXER_TEXT_FOLD_TABLE_H
#define ASKFIRST_INDEXER_TEXT_FOLD_TABLE_H

#include <stdint.h>

enum fold_code {
    FOLD_DROP = 0xD800,   /* nothing comes out: zero width, bidi control, harakat, stray accent */
    FOLD_REPEAT,          /* 々 ゝ: the character before once more */
    FOLD_REPEAT_VOICED,   /* ゞ: the same with a voicing mark */
    FOLD_DASH,            /* ー: a hyphen after a Latin letter or digit, else itself */
    FOLD_MARK,            /* a mark that stays and never composes: only its order matters */
    FOLD_JOIN,            /* may compose with what is before: normalise the span; else stays */
    FOLD_JOIN_DROP,       /* may compose with what is before: normalise the span; else goes */
    FOLD_EXPAND = 0xD810, /* FOLD_EXPAND + i: the bytes of expansion i */
    FOLD_CODE_END = 0xE000,
};

extern const uint16_t fold_table[0x10000];
/* UTF-8 of expansion i: fold_pool[fold_expansion[i]] up to fold_pool[fold_expansion[i + 1]] */
extern const uint16_t fold_expansion[];
extern const uint8_t fold_pool[];

/* Han characters outside the BMP whose class has another representative; sorted by `from`. */
struct fold_pair {
    uint32_t from, to;
};
extern const struct fold_pair fold_astral[];
extern const uint32_t fold_astral_count;

/* A bit for each Han character of the BMP that folding makes one with another (范 and 範, not 打):
 * of those that a Chinese or Japanese standard for everyday text has. */
extern const uint8_t fold_merged[0x10000 / 8];

/* script_table[cp]: enum script in the low bits, then hints for language_detect(). */
enum {
    SCRIPT_MASK = 0x07,
    SCRIPT_HANT_ONLY = 0x08,  /* in Big5, not in GB 2312: 體 */
    SCRIPT_HANS_ONLY = 0x10,  /* in GB 2312, not in Big5: 软 */
    SCRIPT_JAPAN_ONLY = 0x20, /* in JIS X 0208, in neither of the others: 検 */
    SCRIPT_HAN = 0x40,
    SCRIPT_KANA = 0x80,
};
extern const uint8_t script_table[0x10000];

#endif
