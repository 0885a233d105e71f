#include "intake/ticket/ticket_sweep.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/ticket/ticket_record.h"

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

/* The id is made of the ticket and the instant: another process that sweeps says the same. */
static enum status tick(struct app *app, const struct due *due, struct error *err)
{
    char id[64];
    struct command command = {.id = id, .actor = "system", .kind = "ticket.tick"};
    struct outcome outcome = {0};
    json_t *body = json_pack("{s:I}", "ticket", (json_int_t)due->no);
    enum status status;

    if (body == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to look at a ticket's clocks");
    (void)snprintf(id, sizeof id, "tick:%u:%lld", due->no, (long long)due->at_ms);
    command.body = body;
    status = journal_propose(app_journal(app), &command, &outcome, err);
    json_decref(outcome.result);
    json_decref(body);
    return status;
}

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
            status = tick(app, &due[i], err);
            out->tickets += status == AF_OK;
        }
    } while (status == AF_OK && count == TICKET_SWEEP_MAX);
    return status;
}
