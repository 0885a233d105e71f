/* edits.h: slips of the finger among CJK letters, whatever the script.
 *
 *   支分   → 分支        two neighbours swapped
 *   路的由 → 路由        one too many
 *   数库   → 数据 据库   one missing
 *   数握库 → 数据 据库   another one
 *
 * For the last two nothing has to be known of what looks like what: whatever the index has after
 * the letter on the left is tried before the one on the right. */
#ifndef ASKFIRST_SEARCH_QUERY_EDITS_H
#define ASKFIRST_SEARCH_QUERY_EDITS_H

#include "search/query/respell.h"

/* Swapped, one too many. */
void edits_moved(struct respell *r);
/* One missing, if nothing was found; another one, if nothing that is sure. */
void edits_between(struct respell *r);

#endif
