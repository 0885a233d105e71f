/* ticket_handoffs.h: questions of a ticket that others have to answer: LTC, IPD, supply chain, a
 * vendor (handoff_flow.h); who they are is data (rules/doc_handoffs.c).
 *
 * In the record:
 *   "handoffs":[{"no":1,"target":"ipd","side":"ipd","kind":"defect","title","text","ref"?,"at",
 *                "by","state":"answered","due","key"?:<hash>,"accepted"?,"answered"?,"reply"?,
 *                "overdue"?,"history":[{"at","by","event","from","to","reason"?,"text"?,
 *                "target"?,"due"?}]}]
 *
 *   no        counts from 1; none is ever taken away
 *   ref       what they call it: the number in their system
 *   due       of this time of sending; each is kept in its "send" of the history
 *   accepted, answered, reply, overdue   of this time; "overdue" is there when `due` passed first
 *   key       BLAKE2b of the key in the link by which the target answers without an account; table
 *             handoff_key finds it until the handoff is over or sent again
 *
 * Commands (bodies; "seen", "clocks" as in ticket_record.h):
 *   handoff.send {"ticket":n,"target","side","kind","title","text","ref","due","key","by"}
 *   handoff.step {"ticket":n,"handoff":no,"event","reason","text","ref","by","link"?,
 *                 "tell"?, and of the event send: "target","side","kind","due","key"}
 * "link" is the hash of the link by which the target does it; "tell" who hears that it is overdue.
 *
 * The timer "handoff:<no>" is at `due`. A ticket that waits for handoffs goes on by itself when
 * none is awaited any more; a cancelled one withdraws them. A customer sees "no", "at" and whether
 * it is waited for ("state":"waiting|answered"), and nothing else of them. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_HANDOFFS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_HANDOFFS_H

#include "intake/ticket/handoff_flow.h"
#include "intake/ticket/ticket_apply.h"
#include "intake/ticket/ticket_outside.h"

enum status handoff_apply_send(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;
enum status handoff_apply_step(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;

/* The handoff of that number (borrowed); NULL: none. */
json_t *ticket_handoff(const json_t *ticket, uint64_t no);
/* HANDOFF_WITHDRAWN for a name that can only be damage. */
enum handoff_state handoff_state_of(const json_t *handoff);
/* Its rows in table outside. `name` borrows from it. */
struct outside_row handoff_row(uint32_t ticket_no, const json_t *handoff);

/* The first that is open, or that they owe an answer to; NULL: none. */
const json_t *ticket_handoff_open(const json_t *ticket);
const json_t *ticket_handoff_awaited(const json_t *ticket);

/* Of a ticket that was cancelled: each that is open is withdrawn. */
enum status ticket_handoffs_withdraw(struct txn *txn, json_t *ticket, const struct command *command,
                                     struct error *err) MUST_USE;

/* Whose is the link's key? AF_NOT_FOUND. TABLE_HANDOFF_KEY: hash → ticket be32, no be32. */
enum status handoff_by_key(struct txn *txn, const struct digest *hash, uint32_t *ticket_no,
                           uint32_t *no, struct error *err) MUST_USE;

/* Its row there comes with "key", and goes with it when the handoff is over or sent again. */
enum status handoff_key_put(struct txn *txn, uint32_t ticket_no, const json_t *handoff,
                            struct error *err) MUST_USE;
enum status handoff_key_drop(struct txn *txn, json_t *handoff, struct error *err) MUST_USE;

/* For `check`: is "handoffs" what is drawn above, or not there? */
bool ticket_handoffs_are_sound(const json_t *ticket);

#endif
