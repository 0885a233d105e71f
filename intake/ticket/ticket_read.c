/* Reading tickets: one, as staff or the customer may see it; the number behind a link; a list. */
#include "intake/ticket/ticket_impl.h"

#include "intake/ask/consult.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_record.h"

#define LIST_MAX 200

bool ticket_parse_no(struct bytes text, uint32_t *no)
{
    uint64_t v = 0;

    /* AF-YYYY-: the year is for people; the number alone is unique. */
    if (text.len > 8 && (text.data[0] | 0x20) == 'a' && (text.data[1] | 0x20) == 'f' &&
        text.data[2] == '-' && text.data[7] == '-')
        text = bytes_of(text.data + 8, text.len - 8);
    if (text.len == 0 || text.len > 10)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (v == 0 || v > UINT32_MAX)
        return false;
    *no = (uint32_t)v;
    return true;
}

static bool is_for_customer(const json_t *link)
{
    const char *role = json_get_str(link, "role");

    return strcmp(role, "sent") == 0 || strcmp(role, "resolved_by") == 0;
}

static void keep_links_for_customer(json_t *links)
{
    for (size_t i = json_array_size(links); i-- > 0;)
        if (!is_for_customer(json_array_get(links, i)))
            (void)json_array_remove(links, i);
}

static void leave_out_clocks(json_t *history)
{
    for (size_t i = json_array_size(history); i-- > 0;)
        if (strncmp(json_get_str(json_array_get(history, i), "event"), "clock_", 6) == 0)
            (void)json_array_remove(history, i);
}

/* The customer sees what was said to him, not who said what behind it. */
static void leave_out_internal(json_t *ticket)
{
    static const char *const lists[] = {"posts", "links", "history"};
    static const char *const ours[] = {"entered_by", "level",  "clocks", "clock_fault",
                                       "group",      "person", "rule"};
    json_t *posts = json_object_get(ticket, "posts"), *item;
    size_t i;

    for (i = json_array_size(posts); i-- > 0;)
        if (json_get_bool(json_array_get(posts, i), "internal"))
            (void)json_array_remove(posts, i);
    keep_links_for_customer(json_object_get(ticket, "links"));
    leave_out_clocks(json_object_get(ticket, "history"));
    for (size_t list = 0; list < sizeof lists / sizeof lists[0]; list++)
        json_array_foreach(json_object_get(ticket, lists[list]), i, item)
        {
            (void)json_object_del(item, "by");
            (void)json_object_del(item, "internal");
            if (list == 2)
                (void)json_object_del(item, "reason");
        }
    for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
        (void)json_object_del(ticket, ours[i]);
}

enum status ticket_get(struct app *app, const struct who *who, uint32_t no, json_t **out,
                       struct error *err)
{
    json_t *ticket, *consult;
    struct txn *txn;
    bool ok = true;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_load(txn, no, &ticket, err);
    if (status != AF_OK)
        goto done;
    if (json_get_str(ticket, "consult")[0] != '\0') {
        status = consult_load(txn, json_get_str(ticket, "consult"), &consult, err);
        if (status == AF_OK) {
            (void)json_object_del(consult, "voter");
            json_put(ticket, "consult", consult, &ok);
        }
    }
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status != AF_OK) {
        json_decref(ticket);
        goto done;
    }
    (void)json_object_del(ticket, "next_clock"); /* the store's own */
    if (!who_is_staff(who))
        leave_out_internal(ticket);
    *out = ticket;
done:
    txn_abort(txn);
    return status;
}

enum status ticket_by_follow_up(struct app *app, struct bytes key, uint32_t *no, struct error *err)
{
    struct digest hash = digest_plain(key);
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_no_by_key(txn, &hash, no, err);
    txn_abort(txn);
    return status;
}

static bool passes(const struct ticket_filter *filter, const json_t *ticket)
{
    const char *name = json_get_str(ticket, "state");
    enum ticket_state state;

    if (filter->product.len > 0 &&
        !bytes_equal(filter->product, bytes_str(json_get_str(ticket, "product"))))
        return false;
    if (filter->state.len == 0)
        return true;
    if (bytes_equal(filter->state, BYTES_LIT("open")))
        return ticket_state_parse(bytes_str(name), &state) && ticket_state_is_open(state);
    return bytes_equal(filter->state, bytes_str(name));
}

static json_t *list_row(const json_t *ticket)
{
    static const char *const members[] = {"ticket", "n",        "at",      "updated", "state",
                                          "class",  "severity", "channel", "product", "title"};
    json_t *row = json_object();
    bool ok = row != NULL;

    for (size_t i = 0; ok && i < sizeof members / sizeof members[0]; i++)
        json_put(row, members[i], json_incref(json_object_get(ticket, members[i])), &ok);
    if (ok)
        json_put(row, "posts",
                 json_integer((json_int_t)json_array_size(json_object_get(ticket, "posts"))), &ok);
    if (!ok) {
        json_decref(row);
        return NULL;
    }
    return row;
}

/* Walks from the newest; stops one past the page, which is where the next one begins. */
static enum status fill_page(struct txn *txn, const struct ticket_filter *filter, json_t *rows,
                             uint32_t *next, struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    uint8_t from[4];
    enum status status;

    put_be32(from, filter->before - 1);
    status = cursor_open(txn, TABLE_TICKET,
                         filter->before == 0 ? BYTES_NONE : bytes_of(from, sizeof from), WALK_DOWN,
                         &cursor, err);
    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        json_t *ticket;

        if ((status = json_parse(body, &ticket, err)) != AF_OK)
            break;
        if (!passes(filter, ticket)) {
            json_decref(ticket);
            continue;
        }
        if (json_array_size(rows) == filter->limit) {
            *next = (uint32_t)json_get_u64(ticket, "n") + 1;
            json_decref(ticket);
            break;
        }
        if (json_array_append_new(rows, list_row(ticket)) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
        json_decref(ticket);
        if (status != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status ticket_list(struct app *app, const struct who *who, const struct ticket_filter *filter,
                        json_t **list, struct error *err)
{
    enum ticket_state ignored;
    json_t *rows, *result;
    uint32_t next = 0;
    struct txn *txn;
    bool ok = true;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (filter->limit < 1 || filter->limit > LIST_MAX)
        return error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d", LIST_MAX);
    if (filter->state.len > 0 && !bytes_equal(filter->state, BYTES_LIT("open")) &&
        !ticket_state_parse(filter->state, &ignored))
        return error_set(err, AF_INVALID, "\"state\" is not a state of a ticket");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    rows = json_array();
    result = json_pack("{s:o}", "tickets", rows);
    status = result != NULL ? fill_page(txn, filter, rows, &next, err)
                            : error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
    txn_abort(txn);
    if (status == AF_OK && next > 0)
        json_put(result, "next", json_integer(next), &ok);
    if (status == AF_OK && ok)
        *list = result;
    else
        json_decref(result);
    return status;
}
