/* ticket_tasks.h: the commands that say whose work a ticket is, and what else changes its tasks.
 * What a task is: ticket_task_flow.h.
 *
 * Commands (bodies; each also "seen", "clocks", "clocks_at": ticket_record.h):
 *   ticket.assign   {"ticket":n,"person":"ann" or "" (back to the group),"pick"?,"reason"?,"by"}
 *   ticket.take     {"ticket":n,"person","by"}
 *   ticket.transfer {"ticket":n,"group","ring","person"?,"triage"?,"wanted"?,"reason","ruled_out",
 *                    "by","clock_fault"?}
 *   ticket.escalate {"ticket":n,"group","ring","person"?,"reason","maturity"?,"grey"?,
 *                    "grey_reason"?,"by","clock_fault"?}
 *   ticket.result   {"ticket":n,"result","by","clock_fault"?}: back to the task that escalated
 *
 * A ticket's "group" and "person" are those of its last task, so that work lists follow. Taking a
 * task takes a ticket that nobody had begun with (ticket_flow.h: take). */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_TASKS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_TASKS_H

#include "intake/ticket/ticket_apply.h"
#include "intake/ticket/ticket_task_flow.h"

enum status ticket_apply_assign(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;
enum status ticket_apply_take(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;
enum status ticket_apply_transfer(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err) MUST_USE;
enum status ticket_apply_escalate(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err) MUST_USE;
enum status ticket_apply_result(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;

/* What ticket.escalate does to the record, for another command whose body has its members. */
enum status ticket_escalate_task(struct txn *txn, json_t *ticket, const struct command *command,
                                 json_t *result, struct error *err) MUST_USE;

/* The first task of a ticket that is being opened: for its group, if it has one. */
enum status ticket_task_first(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err) MUST_USE;

/* What becomes of the task in hand when the ticket comes to another state (ticket_entered.h):
 * begun, it is owned by the command's "person"; resolved, it is done; left by a side exit, it is
 * withdrawn; and the last group has another task when a ticket that was over is work again. */
enum status ticket_tasks_entered(struct txn *txn, json_t *ticket, const struct command *command,
                                 enum ticket_state from, enum ticket_state to,
                                 struct error *err) MUST_USE;

#endif
