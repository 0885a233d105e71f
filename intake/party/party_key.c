/* The keys of the tables of parties: ids and texts with a 0 between them, which none has. */
#include "intake/party/party_record.h"

#include <assert.h>

_Static_assert(1 + PARTY_ID_BYTES_MAX + 1 + RULES_ID_BYTES_MAX + 1 + SERIAL_BYTES_MAX + 1 +
                       PARTY_ID_BYTES_MAX <=
                   PARTY_KEY_BYTES_MAX,
               "the longest key, of an entitlement, has room");

static void add(struct party_key *key, struct bytes text)
{
    size_t room = sizeof key->b - key->len, len = text.len < room ? text.len : room;

    if (len > 0)
        memcpy(key->b + key->len, text.data, len);
    key->len += len;
}

void party_key_begin(struct party_key *key, enum party_kind owner, const char *id)
{
    assert(owner != PARTY_ENTITLEMENT);
    key->b[0] = owner == PARTY_ACCOUNT ? 'a' : 'c';
    key->len = 1;
    add(key, bytes_str(id));
}

void party_key_add(struct party_key *key, const char *text)
{
    add(key, BYTES_LIT("\0"));
    add(key, bytes_str(text));
}

struct party_key party_identity_key(enum identity_kind kind, struct bytes identity)
{
    struct party_key key = {.b = {(uint8_t)kind}, .len = 1};

    add(&key, identity);
    return key;
}

struct party_key party_contact_of_key(const char *account, const char *contact)
{
    struct party_key key = {.len = 0};

    add(&key, bytes_str(account));
    party_key_add(&key, contact);
    return key;
}

struct party_key party_entitlement_key(const json_t *entitlement)
{
    const char *account = json_get_str(entitlement, "account");
    struct party_key key;

    if (account[0] != '\0')
        party_key_begin(&key, PARTY_ACCOUNT, account);
    else
        party_key_begin(&key, PARTY_CONTACT, json_get_str(entitlement, "contact"));
    party_key_add(&key, json_get_str(entitlement, "product"));
    party_key_add(&key, json_get_str(entitlement, "serial"));
    party_key_add(&key, json_get_str(entitlement, "id"));
    return key;
}
