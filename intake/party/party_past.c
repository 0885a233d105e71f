#include "intake/party/party_past.h"

#include "intake/ask/consult.h"
#include "intake/party/enquiry_record.h"
#include "intake/ticket/ticket_record.h"

#include <sodium.h>

#define OWNERS_MAX (PARTY_MERGED_MAX + 1)
#define PLACE_BYTES_MAX (9 + 64) /* of a key behind its owner: when, what, its number or id */

/* The newest row of one owner that was not taken yet. */
struct head {
    struct party_key prefix;
    struct cursor *cursor;
    uint8_t place[PLACE_BYTES_MAX];
    size_t place_len; /* 0: no more */
};

/* --- walking -------------------------------------------------------------------------------- */

static enum status advance(struct head *head, struct bytes before, struct error *err)
{
    struct bytes key, body, prefix = party_key_bytes(&head->prefix);

    head->place_len = 0;
    for (;;) {
        enum status status = cursor_next(head->cursor, &key, &body, err);
        struct bytes place;

        if (status == AF_NOT_FOUND || (status == AF_OK && !bytes_has_prefix(key, prefix)))
            return AF_OK;
        if (status != AF_OK)
            return status;
        place = bytes_of(key.data + prefix.len, key.len - prefix.len);
        if (place.len < 10 || place.len > PLACE_BYTES_MAX)
            return error_set(err, AF_CORRUPT, "damaged: table party_past: not what was asked");
        if (before.len > 0 && bytes_compare(place, before) >= 0)
            continue; /* the row that the page before ended with */
        memcpy(head->place, place.data, place.len);
        head->place_len = place.len;
        return AF_OK;
    }
}

/* From the last row below `before`: walking down begins at the last key that is not above. */
static enum status begin(struct txn *txn, enum party_kind owner, const char *id,
                         struct bytes before, struct head *head, struct error *err)
{
    struct party_key from;
    enum status status;

    party_key_begin(&head->prefix, owner, id);
    party_key_add(&head->prefix, "");
    from = head->prefix;
    if (before.len > 0) {
        memcpy(from.b + from.len, before.data, before.len);
        from.len += before.len;
    } else {
        memset(from.b + from.len, 0xFF, 8);
        from.len += 8;
    }
    status =
        cursor_open(txn, TABLE_PARTY_PAST, party_key_bytes(&from), WALK_DOWN, &head->cursor, err);
    return status == AF_OK ? advance(head, before, err) : status;
}

static struct bytes place_of(const struct head *head)
{
    return bytes_of(head->place, head->place_len);
}

static struct head *newest(struct head *heads, size_t count)
{
    struct head *best = NULL;

    for (size_t i = 0; i < count; i++)
        if (heads[i].place_len > 0 &&
            (best == NULL || bytes_compare(place_of(&heads[i]), place_of(best)) > 0))
            best = &heads[i];
    return best;
}

/* --- rows ----------------------------------------------------------------------------------- */

static json_t *row_of(const char *what, const json_t *record, const char *const members[])
{
    json_t *row = json_pack("{s:s}", "what", what);
    bool ok = row != NULL;

    for (size_t i = 0; ok && members[i] != NULL; i++)
        if (json_object_get(record, members[i]) != NULL)
            json_put(row, members[i], json_deep_copy(json_object_get(record, members[i])), &ok);
    if (ok)
        return row;
    json_decref(row);
    return NULL;
}

static json_t *consult_row(const json_t *consult)
{
    static const char *const members[] = {"at", "state", "product", "channel", "ticket", NULL};
    const json_t *first = json_array_get(json_object_get(consult, "queries"), 0);
    json_t *row = row_of("consult", consult, members);
    bool ok = row != NULL;

    json_put(row, "consult", json_string(json_get_str(consult, "id")), &ok);
    json_put(row, "text", json_string(json_get_str(first, "text")), &ok);
    if (ok)
        return row;
    json_decref(row);
    return NULL;
}

static enum status load_row(struct txn *txn, struct bytes place, json_t **row, struct error *err)
{
    static const char *const of_ticket[] = {"ticket",  "n",        "at",      "state",
                                            "class",   "severity", "product", "title",
                                            "channel", "consult",  NULL};
    static const char *const of_enquiry[] = {"enquiry", "n",      "at", "state",
                                             "title",   "ticket", NULL};
    struct reader r = reader_of(place);
    char id[65] = "";
    json_t *record;
    uint64_t at_ms;
    uint8_t what = 0;
    uint32_t no = 0;
    enum status status;

