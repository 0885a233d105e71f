/* ticket_check.h: do tickets agree with themselves, with their consults, with the cases they link
 * and with what points at them (tables link and ticket_key, meta next_ticket)? */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_CHECK_H
#define ASKFIRST_INTAKE_TICKET_TICKET_CHECK_H

#include "data/check.h"

/* A check_more_fn. */
enum status ticket_check(struct txn *txn, fault_fn fault, void *context,
                         struct error *err) MUST_USE;

#endif
