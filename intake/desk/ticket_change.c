#include "intake/desk/ticket_change.h"

#include "data/base/clock.h"
#include "intake/propose.h"
#include "intake/ticket/ticket_record.h"

#define CHANGE_TRIES 8

static enum status load(struct app *app, uint32_t no, struct rules *rules, json_t **ticket,
                        struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = ticket_load(txn, no, ticket, err)) == AF_OK)
        status = rules_load_in(app, txn, rules, err);
    txn_abort(txn);
    return status;
}

/* Steals `clocks`. */
static enum status add_decided(json_t *body, uint64_t seen, json_t *clocks, int64_t now_ms,
                               struct error *err)
{
    bool ok = true;

    (void)json_object_del(body, "clocks");
    (void)json_object_del(body, "clocks_at");
    json_put(body, "seen", json_integer((json_int_t)seen), &ok);
    if (clocks != NULL) {
        json_put(body, "clocks", clocks, &ok);
        json_put(body, "clocks_at", json_from_time(now_ms), &ok);
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
}

static enum status decide(struct app *app, uint32_t no, const struct ticket_change *change,
                          json_t *body, uint64_t *seen, struct error *err)
{
    const int64_t now_ms = clock_now_ms();
    json_t *ticket = NULL, *clocks = NULL;
    struct rules rules = {0};
    enum status status = load(app, no, &rules, &ticket, err);

    if (status == AF_OK)
        status = ticket_clocks_after(&rules, ticket, change->moment, now_ms, &clocks, err);
    if (status == AF_OK && change->decide != NULL)
        status = change->decide(change->context, &rules, ticket, now_ms, body, &clocks, err);
    if (status == AF_OK) {
        *seen = json_get_u64(ticket, "version");
        status = add_decided(body, *seen, clocks, now_ms, err);
    } else {
        json_decref(clocks);
    }
    rules_release(&rules);
    json_decref(ticket);
    return status;
}

static bool has_moved_on(struct app *app, uint32_t no, uint64_t seen)
{
    json_t *ticket;
    struct txn *txn;
    bool moved = false;

    if (store_begin_read(app_store(app), &txn, NULL) != AF_OK)
        return false;
    if (ticket_load(txn, no, &ticket, NULL) == AF_OK) {
        moved = json_get_u64(ticket, "version") != seen;
        json_decref(ticket);
    }
    txn_abort(txn);
    return moved;
}

enum status ticket_change(struct app *app, const struct who *who, uint32_t no,
                          const struct ticket_change *change, json_t *body, json_t **result,
                          struct error *err)
{
    struct outcome outcome = {0};
    enum status status =
        body != NULL ? AF_CONFLICT : error_set(err, AF_NO_MEMORY, "no memory for a change");

    for (int try = 0; try < CHANGE_TRIES && status == AF_CONFLICT; try++) {
        uint64_t seen = 0;

        if ((status = decide(app, no, change, body, &seen, err)) != AF_OK)
            break;
        status = propose(app, who, change->kind, change->key, change->print, json_incref(body),
                         &outcome, err);
        if (status == AF_CONFLICT && !has_moved_on(app, no, seen))
            break;
    }
    json_decref(body);
    if (status == AF_OK && result != NULL)
        *result = outcome.result;
    else
        json_decref(outcome.result);
    return status;
}
