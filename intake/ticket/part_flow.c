#include "intake/ticket/part_flow.h"

#include <assert.h>

static const char *const states[PART_STATES] = {
    "requested", "promised", "shipped", "received", "returned", "cancelled",
};

static const char *const events[PART_EVENTS] = {
    "promise", "ship", "receive", "return", "keep",
    "reduce",  "lost", "cancel",  "late",   "return_late",
};

static const struct step {
    enum part_state from;
    enum part_event event;
    enum part_state to;
    bool needs_reason;
} steps[] = {
    {PART_REQUESTED, PART_PROMISE,     PART_PROMISED,  false},
    {PART_REQUESTED, PART_SHIP,        PART_SHIPPED,   false},
    {PART_REQUESTED, PART_REDUCE,      PART_REQUESTED, true },
    {PART_REQUESTED, PART_CANCEL,      PART_CANCELLED, true },
    {PART_REQUESTED, PART_LATE,        PART_REQUESTED, false},

    {PART_PROMISED,  PART_PROMISE,     PART_PROMISED,  false},
    {PART_PROMISED,  PART_SHIP,        PART_SHIPPED,   false},
    {PART_PROMISED,  PART_REDUCE,      PART_PROMISED,  true },
    {PART_PROMISED,  PART_CANCEL,      PART_CANCELLED, true },
    {PART_PROMISED,  PART_LATE,        PART_PROMISED,  false},

    {PART_SHIPPED,   PART_PROMISE,     PART_SHIPPED,   false},
    {PART_SHIPPED,   PART_SHIP,        PART_SHIPPED,   false},
    {PART_SHIPPED,   PART_RECEIVE,     PART_SHIPPED,   false},
    {PART_SHIPPED,   PART_REDUCE,      PART_SHIPPED,   true },
    {PART_SHIPPED,   PART_LOST,        PART_SHIPPED,   true },
    {PART_SHIPPED,   PART_LATE,        PART_SHIPPED,   false},

    {PART_RECEIVED,  PART_RETURN,      PART_RECEIVED,  false},
    {PART_RECEIVED,  PART_KEEP,        PART_RECEIVED,  true },
    {PART_RECEIVED,  PART_RETURN_LATE, PART_RECEIVED,  false},
};

enum status part_flow_step(enum part_state from, enum part_event event, const char *reason,
                           enum part_state *to, struct error *err)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].from != from || steps[i].event != event)
            continue;
        if (steps[i].needs_reason && reason[0] == '\0')
            return error_set(err, AF_INVALID, "\"reason\" is missing: say why");
        *to = steps[i].to;
        return AF_OK;
    }
    return error_set(err, AF_CONFLICT, "a part request that is %s takes no step \"%s\"",
                     part_state_name(from), part_event_name(event));
}

bool part_is_awaited(enum part_state state)
{
    return state < PART_RECEIVED;
}

bool part_event_is_systems(enum part_event event)
{
    return event == PART_LATE || event == PART_RETURN_LATE;
}

/* --- names --------------------------------------------------------------------------------- */

const char *part_state_name(enum part_state state)
{
    assert((unsigned)state < PART_STATES);
    return states[state];
}

const char *part_event_name(enum part_event event)
{
    assert((unsigned)event < PART_EVENTS);
    return events[event];
}

bool part_state_parse(struct bytes name, enum part_state *out)
{
    for (unsigned i = 0; i < PART_STATES; i++)
        if (bytes_equal(name, bytes_str(states[i]))) {
            *out = (enum part_state)i;
            return true;
        }
    return false;
}

bool part_event_parse(struct bytes name, enum part_event *out)
{
    for (unsigned i = 0; i < PART_EVENTS; i++)
        if (bytes_equal(name, bytes_str(events[i]))) {
            *out = (enum part_event)i;
            return true;
        }
    return false;
}
