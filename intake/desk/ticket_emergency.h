/* ticket_emergency.h: people's side of emergency teams and management escalations: what is told of
 * an S1 (ticket/ticket_emergency.h), and who has to answer (ticket/ticket_escalations.h). */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_EMERGENCY_H
#define ASKFIRST_INTAKE_DESK_TICKET_EMERGENCY_H

#include "intake/app.h"
#include "intake/rules/rules.h"
#include "intake/who.h"

/* Adds to `body` the team that the rules call together, when it makes the ticket S1 (or opens it as
 * one; `ticket` is the record before, or NULL). */
enum status ticket_emergency_add(const struct rules *rules, const json_t *ticket, json_t *body,
                                 struct error *err) MUST_USE;

/* stage: progress, restored, root_cause. A public one is for the customer too, and answers him. */
enum status ticket_notice(struct app *app, const struct who *who, uint32_t no, struct bytes stage,
                          struct bytes text, bool is_public, struct error *err) MUST_USE;

/* Timer "notice": progress is overdue (ticket_sweep.c). */
enum status ticket_beat(struct app *app, const struct who *who, uint32_t no, const char *what,
                        const char *key, struct error *err) MUST_USE;

/* about: progress, solution, key_person. `to`: "person", "lead" (or empty), "triage", or the
 * name of somebody who is known here: AF_INVALID when he is not. */
enum status ticket_manage(struct app *app, const struct who *who, uint32_t no, struct bytes about,
                          struct bytes to, struct bytes why, struct error *err) MUST_USE;
enum status ticket_answer(struct app *app, const struct who *who, uint32_t no, uint32_t escalation,
                          struct bytes answer, struct error *err) MUST_USE;

#endif
