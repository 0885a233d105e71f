/* The commands of part requests: to make one, and its steps. */
#include "intake/ticket/part_impl.h"

#include "data/base/clock.h"
#include "intake/body.h"
#include "intake/ticket/ticket_timers.h"

#include <stdio.h>

/* --- what every step writes ------------------------------------------------------------------- */

static enum status add_turn(json_t *part, const struct command *command, const char *event,
                            const char *from, const char *to, struct error *err)
{
    static const char *const said[] = {"qty", "promise", "reason"};
    json_t *turns = json_object_get(part, "history"), *turn;
    bool ok = true;

    /* What ends a request is always possible. */
    if (json_array_size(turns) >= PART_TURNS_MAX && strcmp(to, "cancelled") != 0)
        return error_set(err, AF_TOO_LARGE, "a part request has at most %d steps", PART_TURNS_MAX);
    turn = json_pack("{s:o,s:s,s:s,s:s,s:s}", "at", json_from_time(command->at_ms), "by",
                     json_get_str(command->body, "by"), "event", event, "from", from, "to", to);
    for (size_t i = 0; turn != NULL && i < sizeof said / sizeof said[0]; i++) {
        json_t *value = json_object_get(command->body, said[i]);

        if (json_is_integer(value) || json_string_length(value) > 0)
            json_put(turn, said[i], json_incref(value), &ok);
    }
    return json_array_append_new(turns, turn) == 0 && ok ? AF_OK : part_no_memory(err);
}

static enum status set_timer(json_t *ticket, const json_t *part, const char *what, bool is_waiting,
                             const char *until, const char *passed, struct error *err)
{
    char name[TICKET_TIMER_WHAT_BYTES_MAX + 1];
    int64_t at_ms;

    (void)snprintf(name, sizeof name, "%s:%llu", what,
                   (unsigned long long)json_get_u64(part, "no"));
    if (is_waiting && json_object_get(part, passed) == NULL &&
        clock_parse(bytes_str(json_get_str(part, until)), &at_ms))
        return ticket_timer_set(ticket, name, at_ms, err);
    ticket_timer_clear(ticket, name);
    return AF_OK;
}

static enum status set_timers(json_t *ticket, const json_t *part, struct error *err)
{
    const bool is_awaited = part_is_awaited(part_state_of(part));
    enum status status =
        set_timer(ticket, part, "part",
                  is_awaited && json_get_u64(part, "shipped") < json_get_u64(part, "qty"),
                  "promise", "late", err);

    if (status != AF_OK)
        return status;
    return set_timer(ticket, part, "return", !is_awaited && part_is_open(part), "return_due",
                     "return_late", err);
}

static enum status add_event(json_t *ticket, const struct command *command, const char *event,
                             const json_t *part, struct error *err)
{
    char name[48];

    (void)snprintf(name, sizeof name, "part_%s", event);
    return ticket_add_event(ticket, command, name,
                            json_pack("{s:O,s:O}", "request", json_object_get(part, "no"), "part",
                                      json_object_get(part, "part")),
                            err);
}

/* --- part.request ----------------------------------------------------------------------------- */

static const struct body_member request_members[] = {
    {"part",        BODY_TEXT},
    {"name",        BODY_TEXT},
    {"stock_point", BODY_TEXT},
    {"ship_to",     BODY_TEXT},
    {"promise",     BODY_TEXT},
    {"by",          BODY_TEXT},
    {NULL,          BODY_TEXT},
};

static enum status check_request(const json_t *body, struct error *err)
{
    const size_t point_len = strlen(json_get_str(body, "stock_point"));
    const size_t part_len = strlen(json_get_str(body, "part"));
    enum status status = body_check(body, request_members, err);

