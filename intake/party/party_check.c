#include "intake/party/party_check.h"

#include "intake/inspect.h"
#include "intake/party/party_record.h"

#include <stdio.h>

/* Rows that records confirmed, by table: as many as there are means that each is one of those. */
struct counts {
    uint64_t keys, contacts_of, entitlements_of;
};

/* --- records -------------------------------------------------------------------------------- */

/* The record of a row, whose fault is said; NULL: not one. The caller owns it. */
static json_t *record_of(struct inspection *in, enum party_kind kind, struct bytes key,
                         struct bytes body)
{
    json_t *record = inspect_object(in, body), *plain;
    struct complaints complaints;
    struct error err;

    if (record == NULL)
        return NULL;
    if (!bytes_equal(key, bytes_str(json_get_str(record, "id"))))
        inspect_say(in, "its \"id\" is %.64s", json_get_str(record, "id"));
    if (json_get_u64(record, "version") == 0)
        inspect_say(in, "it has no version");
    plain = party_plain(record);
    if (plain == NULL || complaints_init(&complaints, &err) != AF_OK) {
        in->no_memory = true;
    } else {
        party_shape(kind, plain, &complaints);
        if (complaints_verdict(&complaints, &err) != AF_OK)
            inspect_say(in, "%.120s", err.text);
        json_decref(complaints.list);
    }
    json_decref(plain);
    return record;
}

/* The row is there, and its value is `value`. */
static void want_row(struct inspection *in, enum table table, const struct party_key *key,
                     const char *value, const char *what, uint64_t *confirmed)
{
    struct bytes body;
    enum status status = store_get(in->txn, table, party_key_bytes(key), &body, NULL);

    if (inspect_is_missing(in, status))
        inspect_say(in, "%.80s is not in table %s", what, table_name(table));
    else if (status == AF_OK && !bytes_equal(body, bytes_str(value)))
        inspect_say(in, "%.80s is another's in table %s", what, table_name(table));
    *confirmed += status == AF_OK;
}

static void want_identities(struct inspection *in, const char *id, enum identity_kind kind,
                            const json_t *list)
{
    struct counts *counts = in->more;
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *text = json_is_string(item) ? json_string_value(item) : "";
        const struct party_key key = party_identity_key(kind, bytes_str(text));

        want_row(in, TABLE_CONTACT_KEY, &key, id, text, &counts->keys);
    }
}

static void want_record(struct inspection *in, enum party_kind kind, const char *id)
{
    json_t *record = NULL;
    enum status status = AF_OK;

    if (id[0] != '\0')
        status = party_load(in->txn, kind, id, &record, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "it names %s %.64s, which there is not", party_kind_name(kind), id);
    json_decref(record);
}

static void name_row(struct inspection *in, const json_t *record)
{
    (void)snprintf(in->name, sizeof in->name, "%.63s", json_get_str(record, "id"));
}

static void check_account(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *account = record_of(in, PARTY_ACCOUNT, key, body);

    if (account == NULL)
        return;
    name_row(in, account);
    want_identities(in, json_get_str(account, "id"), IDENTITY_DOMAIN,
                    json_object_get(account, "domains"));
    json_decref(account);
}

/* What was merged is empty, and the other one says so. */
static void check_merged(struct inspection *in, const json_t *contact)
{
    const char *id = json_get_str(contact, "id"), *into = json_get_str(contact, "merged_into");
    json_t *other = NULL;
    const json_t *item;
    bool is_named = false;
    size_t i;

    if (json_object_get(contact, "merged_into") == NULL)
        return;
    want_record(in, PARTY_CONTACT, into);
    if (party_load(in->txn, PARTY_CONTACT, into, &other, NULL) != AF_OK)
        return;
    json_array_foreach(json_object_get(other, "merged"), i, item)
    {
        is_named = is_named || (json_is_string(item) && strcmp(json_string_value(item), id) == 0);
    }
    if (!is_named)
        inspect_say(in, "it was merged into %.64s, which does not know", into);
    json_decref(other);
}

static void check_contact(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *contact = record_of(in, PARTY_CONTACT, key, body);
    const json_t *identities = json_object_get(contact, "identities");
    const char *account = json_get_str(contact, "account"), *id = json_get_str(contact, "id");
    struct counts *counts = in->more;

    if (contact == NULL)
        return;
    name_row(in, contact);
    for (unsigned kind = 0; kind < IDENTITY_OF_CONTACT; kind++)
        want_identities(in, id, (enum identity_kind)kind,
                        json_object_get(identities, identity_name((enum identity_kind)kind)));
    want_record(in, PARTY_ACCOUNT, account);
    if (account[0] != '\0' && json_object_get(contact, "merged_into") == NULL) {
        const struct party_key row = party_contact_of_key(account, id);

        want_row(in, TABLE_CONTACT_OF, &row, "", "it", &counts->contacts_of);
    }
    check_merged(in, contact);
    json_decref(contact);
}

static void check_entitlement(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *entitlement = record_of(in, PARTY_ENTITLEMENT, key, body);
    struct counts *counts = in->more;
    struct party_key row;

    if (entitlement == NULL)
        return;
    name_row(in, entitlement);
    want_record(in, PARTY_ACCOUNT, json_get_str(entitlement, "account"));
    want_record(in, PARTY_CONTACT, json_get_str(entitlement, "contact"));
    row = party_entitlement_key(entitlement);
    want_row(in, TABLE_ENTITLEMENT_OF, &row, "", "it", &counts->entitlements_of);
    json_decref(entitlement);
}

/* --- rows ----------------------------------------------------------------------------------- */

static void check_count(struct inspection *in, enum table table, uint64_t confirmed)
{
    uint64_t count = store_sum(in->txn, table).count;

    in->table = table;
    (void)snprintf(in->name, sizeof in->name, "all");
    if (count != confirmed)
        inspect_say(in, "it has %llu rows, of which records know %llu", (unsigned long long)count,
                    (unsigned long long)confirmed);
}

enum status party_check(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct counts counts = {0};
    struct inspection in = {.txn = txn, .fault = fault, .context = context, .more = &counts};
    enum status status = inspect_rows(&in, TABLE_PARTY_ACCOUNT, check_account, err);

    if (status == AF_OK)
        status = inspect_rows(&in, TABLE_CONTACT, check_contact, err);
    if (status == AF_OK)
        status = inspect_rows(&in, TABLE_ENTITLEMENT, check_entitlement, err);
    if (status != AF_OK)
        return status;
    check_count(&in, TABLE_CONTACT_KEY, counts.keys);
    check_count(&in, TABLE_CONTACT_OF, counts.contacts_of);
    check_count(&in, TABLE_ENTITLEMENT_OF, counts.entitlements_of);
    return AF_OK;
}
