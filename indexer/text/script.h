/* script.h: which way of cutting a folded character asks for, and runs of it.
 *
 * Not the Unicode script property: Han, kana and Hangul are one kind here, because all three
 * are cut into grams; Thai, Lao, Khmer and Myanmar are one, because ICU cuts them by dictionary. */
#ifndef ASKFIRST_INDEXER_TEXT_SCRIPT_H
#define ASKFIRST_INDEXER_TEXT_SCRIPT_H

#include "data/base/bytes.h"
#include "indexer/text/fold_table.h"

enum script {
    SCRIPT_OTHER,  /* punctuation, symbols, controls, U+FFFD: separates */
    SCRIPT_BLANK,  /* white space: separates, but one blank may be bridged */
    SCRIPT_CJK,    /* Han, kana, Hangul syllables and letters, Bopomofo */
    SCRIPT_SEA,    /* Thai, Lao, Khmer, Myanmar: words without blanks */
    SCRIPT_LETTER, /* letters of all other writing systems */
    SCRIPT_DIGIT,  /* 0-9; folding has turned all other decimal digits into these */
    SCRIPT_EXTEND, /* marks: belong to whatever is before them */
};

enum script script_of_astral(uint32_t cp); /* outside the BMP: no table */

static inline enum script script_of(uint32_t cp)
{
    return cp < 0x10000 ? (enum script)(script_table[cp] & SCRIPT_MASK) : script_of_astral(cp);
}

/* The end of the run of `script` characters (and marks) that begins at `at` in folded text. */
size_t script_run_end(struct bytes folded, size_t at, enum script script);

/* One character of folded text, which is valid UTF-8: no checks. `*at` moves past it. */
static inline uint32_t script_next(const uint8_t *data, size_t *at)
{
    const uint8_t *p = data + *at;

    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] < 0xE0) {
        *at += 2;
        return (uint32_t)(p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    }
    if (p[0] < 0xF0) {
        *at += 3;
        return (uint32_t)(p[0] & 0x0F) << 12 | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    }
    *at += 4;
    return (uint32_t)(p[0] & 0x07) << 18 | (uint32_t)(p[1] & 0x3F) << 12 |
           (uint32_t)(p[2] & 0x3F) << 6 | (p[3] & 0x3F);
}

static inline bool script_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Of folded text, which has no capitals. */
static inline bool script_is_hex(uint8_t c)
{
    return script_is_digit(c) || (c >= 'a' && c <= 'f');
}

#endif
