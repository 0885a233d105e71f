#include "intake/ticket/ticket_turn.h"

#include <assert.h>

static struct bytes key_of(const char *group, const char *person,
                           uint8_t key[TICKET_TURN_KEY_BYTES_MAX])
{
    const size_t group_len = strlen(group), person_len = strlen(person);

    assert(group_len <= RULES_ID_BYTES_MAX && person_len <= RULES_ID_BYTES_MAX);
    memcpy(key, group, group_len + 1); /* its NUL too */
    memcpy(key + group_len + 1, person, person_len);
    return bytes_of(key, group_len + 1 + person_len);
}

enum status ticket_turn_put(struct txn *txn, const char *group, const char *person, int64_t at_ms,
                            uint32_t no, struct error *err)
{
    uint8_t key[TICKET_TURN_KEY_BYTES_MAX], body[12];

    assert(group[0] != '\0' && person[0] != '\0');
    put_be64(body, (uint64_t)at_ms);
    put_be32(body + 8, no);
    return store_put(txn, TABLE_TICKET_TURN, key_of(group, person, key),
                     bytes_of(body, sizeof body), err);
}

enum status ticket_turn_get(struct txn *txn, const char *group, const char *person, int64_t *at_ms,
                            uint32_t *no, struct error *err)
{
    uint8_t key[TICKET_TURN_KEY_BYTES_MAX];
    uint64_t at;
    struct bytes body;
    struct reader r;
    enum status status;

    if (strlen(group) > RULES_ID_BYTES_MAX || strlen(person) > RULES_ID_BYTES_MAX)
        return error_set(err, AF_NOT_FOUND, "nobody has a name that long");
    status = store_get(txn, TABLE_TICKET_TURN, key_of(group, person, key), &body, err);
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_be64(&r, &at) || !reader_be32(&r, no) || reader_left(&r) > 0 || at > INT64_MAX)
        return error_set(err, AF_CORRUPT,
                         "damaged: table ticket_turn: not an instant and a ticket");
    *at_ms = (int64_t)at;
    return AF_OK;
}

bool ticket_turn_names(struct bytes key, struct bytes *group, struct bytes *person)
{
    const uint8_t *zero = key.len > 0 ? memchr(key.data, 0, key.len) : NULL;

    if (zero == NULL || zero == key.data || zero + 1 == key.data + key.len)
        return false;
    *group = bytes_of(key.data, (size_t)(zero - key.data));
    *person = bytes_of(zero + 1, key.len - group->len - 1);
    return memchr(person->data, 0, person->len) == NULL;
}
