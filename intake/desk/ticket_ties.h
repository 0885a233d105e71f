/* ticket_ties.h: what people do with a ticket and another one. Staff only; AF_CHANGED as in
 * ticket_change.h. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_TIES_H
#define ASKFIRST_INTAKE_DESK_TICKET_TIES_H

#include "intake/app.h"
#include "intake/who.h"

/* `no` is the same as `into` and ends in it (ticket/ticket_merge.h); when that is merged itself, in
 * the one that goes on for it, which is at *survivor. AF_CONFLICT says why it may not be. */
enum status ticket_merge(struct app *app, const struct who *who, uint32_t no, uint32_t into,
                         struct bytes reason, uint32_t *survivor, struct error *err) MUST_USE;

/* It was another after all: back to the state and the clocks it had. For supervisors and admins,
 * with a reason. */
enum status ticket_unmerge(struct app *app, const struct who *who, uint32_t no, struct bytes reason,
                           struct error *err) MUST_USE;

#endif
