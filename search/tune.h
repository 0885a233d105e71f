/* tune.h: searching with other constants than rank.c's, for measuring and tests only. */
#ifndef ASKFIRST_SEARCH_TUNE_H
#define ASKFIRST_SEARCH_TUNE_H

#include "search/rank.h"
#include "search/search.h"

/* Borrowed until the searcher is freed. */
void searcher_tune(struct searcher *searcher, const struct rank_settings *settings);

#endif
