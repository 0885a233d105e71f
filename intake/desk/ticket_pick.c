#include "intake/desk/ticket_pick.h"

#include "intake/ticket/ticket_queue.h"
#include "intake/ticket/ticket_turn.h"

bool ticket_pick_mode(const json_t *rule, const json_t *group, enum pick_mode *out)
{
    return pick_parse(bytes_str(json_get_str(rule, "pick")), out) ||
           pick_parse(bytes_str(json_get_str(group, "pick")), out);
}

/* His rows in the work lists, which has open tickets only. */
static enum status count_open(struct txn *txn, const char *person, uint32_t count_max,
                              uint32_t *count, struct error *err)
{
    const struct queue_place first = {.when = 0};
    uint8_t prefix[QUEUE_KEY_BYTES_MAX];
    const size_t prefix_len = 1 + strlen(person) + 1;
    struct bytes key, body;
    struct cursor *cursor;
    enum status status;

    *count = 0;
    status = cursor_open(txn, TABLE_TICKET_QUEUE, ticket_queue_key('p', person, &first, prefix),
                         WALK_UP, &cursor, err);
    if (status != AF_OK)
        return status;
    while (*count < count_max && (status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        if (key.len < prefix_len || memcmp(key.data, prefix, prefix_len) != 0)
            break;
        ++*count;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status look(struct txn *txn, const struct route_answer *answer, size_t i,
                        struct pick_candidate *out, struct error *err)
{
    const char *name = json_get_str(answer->people[i], "name");
    uint32_t ignored;
    enum status status;

    *out = (struct pick_candidate){
        .fit = answer->fits[i],
        .last_ms = PICK_NEVER,
        .open_max = (uint32_t)json_get_u64(answer->people[i], "open_max"),
    };
    status =
        ticket_turn_get(txn, json_get_str(answer->group, "id"), name, &out->last_ms, &ignored, err);
    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    return count_open(txn, name, out->open_max > 0 ? out->open_max : TICKET_PICK_COUNT_MAX,
                      &out->open, err);
}

enum status ticket_pick(struct app *app, enum pick_mode mode, const struct route_answer *answer,
                        struct arena *arena, struct ticket_picked *out, struct error *err)
{
    const size_t count = answer->people_count;
    struct pick_candidate *candidates = arena_array(arena, count + 1, sizeof *candidates);
    struct txn *txn;
    size_t chosen;
    enum status status;

    *out = (struct ticket_picked){.are_off_duty = answer->are_off_duty};
    if (candidates == NULL)
        return arena_exhausted(arena, err);
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    for (size_t i = 0; i < count && status == AF_OK; i++)
        status = look(txn, answer, i, &candidates[i], err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    chosen = pick(mode, candidates, count);
    if (chosen < count)
        out->person = json_get_str(answer->people[chosen], "name");
    return AF_OK;
}
