/* alternatives.h: what a CJK character may have been meant as.
 *
 * An input method turns sounds into characters, so a wrong character is read like the right one,
 * or nearly so: 权相 for 权限, 地去 for 地区. Each script has its own source; gram_slips.h asks
 * the index which of the changed grams it knows. */
#ifndef ASKFIRST_SEARCH_QUERY_ALTERNATIVES_H
#define ASKFIRST_SEARCH_QUERY_ALTERNATIVES_H

#include "data/base/bytes.h"

#define ALTERNATIVES_MAX 64 /* of one character */

/* From the likeliest to the least likely. */
enum nearness {
    NEAR_SAME, /* the same sound */
    NEAR_LIKE, /* a sound that many do not tell from it */
};

struct alternative {
    uint32_t letter;
    uint8_t nearness; /* enum nearness */
};

struct alternatives {
    struct alternative list[ALTERNATIVES_MAX]; /* nearest first */
    uint32_t count, same;                      /* all, and those with NEAR_SAME */
};

/* None for a letter whose script has no source. The letter itself is not among them. */
void alternatives_of(uint32_t letter, struct alternatives *out);

/* Characters of grammar: a gram with one of them says nothing, so neither is it corrected, nor a
 * correction. */
bool alternatives_never(uint32_t letter);

#endif
