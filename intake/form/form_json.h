/* form_json.h: a form and what stands beside it, in the words of one language: for the API, for
 * programs that draw their own form. */
#ifndef ASKFIRST_INTAKE_FORM_FORM_JSON_H
#define ASKFIRST_INTAKE_FORM_FORM_JSON_H

#include "intake/form/form_find.h"

/* {"form":{"id","version","name"?,"fields":[{"id","kind","label","help"?,"placeholder"?,"required",
 *   "length_max"?,"min"?,"max"?,"decimals"?,"unit"?,"patterns"?,"past"?,
 *   "choices"?:[{"id","label"}],"when"?:{"field","is":[…]}}]},
 *  "severities":[{"id","name","definition"}],
 *  "types":[{"id","name","parent"?}], those for the product,
 *  "products":[{"id","name","line"?,"kind","versions"?}]}
 * The caller owns it; NULL without memory. */
json_t *form_json(const struct rules *rules, const struct form_question *question,
                  struct bytes lang);

#endif
