#include "intake/draft/draft.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/ask/consult.h"
#include "intake/draft/draft_record.h"
#include "intake/propose.h"

bool draft_is_id(struct bytes id)
{
    for (size_t i = 0; i < id.len; i++)
        if (memchr("0123456789abcdef", id.data[i], 16) == NULL)
            return false;
    return id.len == DRAFT_ID_BYTES;
}

static enum status take_id(struct bytes id, char name[DRAFT_ID_BYTES + 1], struct error *err)
{
    if (!draft_is_id(id))
        return error_set(err, AF_NOT_FOUND, "there is no such draft: sent, or too old");
    memcpy(name, id.data, DRAFT_ID_BYTES);
    name[DRAFT_ID_BYTES] = '\0';
    return AF_OK;
}

/* *out is NULL when there is none. */
static enum status load(struct app *app, const char *id, json_t **out, bool *is_sent,
                        struct error *err)
{
    json_t *consult;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    *out = NULL;
    *is_sent = false;
    if (status != AF_OK)
        return status;
    status = draft_load(txn, id, out, err);
    if (status == AF_NOT_FOUND) {
        status = consult_load(txn, id, &consult, err);
        if (status == AF_OK) {
            *is_sent = json_get_u64(consult, "ticket") != 0;
            json_decref(consult);
        }
    }
    txn_abort(txn);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status draft_get(struct app *app, struct bytes id, json_t **out, struct error *err)
{
    char name[DRAFT_ID_BYTES + 1];
    bool is_sent;
    json_t *draft;
    enum status status = take_id(id, name, err);

    if (status != AF_OK || (status = load(app, name, &draft, &is_sent, err)) != AF_OK)
        return status;
    if (draft == NULL)
        return error_set(err, AF_NOT_FOUND, "there is no such draft: sent, or too old");
    (void)json_object_del(draft, "saves"); /* the store's own */
    *out = draft;
    return AF_OK;
}

static bool is_empty(const json_t *value)
{
    return json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

/* What of `values` is another than in the draft. The caller owns it; NULL without memory. */
static json_t *changed(const json_t *draft, const json_t *values)
{
    const json_t *old = json_object_get(draft, "values");
    json_t *set = json_object(), *value;
    const char *name;
    bool ok = set != NULL;

    json_object_foreach((json_t *)(uintptr_t)values, name, value)
    {
        const json_t *before = json_object_get(old, name);

        if (is_empty(value) ? before == NULL : before != NULL && json_equal(before, value))
            continue;
        json_put(set, name, is_empty(value) ? json_null() : json_incref(value), &ok);
    }
    if (ok)
        return set;
    json_decref(set);
    return NULL;
}

static enum status propose_put(struct app *app, const struct who *who, const char *id, json_t *set,
                               struct error *err)
{
    json_t *body = json_pack("{s:s,s:o}", "id", id, "set", set);
    bool ok = body != NULL;

    if (ok && who_is_staff(who) && who->name[0] != '\0')
        json_put(body, "by", json_string(who->name), &ok);
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_NO_MEMORY, "no memory for a draft");
    }
    return propose(app, who, "draft.put", NULL, 0, body, NULL, err);
}

enum status draft_put(struct app *app, const struct who *who, struct bytes id, const json_t *values,
                      struct error *err)
{
    char name[DRAFT_ID_BYTES + 1];
    json_t *draft, *set;
    bool is_sent;
    enum status status = take_id(id, name, err);

    if (status != AF_OK)
        return status;
    if (!json_is_object(values))
        return error_set(err, AF_INVALID, "the values of a draft are an object");
    if ((status = load(app, name, &draft, &is_sent, err)) != AF_OK)
        return status;
    set = changed(draft, values);
    json_decref(draft);
    if (set == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a draft");
    if (is_sent)
        status = error_set(err, AF_CONFLICT, "this has become a ticket: nothing is left to save");
    if (is_sent || json_object_size(set) == 0) {
        json_decref(set);
        return status;
    }
    return propose_put(app, who, name, set, err);
}

enum status draft_drop(struct app *app, const struct who *who, struct bytes id, struct error *err)
{
    char name[DRAFT_ID_BYTES + 1];
    enum status status = take_id(id, name, err);

