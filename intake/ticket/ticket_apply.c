/* What the commands of a ticket share. */
#include "intake/ticket/ticket_apply.h"

#include "data/base/clock.h"
#include "intake/clock/service_clock.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_entered.h"
#include "intake/ticket/ticket_steps.h"

enum ticket_state ticket_state_of(const json_t *ticket)
{
    enum ticket_state state;

    /* A name that is not in the table can only be damage; closed allows the least. */
    return ticket_state_parse(bytes_str(json_get_str(ticket, "state")), &state) ? state
                                                                                : TICKET_CLOSED;
}

enum status ticket_append(json_t *ticket, const char *list, json_t *item, struct error *err)
{
    if (json_array_append_new(json_object_get(ticket, list), item) == 0)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- its history --------------------------------------------------------------------------- */

static enum status add_history(json_t *ticket, const char *by, const char *event, const char *to,
                               const char *reason, int64_t at_ms, json_t *more, struct error *err)
{
    json_t *item =
        json_pack("{s:o,s:s,s:s,s:s,s:s,s:s}", "at", json_from_time(at_ms), "by", by, "event",
                  event, "from", json_get_str(ticket, "state"), "to", to, "reason", reason);
    bool ok = item != NULL && (more == NULL || json_object_update_missing(item, more) == 0);

    json_decref(more);
    if (ok)
        return ticket_append(ticket, "history", item, err);
    json_decref(item);
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

enum status ticket_add_event(json_t *ticket, const struct command *command, const char *event,
                             json_t *more, struct error *err)
{
    return add_history(ticket, json_get_str(command->body, "by"), event,
                       json_get_str(ticket, "state"), json_get_str(command->body, "reason"),
                       command->at_ms, more, err);
}

enum status ticket_set_state(struct txn *txn, json_t *ticket, const struct command *command,
                             const char *event, enum ticket_state to, struct error *err)
{
    const enum ticket_state from = ticket_state_of(ticket);
    bool ok = true;
    enum status status =
        add_history(ticket, json_get_str(command->body, "by"), event, ticket_state_name(to),
                    json_get_str(command->body, "reason"), command->at_ms, NULL, err);

    if (status != AF_OK)
        return status;
    json_put(ticket, "state", json_string(ticket_state_name(to)), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    return ticket_entered(txn, ticket, command, from, to, err);
}

enum status ticket_event_about(json_t *ticket, uint32_t no, struct error *err)
{
    json_t *history = json_object_get(ticket, "history");
    bool ok = true;

    json_put(json_array_get(history, json_array_size(history) - 1), "other", json_integer(no), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- clocks ------------------------------------------------------------------------------- */

static enum status add_clock_event(void *context, const char *kind, const char *event,
                                   int64_t since_ms, struct error *err)
{
    json_t *ticket = context;
    enum status status = add_history(ticket, "system", event, json_get_str(ticket, "state"), kind,
                                     since_ms, NULL, err);

    return status == AF_OK ? ticket_steps_passed(ticket, kind, event, since_ms, err) : status;
}

/* What had passed by now is written down, whoever noticed it; then the clocks are as the command
 * has them. "Now" is the instant they were computed at: what passes until the commit is not in
 * them and is the sweep's to see, once. */
static enum status take_clocks(json_t *ticket, const struct command *command, struct error *err)
{
    json_t *clocks = json_object_get(command->body, "clocks");
    int64_t at_ms = command->at_ms, computed_ms;
    bool ok = true;
    enum status status;

    if (clocks != NULL &&
        clock_parse(bytes_str(json_get_str(command->body, "clocks_at")), &computed_ms) &&
        computed_ms < at_ms)
        at_ms = computed_ms;
    status = ticket_clocks_advance(json_object_get(ticket, "clocks"), at_ms, add_clock_event,
                                   ticket, err);
    if (status != AF_OK || clocks == NULL || (status = ticket_clocks_check(clocks, err)) != AF_OK)
        return status;
    json_put(ticket, "clocks", json_deep_copy(clocks), &ok);
    return ok ? ticket_steps_take(ticket, command, err)
              : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
}

/* --- one change ---------------------------------------------------------------------------- */

static enum status load_seen(struct txn *txn, const struct command *command, const char *name,
                             const char *seen_name, json_t **ticket, struct error *err)
{
    const json_t *seen = json_object_get(command->body, seen_name);
    enum status status = ticket_load(txn, (uint32_t)json_get_u64(command->body, name), ticket, err);

    if (status != AF_OK || seen == NULL ||
        (uint64_t)json_integer_value(seen) == json_get_u64(*ticket, "version"))
        return status;
    json_decref(*ticket);
    return error_set(err, AF_CONFLICT, "the ticket was changed meanwhile: look at it again");
}

enum status ticket_load_seen(struct txn *txn, const struct command *command, json_t **ticket,
                             struct error *err)
{
    return load_seen(txn, command, "ticket", "seen", ticket, err);
}

enum status ticket_apply_change(struct txn *txn, const struct command *command,
                                ticket_change_fn change, json_t *result, struct error *err)
{
    json_t *ticket;
    enum status status = ticket_load_seen(txn, command, &ticket, err);

    if (status != AF_OK)
        return status;
    status = take_clocks(ticket, command, err);
    if (status == AF_OK)
        status = change(txn, ticket, command, result, err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command, err);
    json_decref(ticket);
    return status;
}

enum status ticket_apply_pair(struct txn *txn, const struct command *command, ticket_pair_fn change,
                              json_t *result, struct error *err)
{
    json_t *ticket, *other = NULL;
    enum status status;

    if (json_get_u64(command->body, "ticket") == json_get_u64(command->body, "other"))
        return error_set(err, AF_INVALID, "a ticket has no such relation to itself");
    if ((status = load_seen(txn, command, "ticket", "seen", &ticket, err)) != AF_OK)
        return status;
    status = load_seen(txn, command, "other", "other_seen", &other, err);
    if (status == AF_OK)
        status = take_clocks(ticket, command, err);
    if (status == AF_OK)
        status = change(txn, ticket, other, command, result, err);
    if (status == AF_OK)
        status = ticket_save(txn, other, command, err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command, err);
    json_decref(ticket);
    json_decref(other);
    return status;
}
