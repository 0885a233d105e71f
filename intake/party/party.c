#include "intake/party/party.h"

#include "intake/propose.h"

static enum status require_staff(const struct who *who, struct error *err)
{
    return who_is_staff(who) ? AF_OK : error_set(err, AF_DENIED, "this is for signed-in staff");
}

static enum status require_keeper(const struct who *who, enum party_kind kind, struct error *err)
{
    if (kind == PARTY_CONTACT || who->role == ROLE_SUPERVISOR || who->role == ROLE_ADMIN)
        return require_staff(who, err);
    return error_set(err, AF_DENIED, "%ss are kept by supervisors and admins",
                     party_kind_name(kind));
}

/* --- putting -------------------------------------------------------------------------------- */

static enum status normalise_now(struct app *app, const struct party_put *put, json_t **record,
                                 struct complaints *complaints, struct error *err)
{
    struct rules rules;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = rules_load_in(app, txn, &rules, err)) == AF_OK) {
        status = party_normalise(txn, &rules, put->kind, put->record, record, complaints, err);
        rules_release(&rules);
    }
    txn_abort(txn);
    return status;
}

enum status party_put(struct app *app, const struct who *who, const struct party_put *put,
                      json_t **result, json_t **complaints, struct error *err)
{
    struct complaints found = {NULL, false};
    json_t *record = NULL, *body;
    struct outcome outcome;
    bool ok = true;
    enum status status = require_keeper(who, put->kind, err);

    *complaints = NULL;
    if (status != AF_OK || (status = complaints_init(&found, err)) != AF_OK)
        return status;
    if ((status = normalise_now(app, put, &record, &found, err)) == AF_OK &&
        (status = complaints_verdict(&found, err)) == AF_INVALID)
        *complaints = json_incref(found.list);
    json_decref(found.list);
    if (status != AF_OK) {
        json_decref(record);
        return status;
    }
    body = json_pack("{s:s,s:o}", "kind", party_kind_name(put->kind), "record", record);
    if (put->if_version != PARTY_ANY_VERSION)
        json_put(body, "if_version", json_integer(put->if_version), &ok);
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_NO_MEMORY, "no memory for a party");
    }
    status = propose(app, who, "party.put", NULL, 0, body, &outcome, err);
    if (status == AF_OK)
        *result = outcome.result;
    return status;
}

enum status party_merge(struct app *app, const struct who *who, const char *from, const char *into,
                        struct error *err)
{
    enum status status = require_staff(who, err);

    if (status != AF_OK)
        return status;
    return propose(app, who, "party.merge", NULL, 0,
                   json_pack("{s:s,s:s}", "from", from, "into", into), NULL, err);
}

/* --- reading -------------------------------------------------------------------------------- */

