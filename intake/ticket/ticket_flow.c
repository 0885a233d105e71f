#include "intake/ticket/ticket_flow.h"

#include "intake/ticket/outside_guard.h"

#include <assert.h>

static const char *const states[TICKET_STATES] = {
    "submitted",        "accepted",      "triaged",         "dispatched", "in_progress",
    "pending_customer", "pending_parts", "pending_handoff", "restored",   "resolved",
    "closed",           "out_of_scope",  "cancelled",       "spam",       "merged",
};

static const char *const events[TICKET_EVENTS] = {
    "accept",     "triage",       "dispatch", "start",   "take",    "wait_customer",
    "wait_parts", "wait_handoff", "resume",   "restore", "resolve", "close",
    "reopen",     "reject",       "cancel",   "spam",    "merge",   "unmerge",
};

/* --- guards: who says whether it may happen ------------------------------------------------ */

typedef enum status (*guard_fn)(const json_t *ticket, const char *reason, struct error *err);

static enum status needs_reason(const json_t *ticket, const char *reason, struct error *err)
{
    (void)ticket;
    if (reason[0] != '\0')
        return AF_OK;
    return error_set(err, AF_INVALID, "\"reason\" is missing: say why");
}

/* The case that helped, or a stated reason why there is none: how the library fills itself. */
static enum status needs_link_or_reason(const json_t *ticket, const char *reason, struct error *err)
{
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(ticket, "links"), i, link)
    {
        if (strcmp(json_get_str(link, "role"), "resolved_by") == 0)
            return AF_OK;
    }
    if (reason[0] != '\0' || json_object_get(ticket, "nothing_to_record") != NULL)
        return AF_OK;
    return error_set(err, AF_CONFLICT,
                     "a ticket closes with the case that resolved it, or with a reason why there "
                     "is none to record");
}

/* These two change another ticket as well: their commands (ticket_merge.h) set and take away
 * "merged_into" before they ask, a bare step does not. */
static enum status names_survivor(const json_t *ticket, const char *reason, struct error *err)
{
    (void)reason;
    if (json_get_u64(ticket, "merged_into") != 0)
        return outside_is_settled(ticket, err);
    return error_set(err, AF_INVALID, "\"into\" is missing: merging names the ticket that goes on");
}

static enum status was_let_go(const json_t *ticket, const char *reason, struct error *err)
{
    if (json_get_u64(ticket, "merged_into") != 0)
        return error_set(err, AF_INVALID,
                         "unmerging is not a step by itself: it changes the other ticket too");
    return needs_reason(ticket, reason, err);
}

static enum status needs_handoff(const json_t *ticket, const char *reason, struct error *err)
{
    (void)reason;
    return outside_awaits_handoff(ticket, err);
}

static enum status needs_parts(const json_t *ticket, const char *reason, struct error *err)
{
    (void)reason;
    return outside_awaits_parts(ticket, err);
}

static enum status settled(const json_t *ticket, const char *reason, struct error *err)
{
    (void)reason;
    return outside_is_settled(ticket, err);
}

/* S1 (ticket_emergency.h): the service first, its repair after. */
static enum status needs_restored(const json_t *ticket, const char *reason, struct error *err)
{
    (void)reason;
    if (strcmp(json_get_str(ticket, "severity"), "S1") != 0)
        return AF_OK;
    return error_set(err, AF_CONFLICT, "an S1 is restored before it is resolved");
}

/* A team that was called together says what it was before anybody forgets. */
static enum status root_cause_is_told(const json_t *ticket, struct error *err)
{
    const json_t *team = json_object_get(ticket, "emergency");

    if (team == NULL || json_object_get(team, "ended") != NULL ||
        json_object_get(team, "root_cause") != NULL)
        return AF_OK;
    return error_set(err, AF_CONFLICT, "an S1 closes with its root cause told (notice root_cause)");
}

static enum status settled_and_recorded(const json_t *ticket, const char *reason, struct error *err)
{
    enum status status = outside_is_settled(ticket, err);

    if (status == AF_OK)
        status = root_cause_is_told(ticket, err);
    return status == AF_OK ? needs_link_or_reason(ticket, reason, err) : status;
}

static enum status may_reject(const json_t *ticket, const char *reason, struct error *err)
{
    enum status status = outside_is_settled(ticket, err);

    return status == AF_OK ? needs_reason(ticket, reason, err) : status;
}

static enum status may_be_ended(const json_t *ticket, const char *reason, struct error *err)
{
    enum status status = outside_can_stop(ticket, err);

    return status == AF_OK ? needs_reason(ticket, reason, err) : status;
}

/* --- the table ----------------------------------------------------------------------------- */

