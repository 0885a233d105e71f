/* closing.h: what the rules say of a ticket's end (rules/doc_closing.c), decided by whoever
 * proposes a step and carried in its command (ticket/ticket_end.h). */
#ifndef ASKFIRST_INTAKE_DESK_CLOSING_H
#define ASKFIRST_INTAKE_DESK_CLOSING_H

#include "intake/app.h"
#include "intake/rules/rules.h"

/* Adds to the body of a resolving command "confirm_by": until when the customer may say no. */
enum status closing_add_window(const struct rules *rules, const json_t *ticket, int64_t now_ms,
                               json_t *body, struct error *err) MUST_USE;

/* Adds to the body of a closing command "closing": {"reopen_until","survey","visits"?}. */
enum status closing_add_end(struct app *app, const struct rules *rules, const json_t *ticket,
                            int64_t now_ms, json_t *body, struct error *err) MUST_USE;

/* May staff close it before the customer has spoken or his window has passed? */
bool closing_may_be_early(const struct rules *rules);

/* {"due","group"} of a visit that is asked for now. The caller owns it; NULL: no memory. */
json_t *closing_visit(const struct rules *rules, int64_t now_ms);
/* Does the rule send somebody for this score? */
bool closing_score_needs_visit(const struct rules *rules, unsigned score);

/* Is the ticket one of the share that is asked for? Decided by a hash of its number with the
 * store's secret: nobody can choose, and closing a ticket again does not throw the dice anew. */
bool closing_is_in_share(struct bytes secret, uint32_t no, uint32_t per_mille);

/* The key in a survey's link, made of the store's secret and the ticket's number: it is shown to
 * whoever may send it, as often as he asks, and only its hash is stored. */
#define SURVEY_KEY_BYTES 33
void closing_survey_key(struct bytes secret, uint32_t no, char key[SURVEY_KEY_BYTES]);

#endif