enum status party_get(struct app *app, const struct who *who, enum party_kind kind, const char *id,
                      json_t **out, struct error *err)
{
    struct txn *txn;
    enum status status = require_staff(who, err);

    if (status != AF_OK || (status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = party_load(txn, kind, id, out, err);
    txn_abort(txn);
    return status;
}

/* Where the ids are: the records themselves, or an owner's rows, each of which ends with one. */
struct shelf {
    enum table table;
    struct party_key prefix; /* empty: all of the table */
};

static struct shelf shelf_of(const struct party_filter *filter, const char *owner)
{
    struct shelf shelf = {.table = party_table(filter->kind), .prefix = {.len = 0}};

    if (owner[0] == '\0' || filter->kind == PARTY_ACCOUNT)
        return shelf;
    if (filter->kind == PARTY_CONTACT) {
        shelf.table = TABLE_CONTACT_OF;
        shelf.prefix = party_contact_of_key(owner, "");
    } else {
        shelf.table = TABLE_ENTITLEMENT_OF;
        party_key_begin(&shelf.prefix, PARTY_ACCOUNT, owner);
        party_key_add(&shelf.prefix, "");
    }
    return shelf;
}

static void copy_id(struct bytes from, char id[PARTY_ID_BYTES])
{
    size_t len = from.len < PARTY_ID_BYTES_MAX ? from.len : PARTY_ID_BYTES_MAX;

    if (len > 0)
        memcpy(id, from.data, len);
    id[len] = '\0';
}

/* The key that ends with this id, which of entitlements tells its product too: so their "after" is
 * the whole of what follows the owner. */
static struct party_key key_after(const struct shelf *shelf, struct bytes after)
{
    struct party_key key = shelf->prefix;
    size_t room = sizeof key.b - key.len, len = after.len < room ? after.len : room;

    if (len > 0)
        memcpy(key.b + key.len, after.data, len);
    key.len += len;
    return key;
}

static enum status add_row(struct txn *txn, enum party_kind kind, struct bytes key, json_t *rows,
                           struct error *err)
{
    size_t at = key.len;
    char id[PARTY_ID_BYTES];
    json_t *record;
    enum status status;

    while (at > 0 && key.data[at - 1] != 0)
        at--;
    copy_id(bytes_of(key.data + at, key.len - at), id);
    if ((status = party_load(txn, kind, id, &record, err)) != AF_OK)
        return status;
    return json_array_append_new(rows, record) == 0
               ? AF_OK
               : error_set(err, AF_NO_MEMORY, "no memory for a list of parties");
}

/* Where the page goes on, as text without a 0: a tab stands for each. */
static json_t *next_text(const struct shelf *shelf, struct bytes key)
{
    char text[PARTY_KEY_BYTES_MAX];
    size_t len = 0;

    for (size_t i = shelf->prefix.len; i < key.len && len < sizeof text; i++)
        text[len++] = key.data[i] == 0 ? '\t' : (char)key.data[i];
    return json_from_bytes(bytes_of(text, len));
}

static enum status fill(struct txn *txn, const struct party_filter *filter,
                        const struct shelf *shelf, struct bytes after, json_t *result, json_t *rows,
                        struct error *err)
{
    const struct party_key from = key_after(shelf, after);
    struct bytes prefix = party_key_bytes(&shelf->prefix), key, body;
    struct buf last = {0};
    struct cursor *cursor;
    bool ok = true;
    enum status status =
        cursor_open(txn, shelf->table, from.len == 0 ? BYTES_NONE : party_key_bytes(&from), WALK_UP,
                    &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK &&
           bytes_has_prefix(key, prefix)) {
        if (after.len > 0 && bytes_equal(key, party_key_bytes(&from)))
            continue;
        if (json_array_size(rows) == filter->limit) {
            json_put(result, "next", next_text(shelf, buf_bytes(&last)), &ok);
            break;
        }
        buf_clear(&last);
        buf_add(&last, key);
        if ((status = add_row(txn, filter->kind, key, rows, err)) != AF_OK)
            break;
    }
    cursor_close(cursor);
    if (!ok || !buf_ok(&last))
        status = error_set(err, AF_NO_MEMORY, "no memory for a list of parties");
    buf_release(&last);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status party_list(struct app *app, const struct who *who, const struct party_filter *filter,
                       json_t **out, struct error *err)
{
    static const char *const names[PARTY_KINDS] = {"accounts", "contacts", "entitlements"};
    char owner[PARTY_ID_BYTES], after[PARTY_KEY_BYTES_MAX];
    size_t after_len = filter->after.len < sizeof after ? filter->after.len : sizeof after;
    struct shelf shelf;
    json_t *rows, *result;
    struct txn *txn;
    enum status status = require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (filter->limit < 1 || filter->limit > PARTY_LIST_MAX)
        return error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d", PARTY_LIST_MAX);
    if (filter->owner.len > 0 && !party_is_id(filter->owner))
        return error_set(err, AF_INVALID, "\"account\" is not an id");
    copy_id(filter->owner, owner);
    shelf = shelf_of(filter, owner);
    for (size_t i = 0; i < after_len; i++)
        after[i] = filter->after.data[i] == '\t' ? 0 : (char)filter->after.data[i];
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    rows = json_array();
    result = json_pack("{s:o}", names[filter->kind], rows);
    status = result != NULL
                 ? fill(txn, filter, &shelf, bytes_of(after, after_len), result, rows, err)
                 : error_set(err, AF_NO_MEMORY, "no memory for a list of parties");
    txn_abort(txn);
    if (status == AF_OK)
        *out = result;
    else
        json_decref(result);
    return status;
}
