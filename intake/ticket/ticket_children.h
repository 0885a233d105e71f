/* ticket_children.h: what a parent's end means for its children (ticket_relation.h): each that is
 * still work is told, in bounded steps, once.
 *
 *   7 is restored or resolved ──► "telling" and the timer "children", due at once
 *   sweep: the next TICKET_CHILDREN_BATCH ──► ticket.told for each, then ticket.children ──┐
 *      ▲                                              where it has come to; again, or done │
 *      └────────────────────────────────────────────────────────────────────────────────────┘
 *
 *   ticket.told     {"ticket":child,"parent":n,"round":r,"event":"restore|resolve","text",
 *                    "with":bool,"reason":"","by","seen"?,"clocks"?,"clocks_at"?}
 *   ticket.children {"ticket":n,"round":r,"of","kind","after","told":k,"missed":m,"done":bool,"seen"}
 *
 * In the parent's record: "telling":{"event","round","by","text"?,"with":bool,"of","kind","after",
 * "told","missed"}: the row of table ticket_relation it has come to (of: itself, or a ticket that
 * was merged into it). A round has the number of the command that began it; in the child's record
 * "heard":{"parent","round"} says which it was told last, so that a step done twice (two sweepers,
 * a crash between the child's command and the parent's) tells nobody twice.
 *
 * The command that ends the parent may say what its children hear:
 * "children":{"text"?,"with":bool}. Without a text each hears a shipped one, in its own language;
 * "with" resolves or restores them too, whatever they were waiting for. Children that are resolved
 * or over are not told. When the parent goes back to work the telling stops; its next end is
 * another round. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_CHILDREN_H
#define ASKFIRST_INTAKE_TICKET_TICKET_CHILDREN_H

#include "intake/ticket/ticket_apply.h"
#include "intake/ticket/ticket_relation.h"

#define TICKET_TIMER_CHILDREN "children"

enum status ticket_apply_told(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;
enum status ticket_apply_children(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err) MUST_USE;

/* What follows from a parent's new state; after the timers of what is over were cleared. */
enum status ticket_children_entered(struct txn *txn, json_t *ticket, const struct command *command,
                                    enum ticket_state from, enum ticket_state to,
                                    struct error *err) MUST_USE;

/* Is this ticket to be told of `round`? */
bool ticket_child_listens(const json_t *child, uint32_t parent, uint64_t round);

/* The first child after `place` (its `other`; 0: before the first), of the ticket itself or, when
 * it has no more, of those merged into it. AF_NOT_FOUND: there is none. */
enum status ticket_child_next(struct txn *txn, const json_t *ticket,
                              const struct relation_key *place, struct relation_key *out,
                              struct error *err) MUST_USE;

#endif
