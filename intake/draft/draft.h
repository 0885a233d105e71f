/* draft.h: a ticket that somebody is still writing: kept on the server at each step, so that a
 * browser that dies, a session that ends or a field that is refused loses nothing that was typed.
 *
 * Whoever knows a draft's id may read it and write on: it is the consult's, when there is one, or
 * 128 random bits made by the page (id_random). One that staff saved is in its writer's list too.
 * It goes when its ticket is opened, when its writer throws it away, or DRAFT_DAYS after it was
 * last saved (draft_sweep). What was written in it stays in the journal, as everything does.
 *
 * The values are those of the page's form by their names, texts or lists of texts; nothing here
 * knows what they mean, and nothing is checked before the ticket is sent. */
#ifndef ASKFIRST_INTAKE_DRAFT_DRAFT_H
#define ASKFIRST_INTAKE_DRAFT_DRAFT_H

#include "intake/app.h"
#include "intake/who.h"

/* Is it of the form of a draft's id? */
bool draft_is_id(struct bytes id);

/* {"id","at","by"?,"values":{…}}; the caller owns it. AF_NOT_FOUND with a sentence. */
enum status draft_get(struct app *app, struct bytes id, json_t **out, struct error *err) MUST_USE;

/* Saves what is another than it was: `values` over those that are there; "", [] or null takes one
 * away. The same again saves nothing. AF_INVALID for what is no value, AF_TOO_LARGE names the
 * limit, AF_CONFLICT when its consult has become a ticket. */
enum status draft_put(struct app *app, const struct who *who, struct bytes id, const json_t *values,
                      struct error *err) MUST_USE;

/* One that is not there is thrown away already. */
enum status draft_drop(struct app *app, const struct who *who, struct bytes id,
                       struct error *err) MUST_USE;

/* {"drafts":[{"id","at","title"}]}: those that this member of staff saved last, newest first, at
 * most DRAFT_LIST_MAX. AF_DENIED for customers. */
enum status draft_list(struct app *app, const struct who *who, json_t **out,
                       struct error *err) MUST_USE;

/* Forgets those that nobody saved for DRAFT_DAYS; *count: how many. */
enum status draft_sweep(struct app *app, uint32_t *count, struct error *err) MUST_USE;

#endif
