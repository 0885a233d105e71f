/* similar.h: cases like a case: for its reader, who may need the other one, and for its writer, who
 * may have written what is there already. */
#ifndef ASKFIRST_INTAKE_SIMILAR_H
#define ASKFIRST_INTAKE_SIMILAR_H

#include "data/base/json.h"
#include "intake/app.h"
#include "intake/who.h"

/* By title and symptom (or the beginning of its text), the case itself left out; with the pieces
 * that show why. AF_NOT_FOUND also for a case that this person may not see. */
enum status similar_find(struct app *app, const struct who *who, struct bytes id, uint32_t limit,
                         struct arena *arena, struct search_result *out,
                         struct error *err) MUST_USE;

/* Findable cases that this person may see and that are nearly the same as `article`
 * (search/query/simhash.h), nearest first; another version of itself is none. For the reply to a
 * writer, as [{"id","title","shared"}]: *out is NULL when there is none, and when it could not be
 * told, which is no failure of the writing. */
void similar_warn(struct app *app, const struct who *who, const json_t *article,
                  struct arena *arena, json_t **out);

#endif
