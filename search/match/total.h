/* total.h: how many cases match, as the asker is told.
 *
 * The best cases are found without counting all. What is said is exact, or a number that is reached
 * for sure ("at least"). Of a question of one group, as of one or two characters, each case is
 * asked whether it may be shown until TOTAL_COUNTED are: a smaller number is exact whoever asks,
 * and has nothing hidden or out of date in it. Beyond, how many hits are asked for changes it only
 * when more are shown than were counted. What matches: cases with all groups of a short question,
 * or with enough of any. */
#ifndef ASKFIRST_SEARCH_MATCH_TOTAL_H
#define ASKFIRST_SEARCH_MATCH_TOTAL_H

#include "search/match/plan.h"

struct total {
    uint64_t cases;
    bool is_least;
};

/* `ranked`: hits that there are. AF_CORRUPT, AF_NO_MEMORY. */
enum status total_of(const struct plan *plan, const struct candidates *candidates, uint32_t ranked,
                     struct total *out, struct error *err) MUST_USE;

#endif
