/* ticket_entered.h: what follows by itself when a ticket comes to another state. One place, so that
 * it is so whoever or whatever brought it there: a step, a customer's reply, a timer. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_ENTERED_H
#define ASKFIRST_INTAKE_TICKET_TICKET_ENTERED_H

#include "intake/ticket/ticket_apply.h"

/* Called by ticket_set_state after "state" is `to`; changes the record. */
enum status ticket_entered(struct txn *txn, json_t *ticket, const struct command *command,
                           enum ticket_state from, enum ticket_state to,
                           struct error *err) MUST_USE;

#endif
