/* ticket_split.h: a ticket that was two: some posts of its thread become a ticket of their own.
 *
 *   ticket.open   {…,"split":{"from":n,"posts":[0,2,3],"by","reason","contact"?:{"id","account"}}}
 *
 * "posts" are places in the old one's thread from 1, rising; 0: the words it was opened with. The
 * new ticket's "text" has those that the old one's customer may read, composed by the proposer;
 * the others become internal posts of it, copied here. Nothing leaves the old one.
 *
 *   5 split_from 7, 7 split_into 5     rows of ticket_relation; both histories have "split"
 *   5 "exempt":"split"                 the answer step was taken before the old one */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_SPLIT_H
#define ASKFIRST_INTAKE_TICKET_TICKET_SPLIT_H

#include "intake/inspect.h"
#include "intake/ticket/ticket_apply.h"

/* May these posts (a JSON array) be split from it? AF_CONFLICT: it is over; AF_INVALID names the
 * post. */
enum status ticket_split_check(const json_t *old, const json_t *posts, struct error *err) MUST_USE;

/* Internal, or written through another's link: not for this ticket's own reporter to read. */
bool ticket_split_is_hidden(const json_t *old, const json_t *post);

/* ticket.open: checks, gives the new ticket its internal posts and both their histories an entry,
 * and saves the old one. AF_OK without "split". */
enum status ticket_split_take(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err) MUST_USE;

/* For `check`: is what it was split from known? */
void ticket_split_inspect(struct inspection *in, const json_t *ticket, uint32_t no);

#endif
