/* What each step of a part request counts: pieces that went, came and went back, and dates. */
#include "intake/ticket/part_impl.h"

#include "data/base/clock.h"
#include "intake/ticket/ticket_notices.h"

#include <stdio.h>

enum status part_no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a part request");
}

enum status part_tell(json_t *ticket, const struct command *command, const char *event,
                      const char *to, const json_t *part, struct error *err)
{
    char what[TICKET_NOTICE_WHAT_BYTES_MAX + 1];

    if (to[0] == '\0')
        return AF_OK;
    (void)snprintf(what, sizeof what, "part_%s", event);
    return ticket_notice_add(ticket, what, to, command->at_ms, json_get_str(part, "part"), err);
}

/* --- what a body may say --------------------------------------------------------------------- */

static bool is_qty(const json_t *body)
{
    const json_t *qty = json_object_get(body, "qty");

    return json_is_integer(qty) && json_integer_value(qty) >= 1 &&
           json_integer_value(qty) <= PART_QTY_MAX;
}

enum status part_check_qty(const json_t *body, struct error *err)
{
    if (is_qty(body))
        return AF_OK;
    return error_set(err, AF_INVALID, "\"qty\" is a number from 1 to %d", PART_QTY_MAX);
}

enum status part_check_promise(const json_t *body, struct error *err)
{
    int64_t ms;

    if (clock_parse(bytes_str(json_get_str(body, "promise")), &ms))
        return AF_OK;
    return error_set(err, AF_INVALID, "\"promise\" is not a time");
}

/* --- the events ----------------------------------------------------------------------------- */

static uint64_t count_of(const json_t *part, const char *member)
{
    return json_get_u64(part, member);
}

/* Adds the step's pieces to a count, which stays within `room`. */
static enum status add_pieces(json_t *part, const json_t *body, const char *member, uint64_t room,
                              const char *what, struct error *err)
{
    const uint64_t qty = json_get_u64(body, "qty");
    bool ok = true;
    enum status status = part_check_qty(body, err);

    if (status != AF_OK)
        return status;
    if (qty > room)
        return error_set(err, AF_CONFLICT, "only %llu can be %s", (unsigned long long)room, what);
    json_put(part, member, json_integer((json_int_t)(count_of(part, member) + qty)), &ok);
    return ok ? AF_OK : part_no_memory(err);
}

static enum status add_shipment(json_t *part, const struct command *command, struct error *err)
{
    static const char *const told[] = {"carrier", "tracking"};
    const json_t *body = command->body;
    json_t *shipment = json_pack("{s:o,s:s,s:O}", "at", json_from_time(command->at_ms), "by",
                                 json_get_str(body, "by"), "qty", json_object_get(body, "qty"));
    bool ok = shipment != NULL;

    for (size_t i = 0; i < 2 && ok; i++) {
        const char *text = json_get_str(body, told[i]);

        if (strlen(text) > TRACKING_BYTES_MAX) {
            json_decref(shipment);
            return error_set(err, AF_TOO_LARGE, "\"%s\" is longer than %d bytes", told[i],
                             TRACKING_BYTES_MAX);
        }
        if (text[0] != '\0')
            json_put(shipment, told[i], json_string(text), &ok);
    }
    if (json_array_append_new(json_object_get(part, "shipments"), shipment) != 0)
        ok = false;
    if (ok && count_of(part, "shipped") == count_of(part, "qty"))
        json_put(part, "all_shipped", json_from_time(command->at_ms), &ok);
    return ok ? AF_OK : part_no_memory(err);
}

static enum status take_ship(json_t *part, const struct command *command, struct error *err)
{
    enum status status =
        add_pieces(part, command->body, "shipped",
                   count_of(part, "qty") - count_of(part, "shipped"), "shipped", err);

    return status == AF_OK ? add_shipment(part, command, err) : status;
}

/* A lost shipment is as if it had not been sent; that it was stays among the shipments. */
static enum status take_lost(json_t *part, const json_t *body, struct error *err)
{
    const uint64_t shipped = count_of(part, "shipped");
    const uint64_t under_way = shipped - count_of(part, "received");
    bool ok = true;
    enum status status = part_check_qty(body, err);

