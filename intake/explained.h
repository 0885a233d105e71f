/* explained.h: why a search answered as it did (search/show/explain.h), as JSON. */
#ifndef ASKFIRST_INTAKE_EXPLAINED_H
#define ASKFIRST_INTAKE_EXPLAINED_H

#include "data/base/json.h"
#include "search/show/explain.h"

/* The class byte away: what the term is, and its text. */
const char *explained_class(struct bytes term);
struct bytes explained_text(struct bytes term);

/* Is it one of the groups that looked for cases? */
bool explained_looks(const struct explanation *explanation, const struct group *group);

/* {"question","language","docs","searches","candidates","complete","groups","hits"} and, when a
 * case was asked after, "case"; openapi.json: Explanation. NULL without memory. */
json_t *explained_json(const struct explanation *explanation);

#endif
