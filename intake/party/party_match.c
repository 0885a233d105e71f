#include "intake/party/party_match.h"

#include <assert.h>

struct lookup {
    struct txn *txn;
    const struct rules *rules;
    struct party_match *match;
};

static enum status note(struct lookup *lookup, json_t *contact, const char *by, struct error *err)
{
    struct party_match *match = lookup->match;
    const char *id = json_get_str(contact, "id");
    bool ok = true;

    if (match->contact == NULL) {
        match->contact = json_incref(contact);
        match->by = by;
    } else if (strcmp(json_get_str(match->contact, "id"), id) != 0) {
        if (match->also == NULL)
            match->also = json_array();
        ok = json_array_append_new(match->also, json_string(id)) == 0;
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a contact");
}

/* A contact that was merged is the one it was merged into. */
static enum status load_live(struct txn *txn, const char *id, json_t **out, struct error *err)
{
    json_t *contact;
    enum status status = party_load(txn, PARTY_CONTACT, id, &contact, err);

    if (status == AF_OK && json_object_get(contact, "merged_into") != NULL) {
        status = party_load(txn, PARTY_CONTACT, json_get_str(contact, "merged_into"), out, err);
        json_decref(contact);
    } else if (status == AF_OK) {
        *out = contact;
    }
    return status;
}

static enum status try_id(struct lookup *lookup, const char *id, const char *by, struct error *err)
{
    json_t *contact;
    enum status status = AF_NOT_FOUND;

    if (party_is_id(bytes_str(id)))
        status = load_live(lookup->txn, id, &contact, err);
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status != AF_OK)
        return status;
    status = note(lookup, contact, by, err);
    json_decref(contact);
    return status;
}

static enum status try_identity(struct lookup *lookup, enum identity_kind kind, const char *text,
                                struct error *err)
{
    const char *country = json_get_str(lookup->rules->docs[RULES_PARTIES], "country");
    char normal[IDENTITY_TEXT_BYTES], id[PARTY_ID_BYTES];
    struct error unread;
    enum status status;

    if (text[0] == '\0' ||
        identity_normalise(kind, bytes_str(text), country, normal, &unread) != AF_OK)
        return AF_OK;
    status = party_by_identity(lookup->txn, kind, bytes_str(normal), id, err);
    if (status == AF_NOT_FOUND)
        return AF_OK;
    return status == AF_OK ? try_id(lookup, id, identity_name(kind), err) : status;
}

static enum status try_account(struct lookup *lookup, const char *id, const char *by,
                               struct error *err)
{
    enum status status;

    if (!party_is_id(bytes_str(id)) || lookup->match->account != NULL)
        return AF_OK;
    status = party_load(lookup->txn, PARTY_ACCOUNT, id, &lookup->match->account, err);
    if (status == AF_OK && lookup->match->by == NULL)
        lookup->match->by = by;
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status try_domain(struct lookup *lookup, const char *mail, struct error *err)
{
    char normal[IDENTITY_TEXT_BYTES], id[PARTY_ID_BYTES];
    struct error unread;
    enum status status;

    if (lookup->match->account != NULL || mail[0] == '\0' ||
        identity_normalise(IDENTITY_MAIL, bytes_str(mail), "", normal, &unread) != AF_OK)
        return AF_OK;
    status = party_by_identity(lookup->txn, IDENTITY_DOMAIN, identity_domain(bytes_str(normal)), id,
                               err);
    if (status == AF_NOT_FOUND)
        return AF_OK;
    return status == AF_OK ? try_account(lookup, id, "domain", err) : status;
}

enum status party_find(struct txn *txn, const struct rules *rules, const json_t *given,
                       struct party_match *out, struct error *err)
{
    static const enum identity_kind order[] = {IDENTITY_OPENID, IDENTITY_APPID, IDENTITY_MAIL,
                                               IDENTITY_PHONE};
    struct party_match match = {.by = NULL};
    struct lookup lookup = {txn, rules, &match};
    enum status status = try_id(&lookup, json_get_str(given, "id"), "id", err);

    for (size_t i = 0; i < sizeof order / sizeof order[0] && status == AF_OK; i++)
        status = try_identity(&lookup, order[i], json_get_str(given, identity_name(order[i])), err);
    if (status == AF_OK && match.contact != NULL)
        status = try_account(&lookup, json_get_str(match.contact, "account"), match.by, err);
    else if (status == AF_OK)
        status = try_account(&lookup, json_get_str(given, "account"), "account", err);
    if (status == AF_OK && match.contact == NULL)
        status = try_domain(&lookup, json_get_str(given, "mail"), err);
    if (status == AF_OK)
        *out = match;
    else
        party_match_release(&match);
    return status;
}

void party_match_release(struct party_match *match)
{
    json_decref(match->contact);
    json_decref(match->account);
    json_decref(match->also);
    *match = (struct party_match){.by = NULL};
}

bool party_match_is_customer(const struct party_match *match)
{
    if (match->contact == NULL)
        return match->account != NULL;
    return strcmp(json_get_str(match->contact, "kind"), "prospect") != 0;
}
