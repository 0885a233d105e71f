/* ticket_flow.h: the life of a ticket, as one table (DOMAIN.md 1.2).
 *
 *  submitted ─accept► accepted ─triage► triaged ─dispatch► dispatched ─start► in_progress
 *      └────────┴────────take (one step for a small desk)────────┘──────────────►  │  ▲
 *                                                                                  │  │
 *        pending_customer, pending_parts, pending_handoff  ◄─wait_…──── in_progress│  │resume
 *                        └──────────────────────resume───────────────────────────┘ ▼  │
 *                                        closed ◄─close── resolved ◄─resolve── [restored]
 *                                          └─reopen► in_progress
 *
 *  side exits: out_of_scope, cancelled, spam (from anything not yet resolved);
 *  merged (from that, resolved and closed), and by unmerge back to where it was
 *
 * Code asks the table and never compares states by hand. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_FLOW_H
#define ASKFIRST_INTAKE_TICKET_TICKET_FLOW_H

#include "data/base/json.h"

enum ticket_state {
    TICKET_SUBMITTED,
    TICKET_ACCEPTED,
    TICKET_TRIAGED,
    TICKET_DISPATCHED,
    TICKET_IN_PROGRESS,
    TICKET_PENDING_CUSTOMER,
    TICKET_PENDING_PARTS,
    TICKET_PENDING_HANDOFF,
    TICKET_RESTORED,
    TICKET_RESOLVED,
    TICKET_CLOSED,
    TICKET_OUT_OF_SCOPE,
    TICKET_CANCELLED,
    TICKET_SPAM,
    TICKET_MERGED, /* into another, which goes on (ticket_merge.h) */
    TICKET_STATES
};

enum ticket_event {
    EVENT_ACCEPT,
    EVENT_TRIAGE,
    EVENT_DISPATCH,
    EVENT_START,
    EVENT_TAKE,
    EVENT_WAIT_CUSTOMER,
    EVENT_WAIT_PARTS,
    EVENT_WAIT_HANDOFF,
    EVENT_RESUME,
    EVENT_RESTORE,
    EVENT_RESOLVE,
    EVENT_CLOSE,
    EVENT_REOPEN,
    EVENT_REJECT,
    EVENT_CANCEL,
    EVENT_SPAM,
    EVENT_MERGE,
    EVENT_UNMERGE,
    TICKET_EVENTS
};

const char *ticket_state_name(enum ticket_state state);
bool ticket_state_parse(struct bytes name, enum ticket_state *out);
const char *ticket_event_name(enum ticket_event event);
bool ticket_event_parse(struct bytes name, enum ticket_event *out);

/* Still somebody's work: neither closed nor one of the side exits. */
bool ticket_state_is_open(enum ticket_state state);

/* Where the event leads. AF_CONFLICT when it is not in the table from here, or what its guard
 * says; `ticket` is the record and `reason` the words given with the event. */
enum status ticket_flow_step(enum ticket_state from, enum ticket_event event, const json_t *ticket,
                             const char *reason, enum ticket_state *to, struct error *err) MUST_USE;

/* Is the pair in the table at all (guards aside)? For pages that show buttons. */
bool ticket_flow_allows(enum ticket_state from, enum ticket_event event);

#endif