    if (!reader_be64(&r, &at_ms) || !reader_u8(&r, &what) ||
        (what != PAST_CONSULT && (!reader_be32(&r, &no) || reader_left(&r) > 0)))
        return error_set(err, AF_CORRUPT, "damaged: table party_past: not what was asked");
    if (what == PAST_CONSULT) {
        memcpy(id, r.at, reader_left(&r) < 64 ? reader_left(&r) : 64);
        if ((status = consult_load(txn, id, &record, err)) == AF_OK)
            *row = consult_row(record);
    } else if (what == PAST_ENQUIRY) {
        if ((status = enquiry_load(txn, no, &record, err)) == AF_OK)
            *row = row_of("enquiry", record, of_enquiry);
    } else if ((status = ticket_load(txn, no, &record, err)) == AF_OK) {
        *row = row_of("ticket", record, of_ticket);
    }
    if (status != AF_OK)
        return status;
    json_decref(record);
    return *row != NULL ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a history");
}

/* --- a page --------------------------------------------------------------------------------- */

static enum status open_heads(struct txn *txn, const struct party_past_filter *filter,
                              const json_t *owner, struct bytes before, struct head *heads,
                              size_t *count, struct error *err)
{
    const json_t *merged = json_object_get(owner, "merged"), *item;
    enum status status = begin(txn, filter->owner, filter->id, before, &heads[(*count)++], err);
    size_t i;

    json_array_foreach(merged, i, item)
    {
        if (status == AF_OK && *count < OWNERS_MAX && json_is_string(item))
            status =
                begin(txn, filter->owner, json_string_value(item), before, &heads[(*count)++], err);
    }
    return status;
}

static enum status fill(struct txn *txn, uint32_t limit, struct head *heads, size_t count,
                        struct bytes before, json_t *result, json_t *rows, struct error *err)
{
    char next[2 * PLACE_BYTES_MAX + 1] = "";
    struct head *head;
    bool ok = true;
    enum status status = AF_OK;

    while (status == AF_OK && (head = newest(heads, count)) != NULL) {
        json_t *row = NULL;

        if (json_array_size(rows) == limit) {
            json_put(result, "next", json_string(next), &ok);
            break;
        }
        (void)sodium_bin2hex(next, sizeof next, head->place, head->place_len);
        if ((status = load_row(txn, place_of(head), &row, err)) == AF_OK)
            ok = json_array_append_new(rows, row) == 0 && ok;
        if (status == AF_OK)
            status = advance(head, before, err);
    }
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory for a history");
}

static enum status page(struct txn *txn, const struct party_past_filter *filter,
                        const json_t *owner, struct bytes before, json_t *result, json_t *rows,
                        struct error *err)
{
    struct head heads[OWNERS_MAX] = {{.cursor = NULL}};
    size_t count = 0;
    enum status status = open_heads(txn, filter, owner, before, heads, &count, err);

    if (status == AF_OK)
        status = fill(txn, filter->limit, heads, count, before, result, rows, err);
    for (size_t i = 0; i < count; i++)
        cursor_close(heads[i].cursor);
    return status;
}

static bool take_place(struct bytes text, uint8_t place[PLACE_BYTES_MAX], size_t *len)
{
    return text.len == 0 || (sodium_hex2bin(place, PLACE_BYTES_MAX, (const char *)text.data,
                                            text.len, NULL, len, NULL) == 0 &&
                             *len * 2 == text.len && *len >= 10);
}

enum status party_past(struct app *app, const struct who *who,
                       const struct party_past_filter *filter, json_t **out, struct error *err)
{
    uint8_t before[PLACE_BYTES_MAX];
    size_t before_len = 0;
    json_t *owner = NULL, *rows, *result;
    struct txn *txn;
    enum status status;

    if (!who_is_staff(who))
        return error_set(err, AF_DENIED, "this is for signed-in staff");
    if (filter->limit < 1 || filter->limit > PARTY_PAST_LIST_MAX)
        return error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d",
                         PARTY_PAST_LIST_MAX);
    if (!take_place(filter->before, before, &before_len))
        return error_set(err, AF_INVALID, "\"before\" is the \"next\" of another page");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    rows = json_array();
    result = json_pack("{s:o}", "history", rows);
    status = result == NULL ? error_set(err, AF_NO_MEMORY, "no memory for a history")
                            : party_load(txn, filter->owner, filter->id, &owner, err);
    if (status == AF_OK)
        status = page(txn, filter, owner, bytes_of(before, before_len), result, rows, err);
    txn_abort(txn);
    json_decref(owner);
    if (status == AF_OK)
        *out = result;
    else
        json_decref(result);
    return status;
}
