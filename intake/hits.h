/* hits.h: answers as JSON: the same members on the command line and in the API. */
#ifndef ASKFIRST_INTAKE_HITS_H
#define ASKFIRST_INTAKE_HITS_H

#include "data/base/json.h"
#include "search/search.h"

/* [{"id","title","score","lang","product","snippet","reasons":[…],"version","coverage",
 * "title_marks":[[start,end],…],"snippet_marks":[…]}]; marks are bytes. NULL without memory. */
json_t *hits_json(const struct search_result *result);

/* {"query","total","took_ms","hits"} and, when so, "total_is_estimate", "query_cut",
 * "degraded", "read_as", "suggestion", "facets" (facets.h), "explain" (explained.h). */
json_t *search_result_json(struct bytes query, const struct search_result *result);

/* ["exact","typo",…]; NULL without memory. */
json_t *reasons_json(unsigned reasons);
/* [[start,end],…] of a text; NULL without memory. */
json_t *marks_json(const struct marked_text *text);
/* What was asked as text that JSON can hold, whatever bytes it was. */
json_t *query_json(struct bytes query);

#endif
