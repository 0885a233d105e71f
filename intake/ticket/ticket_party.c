#include "intake/ticket/ticket_party.h"

#include "data/base/clock.h"
#include "intake/party/enquiry_record.h"
#include "intake/party/party_past.h"

/* Texts; "entitlement" and "party_also" beside them. */
static const char *const texts[] = {"party", "party_by", "account",
                                    "rep",   "serial",   "entered_by_role"};
#define TEXTS (sizeof texts / sizeof texts[0])

/* --- checking ------------------------------------------------------------------------------- */

static bool is_role(const char *role)
{
    return strcmp(role, "customer") == 0 || strcmp(role, "agent") == 0 || strcmp(role, "rep") == 0;
}

static bool is_result(const char *result)
{
    return strcmp(result, "standard") == 0 || strcmp(result, "none") == 0 ||
           strcmp(result, "no_data") == 0;
}

static enum status check_texts(const json_t *body, struct error *err)
{
    for (size_t i = 0; i < TEXTS; i++) {
        const json_t *value = json_object_get(body, texts[i]);

        if (value != NULL &&
            (!json_is_string(value) || json_string_length(value) > PARTY_NAME_BYTES_MAX))
            return error_set(err, AF_INVALID, "\"%s\" is a text of at most %d bytes", texts[i],
                             PARTY_NAME_BYTES_MAX);
    }
    return AF_OK;
}

static enum status check_entitlement(const json_t *entitlement, struct error *err)
{
    static const char *const members[] = {"why", "by", "kind", "until"};

    if (entitlement == NULL)
        return AF_OK;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (json_object_get(entitlement, members[i]) != NULL &&
            !json_is_string(json_object_get(entitlement, members[i])))
            return error_set(err, AF_INVALID, "\"entitlement\" has a \"%s\" that is no text",
                             members[i]);
    return is_result(json_get_str(entitlement, "result"))
               ? AF_OK
               : error_set(err, AF_INVALID, "\"entitlement\" is standard, none or no_data");
}

static enum status check_also(const json_t *also, struct error *err)
{
    const json_t *id;
    size_t i;

    if (also != NULL && !json_is_array(also))
        return error_set(err, AF_INVALID, "\"party_also\" is a list of ids");
    json_array_foreach(also, i, id)
    {
        if (!json_is_string(id) || !party_is_id(bytes_str(json_string_value(id))))
            return error_set(err, AF_INVALID, "\"party_also\" is a list of ids");
    }
    return AF_OK;
}

enum status ticket_party_check_body(struct txn *txn, const json_t *body, struct error *err)
{
    const json_t *role = json_object_get(body, "entered_by_role");
    enum status status = check_texts(body, err);

    if (status == AF_OK && role != NULL && !is_role(json_string_value(role)))
        status = error_set(err, AF_INVALID, "\"entered_by_role\" is customer, agent or rep");
    if (status == AF_OK)
        status = check_entitlement(json_object_get(body, "entitlement"), err);
    if (status == AF_OK)
        status = check_also(json_object_get(body, "party_also"), err);
    return status == AF_OK ? party_check_named(txn, body, err) : status;
}

/* --- taking --------------------------------------------------------------------------------- */

static bool copy_members(json_t *ticket, const json_t *body)
{
    static const char *const others[] = {"entitlement", "party_also"};
    bool ok = true;

    for (size_t i = 0; i < TEXTS; i++)
        if (json_get_str(body, texts[i])[0] != '\0')
            json_put(ticket, texts[i], json_deep_copy(json_object_get(body, texts[i])), &ok);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (json_object_get(body, others[i]) != NULL)
            json_put(ticket, others[i], json_deep_copy(json_object_get(body, others[i])), &ok);
    return ok;
}

static int64_t opened_ms(const json_t *ticket)
{
    int64_t at_ms;

    return clock_parse(bytes_str(json_get_str(ticket, "at")), &at_ms) ? at_ms : 0;
}

static enum status set_past(struct txn *txn, const json_t *ticket, bool is_dropped,
                            struct error *err)
{
    uint32_t no = (uint32_t)json_get_u64(ticket, "n");

