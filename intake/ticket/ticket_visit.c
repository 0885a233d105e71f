#include "intake/ticket/ticket_visit.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/ticket/ticket_notices.h"
#include "intake/ticket/ticket_timers.h"

#include <assert.h>
#include <stdio.h>

/* --- rows ------------------------------------------------------------------------------------ */

struct bytes ticket_visit_key(char list, const char *group, const struct visit_place *place,
                              uint8_t key[VISIT_KEY_BYTES_MAX])
{
    const size_t len = strlen(group);
    uint8_t *at = key + 1 + len;

    assert(len <= RULES_ID_BYTES_MAX);
    key[0] = (uint8_t)list;
    memcpy(key + 1, group, len);
    at[0] = 0;
    put_be64(at + 1, (uint64_t)place->due_ms);
    put_be32(at + 9, place->ticket);
    put_be16(at + 13, place->no);
    return bytes_of(key, 1 + len + 15);
}

bool ticket_visit_place(struct bytes key, size_t prefix_len, struct visit_place *out)
{
    struct reader r;
    uint64_t due;

    if (key.len != prefix_len + 14)
        return false;
    r = reader_of(bytes_of(key.data + prefix_len, 14));
    if (!reader_be64(&r, &due) || !reader_be32(&r, &out->ticket) || !reader_be16(&r, &out->no) ||
        due > INT64_MAX)
        return false;
    out->due_ms = (int64_t)due;
    return true;
}

static bool is_due(const json_t *visit)
{
    return strcmp(json_get_str(visit, "state"), "due") == 0;
}

/* Its rows come or go. */
static enum status move_rows(struct txn *txn, const json_t *ticket, const json_t *visit, bool comes,
                             struct error *err)
{
    const char *group = json_get_str(visit, "group");
    struct visit_place place = {.ticket = (uint32_t)json_get_u64(ticket, "n"),
                                .no = (uint16_t)json_get_u64(visit, "no")};
    uint8_t key[VISIT_KEY_BYTES_MAX];
    enum status status = AF_OK;

    if (!clock_parse(bytes_str(json_get_str(visit, "due")), &place.due_ms) ||
        strlen(group) > RULES_ID_BYTES_MAX)
        return error_set(err, AF_INVALID, "a visit has no \"due\", or no \"group\"");
    for (int i = 0; i < 2 && status == AF_OK; i++) {
        struct bytes row = ticket_visit_key("ag"[i], i == 0 ? "" : group, &place, key);

        status = comes ? store_put(txn, TABLE_TICKET_VISIT, row, BYTES_LIT(""), err)
                       : store_delete(txn, TABLE_TICKET_VISIT, row, err);
        if (!comes && status == AF_NOT_FOUND)
            status =
                error_set(err, AF_CORRUPT, "damaged: table ticket_visit: a visit is not in it");
    }
    return status;
}

/* --- asking ---------------------------------------------------------------------------------- */

json_t *ticket_visit_find(const json_t *ticket, uint64_t no)
{
    json_t *visit;
    size_t i;

    json_array_foreach(json_object_get(ticket, "visits"), i, visit)
    {
        if (json_get_u64(visit, "no") == no)
            return visit;
    }
    return NULL;
}

static json_t *find_due(const json_t *ticket)
{
    json_t *visit;
    size_t i;

    json_array_foreach(json_object_get(ticket, "visits"), i, visit)
    {
        if (is_due(visit))
            return visit;
    }
    return NULL;
}

static const char *timer_of(const json_t *visit, char what[TICKET_TIMER_WHAT_BYTES_MAX + 1])
{
    (void)snprintf(what, TICKET_TIMER_WHAT_BYTES_MAX + 1, TICKET_TIMER_VISIT ":%llu",
                   (unsigned long long)json_get_u64(visit, "no"));
    return what;
}

static enum status set_timer(json_t *ticket, const json_t *visit, struct error *err)
{
    char what[TICKET_TIMER_WHAT_BYTES_MAX + 1];
    int64_t due_ms;

    if (!clock_parse(bytes_str(json_get_str(visit, "due")), &due_ms))
        return error_set(err, AF_INVALID, "a visit's \"due\" is not a time");
    return ticket_timer_set(ticket, timer_of(visit, what), due_ms, err);
}

