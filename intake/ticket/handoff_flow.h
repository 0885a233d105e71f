/* handoff_flow.h: the life of a handoff (流转): a question of a ticket that others answer, as one
 * table (DOMAIN.md 1.2).
 *
 *   ─send► sent ─accept► accepted ─answer► answered ─confirm► confirmed
 *           │ │                               │                  ▲
 *           │ └──────────────answer──────────►│ (who answers     │
 *           │                                 │  has accepted)   │
 *           └─decline► declined ──────────────┼──confirm─────────┘
 *                         └─────send──────────┴──send► sent (again, or to another target)
 *
 *   from anything that is open: ─withdraw► withdrawn
 *
 * accept, decline and answer are the target's; the others are the desk's; overdue, which leaves the
 * state as it is, happens by itself. */
#ifndef ASKFIRST_INTAKE_TICKET_HANDOFF_FLOW_H
#define ASKFIRST_INTAKE_TICKET_HANDOFF_FLOW_H

#include "data/base/bytes.h"
#include "data/base/error.h"

enum handoff_state {
    HANDOFF_SENT,
    HANDOFF_ACCEPTED,
    HANDOFF_DECLINED,
    HANDOFF_ANSWERED,
    HANDOFF_CONFIRMED,
    HANDOFF_WITHDRAWN,
    HANDOFF_STATES
};

enum handoff_event {
    HANDOFF_ACCEPT,
    HANDOFF_DECLINE, /* says why */
    HANDOFF_ANSWER,  /* with a text */
    HANDOFF_CONFIRM,
    HANDOFF_SEND,     /* again: says what was missing, or why elsewhere */
    HANDOFF_WITHDRAW, /* says why */
    HANDOFF_OVERDUE,
    HANDOFF_EVENTS
};

const char *handoff_state_name(enum handoff_state state);
bool handoff_state_parse(struct bytes name, enum handoff_state *out);
const char *handoff_event_name(enum handoff_event event);
bool handoff_event_parse(struct bytes name, enum handoff_event *out);

/* Something is still to be done about it, by them or by us. */
bool handoff_is_open(enum handoff_state state);
/* They owe an answer. */
bool handoff_is_awaited(enum handoff_state state);
/* Whose step it is: the target may do it by his link. */
bool handoff_event_is_targets(enum handoff_event event);

/* AF_CONFLICT when the table has no such step; AF_INVALID when it needs a reason and has none. */
enum status handoff_flow_step(enum handoff_state from, enum handoff_event event, const char *reason,
                              enum handoff_state *to, struct error *err) MUST_USE;

#endif
