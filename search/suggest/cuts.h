/* cuts.h: letters → the ways to cut them into Chinese syllables, whole and not.
 *
 *   luyouq     lu | you | q…
 *   xian       xian, xi | an
 *   lyq        l… | y… | q…       first letters, where no other way goes to the end */
#ifndef ASKFIRST_SEARCH_SUGGEST_CUTS_H
#define ASKFIRST_SEARCH_SUGGEST_CUTS_H

#include "search/suggest/letters.h"

#define CUT_UNITS_MAX 24 /* longer ones say it by their first */
#define CUTS_MAX 4       /* more ways are hardly meant */

struct cut_unit {
    char text[8]; /* ends with a zero */
    bool is_whole;
};

struct cut {
    struct cut_unit units[CUT_UNITS_MAX];
    uint32_t count;
};

/* Of letters first … end-1, which are a-z and digits (tones are left out); how many ways. */
uint32_t cuts_of(const struct letters *letters, uint32_t first, uint32_t end,
                 struct cut out[CUTS_MAX]);

#endif
