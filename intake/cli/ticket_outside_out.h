/* ticket_outside_out.h: a ticket's handoffs and part requests as lines of `ticket show`. */
#ifndef ASKFIRST_INTAKE_CLI_TICKET_OUTSIDE_OUT_H
#define ASKFIRST_INTAKE_CLI_TICKET_OUTSIDE_OUT_H

#include "data/base/json.h"

/* A line for each; nothing for a ticket that has none of them. */
void ticket_outside_add(struct buf *out, const json_t *ticket);

#endif
