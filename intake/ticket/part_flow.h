/* part_flow.h: the life of a request for a spare part (备件申请), as one table.
 *
 *   ─request► requested ─promise► promised ─ship► shipped ─receive► received ─return► returned
 *                 └──────────────ship──────────────►
 *
 * A request may be shipped, arrive and go back in portions: it is shipped from the first portion
 * on, received when all have arrived, returned when as many defective ones are back. What is
 * counted is in ticket_parts.h. promise gives another date, reduce fewer pieces; lost takes a
 * shipment off, so that it can be shipped again; keep ends the wait for the defective ones; cancel
 * is for what nothing was shipped of. late and return_late happen by themselves. */
#ifndef ASKFIRST_INTAKE_TICKET_PART_FLOW_H
#define ASKFIRST_INTAKE_TICKET_PART_FLOW_H

#include "data/base/bytes.h"
#include "data/base/error.h"

enum part_state {
    PART_REQUESTED,
    PART_PROMISED,
    PART_SHIPPED,
    PART_RECEIVED,
    PART_RETURNED,
    PART_CANCELLED,
    PART_STATES
};

enum part_event {
    PART_PROMISE,
    PART_SHIP,
    PART_RECEIVE,
    PART_RETURN,
    PART_KEEP,   /* says why */
    PART_REDUCE, /* says why */
    PART_LOST,   /* says why */
    PART_CANCEL, /* says why */
    PART_LATE,
    PART_RETURN_LATE,
    PART_EVENTS
};

const char *part_state_name(enum part_state state);
bool part_state_parse(struct bytes name, enum part_state *out);
const char *part_event_name(enum part_event event);
bool part_event_parse(struct bytes name, enum part_event *out);

/* It has not all arrived. */
bool part_is_awaited(enum part_state state);
/* A step that only the sweep takes. */
bool part_event_is_systems(enum part_event event);

/* Where the event leads before portions are counted. AF_CONFLICT when the table has no such step;
 * AF_INVALID when it needs a reason and has none. */
enum status part_flow_step(enum part_state from, enum part_event event, const char *reason,
                           enum part_state *to, struct error *err) MUST_USE;

#endif