    if (status != AF_OK || (status = part_check_qty(body, err)) != AF_OK ||
        (status = part_check_promise(body, err)) != AF_OK)
        return status;
    if (part_len == 0)
        return error_set(err, AF_INVALID, "\"part\" is empty: which part?");
    if (point_len == 0 || point_len > RULES_ID_BYTES_MAX)
        return error_set(err, AF_INVALID, "\"stock_point\" is not the id of a stock point");
    if (part_len > PART_NUMBER_BYTES_MAX ||
        strlen(json_get_str(body, "name")) > RULES_NAME_BYTES_MAX ||
        strlen(json_get_str(body, "ship_to")) > CONTACT_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE,
                         "\"part\" is longer than %d bytes, or \"name\", or "
                         "\"ship_to\"",
                         PART_NUMBER_BYTES_MAX);
    return AF_OK;
}

static json_t *new_part(const struct command *command, size_t no)
{
    const json_t *body = command->body;
    const char *promise = json_get_str(body, "promise");
    json_t *part = json_pack(
        "{s:I,s:s,s:O,s:s,s:b,s:o,s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:b,s:[],s:[]}", "no", (json_int_t)no,
        "part", json_get_str(body, "part"), "qty", json_object_get(body, "qty"), "stock_point",
        json_get_str(body, "stock_point"), "from_stock", json_get_bool(body, "from_stock"), "at",
        json_from_time(command->at_ms), "by", json_get_str(body, "by"), "state",
        part_state_name(PART_REQUESTED), "promise", promise, "first_promise", promise, "shipped", 0,
        "received", 0, "returned", 0, "returns", json_get_bool(body, "returns"), "shipments",
        "history");
    bool ok = part != NULL;

    if (ok && json_get_str(body, "name")[0] != '\0')
        json_put(part, "name", json_string(json_get_str(body, "name")), &ok);
    if (ok && json_get_str(body, "ship_to")[0] != '\0')
        json_put(part, "ship_to", json_string(json_get_str(body, "ship_to")), &ok);
    if (ok)
        return part;
    json_decref(part);
    return NULL;
}

static enum status add_part(json_t *ticket, const struct command *command, json_t **out,
                            struct error *err)
{
    json_t *list = json_object_get(ticket, "parts");
    bool ok = true;
    enum status status = check_request(command->body, err);

    if (status != AF_OK)
        return status;
    if (list == NULL)
        json_put(ticket, "parts", list = json_array(), &ok);
    if (json_array_size(list) >= TICKET_PARTS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket has at most %d part requests",
                         TICKET_PARTS_MAX);
    *out = new_part(command, json_array_size(list) + 1);
    if (!ok || *out == NULL || json_array_append_new(list, *out) != 0)
        return part_no_memory(err);
    return add_turn(*out, command, "request", "", part_state_name(PART_REQUESTED), err);
}

static enum status request_one(struct txn *txn, json_t *ticket, const struct command *command,
                               json_t *result, struct error *err)
{
    const struct outside_row none = {0};
    struct outside_row row;
    json_t *part = NULL;
    bool ok = true;
    enum status status;

    if (!ticket_state_is_open(ticket_state_of(ticket)))
        return error_set(err, AF_CONFLICT, "this ticket is %s", json_get_str(ticket, "state"));
    if ((status = add_part(ticket, command, &part, err)) != AF_OK ||
        (status = set_timers(ticket, part, err)) != AF_OK ||
        (status = add_event(ticket, command, "request", part, err)) != AF_OK)
        return status;
    json_put(result, "request", json_incref(json_object_get(part, "no")), &ok);
    if (!ok)
        return part_no_memory(err);
    row = part_row((uint32_t)json_get_u64(ticket, "n"), part);
    return outside_move(txn, &none, &row, err);
}

enum status part_apply_request(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_change(txn, command, request_one, result, err);
}

/* --- part.step ---------------------------------------------------------------------- */

/* When all has arrived the defective ones are due back, if they are wanted. */
static enum status arrive(json_t *ticket, json_t *part, const struct command *command,
                          struct error *err)
{
    const char *return_due = json_get_str(command->body, "return_due");
    const char *owner = json_get_str(ticket, "person");
    int64_t ms;
    bool ok = true;
    enum status status;

