/* tune.h: searching with other constants than score/settings.c's, for measuring and tests only. */
#ifndef ASKFIRST_SEARCH_TUNE_H
#define ASKFIRST_SEARCH_TUNE_H

#include "search/match/rank.h"
#include "search/search.h"

/* Borrowed until the searcher is freed. */
void searcher_tune(struct searcher *searcher, const struct settings *settings);

/* Candidates from elsewhere than plan_candidates(), as all cases there are (tests/search/
 * every_case.h): what would ranking say of those that it is never asked about? */
typedef enum status (*candidates_fn)(void *context, const struct plan *plan, struct candidates *out,
                                     struct error *err);
/* `find` NULL: plan_candidates() again. */
void searcher_find_with(struct searcher *searcher, candidates_fn find, void *context);

#endif
