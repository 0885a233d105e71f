/* chinese.h: what a Chinese character may have been meant as.
 *
 * An input method turns sounds into characters, so a wrong character is read like the right one,
 * or nearly so: 权相 for 权限, 地去 for 地区. It writes whole words, so both may be wrong: 书局 for
 * 数据. Only in a question without kana and Hangul: Han beside these is read otherwise. */
#ifndef ASKFIRST_SEARCH_QUERY_CHINESE_H
#define ASKFIRST_SEARCH_QUERY_CHINESE_H

#include "search/query/respell.h"

#define ALIKE_MAX 64 /* of one character */

struct alike {
    uint32_t letters[ALIKE_MAX]; /* those read the same first, of these the commonest */
    uint32_t count, same;        /* all, and those read the same */
};

/* None for what is no Han character. The letter itself is not among them. */
void chinese_alike(uint32_t letter, struct alike *out);

/* Characters of the same sound, or one that many do not tell from it. */
void chinese_homophones(struct respell *r);

#endif
