/* utf8.h: strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing past U+10FFFF. */
#ifndef ASKFIRST_DATA_BASE_UTF8_H
#define ASKFIRST_DATA_BASE_UTF8_H

#include "data/base/buf.h"

#define UTF8_INVALID ((uint32_t)0xFFFFFFFF)

/* Decodes one code point at the front of `r` and moves past it. Bad bytes give UTF8_INVALID
 * and move past the longest part that cannot begin a character (at least one byte), as the
 * Unicode Standard §3.9 "substitution of maximal subparts" has it. `r` must not be empty. */
uint32_t utf8_next(struct reader *r);

/* The offset of the first bad byte, or `text.len` when all is well. */
size_t utf8_valid_len(struct bytes text);

/* Writes 1 to 4 bytes to `at` and returns how many. `cp` must be a scalar value. */
size_t utf8_encode(uint32_t cp, uint8_t at[4]);
void utf8_add(struct buf *b, uint32_t cp);

/* Appends `text` with each bad sequence replaced by U+FFFD and each NUL by U+FFFD. */
void utf8_add_clean(struct buf *b, struct bytes text);

/* The longest prefix of at most `max` bytes that ends between characters. */
struct bytes utf8_cut(struct bytes text, size_t max);

#endif