    if (part_is_open(part) && clock_parse(bytes_str(return_due), &ms))
        json_put(part, "return_due", json_string(return_due), &ok);
    if (!ok)
        return part_no_memory(err);
    status = part_tell(ticket, command, "arrived",
                       owner[0] != '\0' ? owner : json_get_str(ticket, "group"), part, err);
    /* What arrived has arrived, however many notices there are. */
    return status == AF_TOO_LARGE ? AF_OK : status;
}

static enum status set_state(json_t *ticket, json_t *part, const struct command *command,
                             enum part_event event, enum part_state to, struct error *err)
{
    const enum part_state from = part_state_of(part);
    bool ok = true;
    enum status status = add_turn(part, command, part_event_name(event), part_state_name(from),
                                  part_state_name(to), err);

    if (status != AF_OK)
        return status;
    json_put(part, "state", json_string(part_state_name(to)), &ok);
    if (!ok)
        return part_no_memory(err);
    return part_is_awaited(from) && to == PART_RECEIVED ? arrive(ticket, part, command, err)
                                                        : AF_OK;
}

static enum status take_step(struct txn *txn, json_t *ticket, json_t *part,
                             const struct command *command, enum part_event event,
                             struct error *err)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    const struct outside_row before = part_row(no, part);
    struct outside_row after;
    enum part_state to;
    enum status status =
        part_flow_step(part_state_of(part), event, json_get_str(command->body, "reason"), &to, err);

    if (status != AF_OK || (status = part_take_event(ticket, part, command, event, err)) != AF_OK ||
        (status = set_state(ticket, part, command, event, part_settled(part, to), err)) != AF_OK ||
        (status = set_timers(ticket, part, err)) != AF_OK ||
        (status = add_event(ticket, command, part_event_name(event), part, err)) != AF_OK)
        return status;
    after = part_row(no, part);
    return outside_move(txn, &before, &after, err);
}

/* The last part to arrive brings the ticket back to work. */
static enum status wake(struct txn *txn, json_t *ticket, const struct command *command,
                        struct error *err)
{
    if (ticket_state_of(ticket) != TICKET_PENDING_PARTS || ticket_part_awaited(ticket) != NULL)
        return AF_OK;
    return ticket_set_state(txn, ticket, command, "resume", TICKET_IN_PROGRESS, err);
}

static enum status step_one(struct txn *txn, json_t *ticket, const struct command *command,
                            json_t *result, struct error *err)
{
    const json_t *body = command->body;
    json_t *part = ticket_part(ticket, json_get_u64(body, "request"));
    const char *name = json_get_str(body, "event");
    enum part_event event;
    bool ok = true;
    enum status status;

    if (part == NULL)
        return error_set(err, AF_NOT_FOUND, "ticket %s has no part request %llu",
                         json_get_str(ticket, "ticket"),
                         (unsigned long long)json_get_u64(body, "request"));
    if (!part_event_parse(bytes_str(name), &event))
        return error_set(err, AF_INVALID, "\"event\" %.40s is not a step of a part request", name);
    if (strlen(json_get_str(body, "reason")) > TICKET_TITLE_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "\"reason\" is longer than %d bytes",
                         TICKET_TITLE_BYTES_MAX);
    if ((status = take_step(txn, ticket, part, command, event, err)) != AF_OK ||
        (status = wake(txn, ticket, command, err)) != AF_OK)
        return status;
    json_put(result, "request", json_incref(json_object_get(part, "no")), &ok);
    return ok ? AF_OK : part_no_memory(err);
}

enum status part_apply_step(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err)
{
    return ticket_apply_change(txn, command, step_one, result, err);
}

enum status ticket_parts_cancel(struct txn *txn, json_t *ticket, const struct command *command,
                                struct error *err)
{
    enum status status = AF_OK;
    json_t *part;
    size_t i;

    json_array_foreach(json_object_get(ticket, "parts"), i, part)
    {
        enum part_state to;

        if (status == AF_OK &&
            part_flow_step(part_state_of(part), PART_CANCEL, "x", &to, NULL) == AF_OK)
            status = take_step(txn, ticket, part, command, PART_CANCEL, err);
    }
    return status;
}
