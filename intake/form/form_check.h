/* form_check.h: what somebody filled in, held against the form: what is kept, and what is wrong at
 * which field, all of it at once.
 *
 * A field that is not asked ("when") has no value: what comes for it is left out, since a page
 * without script shows every field and cannot take back what was typed before. A field that the
 * form has not at all is refused: a misspelt one would quietly be lost.
 *
 * Pure: nothing is read or written here. */
#ifndef ASKFIRST_INTAKE_FORM_FORM_CHECK_H
#define ASKFIRST_INTAKE_FORM_FORM_CHECK_H

#include "intake/form/field_value.h"

struct form_result {
    json_t *values;  /* {field: value}, as they are kept; the caller's */
    json_t *errors;  /* [{"field","code","limit"?,"message"}], [] when all is well */
    json_t *missing; /* ["field"]: required, without a value, let pass */
};

/* `given`: an object, or NULL for none. `may_miss`: what is required may be missing, and is told in
 * `missing` instead of `errors`. AF_INVALID, with the first error's sentence, when there are some;
 * AF_TOO_LARGE past FORM_VALUES_BYTES_MAX. *out is to be released in any case. */
enum status form_check(const json_t *form, const json_t *given, bool may_miss, int64_t now_ms,
                       struct form_result *out, struct error *err) MUST_USE;
void form_result_release(struct form_result *result); /* accepts a zeroed one */

#endif
