#include "intake/desk/ticket_accuracy.h"

#include "data/base/clock.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_proposed.h"
#include "intake/ticket/ticket_text.h"

#define MS_A_DAY INT64_C(86400000)

struct part_counts {
    uint32_t proposed, kept, closed, right;
};

struct accuracy {
    int64_t since_ms;
    uint32_t tickets;
    struct part_counts parts[TICKET_PROPOSED_PARTS];
};

static void count_part(struct part_counts *counts, const json_t *ticket, const char *part,
                       bool is_solved)
{
    const json_t *proposed = json_object_get(json_object_get(ticket, "proposals"), part);
    const char *value = json_get_str(proposed, "value");

    if (proposed == NULL)
        return;
    counts->proposed++;
    counts->kept += strcmp(value, json_get_str(proposed, "given")) == 0;
    counts->closed += is_solved;
    counts->right += is_solved && strcmp(value, json_get_str(ticket, part)) == 0;
}

/* *enough: it is older than what is counted, and so are those before it. */
static enum status count_ticket(struct accuracy *accuracy, struct bytes record, bool *enough,
                                struct error *err)
{
    enum ticket_state state = TICKET_SPAM;
    int64_t at_ms = 0;
    json_t *ticket;
    bool is_solved;
    enum status status = json_parse_stored(record, &ticket, err);

    if (status != AF_OK)
        return status;
    (void)clock_parse(bytes_str(json_get_str(ticket, "at")), &at_ms);
    (void)ticket_state_parse(bytes_str(json_get_str(ticket, "state")), &state);
    is_solved = state == TICKET_RESOLVED || state == TICKET_CLOSED;
    *enough = at_ms < accuracy->since_ms;
    if (!*enough && json_object_get(ticket, "proposals") != NULL) {
        accuracy->tickets++;
        for (size_t i = 0; i < TICKET_PROPOSED_PARTS; i++)
            count_part(&accuracy->parts[i], ticket, ticket_proposed_parts[i], is_solved);
    }
    json_decref(ticket);
    return AF_OK;
}

static enum status count_all(struct txn *txn, struct accuracy *accuracy, struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    bool enough = false;
    enum status status = cursor_open(txn, TABLE_TICKET, BYTES_NONE, WALK_DOWN, &cursor, err);

    if (status != AF_OK)
        return status;
    while (!enough && (status = cursor_next(cursor, &key, &body, err)) == AF_OK)
        if ((status = count_ticket(accuracy, body, &enough, err)) != AF_OK)
            break;
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static json_t *accuracy_json(const struct accuracy *accuracy)
{
    json_t *json = json_pack("{s:o,s:I}", "since", json_from_time(accuracy->since_ms), "tickets",
                             (json_int_t)accuracy->tickets);
    bool ok = json != NULL;

    for (size_t i = 0; i < TICKET_PROPOSED_PARTS; i++) {
        const struct part_counts *part = &accuracy->parts[i];

        json_put(json, ticket_proposed_parts[i],
                 json_pack("{s:I,s:I,s:I,s:I}", "proposed", (json_int_t)part->proposed, "kept",
                           (json_int_t)part->kept, "closed", (json_int_t)part->closed, "right",
                           (json_int_t)part->right),
                 &ok);
    }
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

enum status ticket_accuracy(struct app *app, const struct who *who, uint32_t days, json_t **out,
                            struct error *err)
{
    struct accuracy accuracy = {.since_ms = clock_now_ms() - (int64_t)days * MS_A_DAY};
    struct txn *txn;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (days < 1 || days > ACCURACY_DAYS_MAX)
        return error_set(err, AF_INVALID, "\"days\" is a number from 1 to %d", ACCURACY_DAYS_MAX);
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = count_all(txn, &accuracy, err);
    txn_abort(txn);
    if (status == AF_OK && (*out = accuracy_json(&accuracy)) == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a report");
    return status;
}
