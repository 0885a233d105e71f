#include "intake/party/party_record_impl.h"

#include "data/base/clock.h"

#include <assert.h>
#include <stdio.h>

static const struct {
    const char *name;
    enum table table;
} kinds[PARTY_KINDS] = {
    [PARTY_ACCOUNT] = {"account",     TABLE_PARTY_ACCOUNT},
    [PARTY_CONTACT] = {"contact",     TABLE_CONTACT      },
    [PARTY_ENTITLEMENT] = {"entitlement", TABLE_ENTITLEMENT  },
};

/* What the store adds to a record that was put. */
static const char *const added[] = {"version", "at", "updated", "merged", "merged_into"};

const char *party_kind_name(enum party_kind kind)
{
    assert((unsigned)kind < PARTY_KINDS);
    return kinds[kind].name;
}

bool party_kind_parse(struct bytes name, enum party_kind *out)
{
    for (unsigned i = 0; i < PARTY_KINDS; i++)
        if (bytes_equal(name, bytes_str(kinds[i].name))) {
            *out = (enum party_kind)i;
            return true;
        }
    return false;
}

enum table party_table(enum party_kind kind)
{
    assert((unsigned)kind < PARTY_KINDS);
    return kinds[kind].table;
}

/* --- reading -------------------------------------------------------------------------------- */

enum status party_load(struct txn *txn, enum party_kind kind, const char *id, json_t **out,
                       struct error *err)
{
    enum status status = AF_NOT_FOUND;

    if (party_is_id(bytes_str(id)))
        status = store_get_json(txn, kinds[kind].table, bytes_str(id), out, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no %s %.64s", kinds[kind].name, id);
    return status;
}

json_t *party_plain(const json_t *stored)
{
    json_t *plain = json_deep_copy(stored);

    for (size_t i = 0; plain != NULL && i < sizeof added / sizeof added[0]; i++)
        (void)json_object_del(plain, added[i]);
    return plain;
}

enum status party_by_identity(struct txn *txn, enum identity_kind kind, struct bytes identity,
                              char id[PARTY_ID_BYTES], struct error *err)
{
    const struct party_key key = party_identity_key(kind, identity);
    struct bytes body;
    enum status status = store_get(txn, TABLE_CONTACT_KEY, party_key_bytes(&key), &body, err);

    if (status != AF_OK)
        return status;
    if (!party_is_id(body))
        return error_set(err, AF_CORRUPT, "damaged: table contact_key: not an id");
    memcpy(id, body.data, body.len);
    id[body.len] = '\0';
    return AF_OK;
}

static enum status check_one(struct txn *txn, enum party_kind kind, const json_t *id,
                             struct error *err)
{
    struct bytes ignored;
    enum status status = AF_NOT_FOUND;

    if (id == NULL)
        return AF_OK;
    if (json_is_string(id) && party_is_id(bytes_str(json_string_value(id))))
        status = store_get(txn, kinds[kind].table, bytes_str(json_string_value(id)), &ignored, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_INVALID, "it names %s %.64s, which there is not", kinds[kind].name,
                         json_is_string(id) ? json_string_value(id) : "");
    return status;
}

enum status party_check_named(struct txn *txn, const json_t *body, struct error *err)
{
    enum status status = check_one(txn, PARTY_CONTACT, json_object_get(body, "party"), err);

    return status == AF_OK ? check_one(txn, PARTY_ACCOUNT, json_object_get(body, "account"), err)
                           : status;
}

/* --- identities ----------------------------------------------------------------------------- */

/* Calls `fn` for each identity that a record has; an account has domains. */
typedef enum status (*identity_fn)(struct txn *txn, const char *id, const struct party_key *key,
                                   const char *text, enum identity_kind kind, struct error *err);

static enum status each_of(struct txn *txn, const char *id, enum identity_kind kind,
                           const json_t *list, identity_fn fn, struct error *err)
{
    enum status status = AF_OK;
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *text = json_string_value(item);
        const struct party_key key = party_identity_key(kind, bytes_str(text));

        if ((status = fn(txn, id, &key, text, kind, err)) != AF_OK)
            break;
    }
    return status;
}

static enum status each_identity(struct txn *txn, const char *id, const json_t *record,
                                 identity_fn fn, struct error *err)
{
    const json_t *identities = json_object_get(record, "identities");
    enum status status =
        each_of(txn, id, IDENTITY_DOMAIN, json_object_get(record, "domains"), fn, err);

    for (unsigned kind = 0; kind < IDENTITY_OF_CONTACT && status == AF_OK; kind++)
        status =
            each_of(txn, id, (enum identity_kind)kind,
                    json_object_get(identities, identity_name((enum identity_kind)kind)), fn, err);
    return status;
}

