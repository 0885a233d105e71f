/* ticket_steps.h: what is done by itself before and after a clock of a ticket runs out
 * (rules/doc_steps.c says what may be).
 *
 * In the record: "steps":[{"no":3,"clock":"ola:2","when":"warned|breached|+60",
 *   "do":"notify|escalate_management|escalate_functional|raise","to"?:"lead",
 *   "state":"waiting|due|done|skipped|failed","done"?:time,"why"?}]
 *
 *   waiting ──its clock is warned of or breached──► due: timer "step:3", then or so much later
 *      │                                             ├─ the sweep does it ──────────────► done
 *      │                                             ├─ it cannot be done ──────────────► failed
 *      └─ its clock ends, or gets others ─► skipped ◄┴─ the clock has ended meanwhile
 *
 * A command that starts a clock or gives it other targets carries its steps, "steps":[{"clock",
 * "when","do","to"?}], which take the place of those that still wait for it: so what runs out does
 * what was decided when it began, and a replay asks no rules. Of old ones that have ended the last
 * TICKET_STEPS_MAX are kept.
 *
 * Command ticket.step {"ticket":n,"step":3,"do","by","reason","to"?:[names],"skip"?:bool,
 * "failed"?:"why", …} with the members of ticket.escalate or ticket.severity, which it does. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_STEPS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_STEPS_H

#include "intake/ticket/ticket_apply.h"

#define STEP_TIMER "step" /* before the colon */

enum status ticket_apply_step(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;

/* The command's "steps", if it has any. */
enum status ticket_steps_take(json_t *ticket, const struct command *command,
                              struct error *err) MUST_USE;

/* Clock `kind` was warned of or breached at `since_ms` (`event` as in the history). */
enum status ticket_steps_passed(json_t *ticket, const char *kind, const char *event,
                                int64_t since_ms, struct error *err) MUST_USE;

/* Borrowed; NULL: there is none of this number. */
json_t *ticket_step_no(const json_t *ticket, uint64_t no);

/* For `check`: is "steps" what is drawn above, or not there? */
bool ticket_steps_are_sound(const json_t *ticket);

#endif
