/* Handoffs in a record, and the link of each: reading. What changes them: handoff_apply.c. */
#include "intake/ticket/ticket_handoffs.h"

#include "data/base/clock.h"
#include "data/base/hash.h"

/* --- reading ------------------------------------------------------------------------------- */

json_t *ticket_handoff(const json_t *ticket, uint64_t no)
{
    return no == 0 ? NULL : json_array_get(json_object_get(ticket, "handoffs"), (size_t)no - 1);
}

enum handoff_state handoff_state_of(const json_t *handoff)
{
    enum handoff_state state;

    return handoff_state_parse(bytes_str(json_get_str(handoff, "state")), &state)
               ? state
               : HANDOFF_WITHDRAWN;
}

struct outside_row handoff_row(uint32_t ticket_no, const json_t *handoff)
{
    const enum handoff_state state = handoff_state_of(handoff);
    struct outside_row row = {.is_open = handoff_is_open(state),
                              .list = OUTSIDE_HANDOFFS,
                              .name = json_get_str(handoff, "target"),
                              .ticket = ticket_no,
                              .no = (uint32_t)json_get_u64(handoff, "no"),
                              .state = (uint8_t)state};

    if (!clock_parse(bytes_str(json_get_str(handoff, "due")), &row.due_ms) || row.due_ms < 0)
        row.due_ms = 0; /* before 1970, or damage, which check names */
    return row;
}

static const json_t *first_that(const json_t *ticket, bool (*is_it)(enum handoff_state state))
{
    const json_t *handoff;
    size_t i;

    json_array_foreach(json_object_get(ticket, "handoffs"), i, handoff)
    {
        if (is_it(handoff_state_of(handoff)))
            return handoff;
    }
    return NULL;
}

const json_t *ticket_handoff_open(const json_t *ticket)
{
    return first_that(ticket, handoff_is_open);
}

const json_t *ticket_handoff_awaited(const json_t *ticket)
{
    return first_that(ticket, handoff_is_awaited);
}

/* --- the link's key ------------------------------------------------------------------------- */

enum status handoff_by_key(struct txn *txn, const struct digest *hash, uint32_t *ticket_no,
                           uint32_t *no, struct error *err)
{
    struct bytes body;
    struct reader r;
    enum status status =
        store_get(txn, TABLE_HANDOFF_KEY, bytes_of(hash->b, DIGEST_BYTES), &body, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "this link leads to no open handoff");
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_be32(&r, ticket_no) || !reader_be32(&r, no))
        return error_set(err, AF_CORRUPT, "damaged: table handoff_key: cut off");
    return AF_OK;
}

enum status handoff_key_put(struct txn *txn, uint32_t ticket_no, const json_t *handoff,
                            struct error *err)
{
    struct digest hash;
    struct bytes ignored;
    uint8_t value[8];
    enum status status;

    if (!digest_parse(bytes_str(json_get_str(handoff, "key")), &hash))
        return error_set(err, AF_INVALID, "\"key\" is not a hash");
    status = store_get(txn, TABLE_HANDOFF_KEY, bytes_of(hash.b, DIGEST_BYTES), &ignored, err);
    if (status == AF_OK)
        return error_set(err, AF_CONFLICT, "another handoff has this key");
    if (status != AF_NOT_FOUND)
        return status;
    put_be32(value, ticket_no);
    put_be32(value + 4, (uint32_t)json_get_u64(handoff, "no"));
    return store_put(txn, TABLE_HANDOFF_KEY, bytes_of(hash.b, DIGEST_BYTES),
                     bytes_of(value, sizeof value), err);
}

enum status handoff_key_drop(struct txn *txn, json_t *handoff, struct error *err)
{
    struct digest hash;
    enum status status = AF_OK;

    if (digest_parse(bytes_str(json_get_str(handoff, "key")), &hash))
        status = store_delete(txn, TABLE_HANDOFF_KEY, bytes_of(hash.b, DIGEST_BYTES), err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table handoff_key: a link is not in it");
    (void)json_object_del(handoff, "key");
    return status;
}

/* --- check ------------------------------------------------------------------------------------ */

/* Its turns lead from one state to the next, and the last to where it is. */
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
    return i > 0 && i <= HANDOFF_TURNS_MAX + 1 && strcmp(at, state) == 0;
}

static bool is_sound(const json_t *handoff, size_t no)
{
    const size_t target_len = strlen(json_get_str(handoff, "target"));
    enum handoff_state state;
    struct digest hash;
    int64_t ms;

    return json_get_u64(handoff, "no") == no && target_len > 0 &&
           target_len <= RULES_ID_BYTES_MAX && json_get_str(handoff, "title")[0] != '\0' &&
           handoff_state_parse(bytes_str(json_get_str(handoff, "state")), &state) &&
           clock_parse(bytes_str(json_get_str(handoff, "due")), &ms) &&
           handoff_is_open(state) == digest_parse(bytes_str(json_get_str(handoff, "key")), &hash) &&
           turns_lead_to(json_object_get(handoff, "history"), json_get_str(handoff, "state"));
}

bool ticket_handoffs_are_sound(const json_t *ticket)
{
    const json_t *list = json_object_get(ticket, "handoffs"), *handoff;
    size_t i;

    if (list == NULL)
        return true;
    if (!json_is_array(list) || json_array_size(list) > TICKET_HANDOFFS_MAX)
        return false;
    json_array_foreach(list, i, handoff)
    {
        if (!is_sound(handoff, i + 1))
            return false;
    }
    return true;
}