/* Nobody else has it. */
static enum status want_free(struct txn *txn, const char *id, const struct party_key *key,
                             const char *text, enum identity_kind kind, struct error *err)
{
    char owner[PARTY_ID_BYTES];
    enum status status = party_by_identity(txn, kind, bytes_str(text), owner, err);

    (void)key;
    if (status == AF_NOT_FOUND || (status == AF_OK && strcmp(owner, id) == 0))
        return AF_OK;
    if (status != AF_OK)
        return status;
    return error_set(
        err, AF_CONFLICT, "%s %.100s is %s %s's already: merge the two, or take it from one",
        identity_name(kind), text, kind == IDENTITY_DOMAIN ? "account" : "contact", owner);
}

static enum status put_key(struct txn *txn, const char *id, const struct party_key *key,
                           const char *text, enum identity_kind kind, struct error *err)
{
    (void)text;
    (void)kind;
    return store_put(txn, TABLE_CONTACT_KEY, party_key_bytes(key), bytes_str(id), err);
}

static enum status drop_key(struct txn *txn, const char *id, const struct party_key *key,
                            const char *text, enum identity_kind kind, struct error *err)
{
    enum status status = store_delete(txn, TABLE_CONTACT_KEY, party_key_bytes(key), err);

    (void)id;
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table contact_key: %s %.100s is not in it",
                         identity_name(kind), text);
    return status;
}

/* --- the other tables ----------------------------------------------------------------------- */

/* What finds a record from elsewhere; false: it has no such row. */
static bool row_of(enum party_kind kind, const json_t *record, enum table *table,
                   struct party_key *key)
{
    const char *account = json_get_str(record, "account");

    if (kind == PARTY_ENTITLEMENT) {
        *table = TABLE_ENTITLEMENT_OF;
        *key = party_entitlement_key(record);
        return true;
    }
    if (kind != PARTY_CONTACT || account[0] == '\0' ||
        json_object_get(record, "merged_into") != NULL)
        return false;
    *table = TABLE_CONTACT_OF;
    *key = party_contact_of_key(account, json_get_str(record, "id"));
    return true;
}

enum status party_drop_rows(struct txn *txn, enum party_kind kind, const json_t *old,
                            struct error *err)
{
    struct party_key key;
    enum table table;
    enum status status = each_identity(txn, json_get_str(old, "id"), old, drop_key, err);

    if (status != AF_OK || !row_of(kind, old, &table, &key))
        return status;
    status = store_delete(txn, table, party_key_bytes(&key), err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table %s: %s %.64s is not in it",
                         table_name(table), kinds[kind].name, json_get_str(old, "id"));
    return status;
}

enum status party_put_rows(struct txn *txn, enum party_kind kind, const json_t *record,
                           struct error *err)
{
    struct party_key key;
    enum table table;
    enum status status = each_identity(txn, json_get_str(record, "id"), record, put_key, err);

    if (status == AF_OK && row_of(kind, record, &table, &key))
        status = store_put(txn, table, party_key_bytes(&key), BYTES_LIT(""), err);
    return status;
}

/* --- putting -------------------------------------------------------------------------------- */

enum status party_no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a party");
}

static enum status check_shape(enum party_kind kind, const json_t *record, struct error *err)
{
    struct complaints complaints;
    enum status status = complaints_init(&complaints, err);

    if (status != AF_OK)
        return status;
    party_shape(kind, record, &complaints);
    status = complaints_verdict(&complaints, err);
    json_decref(complaints.list);
    return status;
}

static enum status want_there(struct txn *txn, enum party_kind kind, const json_t *record,
                              struct error *err)
{
    const char *id = json_get_str(record, kinds[kind].name);
    json_t *named;
    enum status status;

    if (id[0] == '\0')
        return AF_OK;
    if ((status = party_load(txn, kind, id, &named, err)) != AF_OK)
        return status == AF_NOT_FOUND ? error_set(err, AF_INVALID, "%s: there is none of id %.64s",
                                                  kinds[kind].name, id)
                                      : status;
    if (json_object_get(named, "merged_into") != NULL)
        status = error_set(err, AF_CONFLICT, "contact %.64s was merged into %.64s", id,
                           json_get_str(named, "merged_into"));
    json_decref(named);
    return status;
}

