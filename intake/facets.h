/* facets.h: counts of hits by product, category, language: how they are asked for, and as JSON. */
#ifndef ASKFIRST_INTAKE_FACETS_H
#define ASKFIRST_INTAKE_FACETS_H

#include "data/base/json.h"
#include "search/show/facets.h"

/* "product,lang" → bits of enum column_name; empty is none. AF_INVALID names the word. */
enum status facets_parse(struct bytes text, unsigned *columns, struct error *err) MUST_USE;

const char *facet_name(const struct facet *facet);

/* {"product":{"complete":true,"values":[{"value":…,"count":…}]},…}. NULL without memory. */
json_t *facets_json(const struct facet *facets, uint32_t count);

#endif
