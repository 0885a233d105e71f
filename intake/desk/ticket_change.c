#include "intake/desk/ticket_change.h"

#include "data/base/clock.h"
#include "intake/desk/ticket_step.h"
#include "intake/propose.h"
#include "intake/ticket/ticket_record.h"

#define CHANGE_TRIES 32 /* each that fails is another's that was done */

/* What the change is decided from, and the versions that it was decided at. */
struct basis {
    json_t *ticket;
    struct rules rules;
    uint64_t seen, other_seen;
};

/* Has this very request been answered already? Then it is answered so again, whatever the ticket
 * has become by now. */
static bool is_repeat(struct txn *txn, const char *key)
{
    struct done done;

    if (key == NULL || done_find(txn, key, &done, NULL) != AF_OK)
        return false;
    json_decref(done.result);
    return true;
}

static enum status check_version(struct txn *txn, const struct who *who,
                                 const struct ticket_change *change, uint64_t version,
                                 struct error *err)
{
    if (who->if_version == 0 || who->if_version == version || is_repeat(txn, change->key))
        return AF_OK;
    return error_set(err, AF_CHANGED,
                     "somebody changed this ticket meanwhile: it is version %llu now",
                     (unsigned long long)version);
}

static enum status load_version(struct txn *txn, uint32_t no, uint64_t *version, struct error *err)
{
    json_t *ticket;
    enum status status = ticket_load(txn, no, &ticket, err);

    if (status != AF_OK)
        return status;
    *version = json_get_u64(ticket, "version");
    json_decref(ticket);
    return AF_OK;
}

static enum status load(struct app *app, const struct who *who, uint32_t no,
                        const struct ticket_change *change, struct basis *basis, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = ticket_load(txn, no, &basis->ticket, err)) == AF_OK) {
        basis->seen = json_get_u64(basis->ticket, "version");
        status = check_version(txn, who, change, basis->seen, err);
    }
    if (status == AF_OK && change->other != 0)
        status = load_version(txn, change->other, &basis->other_seen, err);
    if (status == AF_OK)
        status = rules_load_in(app, txn, &basis->rules, err);
    txn_abort(txn);
    return status;
}

/* Steals `clocks`. */
static enum status add_decided(json_t *body, const struct basis *basis, json_t *clocks,
                               int64_t now_ms, struct error *err)
{
    bool ok = true;

    (void)json_object_del(body, "clocks");
    (void)json_object_del(body, "clocks_at");
    json_put(body, "seen", json_integer((json_int_t)basis->seen), &ok);
    if (basis->other_seen != 0)
        json_put(body, "other_seen", json_integer((json_int_t)basis->other_seen), &ok);
    if (clocks != NULL) {
        json_put(body, "clocks", clocks, &ok);
        json_put(body, "clocks_at", json_from_time(now_ms), &ok);
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
}

/* Leaves the versions in `basis`. */
static enum status decide(struct app *app, const struct who *who, uint32_t no,
                          const struct ticket_change *change, json_t *body, struct basis *basis,
                          struct error *err)
{
    const int64_t now_ms = clock_now_ms();
    json_t *clocks = NULL;
    enum status status = load(app, who, no, change, basis, err);

    if (status == AF_OK)
        status =
            ticket_clocks_after(&basis->rules, basis->ticket, change->moment, now_ms, &clocks, err);
    if (status == AF_OK && change->decide != NULL)
        status = change->decide(change->context, &basis->rules, basis->ticket, now_ms, body,
                                &clocks, err);
    if (status == AF_OK)
        status = ticket_steps_add(&basis->rules, basis->ticket, clocks, body, err);
    if (status == AF_OK)
        status = add_decided(body, basis, clocks, now_ms, err);
    else
        json_decref(clocks);
    rules_release(&basis->rules);
    json_decref(basis->ticket);
    return status;
}

static bool has_moved_on(struct app *app, uint32_t no, const struct ticket_change *change,
                         const struct basis *basis)
{
    uint64_t version = basis->seen, other = basis->other_seen;
    struct txn *txn;

    if (store_begin_read(app_store(app), &txn, NULL) != AF_OK)
        return false;
    if (load_version(txn, no, &version, NULL) == AF_OK && change->other != 0)
        (void)load_version(txn, change->other, &other, NULL);
    txn_abort(txn);
    return version != basis->seen || other != basis->other_seen;
}

enum status ticket_change(struct app *app, const struct who *who, uint32_t no,
                          const struct ticket_change *change, json_t *body, json_t **result,
                          struct error *err)
{
    struct outcome outcome = {0};
    enum status status =
        body != NULL ? AF_CONFLICT : error_set(err, AF_NO_MEMORY, "no memory for a change");

    for (int try = 0; try < CHANGE_TRIES && status == AF_CONFLICT; try++) {
        struct basis basis = {0};

        if ((status = decide(app, who, no, change, body, &basis, err)) != AF_OK)
            break;
        status = propose(app, who, change->kind, change->key, change->print, json_incref(body),
                         &outcome, err);
        if (status == AF_CONFLICT && !has_moved_on(app, no, change, &basis))
            break;
    }
    json_decref(body);
    if (status == AF_OK && result != NULL)
        *result = outcome.result;
    else
        json_decref(outcome.result);
    return status;
}

enum status ticket_require_version(struct app *app, const struct who *who, uint32_t no,
                                   struct error *err)
{
    uint64_t version;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = load_version(txn, no, &version, err)) == AF_OK)
        status = check_version(txn, who, &(struct ticket_change){.key = NULL}, version, err);
    txn_abort(txn);
    return status;
}
