#include "intake/ticket/handoff_flow.h"

#include <assert.h>

static const char *const states[HANDOFF_STATES] = {
    "sent", "accepted", "declined", "answered", "confirmed", "withdrawn",
};

static const char *const events[HANDOFF_EVENTS] = {
    "accept", "decline", "answer", "confirm", "send", "withdraw", "overdue",
};

static const struct step {
    enum handoff_state from;
    enum handoff_event event;
    enum handoff_state to;
    bool needs_reason;
} steps[] = {
    {HANDOFF_SENT,     HANDOFF_ACCEPT,   HANDOFF_ACCEPTED,  false},
    {HANDOFF_SENT,     HANDOFF_DECLINE,  HANDOFF_DECLINED,  true },
    {HANDOFF_SENT,     HANDOFF_ANSWER,   HANDOFF_ANSWERED,  false},
    {HANDOFF_SENT,     HANDOFF_WITHDRAW, HANDOFF_WITHDRAWN, true },
    {HANDOFF_SENT,     HANDOFF_OVERDUE,  HANDOFF_SENT,      false},

    {HANDOFF_ACCEPTED, HANDOFF_ANSWER,   HANDOFF_ANSWERED,  false},
    {HANDOFF_ACCEPTED, HANDOFF_WITHDRAW, HANDOFF_WITHDRAWN, true },
    {HANDOFF_ACCEPTED, HANDOFF_OVERDUE,  HANDOFF_ACCEPTED,  false},

    {HANDOFF_DECLINED, HANDOFF_CONFIRM,  HANDOFF_CONFIRMED, false},
    {HANDOFF_DECLINED, HANDOFF_SEND,     HANDOFF_SENT,      true },
    {HANDOFF_DECLINED, HANDOFF_WITHDRAW, HANDOFF_WITHDRAWN, true },

    {HANDOFF_ANSWERED, HANDOFF_CONFIRM,  HANDOFF_CONFIRMED, false},
    {HANDOFF_ANSWERED, HANDOFF_SEND,     HANDOFF_SENT,      true },
    {HANDOFF_ANSWERED, HANDOFF_WITHDRAW, HANDOFF_WITHDRAWN, true },
};

enum status handoff_flow_step(enum handoff_state from, enum handoff_event event, const char *reason,
                              enum handoff_state *to, struct error *err)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (steps[i].from != from || steps[i].event != event)
            continue;
        if (steps[i].needs_reason && reason[0] == '\0')
            return error_set(err, AF_INVALID, "\"reason\" is missing: say why");
        *to = steps[i].to;
        return AF_OK;
    }
    return error_set(err, AF_CONFLICT, "a handoff that is %s takes no step \"%s\"",
                     handoff_state_name(from), handoff_event_name(event));
}

bool handoff_is_open(enum handoff_state state)
{
    return state < HANDOFF_CONFIRMED;
}

bool handoff_is_awaited(enum handoff_state state)
{
    return state == HANDOFF_SENT || state == HANDOFF_ACCEPTED;
}

bool handoff_event_is_targets(enum handoff_event event)
{
    return event == HANDOFF_ACCEPT || event == HANDOFF_DECLINE || event == HANDOFF_ANSWER;
}

/* --- names --------------------------------------------------------------------------------- */

const char *handoff_state_name(enum handoff_state state)
{
    assert((unsigned)state < HANDOFF_STATES);
    return states[state];
}

const char *handoff_event_name(enum handoff_event event)
{
    assert((unsigned)event < HANDOFF_EVENTS);
    return events[event];
}

bool handoff_state_parse(struct bytes name, enum handoff_state *out)
{
    for (unsigned i = 0; i < HANDOFF_STATES; i++)
        if (bytes_equal(name, bytes_str(states[i]))) {
            *out = (enum handoff_state)i;
            return true;
        }
    return false;
}

bool handoff_event_parse(struct bytes name, enum handoff_event *out)
{
    for (unsigned i = 0; i < HANDOFF_EVENTS; i++)
        if (bytes_equal(name, bytes_str(events[i]))) {
            *out = (enum handoff_event)i;
            return true;
        }
    return false;
}
