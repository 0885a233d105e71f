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

struct near_case {
    struct bytes id, title;
    double shared; /* of the terms of both, 0 … 1 */
};

/* Findable cases that this person may see and that are nearly the same as `article`
 * (search/query/simhash.h), which need not be stored; another version of itself is none. Nearest
 * first, from the arena. */
enum status similar_existing(struct app *app, const struct who *who, const json_t *article,
                             struct arena *arena, struct near_case **out, uint32_t *count,
                             struct error *err) MUST_USE;

/* The same as [{"id","title","shared"}] for the reply to a writer: *out is NULL when there is none,
 * and when it could not be told, which is no failure of the writing. */
void similar_warn(struct app *app, const struct who *who, const json_t *article,
                  struct arena *arena, json_t **out);

#endif