    return is_dropped ? party_past_drop(txn, ticket, opened_ms(ticket), PAST_TICKET, no, err)
                      : party_past_add(txn, ticket, opened_ms(ticket), PAST_TICKET, no, err);
}

enum status ticket_party_take(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err)
{
    enum status status = copy_members(ticket, command->body)
                             ? set_past(txn, ticket, false, err)
                             : error_set(err, AF_NO_MEMORY, "no memory for a ticket");

    return status == AF_OK ? enquiry_of_ticket(txn, ticket, command, err) : status;
}

/* --- another party -------------------------------------------------------------------------- */

static json_t *change_of(const json_t *ticket, const json_t *body)
{
    return json_pack("{s:{s:s,s:s},s:{s:s,s:s}}", "old", "party", json_get_str(ticket, "party"),
                     "account", json_get_str(ticket, "account"), "new", "party",
                     json_get_str(body, "party"), "account", json_get_str(body, "account"));
}

static enum status set_party(struct txn *txn, json_t *ticket, const struct command *command,
                             json_t *result, struct error *err)
{
    const json_t *body = command->body;
    json_t *old = NULL;
    bool ok = true;
    enum status status = ticket_party_check_body(txn, body, err);

    (void)result;
    if (status == AF_OK && !json_is_object(json_object_get(body, "entitlement")))
        status = error_set(err, AF_INVALID, "\"entitlement\" is missing");
    if (status == AF_OK && !json_is_string(json_object_get(body, "level")))
        status = error_set(err, AF_INVALID, "\"level\" is missing");
    if (status == AF_OK)
        status = ticket_add_event(ticket, command, "party", change_of(ticket, body), err);
    if (status != AF_OK)
        return status;
    old = json_deep_copy(ticket);
    for (size_t i = 0; i < 4; i++) /* who put it in stays, and which one it is about */
        (void)json_object_del(ticket, texts[i]);
    (void)json_object_del(ticket, "party_also");
    ok = old != NULL && copy_members(ticket, body);
    json_put(ticket, "level", json_deep_copy(json_object_get(body, "level")), &ok);
    status =
        ok ? set_past(txn, old, true, err) : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status == AF_OK)
        status = set_past(txn, ticket, false, err);
    json_decref(old);
    return status;
}

enum status ticket_apply_party(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_change(txn, command, set_party, result, err);
}

/* --- check ---------------------------------------------------------------------------------- */

static void inspect_past(struct inspection *in, const json_t *ticket, enum party_kind owner,
                         const char *id)
{
    uint8_t number[4];
    struct party_key key;
    struct bytes ignored;
    enum status status;

    if (id[0] == '\0')
        return;
    put_be32(number, (uint32_t)json_get_u64(ticket, "n"));
    key = party_past_key(owner, id, opened_ms(ticket), PAST_TICKET, bytes_of(number, 4));
    status = store_get(in->txn, TABLE_PARTY_PAST, party_key_bytes(&key), &ignored, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "it is not in the past of %s %.64s", party_kind_name(owner), id);
}

static void inspect_enquiry(struct inspection *in, const json_t *ticket)
{
    uint64_t no = json_get_u64(ticket, "enquiry");
    json_t *enquiry = NULL;
    enum status status = AF_NOT_FOUND;

    if (json_object_get(ticket, "enquiry") == NULL)
        return;
    if (no > 0 && no <= UINT32_MAX)
        status = enquiry_load(in->txn, (uint32_t)no, &enquiry, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "its enquiry %llu is not in table enquiry", (unsigned long long)no);
    else if (status == AF_OK && json_get_u64(enquiry, "ticket") != json_get_u64(ticket, "n"))
        inspect_say(in, "its enquiry %llu is another ticket's", (unsigned long long)no);
    json_decref(enquiry);
}

void ticket_party_inspect(struct inspection *in, const json_t *ticket)
{
    struct error err;

    if (ticket_party_check_body(in->txn, ticket, &err) != AF_OK)
        inspect_say(in, "%.120s", err.text);
    inspect_past(in, ticket, PARTY_CONTACT, json_get_str(ticket, "party"));
    inspect_past(in, ticket, PARTY_ACCOUNT, json_get_str(ticket, "account"));
    inspect_enquiry(in, ticket);
}
