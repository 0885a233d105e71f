/* ticket_watch.h: colleagues who keep an eye on a ticket that is not theirs.
 *
 *   ticket.watch {"ticket":n,"name":<an account>,"on":bool,"by","reason":"","seen"?}
 *
 * In the record: "watchers":["lin.wei",…], names of accounts, each once; their work list is "w" and
 * the name (ticket_queue.h). Who is named in a post of staff's as @lin.wei watches from then on and
 * is told by a notice "mentioned" (ticket_notices.h), whether it is a note or goes to the customer.
 * An @ inside a word (a mail address) names nobody, and neither does a customer's. Staff's own: no
 * customer sees it. Customers' colleagues are no watchers: what they may read is decided by their
 * link alone. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_WATCH_H
#define ASKFIRST_INTAKE_TICKET_TICKET_WATCH_H

#include "intake/inspect.h"
#include "intake/ticket/ticket_apply.h"

/* AF_NOT_FOUND: nobody is called so; AF_CONFLICT: it is so already; AF_TOO_LARGE past
 * TICKET_WATCHERS_MAX. */
enum status ticket_apply_watch(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;

/* Of a post that staff has just written: the first TICKET_MENTIONS_MAX whom it names. Nobody is
 * added past the limits, and the post stands all the same. */
enum status ticket_watch_mentioned(struct txn *txn, json_t *ticket, const struct command *command,
                                   struct error *err) MUST_USE;

/* For `check`: names, each once. */
void ticket_watch_check(struct inspection *in, const json_t *ticket);

#endif
