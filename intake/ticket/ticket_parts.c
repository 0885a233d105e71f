/* Part requests in a record: reading. What changes them: part_apply.c. */
#include "intake/ticket/ticket_parts.h"

#include "data/base/clock.h"

json_t *ticket_part(const json_t *ticket, uint64_t no)
{
    return no == 0 ? NULL : json_array_get(json_object_get(ticket, "parts"), (size_t)no - 1);
}

enum part_state part_state_of(const json_t *part)
{
    enum part_state state;

    return part_state_parse(bytes_str(json_get_str(part, "state")), &state) ? state
                                                                            : PART_CANCELLED;
}

static bool is_wanted_back(const json_t *part)
{
    return json_get_bool(part, "returns") && !json_get_bool(part, "kept") &&
           json_get_u64(part, "returned") < json_get_u64(part, "qty");
}

bool part_is_open(const json_t *part)
{
    const enum part_state state = part_state_of(part);

    return part_is_awaited(state) || (state == PART_RECEIVED && is_wanted_back(part));
}

enum part_state part_settled(const json_t *part, enum part_state to)
{
    const uint64_t qty = json_get_u64(part, "qty");

    if (to != PART_SHIPPED && to != PART_RECEIVED)
        return to;
    if (json_get_u64(part, "shipped") == 0)
        return PART_REQUESTED; /* what was on its way is lost */
    if (json_get_u64(part, "received") < qty)
        return PART_SHIPPED;
    return json_get_bool(part, "returns") && json_get_u64(part, "returned") == qty ? PART_RETURNED
                                                                                   : PART_RECEIVED;
}

struct outside_row part_row(uint32_t ticket_no, const json_t *part)
{
    const enum part_state state = part_state_of(part);
    const char *due = json_get_str(part, part_is_awaited(state) ? "promise" : "return_due");
    struct outside_row row = {.is_open = part_is_open(part),
                              .list = OUTSIDE_PARTS,
                              .name = json_get_str(part, "stock_point"),
                              .ticket = ticket_no,
                              .no = (uint32_t)json_get_u64(part, "no"),
                              .state = (uint8_t)state};

    if (!clock_parse(bytes_str(due), &row.due_ms) || row.due_ms < 0)
        row.due_ms = 0; /* none, before 1970, or damage, which check names */
    return row;
}

/* --- the first of some kind ------------------------------------------------------------------ */

static bool is_awaited(const json_t *part)
{
    return part_is_awaited(part_state_of(part));
}

static bool is_on_its_way(const json_t *part)
{
    return part_is_open(part) && json_get_u64(part, "shipped") > 0;
}

static const json_t *first_that(const json_t *ticket, bool (*is_it)(const json_t *part))
{
    const json_t *part;
    size_t i;

    json_array_foreach(json_object_get(ticket, "parts"), i, part)
    {
        if (is_it(part))
            return part;
    }
    return NULL;
}

const json_t *ticket_part_open(const json_t *ticket)
{
    return first_that(ticket, part_is_open);
}

const json_t *ticket_part_awaited(const json_t *ticket)
{
    return first_that(ticket, is_awaited);
}

const json_t *ticket_part_on_its_way(const json_t *ticket)
{
    return first_that(ticket, is_on_its_way);
}

/* --- check ------------------------------------------------------------------------------------ */

static bool counts_are_sound(const json_t *part)
{
    const uint64_t qty = json_get_u64(part, "qty"), shipped = json_get_u64(part, "shipped");
    const uint64_t received = json_get_u64(part, "received");
    const uint64_t returned = json_get_u64(part, "returned");
    const json_t *shipment;
    uint64_t sent = 0;
    size_t i;

    json_array_foreach(json_object_get(part, "shipments"), i, shipment)
    {
        sent += json_get_u64(shipment, "qty");
    }
    return qty >= 1 && qty <= PART_QTY_MAX && returned <= received && received <= shipped &&
           shipped <= qty && shipped <= sent; /* what was lost was sent too */
}

static bool turns_lead_to(const json_t *turns, const char *state)
{
    const char *at = "";
    const json_t *turn;
    size_t i;

    json_array_foreach(turns, i, turn)
    {
        if (strcmp(json_get_str(turn, "from"), at) != 0)
            return false;
        at = json_get_str(turn, "to");
    }
    return i > 0 && i <= PART_TURNS_MAX + 1 && strcmp(at, state) == 0;
}

static bool is_sound(const json_t *part, size_t no)
{
    const size_t point_len = strlen(json_get_str(part, "stock_point"));
    enum part_state state;
    int64_t ms;

    return json_get_u64(part, "no") == no && json_get_str(part, "part")[0] != '\0' &&
           point_len > 0 && point_len <= RULES_ID_BYTES_MAX && counts_are_sound(part) &&
           part_state_parse(bytes_str(json_get_str(part, "state")), &state) &&
           part_settled(part, state) == state &&
           clock_parse(bytes_str(json_get_str(part, "promise")), &ms) &&
           clock_parse(bytes_str(json_get_str(part, "first_promise")), &ms) &&
           turns_lead_to(json_object_get(part, "history"), json_get_str(part, "state"));
}

bool ticket_parts_are_sound(const json_t *ticket)
{
    const json_t *list = json_object_get(ticket, "parts"), *part;
    size_t i;

    if (list == NULL)
        return true;
    if (!json_is_array(list) || json_array_size(list) > TICKET_PARTS_MAX)
        return false;
    json_array_foreach(list, i, part)
    {
        if (!is_sound(part, i + 1))
            return false;
    }
    return true;
}