    if (status != AF_OK)
        return status;
    if (json_get_u64(body, "qty") > under_way)
        return error_set(err, AF_CONFLICT, "only %llu are on their way",
                         (unsigned long long)under_way);
    json_put(part, "shipped", json_integer((json_int_t)(shipped - json_get_u64(body, "qty"))), &ok);
    (void)json_object_del(part, "all_shipped");
    return ok ? AF_OK : part_no_memory(err);
}

static enum status take_reduce(json_t *part, const struct command *command, struct error *err)
{
    const uint64_t least = count_of(part, "shipped") > 0 ? count_of(part, "shipped") : 1;
    const uint64_t qty = json_get_u64(command->body, "qty");
    bool ok = true;
    enum status status = part_check_qty(command->body, err);

    if (status != AF_OK)
        return status;
    if (qty < least || qty >= count_of(part, "qty"))
        return error_set(err, AF_CONFLICT, "it can be reduced to no less than %llu, and not raised",
                         (unsigned long long)least);
    json_put(part, "qty", json_integer((json_int_t)qty), &ok);
    if (ok && count_of(part, "shipped") == qty)
        json_put(part, "all_shipped", json_from_time(command->at_ms), &ok);
    return ok ? AF_OK : part_no_memory(err);
}

static enum status take_promise(json_t *part, const json_t *body, struct error *err)
{
    json_t *from_stock = json_object_get(body, "from_stock");
    bool ok = true;
    enum status status = part_check_promise(body, err);

    if (status != AF_OK)
        return status;
    if (count_of(part, "shipped") == count_of(part, "qty"))
        return error_set(err, AF_CONFLICT, "all of it was shipped");
    json_put(part, "promise", json_incref(json_object_get(body, "promise")), &ok);
    if (json_is_boolean(from_stock))
        json_put(part, "from_stock", json_incref(from_stock), &ok);
    return ok ? AF_OK : part_no_memory(err);
}

/* Nobody need be told twice: what passed is marked with the date that did. */
static enum status take_late(json_t *ticket, json_t *part, const struct command *command,
                             const char *member, const char *date, struct error *err)
{
    json_t *due = json_object_get(part, date);
    bool ok = true;

    if (json_object_get(part, member) != NULL || due == NULL)
        return error_set(err, AF_CONFLICT, "nothing of this request is newly late");
    json_put(part, member, json_incref(due), &ok);
    return ok ? part_tell(ticket, command, member, json_get_str(command->body, "tell"), part, err)
              : part_no_memory(err);
}

static enum status nothing_back(struct error *err)
{
    return error_set(err, AF_CONFLICT, "nothing of this request is wanted back");
}

enum status part_take_event(json_t *ticket, json_t *part, const struct command *command,
                            enum part_event event, struct error *err)
{
    const json_t *body = command->body;
    bool ok = true;

    switch (event) {
    case PART_PROMISE:
        return take_promise(part, body, err);
    case PART_SHIP:
        return take_ship(part, command, err);
    case PART_RECEIVE:
        return add_pieces(part, body, "received",
                          count_of(part, "shipped") - count_of(part, "received"), "received", err);
    case PART_RETURN:
        if (!part_is_open(part))
            return nothing_back(err);
        return add_pieces(part, body, "returned",
                          count_of(part, "received") - count_of(part, "returned"), "returned", err);
    case PART_KEEP:
        if (!part_is_open(part))
            return nothing_back(err);
        json_put(part, "kept", json_true(), &ok);
        return ok ? AF_OK : part_no_memory(err);
    case PART_REDUCE:
        return take_reduce(part, command, err);
    case PART_LOST:
        return take_lost(part, body, err);
    case PART_LATE:
        return take_late(ticket, part, command, "late", "promise", err);
    case PART_RETURN_LATE:
        return take_late(ticket, part, command, "return_late", "return_due", err);
    case PART_CANCEL:
    case PART_EVENTS:
        break;
    }
    return AF_OK;
}