    if (status != AF_OK)
        return status;
    return propose(app, who, "draft.drop", NULL, 0, json_pack("{s:s}", "id", name), NULL, err);
}

/* --- whose they are ------------------------------------------------------------------------- */

static json_t *row_of(const json_t *draft)
{
    return json_pack("{s:s,s:s,s:s}", "id", json_get_str(draft, "id"), "at",
                     json_get_str(draft, "at"), "title",
                     json_get_str(json_object_get(draft, "values"), "title"));
}

/* By when they were saved; the list is short. */
static bool insert(json_t *rows, json_t *row)
{
    size_t at = 0;

    while (at < json_array_size(rows) &&
           strcmp(json_get_str(json_array_get(rows, at), "at"), json_get_str(row, "at")) > 0)
        at++;
    if (json_array_insert_new(rows, at, row) != 0)
        return false;
    return json_array_size(rows) <= DRAFT_LIST_MAX || json_array_remove(rows, DRAFT_LIST_MAX) == 0;
}

static enum status add_all(struct txn *txn, const char *account, json_t *rows, struct error *err)
{
    uint8_t room[DRAFT_BY_KEY_BYTES_MAX];
    const struct bytes prefix = draft_by_prefix(account, room);
    struct bytes key, body;
    struct cursor *cursor;
    enum status status = cursor_open(txn, TABLE_DRAFT_BY, prefix, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK &&
           bytes_has_prefix(key, prefix)) {
        char id[DRAFT_ID_BYTES + 1];
        json_t *draft;

        if ((status = take_id(bytes_of(key.data + prefix.len, key.len - prefix.len), id, err)) !=
                AF_OK ||
            (status = draft_load(txn, id, &draft, err)) != AF_OK)
            break;
        if (!insert(rows, row_of(draft)))
            status = error_set(err, AF_NO_MEMORY, "no memory for a list of drafts");
        json_decref(draft);
        if (status != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status draft_list(struct app *app, const struct who *who, json_t **out, struct error *err)
{
    json_t *rows, *list;
    struct txn *txn;
    enum status status;

    if (!who_is_staff(who))
        return error_set(err, AF_DENIED, "this is for signed-in staff");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    rows = json_array();
    list = json_pack("{s:o}", "drafts", rows);
    status = list != NULL ? add_all(txn, who->name, rows, err)
                          : error_set(err, AF_NO_MEMORY, "no memory for a list of drafts");
    txn_abort(txn);
    if (status == AF_OK)
        *out = list;
    else
        json_decref(list);
    return status;
}

/* --- time ----------------------------------------------------------------------------------- */

/* Is there one that old? What is asked each second costs one look. */
static enum status find_old(struct app *app, int64_t before_ms, bool *found, struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    uint64_t at_ms = 0;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    *found = false;
    if (status != AF_OK)
        return status;
    status = cursor_open(txn, TABLE_DRAFT_AGE, BYTES_NONE, WALK_UP, &cursor, err);
    if (status == AF_OK) {
        if ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
            struct reader r = reader_of(key);

            *found = reader_be64(&r, &at_ms) && (int64_t)at_ms < before_ms;
        }
        cursor_close(cursor);
    }
    txn_abort(txn);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status draft_sweep(struct app *app, uint32_t *count, struct error *err)
{
    const struct who who = who_system();
    const int64_t before_ms = clock_now_ms() - DRAFT_DAYS * INT64_C(86400000);
    bool found = true;
    enum status status = AF_OK;

    *count = 0;
    while (found && (status = find_old(app, before_ms, &found, err)) == AF_OK && found) {
        struct outcome outcome;

        status = propose(app, &who, "draft.forget", NULL, 0,
                         json_pack("{s:o}", "before", json_from_time(before_ms)), &outcome, err);
        if (status != AF_OK)
            return status;
        *count += (uint32_t)json_get_u64(outcome.result, "count");
        json_decref(outcome.result);
    }
    return status;
}
