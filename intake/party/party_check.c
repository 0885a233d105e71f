#include "intake/party/party_check.h"

#include "data/base/clock.h"
#include "intake/ask/consult.h"
#include "intake/inspect.h"
#include "intake/party/enquiry_record.h"
#include "intake/party/party_past.h"
#include "intake/party/party_record.h"
#include "intake/ticket/ticket_record.h"

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

/* --- enquiries ------------------------------------------------------------------------------ */

static void want_past(struct inspection *in, const json_t *record, enum party_kind owner,
                      const char *id, uint32_t no)
{
    uint8_t number[4];
    struct party_key key;
    struct bytes ignored;
    int64_t at_ms = 0;
    enum status status;

    if (id[0] == '\0')
        return;
    put_be32(number, no);
    (void)clock_parse(bytes_str(json_get_str(record, "at")), &at_ms);
    key = party_past_key(owner, id, at_ms, PAST_ENQUIRY, bytes_of(number, 4));
    status = store_get(in->txn, TABLE_PARTY_PAST, party_key_bytes(&key), &ignored, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "it is not in the past of %s %.64s", party_kind_name(owner), id);
}

static void check_enquiry_ticket(struct inspection *in, const json_t *enquiry, uint32_t no)
{
    uint64_t ticket_no = json_get_u64(enquiry, "ticket");
    json_t *ticket = NULL;
    enum status status = AF_NOT_FOUND;

    if (json_object_get(enquiry, "ticket") == NULL)
        return;
    if (ticket_no > 0 && ticket_no <= UINT32_MAX)
        status = ticket_load(in->txn, (uint32_t)ticket_no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "its ticket %llu is not in table ticket", (unsigned long long)ticket_no);
    else if (status == AF_OK && json_get_u64(ticket, "enquiry") != no)
        inspect_say(in, "its ticket %llu has another enquiry", (unsigned long long)ticket_no);
    json_decref(ticket);
}

static void check_enquiry(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(key);
    json_t *enquiry = inspect_object(in, body);
    bool is_answered;
    int64_t ignored;
    uint32_t no = 0;

    if (enquiry == NULL)
        return;
    if (!reader_be32(&r, &no) || reader_left(&r) > 0 || json_get_u64(enquiry, "n") != no)
        inspect_say(in, "its \"n\" is %llu", (unsigned long long)json_get_u64(enquiry, "n"));
    (void)snprintf(in->name, sizeof in->name, "%u", no);
    in->highest = no > in->highest ? no : in->highest;
    if (!enquiry_is_state(bytes_str(json_get_str(enquiry, "state"))))
        inspect_say(in, "\"%.40s\" is not a state of an enquiry", json_get_str(enquiry, "state"));
    is_answered = strcmp(json_get_str(enquiry, "state"), "answered") == 0;
    if (is_answered != (json_get_str(enquiry, "reply")[0] != '\0'))
        inspect_say(in, "its state and its reply disagree");
    if (!clock_parse(bytes_str(json_get_str(enquiry, "due")), &ignored))
        inspect_say(in, "its \"due\" is not a time");
    want_past(in, enquiry, PARTY_CONTACT, json_get_str(enquiry, "party"), no);
    want_past(in, enquiry, PARTY_ACCOUNT, json_get_str(enquiry, "account"), no);
    check_enquiry_ticket(in, enquiry, no);
    json_decref(enquiry);
}

static void check_next_enquiry(struct inspection *in)
{
    uint32_t next = 1;
    struct bytes body;
    enum status status = store_get(in->txn, TABLE_META, BYTES_LIT("next_enquiry"), &body, NULL);

    if (status == AF_OK) {
        struct reader r = reader_of(body);

        if (!reader_be32(&r, &next))
            next = 0;
    } else if (!inspect_is_missing(in, status)) {
        return;
    }
    in->table = TABLE_META;
    (void)snprintf(in->name, sizeof in->name, "next_enquiry");
    if (next <= in->highest)
        inspect_say(in, "%u is not above enquiry %u", next, in->highest);
}

/* --- the past ------------------------------------------------------------------------------- */

static enum status load_past(struct inspection *in, const struct party_past_row *row, json_t **out)
{
    char id[65] = "";

    if (row->what == PAST_TICKET)
        return ticket_load(in->txn, row->no, out, NULL);
    if (row->what == PAST_ENQUIRY)
        return enquiry_load(in->txn, row->no, out, NULL);
    memcpy(id, row->name.data, row->name.len);
    return consult_load(in->txn, id, out, NULL);
}

/* What it leads to is that one's, and of then. */
static void check_past(struct inspection *in, struct bytes key, struct bytes body)
{
    struct party_past_row row;
    json_t *record = NULL;
    int64_t at_ms = 0;
    const char *id;
    enum status status;

    (void)body;
    if (!party_past_parse(key, &row)) {
        inspect_say(in, "not what somebody asked");
        return;
    }
    (void)snprintf(in->name, sizeof in->name, "%.48s", row.id);
    status = load_past(in, &row, &record);
    if (inspect_is_missing(in, status))
        inspect_say(in, "'%c' %u is not there", row.what, row.no);
    if (status != AF_OK)
        return;
    id = json_get_str(record, row.owner == PARTY_CONTACT ? "party" : "account");
    (void)clock_parse(bytes_str(json_get_str(record, "at")), &at_ms);
    if (strcmp(id, row.id) != 0 || (uint64_t)at_ms != row.at_ms)
        inspect_say(in, "'%c' %u is another's, or of another time", row.what, row.no);
    json_decref(record);
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
    if ((status = inspect_rows(&in, TABLE_ENQUIRY, check_enquiry, err)) != AF_OK ||
        (status = inspect_rows(&in, TABLE_PARTY_PAST, check_past, err)) != AF_OK)
        return status;
    check_next_enquiry(&in);
    check_count(&in, TABLE_CONTACT_KEY, counts.keys);
    check_count(&in, TABLE_CONTACT_OF, counts.contacts_of);
    check_count(&in, TABLE_ENTITLEMENT_OF, counts.entitlements_of);
    return AF_OK;
}
