/* field_text.h: what was filled in, for people: labels of choices, numbers with their unit. */
#ifndef ASKFIRST_INTAKE_FORM_FIELD_TEXT_H
#define ASKFIRST_INTAKE_FORM_FIELD_TEXT_H

#include "data/base/json.h"

/* Appends a value as it is kept (field_value.h), in the words of one language; "yes" and "no" stay
 * words for the caller to say. */
void field_text_add(const json_t *field, const json_t *value, struct bytes lang, struct buf *out);

#endif
