#include "intake/ticket/ticket_queue.h"

#include "intake/clock/service_clock.h"

#include <assert.h>

struct bytes ticket_queue_key(char list, const char *name, const struct queue_place *place,
                              uint8_t key[QUEUE_KEY_BYTES_MAX])
{
    const size_t len = strlen(name);
    uint8_t *at = key + 1 + len;

    assert(len <= QUEUE_NAME_BYTES_MAX);
    key[0] = (uint8_t)list;
    memcpy(key + 1, name, len);
    at[0] = 0;
    at[1] = (uint8_t)place->state;
    put_be64(at + 2, (uint64_t)place->when);
    put_be32(at + 10, place->no);
    return bytes_of(key, 1 + len + 14);
}

bool ticket_queue_place(struct bytes key, size_t prefix_len, struct queue_place *out)
{
    struct reader r;
    uint64_t when;
    uint8_t state;

    if (key.len != prefix_len + 13)
        return false;
    r = reader_of(bytes_of(key.data + prefix_len, 13));
    if (!reader_u8(&r, &state) || !reader_be64(&r, &when) || !reader_be32(&r, &out->no) ||
        state >= TICKET_STATES || when > INT64_MAX)
        return false;
    out->state = (enum ticket_state)state;
    out->when = (int64_t)when;
    return true;
}

/* --- where a ticket belongs ------------------------------------------------------------------ */

static int64_t earliest_due(const json_t *clocks)
{
    int64_t due_ms = QUEUE_NO_DUE;
    const json_t *json;
    size_t i;

    json_array_foreach(clocks, i, json)
    {
        struct service_clock clock;

        if (service_clock_read(json, &clock, NULL) != AF_OK)
            continue; /* damage, which check names */
        if (clock.state == CLOCK_RUNNING && clock.due_ms >= 0 && clock.due_ms < due_ms)
            due_ms = clock.due_ms;
        service_clock_release(&clock);
    }
    return due_ms;
}

struct queue_place ticket_queue_place_of(const json_t *ticket, int64_t updated_ms)
{
    struct queue_place place = {.state = TICKET_CLOSED, .no = (uint32_t)json_get_u64(ticket, "n")};

    /* A name that is not in the table can only be damage. */
    (void)ticket_state_parse(bytes_str(json_get_str(ticket, "state")), &place.state);
    place.when = ticket_state_is_open(place.state) ? earliest_due(json_object_get(ticket, "clocks"))
                                                   : INT64_MAX - (updated_ms > 0 ? updated_ms : 0);
    return place;
}

/* --- its rows -------------------------------------------------------------------------------- */

typedef enum status (*each_row_fn)(void *context, struct bytes key, struct error *err);

static enum status each_row(const json_t *queued, uint32_t no, each_row_fn fn, void *context,
                            struct error *err)
{
    static const struct {
        char list;
        const char *member;
    } lists[] = {
        {'a', NULL    },
        {'g', "group" },
        {'p', "person"},
    };
    struct queue_place place = {.when = (int64_t)json_get_u64(queued, "when"), .no = no};
    uint8_t key[QUEUE_KEY_BYTES_MAX];
    const json_t *watcher;
    enum status status = AF_OK;
    size_t w;

    if (!ticket_state_parse(bytes_str(json_get_str(queued, "state")), &place.state))
        return AF_OK; /* it has none yet */
    for (size_t i = 0; i < sizeof lists / sizeof lists[0] && status == AF_OK; i++) {
        const char *name = lists[i].member != NULL ? json_get_str(queued, lists[i].member) : "";

        if (lists[i].member != NULL && name[0] == '\0')
            continue;
        status = fn(context, ticket_queue_key(lists[i].list, name, &place, key), err);
    }
    json_array_foreach(json_object_get(queued, "watchers"), w, watcher)
    {
        const char *name = json_string_value(watcher);

        if (status == AF_OK && name != NULL && strlen(name) <= QUEUE_NAME_BYTES_MAX)
            status = fn(context, ticket_queue_key('w', name, &place, key), err);
    }
    return status;
}

static enum status remove_row(void *context, struct bytes key, struct error *err)
{
    enum status status = store_delete(context, TABLE_TICKET_QUEUE, key, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table ticket_queue: a ticket is not in it");
    return status;
}

static enum status add_row(void *context, struct bytes key, struct error *err)
{
    return store_put(context, TABLE_TICKET_QUEUE, key, BYTES_LIT(""), err);
}

static bool put_name(json_t *queued, const char *member, const json_t *ticket)
{
    const char *name = json_get_str(ticket, member);
    bool ok = true;

    if (name[0] != '\0' && strlen(name) <= QUEUE_NAME_BYTES_MAX)
        json_put(queued, member, json_string(name), &ok);
    return ok;
}

static json_t *queued_of(const json_t *ticket, int64_t updated_ms)
{
    struct queue_place place = ticket_queue_place_of(ticket, updated_ms);
    json_t *queued = json_pack("{s:s,s:I}", "state", ticket_state_name(place.state), "when",
                               (json_int_t)place.when);
    bool ok = queued != NULL && put_name(queued, "group", ticket);

    if (ok && ticket_state_is_open(place.state))
        ok = put_name(queued, "person", ticket);
    if (ok && json_object_get(ticket, "watchers") != NULL)
        json_put(queued, "watchers", json_deep_copy(json_object_get(ticket, "watchers")), &ok);
    if (ok)
        return queued;
    json_decref(queued);
    return NULL;
}

enum status ticket_queue_move(struct txn *txn, json_t *ticket, int64_t updated_ms,
                              struct error *err)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    json_t *now = queued_of(ticket, updated_ms);
    const json_t *before = json_object_get(ticket, "queued");
    enum status status;
    bool ok = true;

    if (now == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (json_equal(now, before)) {
        json_decref(now);
        return AF_OK;
    }
    status = each_row(before, no, remove_row, txn, err);
    if (status == AF_OK)
        status = each_row(now, no, add_row, txn, err);
    json_put(ticket, "queued", now, &ok);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

struct told {
    queue_row_fn row;
    void *context;
};

static enum status tell_row(void *context, struct bytes key, struct error *err)
{
    const struct told *told = context;

    (void)err;
    told->row(told->context, key);
    return AF_OK;
}

void ticket_queue_rows(const json_t *ticket, uint32_t no, queue_row_fn row, void *context)
{
    struct told told = {row, context};

    (void)each_row(json_object_get(ticket, "queued"), no, tell_row, &told, NULL);
}
