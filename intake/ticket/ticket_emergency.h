/* ticket_emergency.h: the emergency team (攻关小组) of a ticket of severity S1: a lead, people, and
 * what is told in stages (通报).
 *
 *   S1 opened, or raised to ─► first, at once ─► progress, at a beat ─► restored ─► root cause
 *                                                  │ timer "notice"       │           │
 *                                                  └ late: the lead       └ before    └ before
 *                                                    is told                resolve     close
 *
 * In the record: "emergency":{"lead"?:"wang.li","people":["ann"],"beat_minutes":60,"opened":time,
 *   "missed"?:beats that nobody gave a word at, since the last one,
 *   "restored"?:time,"root_cause"?:time,"ended"?:time,
 *   "notices":[{"no":1,"stage":"first|progress|restored|root_cause","at","by","text","public"?}]}
 * "ended": it is no S1 any more. Each stage is a notice (ticket_notices.h) to the lead and the
 * people; a customer sees the public ones alone.
 *
 * Commands (bodies):
 *   ticket.notice {"ticket":n,"stage","text","public":bool,"by"}
 *   ticket.beat   {"ticket":n,"by"}: progress is overdue
 *   ticket.open, ticket.severity and ticket.step have the team as "emergency":{"lead"?,"people",
 *   "beat_minutes"}, as the rules name it, when the ticket becomes S1. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_EMERGENCY_H
#define ASKFIRST_INTAKE_TICKET_TICKET_EMERGENCY_H

#include "intake/ticket/ticket_apply.h"

#define EMERGENCY_TIMER "notice"

enum status ticket_apply_notice(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;
enum status ticket_apply_beat(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;

/* The ticket has the severity it has now: a team is called together when the command names one and
 * there is none, and stands down when it is no S1 any more. */
enum status ticket_emergency_graded(json_t *ticket, const struct command *command,
                                    struct error *err) MUST_USE;

/* Restored: that is told. Work again after it: the beat goes on (ticket_entered.h). */
enum status ticket_emergency_entered(struct txn *txn, json_t *ticket, const struct command *command,
                                     enum ticket_state from, enum ticket_state to,
                                     struct error *err) MUST_USE;

/* For `check`: is "emergency" what is drawn above, or not there? */
bool ticket_emergency_is_sound(const json_t *ticket);

#endif
