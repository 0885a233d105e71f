#include "intake/ticket/outside_guard.h"

#include "intake/ticket/ticket_handoffs.h"
#include "intake/ticket/ticket_parts.h"

enum status outside_awaits_handoff(const json_t *ticket, struct error *err)
{
    if (ticket_handoff_awaited(ticket) != NULL)
        return AF_OK;
    return error_set(err, AF_CONFLICT, "there is no handoff that an answer is awaited of");
}

enum status outside_awaits_parts(const json_t *ticket, struct error *err)
{
    if (ticket_part_awaited(ticket) != NULL)
        return AF_OK;
    return error_set(err, AF_CONFLICT, "no part that was requested is still to arrive");
}

static enum status part_stands_in_the_way(const json_t *part, const char *why, struct error *err)
{
    return error_set(err, AF_CONFLICT, "part request %llu (%.60s, %s) %s",
                     (unsigned long long)json_get_u64(part, "no"), json_get_str(part, "part"),
                     json_get_str(part, "state"), why);
}

enum status outside_is_settled(const json_t *ticket, struct error *err)
{
    const json_t *handoff = ticket_handoff_open(ticket), *part = ticket_part_open(ticket);

    if (handoff != NULL)
        return error_set(err, AF_CONFLICT,
                         "handoff %llu to %.60s (%s) is open: confirm or withdraw it first",
                         (unsigned long long)json_get_u64(handoff, "no"),
                         json_get_str(handoff, "target"), json_get_str(handoff, "state"));
    if (part != NULL)
        return part_stands_in_the_way(part, "is open: it arrives, is returned or cancelled first",
                                      err);
    return AF_OK;
}

enum status outside_can_stop(const json_t *ticket, struct error *err)
{
    const json_t *part = ticket_part_on_its_way(ticket);

    if (part != NULL)
        return part_stands_in_the_way(part, "was shipped: say what became of it first", err);
    return AF_OK;
}
