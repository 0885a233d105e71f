/* Two contacts turn out to be one person: identities move, and the past of both is one from then
 * on. Tickets keep the id they were opened with. */
#include "intake/party/party_record_impl.h"

static enum status add_texts(json_t *to, const json_t *from, struct error *err)
{
    const json_t *item;
    size_t i;

    json_array_foreach(from, i, item)
    {
        if (json_array_append_new(to, json_deep_copy(item)) != 0)
            return party_no_memory(err);
    }
    return AF_OK;
}

static enum status list_of(json_t *object, const char *member, json_t **out, struct error *err)
{
    bool ok = true;

    if (json_object_get(object, member) == NULL)
        json_put(object, member, json_array(), &ok);
    *out = json_object_get(object, member);
    return ok ? AF_OK : party_no_memory(err);
}

static enum status move_identities(json_t *into, const json_t *from, struct error *err)
{
    const json_t *theirs = json_object_get(from, "identities"), *list;
    bool ok = true;
    const char *kind;
    enum status status = AF_OK;

    if (json_object_get(into, "identities") == NULL)
        json_put(into, "identities", json_object(), &ok);
    if (!ok)
        return party_no_memory(err);
    json_object_foreach((json_t *)(uintptr_t)theirs, kind, list)
    {
        json_t *ours;

        status = list_of(json_object_get(into, "identities"), kind, &ours, err);
        if (status == AF_OK && json_array_size(ours) + json_array_size(list) > PARTY_IDENTITIES_MAX)
            status = error_set(err, AF_TOO_LARGE, "a contact has at most %d of each: %s",
                               PARTY_IDENTITIES_MAX, kind);
        if (status == AF_OK)
            status = add_texts(ours, list, err);
        if (status != AF_OK)
            break;
    }
    return status;
}

/* `from` and those that were merged into it before are part of `into` now: its past is theirs. */
static enum status name_merged(json_t *into, const json_t *from, struct error *err)
{
    json_t *merged;
    enum status status = list_of(into, "merged", &merged, err);

    if (status != AF_OK)
        return status;
    if (json_array_size(merged) + json_array_size(json_object_get(from, "merged")) + 1 >
        PARTY_MERGED_MAX)
        return error_set(err, AF_TOO_LARGE, "at most %d contacts are merged into one",
                         PARTY_MERGED_MAX);
    if ((status = add_texts(merged, json_object_get(from, "merged"), err)) == AF_OK &&
        json_array_append_new(merged, json_string(json_get_str(from, "id"))) != 0)
        status = party_no_memory(err);
    return status;
}

static enum status set_merged_into(struct txn *txn, const char *id, const char *into, int64_t at_ms,
                                   struct error *err)
{
    json_t *record;
    bool ok = true;
    enum status status = party_load(txn, PARTY_CONTACT, id, &record, err);

    if (status != AF_OK)
        return status;
    json_put(record, "merged_into", json_string(into), &ok);
    (void)json_object_del(record, "merged");
    (void)json_object_del(record, "identities");
    status = ok ? party_save(txn, PARTY_CONTACT, record, at_ms, err) : party_no_memory(err);
    json_decref(record);
    return status;
}

static enum status merge(struct txn *txn, const struct command *command, const json_t *from,
                         json_t *into, struct error *err)
{
    const json_t *merged = json_object_get(from, "merged"), *item;
    json_t *old = json_deep_copy(into);
    const char *into_id = json_get_str(into, "id");
    enum status status = old != NULL ? AF_OK : party_no_memory(err);
    size_t i;

    /* Nothing is written before all of it fits. */
    if (status == AF_OK)
        status = move_identities(into, from, err);
    if (status == AF_OK)
        status = name_merged(into, from, err);
    if (status == AF_OK)
        status = party_drop_rows(txn, PARTY_CONTACT, from, err);
    if (status == AF_OK)
        status = party_drop_rows(txn, PARTY_CONTACT, old, err);
    if (status == AF_OK)
        status = party_put_rows(txn, PARTY_CONTACT, into, err);
    if (status == AF_OK)
        status = party_save(txn, PARTY_CONTACT, into, command->at_ms, err);
    json_array_foreach(merged, i, item)
    {
        if (status == AF_OK)
            status = set_merged_into(txn, json_string_value(item), into_id, command->at_ms, err);
    }
    if (status == AF_OK)
        status = set_merged_into(txn, json_get_str(from, "id"), into_id, command->at_ms, err);
    json_decref(old);
    return status;
}

static enum status load_live(struct txn *txn, const char *id, json_t **out, struct error *err)
{
    enum status status = party_load(txn, PARTY_CONTACT, id, out, err);

    if (status != AF_OK || json_object_get(*out, "merged_into") == NULL)
        return status;
    status = error_set(err, AF_CONFLICT, "contact %.64s was merged into %.64s already", id,
                       json_get_str(*out, "merged_into"));
    json_decref(*out);
    *out = NULL;
    return status;
}

enum status party_apply_merge(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    const char *from_id = json_get_str(command->body, "from");
    const char *into_id = json_get_str(command->body, "into");
    json_t *from = NULL, *into = NULL;
    bool ok = true;
    enum status status;

    if (strcmp(from_id, into_id) == 0)
        return error_set(err, AF_INVALID, "a contact is not merged into itself");
    status = load_live(txn, from_id, &from, err);
    if (status == AF_OK)
        status = load_live(txn, into_id, &into, err);
    if (status == AF_OK)
        status = merge(txn, command, from, into, err);
    json_put(result, "id", json_string(into_id), &ok);
    json_decref(from);
    json_decref(into);
    return status != AF_OK || ok ? status : party_no_memory(err);
}
