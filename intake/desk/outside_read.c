/* What is shown of a ticket's handoffs and parts. */
#include "intake/desk/outside.h"

#include "intake/ticket/ticket_handoffs.h"

void outside_leave_out_keys(json_t *ticket)
{
    json_t *handoff;
    size_t i;

    json_array_foreach(json_object_get(ticket, "handoffs"), i, handoff)
    {
        (void)json_object_del(handoff, "key");
    }
}

static void keep_only(json_t *object, const char *const kept[])
{
    const char *name;
    json_t *value;
    void *next;

    json_object_foreach_safe(object, next, name, value)
    {
        size_t i = 0;

        while (kept[i] != NULL && strcmp(kept[i], name) != 0)
            i++;
        if (kept[i] == NULL)
            (void)json_object_del(object, name);
    }
}

/* A handoff that is answered and not confirmed is ours again: what waits is a word of theirs. */
static bool waits(const json_t *handoff)
{
    const enum handoff_state state = handoff_state_of(handoff);

    return handoff_is_open(state) && state != HANDOFF_ANSWERED;
}

static void leave_out_handoffs(json_t *ticket)
{
    static const char *const kept[] = {"no", "at", "state", NULL};
    json_t *list = json_object_get(ticket, "handoffs");

    for (size_t i = json_array_size(list); i-- > 0;) {
        json_t *handoff = json_array_get(list, i);
        const bool is_waiting = waits(handoff);

        if (handoff_state_of(handoff) == HANDOFF_WITHDRAWN) {
            (void)json_array_remove(list, i);
            continue;
        }
        keep_only(handoff, kept);
        (void)json_object_set_new(handoff, "state",
                                  json_string(is_waiting ? "waiting" : "answered"));
    }
}

static void leave_out_parts(json_t *ticket)
{
    static const char *const kept[] = {
        "no",       "part",     "name",    "qty",  "state",   "at",         "promise",   "shipped",
        "received", "returned", "returns", "kept", "ship_to", "return_due", "shipments", NULL};
    static const char *const kept_of_shipment[] = {"at", "qty", "carrier", "tracking", NULL};
    json_t *part, *shipment;
    size_t i, j;

    json_array_foreach(json_object_get(ticket, "parts"), i, part)
    {
        keep_only(part, kept);
        json_array_foreach(json_object_get(part, "shipments"), j, shipment)
        {
            keep_only(shipment, kept_of_shipment);
        }
    }
}

/* That a part was asked for, sent and came is his to know; what was late is seen by the promise. */
static bool is_internal(const json_t *step)
{
    const char *event = json_get_str(step, "event");

    return strncmp(event, "handoff_", 8) == 0 || strcmp(event, "part_late") == 0 ||
           strcmp(event, "part_return_late") == 0;
}

void outside_leave_out_internal(json_t *ticket)
{
    json_t *history = json_object_get(ticket, "history");

    leave_out_handoffs(ticket);
    leave_out_parts(ticket);
    for (size_t i = json_array_size(history); i-- > 0;)
        if (is_internal(json_array_get(history, i)))
            (void)json_array_remove(history, i);
}
