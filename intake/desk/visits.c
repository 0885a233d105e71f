#include "intake/desk/visits.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_visit.h"

#include <stdio.h>
#include <stdlib.h>

/* --- the list -------------------------------------------------------------------------------- */

#define AFTER_BYTES 29 /* 14 bytes of a key as hex, and a NUL */

static json_t *row_of(const json_t *ticket, const json_t *visit, int64_t due_ms, int64_t now_ms)
{
    static const char *const of_ticket[] = {"ticket",   "n",       "title",
                                            "severity", "product", "contact"};
    static const char *const of_visit[] = {"why", "also", "due", "group", "tries"};
    json_t *row =
        json_pack("{s:O,s:b}", "visit", json_object_get(visit, "no"), "overdue", due_ms < now_ms);
    bool ok = row != NULL;

    for (size_t i = 0; ok && i < sizeof of_ticket / sizeof of_ticket[0]; i++)
        json_put(row, of_ticket[i], json_deep_copy(json_object_get(ticket, of_ticket[i])), &ok);
    for (size_t i = 0; ok && i < sizeof of_visit / sizeof of_visit[0]; i++)
        if (json_object_get(visit, of_visit[i]) != NULL)
            json_put(row, of_visit[i], json_deep_copy(json_object_get(visit, of_visit[i])), &ok);
    if (ok)
        return row;
    json_decref(row);
    return NULL;
}

static enum status add_row(struct txn *txn, const struct visit_place *place, int64_t now_ms,
                           json_t *rows, struct error *err)
{
    json_t *ticket;
    const json_t *visit;
    enum status status = ticket_load(txn, place->ticket, &ticket, err);

    if (status != AF_OK)
        return status;
    visit = ticket_visit_find(ticket, place->no);
    if (visit == NULL)
        status =
            error_set(err, AF_CORRUPT, "damaged: table ticket_visit: ticket %u has no visit %u",
                      place->ticket, place->no);
    else if (json_array_append_new(rows, row_of(ticket, visit, place->due_ms, now_ms)) != 0)
        status = error_set(err, AF_NO_MEMORY, "no memory for a list of visits");
    json_decref(ticket);
    return status;
}

static void write_after(const struct visit_place *place, char after[AFTER_BYTES])
{
    (void)snprintf(after, AFTER_BYTES, "%016llx%08x%04x", (unsigned long long)place->due_ms,
                   place->ticket, place->no);
}

static bool read_after(struct bytes after, struct visit_place *out)
{
    uint8_t key[14];

    if (after.len != 28)
        return false;
    for (size_t i = 0; i < sizeof key; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *high = strchr(digits, after.data[2 * i]);
        const char *low = strchr(digits, after.data[2 * i + 1]);

        if (high == NULL || low == NULL || *high == '\0' || *low == '\0')
            return false;
        key[i] = (uint8_t)((high - digits) << 4 | (low - digits));
    }
    return ticket_visit_place(bytes_of(key, sizeof key), 0, out);
}

struct visit_walk {
    struct cursor *cursor;
    struct bytes prefix;
    struct visit_place last; /* given already */
    bool goes_on;
};

/* The next place of the list; AF_NOT_FOUND at its end. */
static enum status next_place(struct visit_walk *walk, struct visit_place *out, struct error *err)
{
    struct bytes key, ignored;
    enum status status;

    while ((status = cursor_next(walk->cursor, &key, &ignored, err)) == AF_OK) {
        if (!bytes_has_prefix(key, walk->prefix))
            return AF_NOT_FOUND;
        if (!ticket_visit_place(key, walk->prefix.len, out))
            return error_set(err, AF_CORRUPT, "damaged: table ticket_visit: a key is cut off");
        if (!walk->goes_on || out->due_ms != walk->last.due_ms ||
            out->ticket != walk->last.ticket || out->no != walk->last.no)
            return AF_OK;
    }
    return status;
}

static enum status fill(struct txn *txn, struct visit_walk *walk, uint32_t limit, json_t *list,
                        struct error *err)
{
    const int64_t now_ms = clock_now_ms();
    json_t *rows = json_object_get(list, "visits");
    struct visit_place place;
    char after[AFTER_BYTES];
    enum status status;
    bool ok = true;

