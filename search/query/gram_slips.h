/* gram_slips.h: CJK grams that were mistyped: which changed grams does the index know?
 *
 *   权相  → 权限       a character that sounds like the right one (alternatives.h)
 *   书局  → 数据       both of them: input methods write whole words
 *   由路  → 路由       two neighbours swapped
 *   路的由 → 路由      one too many
 *   数库  → 数据 据库   one too few
 *   数握库 → 数据 据库  another one, whatever it looks like
 *
 * Only grams that the index hardly knows are changed, and only into grams that it knows much
 * better. A word of three characters with a wrong one has two such grams, so what the gram
 * before or after it would become counts as well: 路尤器 is 路由 and 由器. */
#ifndef ASKFIRST_SEARCH_QUERY_GRAM_SLIPS_H
#define ASKFIRST_SEARCH_QUERY_GRAM_SLIPS_H

#include "search/query/forms.h"

/* After all groups were looked up: adds members to grams of two, and marks these `changed`. At most
 * EXPAND_GRAM_MAX to each; looks up at most EXPAND_GRAM_LOOKUPS_MAX. */
enum status gram_slips(struct expansion *x) MUST_USE;

#endif
