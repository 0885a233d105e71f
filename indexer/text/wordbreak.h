/* wordbreak.h: ICU's dictionary word breaks: the words of Thai, Lao, Khmer and Myanmar, and, in
 * queries, hints where a Chinese or Japanese word ends.
 *
 * Not the unit of the index for Han and kana: ICU cuts 路由器 into 路|由|器 (see README.md). */
#ifndef ASKFIRST_INDEXER_TEXT_WORDBREAK_H
#define ASKFIRST_INDEXER_TEXT_WORDBREAK_H

#include "data/base/bytes.h"
#include "data/base/error.h"

struct wordbreak; /* one a thread */

enum status wordbreak_new(struct wordbreak **out, struct error *err) MUST_USE;
void wordbreak_free(struct wordbreak *wordbreak); /* accepts NULL */

/* *ends: byte offsets of the breaks in `text`, rising, text.len the last (none when it is
 * empty). `text` is any bytes. Borrowed until the next call. AF_NO_MEMORY; nothing else fails. */
enum status wordbreak_find(struct wordbreak *wordbreak, struct bytes text, const uint32_t **ends,
                           uint32_t *count, struct error *err) MUST_USE;

#endif
