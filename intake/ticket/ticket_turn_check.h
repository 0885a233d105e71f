/* ticket_turn_check.h: for `check`: do the rows of ticket_turn and the tickets' histories agree? */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_TURN_CHECK_H
#define ASKFIRST_INTAKE_TICKET_TICKET_TURN_CHECK_H

#include "intake/inspect.h"

/* Whoever was given this ticket has a row, of then or later; counts those that are of then. */
void ticket_turn_check(struct inspection *in, const json_t *ticket, uint32_t no);

/* A row's ticket has the event it is of: of rows, for inspect_rows. */
void ticket_turn_check_row(struct inspection *in, struct bytes key, struct bytes body);

#endif
