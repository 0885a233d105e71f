/* between.h: which character was left out, or is hidden by a wrong one?
 *
 *   数_库 → 据: the index has 数据 and 据库, and by chance their cases would not be so many
 *
 * Every gram that begins with the first character is walked over (EXPAND_SCAN_MAX at most), so
 * nothing has to be known of what looks like what. */
#ifndef ASKFIRST_SEARCH_QUERY_BETWEEN_H
#define ASKFIRST_SEARCH_QUERY_BETWEEN_H

#include "search/query/grams.h"

#define BETWEEN_MAX 3

struct between {
    struct {
        uint32_t letter;
        float score; /* log2 of the cases to be expected with all three: df · df / df(letter) */
    } list[BETWEEN_MAX]; /* best first */
    uint32_t count;
};

/* AF_CORRUPT, AF_NO_MEMORY. */
enum status between_find(struct expansion *x, uint32_t from, uint32_t to,
                         struct between *out) MUST_USE;

#endif
