/* Lists of tickets: newest first by number, or the work lists by due time. */
#include "intake/desk/ticket_impl.h"

#include "data/base/limits.h"
#include "intake/desk/ticket_row.h"
#include "intake/desk/ticket_search.h"
#include "intake/ticket/ticket_queue.h"

#include <stdio.h>

struct page {
    const struct ticket_filter *filter;
    json_t *rows;
    uint32_t scanned;
};

/* --- what is in a list ----------------------------------------------------------------------- */

static bool is_or_all(struct bytes wanted, const struct ticket_row *row,
                      enum ticket_row_member member)
{
    return wanted.len == 0 || ticket_row_is(row, member, wanted);
}

static bool wants_state(const struct ticket_filter *filter, enum ticket_state state)
{
    if (filter->state.len == 0)
        return true;
    if (bytes_equal(filter->state, BYTES_LIT("open")))
        return ticket_state_is_open(state);
    return bytes_equal(filter->state, bytes_str(ticket_state_name(state)));
}

bool ticket_filter_passes(const struct ticket_filter *filter, const struct ticket_row *row)
{
    enum ticket_state state;

    if (!ticket_row_state(row, &state) || !wants_state(filter, state) ||
        !is_or_all(filter->product, row, ROW_PRODUCT) || !is_or_all(filter->group, row, ROW_GROUP))
        return false;
    return filter->person.len == 0 ||
           (ticket_state_is_open(state) && ticket_row_is(row, ROW_PERSON, filter->person));
}

/* Adds the ticket if the filter wants it. */
static enum status look_at(struct page *page, struct bytes record, struct error *err)
{
    struct ticket_row row;

    page->scanned++;
    if (!ticket_row_read(record, &row))
        return error_set(err, AF_CORRUPT, "damaged: table ticket: a record is no object");
    if (!ticket_filter_passes(page->filter, &row) ||
        json_array_append_new(page->rows, ticket_row_json(&row)) == 0)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
}

/* It has all its rows, or as much was looked at as is for one page. */
static bool is_full(const struct page *page)
{
    return json_array_size(page->rows) == page->filter->limit ||
           page->scanned == TICKET_LIST_SCAN_MAX;
}

/* --- newest first ---------------------------------------------------------------------------- */

