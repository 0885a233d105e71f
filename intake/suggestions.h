/* suggestions.h: what may be on the way to being typed (search/suggest/suggest.h), as JSON. */
#ifndef ASKFIRST_INTAKE_SUGGESTIONS_H
#define ASKFIRST_INTAKE_SUGGESTIONS_H

#include "search/suggest/suggest.h"

#include <jansson.h>

/* {"typed","took_ms","suggestions":[{"kind","text","marks","id"?,"lang"?}]}; NULL without
 * memory. */
json_t *suggest_result_json(struct bytes typed, const struct suggest_result *result);

#endif
