/* outside_guard.h: what a ticket may not do because of what others owe on it (handoffs and parts).
 * For the guards of ticket_flow.c. Each is AF_CONFLICT with a sentence that names which one. */
#ifndef ASKFIRST_INTAKE_TICKET_OUTSIDE_GUARD_H
#define ASKFIRST_INTAKE_TICKET_OUTSIDE_GUARD_H

#include "data/base/json.h"

/* Waiting needs something to wait for. */
enum status outside_awaits_handoff(const json_t *ticket, struct error *err) MUST_USE;
enum status outside_awaits_parts(const json_t *ticket, struct error *err) MUST_USE;

/* Nothing is open: it may be closed, or go to another place. */
enum status outside_is_settled(const json_t *ticket, struct error *err) MUST_USE;

/* What is open can be called back: it may be cancelled. Parts that were shipped cannot. */
enum status outside_can_stop(const json_t *ticket, struct error *err) MUST_USE;

#endif
