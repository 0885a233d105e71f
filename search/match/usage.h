/* usage.h: what use says about each candidate, beside what its words say.
 *
 *   repeat  the very question was asked before and this case solved it: the lower bound of the
 *           share whom it helped
 *   prior   how many opened the case, and whom of those who said so it helped
 *   left    what time has left of it: everything a case learned fades together, by half in
 *           LEARNED_HALF_LIFE_DAYS after the last that it learned. Today is the newest day that
 *           anything was learned in this store, so that an answer depends on the data alone. */
#ifndef ASKFIRST_SEARCH_MATCH_USAGE_H
#define ASKFIRST_SEARCH_MATCH_USAGE_H

#include "search/match/plan.h"

struct usage {
    float repeat; /* 0 … 1; faded */
    float prior;  /* -¼ … ½; faded */
    float left;   /* 0 … 1 */
};

/* Cases that solved the very question become candidates, up to REPEAT_CASES_MAX, if the asker may
 * see them. AF_CORRUPT, AF_NO_MEMORY. */
enum status usage_add_repeats(const struct plan *plan, struct candidates *candidates,
                              struct error *err) MUST_USE;

/* One for each candidate, from the arena; NULL when nothing was learned. AF_CORRUPT,
 * AF_NO_MEMORY. */
enum status usage_gather(const struct plan *plan, const struct candidates *candidates,
                         struct usage **out, struct error *err) MUST_USE;

#endif