static enum status add_visit(struct txn *txn, json_t *ticket, const char *why, const json_t *asked,
                             struct error *err)
{
    bool ok = true;
    const json_t *visit;
    size_t count;
    enum status status;

    if (json_object_get(ticket, "visits") == NULL)
        json_put(ticket, "visits", json_array(), &ok);
    count = json_array_size(json_object_get(ticket, "visits"));
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a visit");
    /* No reason to keep a ticket open: who had so many need not be called once more. */
    if (count >= TICKET_VISITS_MAX)
        return AF_OK;
    status = ticket_append(ticket, "visits",
                           json_pack("{s:i,s:s,s:s,s:s,s:s}", "no", (int)count + 1, "why", why,
                                     "state", "due", "due", json_get_str(asked, "due"), "group",
                                     json_get_str(asked, "group")),
                           err);
    if (status != AF_OK)
        return status;
    visit = json_array_get(json_object_get(ticket, "visits"), count);
    status = move_rows(txn, ticket, visit, true, err);
    return status == AF_OK ? set_timer(ticket, visit, err) : status;
}

enum status ticket_visit_ask(struct txn *txn, json_t *ticket, const char *why, const json_t *asked,
                             struct error *err)
{
    json_t *due = find_due(ticket);
    bool ok = true;

    if (due == NULL)
        return add_visit(txn, ticket, why, asked, err);
    if (strcmp(json_get_str(due, "why"), why) != 0)
        json_put(due, "also", json_string(why), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a visit");
}

enum status ticket_visits_ask(struct txn *txn, json_t *ticket, const json_t *list,
                              struct error *err)
{
    const json_t *asked, *due = find_due(ticket);
    enum status status = AF_OK;
    size_t i;