/* Walks down from the newest; *next is where the next page begins, 0 when there is none. */
static enum status walk_numbers(struct txn *txn, struct page *page, uint32_t *next,
                                struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    uint8_t from[4];
    enum status status;

    put_be32(from, page->filter->before - 1);
    status = cursor_open(txn, TABLE_TICKET,
                         page->filter->before == 0 ? BYTES_NONE : bytes_of(from, sizeof from),
                         WALK_DOWN, &cursor, err);
    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        if (is_full(page)) {
            struct reader r = reader_of(key);

            if (!reader_be32(&r, next))
                status = error_set(err, AF_CORRUPT, "damaged: table ticket: a key is cut off");
            ++*next;
            break;
        }
        if ((status = look_at(page, body, err)) != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* --- by due time ----------------------------------------------------------------------------- */

/* One state's stretch of a work list. */
struct stretch {
    struct cursor *cursor;
    struct queue_place at; /* the next of it */
    bool is_over;
};

struct merge {
    struct stretch stretches[TICKET_STATES];
    unsigned count;
    size_t prefix_len; /* of the list's keys before the state */
    uint8_t prefix[QUEUE_KEY_BYTES_MAX];
};

static enum status step(const struct merge *merge, struct stretch *stretch, struct error *err)
{
    const enum ticket_state state = stretch->at.state;
    struct bytes key, body;
    enum status status = cursor_next(stretch->cursor, &key, &body, err);

    stretch->is_over = status != AF_OK || key.len < merge->prefix_len ||
                       memcmp(key.data, merge->prefix, merge->prefix_len) != 0;
    if (status == AF_OK && !stretch->is_over) {
        if (!ticket_queue_place(key, merge->prefix_len, &stretch->at))
            return error_set(err, AF_CORRUPT, "damaged: table ticket_queue: not a key of it");
        stretch->is_over = stretch->at.state != state;
    }
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static void close_all(struct merge *merge)
{
    while (merge->count > 0)
        cursor_close(merge->stretches[--merge->count].cursor);
}

/* A walk for each state that is wanted, beginning after a place of the page before. */
static enum status open_all(struct txn *txn, const struct ticket_filter *filter, char list,
                            const char *name, const struct queue_place *after, struct merge *merge,
                            struct error *err)
{
    enum status status = AF_OK;

    merge->prefix_len = 1 + strlen(name) + 1;
    for (unsigned s = 0; s < TICKET_STATES && status == AF_OK; s++) {
        struct queue_place from = *after;
        struct stretch *stretch = &merge->stretches[merge->count];
        struct bytes key;

        from.state = (enum ticket_state)s;
        if (!wants_state(filter, from.state))
            continue;
        key = ticket_queue_key(list, name, &from, merge->prefix);
        status = cursor_open(txn, TABLE_TICKET_QUEUE, key, WALK_UP, &stretch->cursor, err);
        if (status != AF_OK)
            break;
        merge->count++;
        stretch->at = from;
        status = step(merge, stretch, err);
    }
    return status;
}

static struct stretch *most_urgent(struct merge *merge)
{
    struct stretch *best = NULL;

    for (unsigned i = 0; i < merge->count; i++) {
        struct stretch *it = &merge->stretches[i];

        if (!it->is_over && (best == NULL || it->at.when < best->at.when ||
                             (it->at.when == best->at.when && it->at.no < best->at.no)))
            best = it;
    }
    return best;
}

static enum status look_at_no(struct txn *txn, struct page *page, uint32_t no, struct error *err)
{
    struct bytes record;
    uint8_t key[4];
    enum status status;

    put_be32(key, no);
    status = store_get(txn, TABLE_TICKET, bytes_of(key, sizeof key), &record, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table ticket_queue: there is no ticket %u", no);
    return status == AF_OK ? look_at(page, record, err) : status;
}

static bool take_after(struct bytes text, struct queue_place *out)
{
    char copy[48];
    long long when;
    unsigned no;
    int end = 0;

    *out = (struct queue_place){0};
    if (text.len == 0)
        return true;
    if (text.len >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (sscanf(copy, "%19lld-%10u%n", &when, &no, &end) != 2 || (size_t)end != text.len ||
        when < 0 || no == UINT32_MAX)
        return false;
    out->when = when;
    out->no = no + 1;
    return true;
}

/* Which work list a filter is about; false: nobody can be called so. */
static bool choose_list(struct bytes group, struct bytes person, char *list,
                        char name[QUEUE_NAME_BYTES_MAX + 1])
{
    const struct bytes of = person.len > 0 ? person : group;

    *list = person.len > 0 ? 'p' : group.len > 0 ? 'g' : 'a';
    if (of.len > QUEUE_NAME_BYTES_MAX || (of.len > 0 && memchr(of.data, 0, of.len) != NULL))
        return false;
    if (of.len > 0)
        memcpy(name, of.data, of.len);
    name[of.len] = '\0';
    return true;
}

static enum status walk_queue(struct txn *txn, struct page *page, json_t *result, struct error *err)
{
    const struct ticket_filter *filter = page->filter;
    struct queue_place last = {0}, after;
    char list, name[QUEUE_NAME_BYTES_MAX + 1];
    struct merge merge = {.count = 0};
    struct stretch *next;
    bool ok = true;
    enum status status;

    if (!take_after(filter->after, &after))
        return error_set(err, AF_INVALID, "\"after\" is not what a page before this one gave");
    if (!choose_list(filter->group, filter->watcher.len > 0 ? filter->watcher : filter->person,
                     &list, name))
        return AF_OK;
    if (filter->watcher.len > 0)
        list = 'w';
    status = open_all(txn, filter, list, name, &after, &merge, err);
    while (status == AF_OK && (next = most_urgent(&merge)) != NULL && !is_full(page)) {
        last = next->at;
        status = look_at_no(txn, page, last.no, err);
        if (status == AF_OK)
            status = step(&merge, next, err);
    }
    if (status == AF_OK && most_urgent(&merge) != NULL)
        json_put(result, "after", json_sprintf("%lld-%u", (long long)last.when, last.no), &ok);
    close_all(&merge);
    return status != AF_OK || ok ? status
                                 : error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
}

/* --- how many -------------------------------------------------------------------------------- */

static enum status count_all(struct txn *txn, char list, const char *name,
                             uint32_t counts[TICKET_STATES], struct error *err)
{
    static const struct ticket_filter every = {0};
    const struct queue_place first = {0};
    struct merge merge = {.count = 0};
    enum status status = open_all(txn, &every, list, name, &first, &merge, err);

    /* All states are wanted, so that each has its stretch at its own place. */
    for (unsigned i = 0; i < merge.count; i++)
        while (status == AF_OK && !merge.stretches[i].is_over && counts[i] < TICKET_COUNT_MAX) {
            counts[i]++;
            status = step(&merge, &merge.stretches[i], err);
        }
    close_all(&merge);
    return status;
}

enum status ticket_counts(struct app *app, const struct who *who, struct bytes group,
                          struct bytes person, uint32_t counts[TICKET_STATES], struct error *err)
{
    char list, name[QUEUE_NAME_BYTES_MAX + 1];
    struct txn *txn;
    enum status status = ticket_require_staff(who, err);

    memset(counts, 0, TICKET_STATES * sizeof counts[0]);
    if (status != AF_OK || !choose_list(group, person, &list, name) ||
        (status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = count_all(txn, list, name, counts, err);
    txn_abort(txn);
    return status;
}

/* --- lists ----------------------------------------------------------------------------------- */

static enum status check_filter(const struct ticket_filter *filter, struct error *err)
{
    enum ticket_state ignored;

    if (filter->limit < 1 || filter->limit > TICKET_LIST_MAX)
        return error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d", TICKET_LIST_MAX);
    if (filter->state.len > 0 && !bytes_equal(filter->state, BYTES_LIT("open")) &&
        !ticket_state_parse(filter->state, &ignored))
        return error_set(err, AF_INVALID, "\"state\" is not a state of a ticket");
    return AF_OK;
}

enum status ticket_list(struct app *app, const struct who *who, const struct ticket_filter *filter,
                        json_t **list, struct error *err)
{
    struct page page = {.filter = filter};
    uint32_t next = 0;
    json_t *result;
    struct txn *txn;
    bool ok = true;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = check_filter(filter, err)) != AF_OK)
        return status;
    if (filter->text.len > 0)
        return ticket_search_list(app, filter, list, err);
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    page.rows = json_array();
    result = json_pack("{s:o}", "tickets", page.rows);
    if (result == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
    else if (filter->by_due || filter->watcher.len > 0)
        status = walk_queue(txn, &page, result, err);
    else
        status = walk_numbers(txn, &page, &next, err);
    txn_abort(txn);
    if (status == AF_OK && next > 0)
        json_put(result, "next", json_integer(next), &ok);
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
    if (status == AF_OK)
        *list = result;
    else
        json_decref(result);
    return status;
}
