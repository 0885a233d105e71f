#include "intake/desk/outside.h"

#include "intake/desk/outside_impl.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_handoffs.h"
#include "intake/ticket/ticket_parts.h"

#include <stdio.h>

/* --- the two kinds -------------------------------------------------------------------------- */

static bool handoff_state_is(uint8_t state, struct bytes name)
{
    enum handoff_state wanted;

    if (bytes_equal(name, BYTES_LIT("awaited")))
        return handoff_is_awaited((enum handoff_state)state);
    return handoff_state_parse(name, &wanted) && wanted == state;
}

static bool handoff_state_is_listed(struct bytes name)
{
    enum handoff_state state;

    return handoff_state_parse(name, &state) && handoff_is_open(state);
}

static bool part_state_is(uint8_t state, struct bytes name)
{
    enum part_state wanted;

    if (bytes_equal(name, BYTES_LIT("awaited")))
        return part_is_awaited((enum part_state)state);
    return part_state_parse(name, &wanted) && wanted == state;
}

static bool part_state_is_listed(struct bytes name)
{
    enum part_state state;

    return part_state_parse(name, &state) && (part_is_awaited(state) || state == PART_RECEIVED);
}

static const struct kind {
    char list;
    const char *rows, *row; /* names in the answer */
    json_t *(*find)(const json_t *ticket, uint64_t no);
    bool (*state_is)(uint8_t state, struct bytes name);
    bool (*state_is_listed)(struct bytes name);
} kinds[] = {
    {OUTSIDE_HANDOFFS, "handoffs", "handoff", ticket_handoff, handoff_state_is,
     handoff_state_is_listed                                                                        },
    {OUTSIDE_PARTS,    "parts",    "part",    ticket_part,    part_state_is,    part_state_is_listed},
};

/* --- a page --------------------------------------------------------------------------------- */

struct page {
    const struct kind *kind;
    const struct outside_filter *filter;
    json_t *rows;
    uint32_t scanned;
};

static json_t *short_one(const json_t *item)
{
    static const char *const longer[] = {"text", "reply", "history", "key", "shipments"};
    json_t *copy = json_copy((json_t *)(uintptr_t)item);

    for (size_t i = 0; copy != NULL && i < sizeof longer / sizeof longer[0]; i++)
        (void)json_object_del(copy, longer[i]);
    return copy;
}

static enum status add_row(struct txn *txn, struct page *page, const struct outside_row *row,
                           struct error *err)
{
    const json_t *item;
    json_t *ticket, *json;
    enum status status = ticket_load(txn, row->ticket, &ticket, err);

    if (status != AF_OK)
        return status;
    item = page->kind->find(ticket, row->no);
    json =
        json_pack("{s:O,s:O,s:O,s:O,s:o}", "ticket", json_object_get(ticket, "ticket"), "n",
                  json_object_get(ticket, "n"), "severity", json_object_get(ticket, "severity"),
                  "product", json_object_get(ticket, "product"), page->kind->row, short_one(item));
    json_decref(ticket);
    if (item == NULL) {
        json_decref(json);
        return error_set(err, AF_CORRUPT, "damaged: table outside: ticket %u has no %s %u",
                         row->ticket, page->kind->row, row->no);
    }
    return json_array_append_new(page->rows, json) == 0
               ? AF_OK
               : error_set(err, AF_NO_MEMORY, "no memory for a list");
}

static bool take_after(struct bytes text, struct outside_row *from)
{
    char copy[48];
    long long due;
    int end = 0;

    if (text.len == 0)
        return true;
    if (text.len >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (sscanf(copy, "%19lld-%10u-%10u%n", &due, &from->ticket, &from->no, &end) != 3 ||
        (size_t)end != text.len || due < 0 || from->no == UINT32_MAX)
        return false;
    from->due_ms = due;
    from->no++;
    return true;
}

/* Walks the list from a place on; *last is the last row looked at, *more whether others follow. */
static enum status walk(struct txn *txn, struct page *page, const char *name,
                        struct outside_row *last, bool *more, struct error *err)
{
    const size_t prefix_len = 1 + strlen(name) + 1;
    uint8_t from[OUTSIDE_KEY_BYTES_MAX];
    struct bytes key, body;
    struct cursor *cursor;
    enum status status =
        cursor_open(txn, TABLE_OUTSIDE, outside_key(last, name, from), WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK && key.len > prefix_len &&
           memcmp(key.data, from, prefix_len) == 0) {
        struct outside_row row = {0};

        if (json_array_size(page->rows) == page->filter->limit ||
            page->scanned == OUTSIDE_SCAN_MAX) {
            *more = true;
            break;
        }
        page->scanned++;
        if (!outside_place(key, prefix_len, &row) || body.len != 1) {
            status = error_set(err, AF_CORRUPT, "damaged: table outside: not a row of it");
            break;
        }
        *last = row;
        if ((page->filter->state.len == 0 ||
             page->kind->state_is(body.data[0], page->filter->state)) &&
            (status = add_row(txn, page, &row, err)) != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status check_filter(const struct kind *kind, const struct outside_filter *filter,
                                struct error *err)
{
    if (filter->limit < 1 || filter->limit > TICKET_LIST_MAX)
        return error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d", TICKET_LIST_MAX);
    if (filter->state.len > 0 && !bytes_equal(filter->state, BYTES_LIT("awaited")) &&
        !kind->state_is_listed(filter->state))
        return error_set(err, AF_INVALID, "\"state\" is not one of an open %s", kind->row);
    return AF_OK;
}

static enum status list(struct app *app, const struct who *who, const struct kind *kind,
                        const struct outside_filter *filter, json_t **out, struct error *err)
{
    struct page page = {.kind = kind, .filter = filter};
    struct outside_row last = {.list = kind->list};
    char name[RULES_ID_BYTES_MAX + 1];
    bool more = false, ok = true;
    json_t *result;
    struct txn *txn;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = check_filter(kind, filter, err)) != AF_OK ||
        (status = outside_word(kind->row, filter->name, name, sizeof name, err)) != AF_OK)
        return status;
    if (!take_after(filter->after, &last))
        return error_set(err, AF_INVALID, "\"after\" is not what a page before this one gave");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    page.rows = json_array();
    result = json_pack("{s:o}", kind->rows, page.rows);
    status = result == NULL ? error_set(err, AF_NO_MEMORY, "no memory for a list")
                            : walk(txn, &page, name, &last, &more, err);
    txn_abort(txn);
    if (status == AF_OK && more)
        json_put(result, "after",
                 json_sprintf("%lld-%u-%u", (long long)last.due_ms, last.ticket, last.no), &ok);
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for a list");
    if (status == AF_OK)
        *out = result;
    else
        json_decref(result);
    return status;
}

enum status handoff_list(struct app *app, const struct who *who,
                         const struct outside_filter *filter, json_t **out, struct error *err)
{
    return list(app, who, &kinds[0], filter, out, err);
}

enum status part_list(struct app *app, const struct who *who, const struct outside_filter *filter,
                      json_t **out, struct error *err)
{
    return list(app, who, &kinds[1], filter, out, err);
}
