/* tune.h: searching with other constants than score/settings.c's, for measuring and tests only. */
#ifndef ASKFIRST_SEARCH_TUNE_H
#define ASKFIRST_SEARCH_TUNE_H

#include "search/match/rank.h"
#include "search/search.h"

/* Borrowed until the searcher is freed. */
void searcher_tune(struct searcher *searcher, const struct settings *settings);

#endif