/* May it be put in place of `old`, which may be NULL? */
static enum status check_put(struct txn *txn, enum party_kind kind, const json_t *record,
                             const json_t *old, const json_t *if_version, struct error *err)
{
    const char *id = json_get_str(record, "id");
    enum status status;

    if (if_version != NULL &&
        (uint64_t)json_integer_value(if_version) != json_get_u64(old, "version"))
        return error_set(err, AF_CHANGED, "somebody changed %s %.64s meanwhile: it is version %llu",
                         kinds[kind].name, id, (unsigned long long)json_get_u64(old, "version"));
    if (json_object_get(old, "merged_into") != NULL)
        return error_set(err, AF_CONFLICT, "contact %.64s was merged into %.64s", id,
                         json_get_str(old, "merged_into"));
    status = want_there(txn, PARTY_ACCOUNT, record, err);
    if (kind == PARTY_ACCOUNT)
        status = AF_OK; /* its own id is not "account" */
    if (status == AF_OK && kind == PARTY_ENTITLEMENT)
        status = want_there(txn, PARTY_CONTACT, record, err);
    return status == AF_OK ? each_identity(txn, id, record, want_free, err) : status;
}

enum status party_save(struct txn *txn, enum party_kind kind, json_t *record, int64_t at_ms,
                       struct error *err)
{
    bool ok = true;

    json_put(record, "version", json_integer((json_int_t)json_get_u64(record, "version") + 1), &ok);
    json_put(record, "updated", json_from_time(at_ms), &ok);
    if (json_object_get(record, "at") == NULL)
        json_put(record, "at", json_from_time(at_ms), &ok);
    if (!ok)
        return party_no_memory(err);
    return store_put_json(txn, kinds[kind].table, bytes_str(json_get_str(record, "id")), record,
                          err);
}

/* The new record with what the store knew of the old one. */
static json_t *with_added(const json_t *given, const json_t *old)
{
    json_t *record = json_deep_copy(given);
    bool ok = record != NULL;

    for (size_t i = 0; ok && i < sizeof added / sizeof added[0]; i++)
        if (json_object_get(old, added[i]) != NULL)
            json_put(record, added[i], json_deep_copy(json_object_get(old, added[i])), &ok);
    if (ok)
        return record;
    json_decref(record);
    return NULL;
}

static enum status put(struct txn *txn, enum party_kind kind, const struct command *command,
                       const json_t *old, json_t *result, struct error *err)
{
    const json_t *given = json_object_get(command->body, "record");
    json_t *record = with_added(given, old), *plain = old != NULL ? party_plain(old) : NULL;
    bool is_same = old != NULL && json_equal(plain, given), ok = true;
    enum status status = record != NULL ? AF_OK : party_no_memory(err);

    if (status == AF_OK && !is_same && old != NULL)
        status = party_drop_rows(txn, kind, old, err);
    if (status == AF_OK && !is_same)
        status = party_put_rows(txn, kind, record, err);
    if (status == AF_OK && !is_same)
        status = party_save(txn, kind, record, command->at_ms, err);
    json_put(result, "id", json_string(json_get_str(given, "id")), &ok);
    json_put(result, "version", json_integer((json_int_t)json_get_u64(record, "version")), &ok);
    json_put(result, "changed", json_boolean(!is_same), &ok);
    json_decref(plain);
    json_decref(record);
    return status != AF_OK || ok ? status : party_no_memory(err);
}

enum status party_apply_put(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err)
{
    const json_t *record = json_object_get(command->body, "record");
    const json_t *if_version = json_object_get(command->body, "if_version");
    enum party_kind kind;
    json_t *old = NULL;
    enum status status;

    if (!party_kind_parse(bytes_str(json_get_str(command->body, "kind")), &kind))
        return error_set(err, AF_INVALID, "\"kind\" is account, contact or entitlement");
    if ((status = check_shape(kind, record, err)) != AF_OK)
        return status;
    status =
        store_get_json(txn, kinds[kind].table, bytes_str(json_get_str(record, "id")), &old, err);
    if (status == AF_NOT_FOUND)
        status = AF_OK;
    if (status == AF_OK)
        status = check_put(txn, kind, record, old, if_version, err);
    if (status == AF_OK)
        status = put(txn, kind, command, old, result, err);
    json_decref(old);
    return status;
}