    /* Timers ended with the ticket; a visit has not. */
    if (due != NULL && !json_get_bool(due, "overdue"))
        status = set_timer(ticket, due, err);
    json_array_foreach(list, i, asked)
    {
        if (status == AF_OK)
            status = ticket_visit_ask(txn, ticket, json_get_str(asked, "why"), asked, err);
    }
    return status;
}

/* --- its end --------------------------------------------------------------------------------- */

/* Another state than due; the members that say so are the caller's. */
static enum status end_visit(struct txn *txn, json_t *ticket, json_t *visit, const char *state,
                             const char *by, int64_t at_ms, struct error *err)
{
    char what[TICKET_TIMER_WHAT_BYTES_MAX + 1];
    bool ok = true;
    enum status status = move_rows(txn, ticket, visit, false, err);

    if (status != AF_OK)
        return status;
    ticket_timer_clear(ticket, timer_of(visit, what));
    json_put(visit, "state", json_string(state), &ok);
    json_put(visit, "at", json_from_time(at_ms), &ok);
    json_put(visit, "by", json_string(by), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a visit");
}

static enum status waive(struct txn *txn, json_t *ticket, json_t *visit, const char *by,
                         const char *reason, int64_t at_ms, struct error *err)
{
    bool ok = true;
    enum status status = end_visit(txn, ticket, visit, "waived", by, at_ms, err);

    json_put(visit, "text", json_string(reason), &ok);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory for a visit");
}

enum status ticket_visits_end(struct txn *txn, json_t *ticket, const struct command *command,
                              const char *state, struct error *err)
{
    json_t *due = find_due(ticket);
    char reason[64];

    if (due == NULL)
        return AF_OK;
    (void)snprintf(reason, sizeof reason, "the ticket is %s", state);
    return waive(txn, ticket, due, "system", reason, command->at_ms, err);
}

/* --- commands -------------------------------------------------------------------------------- */

static enum status take_due(const json_t *ticket, const struct command *command, json_t **out,
                            struct error *err)
{
    const uint64_t no = json_get_u64(command->body, "visit");

    *out = ticket_visit_find(ticket, no);
    if (*out == NULL)
        return error_set(err, AF_NOT_FOUND, "the ticket has no visit %llu", (unsigned long long)no);
    if (!is_due(*out))
        return error_set(err, AF_CONFLICT, "visit %llu is %s already", (unsigned long long)no,
                         json_get_str(*out, "state"));
    return AF_OK;
}

static enum status add_visit_event(json_t *ticket, const struct command *command, const char *event,
                                   struct error *err)
{
    return ticket_add_event(ticket, command, event,
                            json_pack("{s:O}", "visit", json_object_get(command->body, "visit")),
                            err);
}

static enum status report_end(struct txn *txn, json_t *ticket, json_t *visit,
                              const struct command *command, struct error *err)
{
    const json_t *body = command->body, *score = json_object_get(body, "score");
    bool ok = true;
    enum status status =
        end_visit(txn, ticket, visit, "done", json_get_str(body, "by"), command->at_ms, err);

    json_put(visit, "result", json_string(json_get_str(body, "result")), &ok);
    json_put(visit, "text", json_string(json_get_str(body, "text")), &ok);
    if (score != NULL)
        json_put(visit, "score", json_deep_copy(score), &ok);
    if (status == AF_OK && !ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a visit");
    return status == AF_OK ? add_visit_event(ticket, command, "visit_done", err) : status;
}

static enum status check_report(const json_t *body, struct error *err)
{
    const json_t *score = json_object_get(body, "score");
    const char *result = json_get_str(body, "result");

    if (strcmp(result, "solved") != 0 && strcmp(result, "not_solved") != 0 &&
        strcmp(result, "not_reached") != 0)
        return error_set(err, AF_INVALID, "\"result\" must be solved, not_solved or not_reached");
    if (score != NULL && (json_integer_value(score) < 1 || json_integer_value(score) > 5))
        return error_set(err, AF_INVALID, "\"score\" is from 1 to 5");
    if (score != NULL && strcmp(result, "not_reached") == 0)
        return error_set(err, AF_INVALID, "\"score\": who was not reached has given none");
    return AF_OK;
}

static enum status report(struct txn *txn, json_t *ticket, const struct command *command,
                          json_t *result, struct error *err)
{
    bool ok = true;
    json_t *visit = NULL;
    enum status status = check_report(command->body, err);

    (void)result;
    if (status != AF_OK || (status = take_due(ticket, command, &visit, err)) != AF_OK)
        return status;
    if (strcmp(json_get_str(command->body, "result"), "not_reached") != 0)
        return report_end(txn, ticket, visit, command, err);
    json_put(visit, "tries", json_integer((json_int_t)json_get_u64(visit, "tries") + 1), &ok);
    return ok ? add_visit_event(ticket, command, "visit_tried", err)
              : error_set(err, AF_NO_MEMORY, "no memory for a visit");
}

enum status visit_apply_report(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_change(txn, command, report, result, err);
}

static enum status waive_one(struct txn *txn, json_t *ticket, const struct command *command,
                             json_t *result, struct error *err)
{
    const char *reason = json_get_str(command->body, "reason");
    json_t *visit = NULL;
    enum status status = take_due(ticket, command, &visit, err);

    (void)result;
    if (status != AF_OK)
        return status;
    if (reason[0] == '\0')
        return error_set(err, AF_INVALID, "\"reason\" is missing: say why nobody need be asked");
    status =
        waive(txn, ticket, visit, json_get_str(command->body, "by"), reason, command->at_ms, err);
    return status == AF_OK ? add_visit_event(ticket, command, "visit_waived", err) : status;
}

enum status visit_apply_waive(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    return ticket_apply_change(txn, command, waive_one, result, err);
}

static enum status mark_overdue(struct txn *txn, json_t *ticket, const struct command *command,
                                json_t *result, struct error *err)
{
    char what[TICKET_TIMER_WHAT_BYTES_MAX + 1];
    json_t *visit = NULL;
    bool ok = true;
    enum status status = take_due(ticket, command, &visit, err);

    (void)txn;
    (void)result;
    if (status != AF_OK)
        return status;
    ticket_timer_clear(ticket, timer_of(visit, what));
    json_put(visit, "overdue", json_true(), &ok);
    status = ticket_notice_add(ticket, "visit_overdue", json_get_str(visit, "group"),
                               command->at_ms, json_get_str(visit, "due"), err);
    if (status != AF_OK && status != AF_TOO_LARGE) /* a full list is no reason to do nothing */
        return status;
    return ok ? add_visit_event(ticket, command, "visit_overdue", err)
              : error_set(err, AF_NO_MEMORY, "no memory for a visit");
}

enum status visit_apply_overdue(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, mark_overdue, result, err);
}
