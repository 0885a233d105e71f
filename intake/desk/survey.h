/* survey.h: asking the customer how it was: his link, what it shows, and his answer. What is stored
 * of it: ticket/ticket_survey.h. Knowing the key is the permission; nobody signs in. */
#ifndef ASKFIRST_INTAKE_DESK_SURVEY_H
#define ASKFIRST_INTAKE_DESK_SURVEY_H

#include "intake/app.h"
#include "intake/desk/closing.h"
#include "intake/who.h"

/* {"ticket","title","lang","state":"open"|"answered"|"expired","expires","ask":{…},"score"?,"at"?}
 * of whom the link is for: nothing that was said on the ticket. AF_NOT_FOUND. */
enum status survey_get(struct app *app, struct bytes key, json_t **out, struct error *err) MUST_USE;

/* Once. AF_CONFLICT: it was answered or is over; AF_INVALID, AF_TOO_LARGE name the field. */
enum status survey_answer(struct app *app, struct bytes key, int64_t score, struct bytes text,
                          const char *idempotency_key, struct error *err) MUST_USE;

/* The same by an agent whom the customer told it; recorded as his entry. Staff only. */
enum status survey_answer_for(struct app *app, const struct who *who, uint32_t no, int64_t score,
                              struct bytes text, struct error *err) MUST_USE;

/* The key of a ticket's survey, for whoever sends it. AF_NOT_FOUND: none was sent; AF_CONFLICT: it
 * was sent by another store, whose secret is another: it is made anew when the ticket closes. */
enum status survey_key(struct app *app, uint32_t no, char key[SURVEY_KEY_BYTES],
                       struct error *err) MUST_USE;

#endif
