/* confidence.h: is the first hit the answer? A logistic model (Cox 1958) of what is known after
 * ranking, fitted on judged questions asked of libraries with and without their answer
 * (`make calibrate`).
 *
 *     z = constant + sum of weight × signal        confidence = 1 / (1 + e^-z)
 *
 * It says how to show the list, never what is in it: above `sure` the first case is opened, below
 * `none` the page says that nothing seems to fit. */
#ifndef ASKFIRST_SEARCH_MATCH_CONFIDENCE_H
#define ASKFIRST_SEARCH_MATCH_CONFIDENCE_H

#include "search/match/rank.h"

/* Of the first hit; all 0 without one. */
struct confidence confidence_of(const struct ranking *ranking, const struct settings *settings);

#endif
