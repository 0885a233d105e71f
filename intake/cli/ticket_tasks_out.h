/* ticket_tasks_out.h: a ticket's tasks, escalations and emergency as lines of `ticket show`. */
#ifndef ASKFIRST_INTAKE_CLI_TICKET_TASKS_OUT_H
#define ASKFIRST_INTAKE_CLI_TICKET_TASKS_OUT_H

#include "data/base/json.h"

/* Nothing for a ticket that has none of them. */
void ticket_tasks_add(struct buf *out, const json_t *ticket);

#endif
