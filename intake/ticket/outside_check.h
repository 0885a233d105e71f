/* outside_check.h: for ticket_check: do handoffs, parts, tables outside and handoff_key agree? */
#ifndef ASKFIRST_INTAKE_TICKET_OUTSIDE_CHECK_H
#define ASKFIRST_INTAKE_TICKET_OUTSIDE_CHECK_H

#include "intake/inspect.h"

/* Of one ticket: its lists, and that their rows are there. */
void outside_check_ticket(struct inspection *in, const json_t *ticket, uint32_t no);

/* After all tickets: rows that belong to none. */
enum status outside_check_rows(struct inspection *in, struct error *err) MUST_USE;

#endif