static const struct step {
    enum ticket_state from;
    enum ticket_event event;
    enum ticket_state to; /* TICKET_STATES: where it was before */
    guard_fn guard;
} steps[] = {
    {TICKET_SUBMITTED,        EVENT_ACCEPT,        TICKET_ACCEPTED,         NULL                },
    {TICKET_ACCEPTED,         EVENT_TRIAGE,        TICKET_TRIAGED,          NULL                },
    {TICKET_TRIAGED,          EVENT_DISPATCH,      TICKET_DISPATCHED,       NULL                },
    {TICKET_DISPATCHED,       EVENT_START,         TICKET_IN_PROGRESS,      NULL                },

    {TICKET_SUBMITTED,        EVENT_TAKE,          TICKET_IN_PROGRESS,      NULL                },
    {TICKET_ACCEPTED,         EVENT_TAKE,          TICKET_IN_PROGRESS,      NULL                },
    {TICKET_TRIAGED,          EVENT_TAKE,          TICKET_IN_PROGRESS,      NULL                },
    {TICKET_DISPATCHED,       EVENT_TAKE,          TICKET_IN_PROGRESS,      NULL                },

    {TICKET_IN_PROGRESS,      EVENT_WAIT_CUSTOMER, TICKET_PENDING_CUSTOMER, NULL                },
    {TICKET_IN_PROGRESS,      EVENT_WAIT_PARTS,    TICKET_PENDING_PARTS,    needs_parts         },
    {TICKET_IN_PROGRESS,      EVENT_WAIT_HANDOFF,  TICKET_PENDING_HANDOFF,  needs_handoff       },
    {TICKET_PENDING_CUSTOMER, EVENT_RESUME,        TICKET_IN_PROGRESS,      NULL                },
    {TICKET_PENDING_PARTS,    EVENT_RESUME,        TICKET_IN_PROGRESS,      NULL                },
    {TICKET_PENDING_HANDOFF,  EVENT_RESUME,        TICKET_IN_PROGRESS,      NULL                },
    {TICKET_RESTORED,         EVENT_RESUME,        TICKET_IN_PROGRESS,      NULL                },
    {TICKET_RESOLVED,         EVENT_RESUME,        TICKET_IN_PROGRESS,      NULL                },

    {TICKET_IN_PROGRESS,      EVENT_RESTORE,       TICKET_RESTORED,         NULL                },
    {TICKET_IN_PROGRESS,      EVENT_RESOLVE,       TICKET_RESOLVED,         needs_restored      },
    {TICKET_RESTORED,         EVENT_RESOLVE,       TICKET_RESOLVED,         NULL                },
    {TICKET_RESOLVED,         EVENT_CLOSE,         TICKET_CLOSED,           settled_and_recorded},
    {TICKET_CLOSED,           EVENT_REOPEN,        TICKET_IN_PROGRESS,      needs_reason        },

    {TICKET_RESOLVED,         EVENT_MERGE,         TICKET_MERGED,           names_survivor      },
    {TICKET_CLOSED,           EVENT_MERGE,         TICKET_MERGED,           names_survivor      },
    {TICKET_MERGED,           EVENT_UNMERGE,       TICKET_STATES,           was_let_go          },
};

/* Side exits leave from every state that is still work and not yet resolved. */
static const struct step exits[] = {
    {TICKET_STATES, EVENT_REJECT, TICKET_OUT_OF_SCOPE, may_reject    },
    {TICKET_STATES, EVENT_CANCEL, TICKET_CANCELLED,    may_be_ended  },
    {TICKET_STATES, EVENT_SPAM,   TICKET_SPAM,         settled       },
    {TICKET_STATES, EVENT_MERGE,  TICKET_MERGED,       names_survivor},
};

static const struct step *find_step(enum ticket_state from, enum ticket_event event)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].from == from && steps[i].event == event)
            return &steps[i];
    if (from >= TICKET_RESOLVED)
        return NULL;
    for (size_t i = 0; i < sizeof exits / sizeof exits[0]; i++)
        if (exits[i].event == event)
            return &exits[i];
    return NULL;
}

bool ticket_flow_allows(enum ticket_state from, enum ticket_event event)
{
    return find_step(from, event) != NULL;
}

enum status ticket_flow_step(enum ticket_state from, enum ticket_event event, const json_t *ticket,
                             const char *reason, enum ticket_state *to, struct error *err)
{
    const struct step *step = find_step(from, event);
    enum status status;

    if (step == NULL)
        return error_set(err, AF_CONFLICT, "a ticket that is %s cannot %s", ticket_state_name(from),
                         ticket_event_name(event));
    if (step->guard != NULL && (status = step->guard(ticket, reason, err)) != AF_OK)
        return status;
    *to = step->to;
    if (*to != TICKET_STATES ||
        ticket_state_parse(
            bytes_str(json_get_str(json_object_get(ticket, "before_merge"), "state")), to))
        return AF_OK;
    return error_set(err, AF_CORRUPT, "damaged: a ticket has lost the state it was merged in");
}

/* --- names --------------------------------------------------------------------------------- */

const char *ticket_state_name(enum ticket_state state)
{
    assert((unsigned)state < TICKET_STATES);
    return states[state];
}

const char *ticket_event_name(enum ticket_event event)
{
    assert((unsigned)event < TICKET_EVENTS);
    return events[event];
}

static bool parse(const char *const *names, unsigned count, struct bytes name, unsigned *out)
{
    for (unsigned i = 0; i < count; i++)
        if (bytes_equal(name, bytes_str(names[i]))) {
            *out = i;
            return true;
        }
    return false;
}

bool ticket_state_parse(struct bytes name, enum ticket_state *out)
{
    unsigned i;

    if (!parse(states, TICKET_STATES, name, &i))
        return false;
    *out = (enum ticket_state)i;
    return true;
}

bool ticket_event_parse(struct bytes name, enum ticket_event *out)
{
    unsigned i;

    if (!parse(events, TICKET_EVENTS, name, &i))
        return false;
    *out = (enum ticket_event)i;
    return true;
}

bool ticket_state_is_open(enum ticket_state state)
{
    return state < TICKET_CLOSED;
}