    while ((status = next_place(walk, &place, err)) == AF_OK) {
        if (json_array_size(rows) == limit) {
            write_after(&walk->last, after);
            json_put(list, "after", json_string(after), &ok);
            return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a list of visits");
        }
        if ((status = add_row(txn, &place, now_ms, rows, err)) != AF_OK)
            return status;
        walk->last = place;
    }
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status read_list(struct app *app, const struct visit_filter *filter, const char *group,
                             struct visit_walk *walk, json_t *list, struct error *err)
{
    const char kind = filter->group.len > 0 ? 'g' : 'a';
    uint8_t key[VISIT_KEY_BYTES_MAX];
    struct bytes from = ticket_visit_key(kind, group, &walk->last, key);
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    walk->prefix = bytes_of(key, from.len - 14);
    status = cursor_open(txn, TABLE_TICKET_VISIT, from, WALK_UP, &walk->cursor, err);
    if (status == AF_OK) {
        status = fill(txn, walk, filter->limit, list, err);
        cursor_close(walk->cursor);
    }
    txn_abort(txn);
    return status;
}

enum status visit_list(struct app *app, const struct who *who, const struct visit_filter *filter,
                       json_t **out, struct error *err)
{
    char group[RULES_ID_BYTES_MAX + 1];
    struct visit_walk walk = {.goes_on = filter->after.len > 0};
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("group", filter->group, RULES_ID_BYTES_MAX, err)) != AF_OK)
        return status;
    if (walk.goes_on && !read_after(filter->after, &walk.last))
        return error_set(err, AF_INVALID, "\"after\" is what the page before ended with");
    (void)snprintf(group, sizeof group, "%.*s", (int)filter->group.len,
                   filter->group.len > 0 ? (const char *)filter->group.data : "");
    if ((*out = json_pack("{s:[]}", "visits")) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a list of visits");
    status = read_list(app, filter, group, &walk, *out, err);
    if (status != AF_OK)
        json_decref(*out);
    return status;
}

/* --- what came of one ------------------------------------------------------------------------- */

static enum status change(struct app *app, const struct who *who, uint32_t no, const char *kind,
                          const char *key, json_t *body, struct error *err)
{
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = kind, .key = key, .moment = MOMENT_NOTE},
                         body, NULL, err);
}

enum status visit_report(struct app *app, const struct who *who, uint32_t ticket, uint32_t visit,
                         const struct visit_report *report, struct error *err)
{
    json_t *body;
    bool ok = true;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("text", report->text, SURVEY_TEXT_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("result", report->result, 32, err)) != AF_OK)
        return status;
    body = json_pack("{s:I,s:I,s:o,s:o,s:s}", "ticket", (json_int_t)ticket, "visit",
                     (json_int_t)visit, "result", json_from_bytes(report->result), "text",
                     json_from_bytes(report->text), "by", who_by(who));
    if (body != NULL && report->score != 0)
        json_put(body, "score", json_integer(report->score), &ok);
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_NO_MEMORY, "no memory for a visit");
    }
    return change(app, who, ticket, "visit.report", NULL, body, err);
}

enum status visit_waive(struct app *app, const struct who *who, uint32_t ticket, uint32_t visit,
                        struct bytes reason, struct error *err)
{
    enum status status = ticket_check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err);

    if (status != AF_OK)
        return status;
    if (who->role != ROLE_SUPERVISOR && who->role != ROLE_ADMIN)
        return error_set(err, AF_DENIED, "a visit is waived by a supervisor");
    return change(app, who, ticket, "visit.waive", NULL,
                  json_pack("{s:I,s:I,s:o,s:s}", "ticket", (json_int_t)ticket, "visit",
                            (json_int_t)visit, "reason", json_from_bytes(reason), "by",
                            who_by(who)),
                  err);
}

enum status visit_overdue(struct app *app, const struct who *who, uint32_t no, const char *what,
                          const char *key, struct error *err)
{
    const char *colon = strchr(what, ':');
    const unsigned long visit = colon != NULL ? strtoul(colon + 1, NULL, 10) : 0;

    return change(app, who, no, "visit.overdue", key,
                  json_pack("{s:I,s:I,s:s}", "ticket", (json_int_t)no, "visit", (json_int_t)visit,
                            "by", who_by(who)),
                  err);
}
