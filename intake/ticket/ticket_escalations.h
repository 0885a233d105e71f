/* ticket_escalations.h: management escalations (管理升级): somebody with more to say is told, and has
 * to answer. They change nobody's task: that is a functional escalation (ticket_tasks.h).
 *
 * In the record: "escalations":[{"no":1,"level":1,"about":"progress|solution|key_person",
 *   "to":"wang.li","why":"…","state":"open|answered","at","by",
 *   "answer"?:"…","answered"?:time,"answered_by"?}]; a level is one more than there are open ones
 * before it, three at most. Each is a notice as well. Staff's: a customer does not see them.
 *
 * Commands (bodies):
 *   ticket.manage {"ticket":n,"about","to","why","by","reason"?}
 *   ticket.answer {"ticket":n,"no","answer","by"} */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_ESCALATIONS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_ESCALATIONS_H

#include "intake/ticket/ticket_apply.h"

enum status ticket_apply_manage(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;
enum status ticket_apply_answer(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;

/* One more, for commands of others too. */
enum status ticket_escalation_add(json_t *ticket, const struct command *command, const char *about,
                                  const char *to, const char *why, struct error *err) MUST_USE;

/* For `check`: is "escalations" what is drawn above, or not there? */
bool ticket_escalations_are_sound(const json_t *ticket);

#endif
