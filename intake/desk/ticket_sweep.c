#include "intake/desk/ticket_sweep.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/desk/handoff.h"
#include "intake/desk/part.h"
#include "intake/desk/ticket_close.h"
#include "intake/desk/ticket_emergency.h"
#include "intake/desk/ticket_family.h"
#include "intake/desk/ticket_step.h"
#include "intake/desk/visits.h"
#include "intake/draft/draft.h"
#include "intake/propose.h"
#include "intake/ticket/ticket_children.h"
#include "intake/ticket/ticket_emergency.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_steps.h"
#include "intake/ticket/ticket_timers.h"
#include "intake/ticket/ticket_visit.h"

#include <stdio.h>

struct due {
    uint32_t no;
    int64_t at_ms;
};

/* The first of those whose time has come. */
static enum status find_due(struct app *app, int64_t now_ms, struct due due[TICKET_SWEEP_MAX],
                            uint32_t *count, uint32_t *rows, struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    *count = 0;
    if (status != AF_OK)
        return status;
    if ((status = cursor_open(txn, TABLE_TICKET_DUE, BYTES_NONE, WALK_UP, &cursor, err)) != AF_OK)
        goto done;
    while (*count < TICKET_SWEEP_MAX && (status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        struct reader r = reader_of(key);
        uint64_t at_ms;

        ++*rows;
        if (!reader_be64(&r, &at_ms) || !reader_be32(&r, &due[*count].no)) {
            status = error_set(err, AF_CORRUPT, "damaged: table ticket_due: a key is cut off");
            break;
        }
        if ((int64_t)at_ms >= now_ms)
            break;
        due[(*count)++].at_ms = (int64_t)at_ms;
    }
    cursor_close(cursor);
done:
    txn_abort(txn);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* --- clocks ---------------------------------------------------------------------------------- */

/* The id is made of the ticket and what is due: another process that sweeps says the same. */
static enum status tick(struct app *app, const struct due *due, const char *drop, const char *why,
                        struct error *err)
{
    const struct who who = who_system();
    char id[TICKET_TIMER_WHAT_BYTES_MAX + 64];
    json_t *body = json_pack("{s:I}", "ticket", (json_int_t)due->no);
    bool ok = body != NULL;

    (void)snprintf(id, sizeof id, "tick:%u:%lld:%s", due->no, (long long)due->at_ms, drop);
    if (ok && drop[0] != '\0') {
        json_put(body, "drop", json_string(drop), &ok);
        json_put(body, "reason", json_string(why), &ok);
        json_put(body, "by", json_string("system"), &ok);
    }
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_NO_MEMORY, "no memory to look at a ticket's clocks");
    }
    return propose(app, &who, "ticket.tick", id, 0, body, NULL, err);
}

/* --- timers ---------------------------------------------------------------------------------- */

/* What is done when a timer's time has come: a service, whose command's apply clears the timer.
 * `what` is the whole name ("handoff:3"); `key` makes a second process's command the same one. */
typedef enum status (*timer_fn)(struct app *app, const struct who *who, uint32_t no,
                                const char *what, const char *key, struct error *err);

static const struct {
    const char *what; /* before the colon */
    timer_fn act;
} actions[] = {
    {STEP_TIMER,            ticket_step_do      },
    {EMERGENCY_TIMER,       ticket_beat         },
    {TICKET_TIMER_CHILDREN, ticket_tell_children},
    {TICKET_TIMER_CONFIRM,  ticket_window_passed},
    {TICKET_TIMER_VISIT,    visit_overdue       },
    {"handoff",             handoff_overdue     },
    {"part",                part_late           },
    {"return",              part_return_late    },
    {NULL,                  NULL                },
};

static timer_fn action_of(const char *what)
{
    const size_t len = strcspn(what, ":");

    for (size_t i = 0; actions[i].what != NULL; i++)
        if (strlen(actions[i].what) == len && strncmp(actions[i].what, what, len) == 0)
            return actions[i].act;
    return NULL;
}

/* The first timer of a ticket that is due, if any. */
static enum status find_timer(struct app *app, uint32_t no, int64_t now_ms,
                              char what[TICKET_TIMER_WHAT_BYTES_MAX + 1], uint64_t *version,
                              bool *found, struct error *err)
{
    const char *name;
    int64_t at_ms;
    json_t *ticket;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    *found = false;
    if (status != AF_OK)
        return status;
    status = ticket_load(txn, no, &ticket, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    *version = json_get_u64(ticket, "version");
    *found = ticket_timers_due(ticket, now_ms, &name, &at_ms);
    if (*found)
        (void)snprintf(what, TICKET_TIMER_WHAT_BYTES_MAX + 1, "%s", name);
    json_decref(ticket);
    return AF_OK;
}

static bool is_refusal(enum status status)
{
    return status == AF_CONFLICT || status == AF_INVALID || status == AF_NOT_FOUND ||
           status == AF_TOO_LARGE || status == AF_DENIED;
}

/* Does it, or drops it with the reason why it could not be done. */
static enum status act(struct app *app, uint32_t no, const char *what, uint64_t version,
                       struct error *err)
{
    const struct who who = who_system();
    const timer_fn fn = action_of(what);
    char key[TICKET_TIMER_WHAT_BYTES_MAX + 64];
    struct error why = {0};
    enum status status;

    (void)snprintf(key, sizeof key, "timer:%u:%llu:%s", no, (unsigned long long)version, what);
    status = fn != NULL ? fn(app, &who, no, what, key, &why)
                        : error_set(&why, AF_INVALID, "nothing is known to do for it");
    if (status == AF_OK)
        return AF_OK;
    if (!is_refusal(status))
        return error_set(err, status, "%s", why.text);
    return tick(app, &(struct due){no, (int64_t)version}, what, why.text, err);
}

/* A timer that is set again is another one, later; so this ends. */
static enum status act_all(struct app *app, uint32_t no, int64_t now_ms, uint32_t *done,
                           struct error *err)
{
    for (unsigned i = 0; i < TICKET_TIMERS_MAX; i++) {
        char what[TICKET_TIMER_WHAT_BYTES_MAX + 1];
        uint64_t version;
        bool found;
        enum status status = find_timer(app, no, now_ms, what, &version, &found, err);

        if (status != AF_OK || !found)
            return status;
        if ((status = act(app, no, what, version, err)) != AF_OK)
            return status;
        ++*done;
    }
    return AF_OK;
}

/* --- all ------------------------------------------------------------------------------------- */

enum status ticket_sweep(struct app *app, struct ticket_swept *out, struct error *err)
{
    const int64_t now_ms = clock_now_ms();
    struct due due[TICKET_SWEEP_MAX];
    uint32_t count;
    enum status status;

    *out = (struct ticket_swept){0};
    do {
        status = find_due(app, now_ms, due, &count, &out->rows, err);
        for (uint32_t i = 0; i < count && status == AF_OK; i++) {
            status = tick(app, &due[i], "", "", err);
            if (status == AF_OK)
                status = act_all(app, due[i].no, now_ms, &out->timers, err);
            out->tickets += status == AF_OK;
        }
    } while (status == AF_OK && count == TICKET_SWEEP_MAX);
    return status == AF_OK ? draft_sweep(app, &out->drafts, err) : status;
}
