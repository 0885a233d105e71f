/* The rows of table party_past: drawn in party_past.h. */
#include "intake/party/party_past.h"

#include <assert.h>

#define NAME_BYTES_MAX 64 /* of a consult; a number has four */

struct party_key party_past_key(enum party_kind owner, const char *id, int64_t at_ms, char what,
                                struct bytes name)
{
    struct party_key key;
    size_t len = name.len < NAME_BYTES_MAX ? name.len : NAME_BYTES_MAX;

    party_key_begin(&key, owner, id);
    party_key_add(&key, "");
    assert(key.len + 9 + NAME_BYTES_MAX <= sizeof key.b);
    put_be64(key.b + key.len, (uint64_t)at_ms);
    key.b[key.len + 8] = (uint8_t)what;
    if (len > 0)
        memcpy(key.b + key.len + 9, name.data, len);
    key.len += 9 + len;
    return key;
}

struct past {
    struct txn *txn;
    int64_t at_ms;
    char what;
    struct bytes name;
    bool is_dropped;
};

static enum status set_row(const struct past *past, enum party_kind owner, const char *id,
                           struct error *err)
{
    struct party_key key;
    enum status status;

    if (!party_is_id(bytes_str(id)))
        return AF_OK;
    key = party_past_key(owner, id, past->at_ms, past->what, past->name);
    if (!past->is_dropped)
        return store_put(past->txn, TABLE_PARTY_PAST, party_key_bytes(&key), BYTES_LIT(""), err);
    status = store_delete(past->txn, TABLE_PARTY_PAST, party_key_bytes(&key), err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table party_past: a row of %.64s is missing",
                         id);
    return status;
}

static enum status set_rows(const struct past *past, const json_t *record, struct error *err)
{
    enum status status = set_row(past, PARTY_CONTACT, json_get_str(record, "party"), err);

    return status == AF_OK ? set_row(past, PARTY_ACCOUNT, json_get_str(record, "account"), err)
                           : status;
}

static enum status set_numbered(struct txn *txn, const json_t *record, int64_t at_ms, char what,
                                uint32_t no, bool is_dropped, struct error *err)
{
    uint8_t number[4];
    const struct past past = {txn, at_ms, what, bytes_of(number, sizeof number), is_dropped};

    put_be32(number, no);
    return set_rows(&past, record, err);
}

enum status party_past_add(struct txn *txn, const json_t *record, int64_t at_ms, char what,
                           uint32_t no, struct error *err)
{
    return set_numbered(txn, record, at_ms, what, no, false, err);
}

enum status party_past_drop(struct txn *txn, const json_t *record, int64_t at_ms, char what,
                            uint32_t no, struct error *err)
{
    return set_numbered(txn, record, at_ms, what, no, true, err);
}

enum status party_past_add_consult(struct txn *txn, const json_t *consult, int64_t at_ms,
                                   struct error *err)
{
    const struct past past = {txn, at_ms, PAST_CONSULT, bytes_str(json_get_str(consult, "id")),
                              false};

    return set_rows(&past, consult, err);
}

bool party_past_parse(struct bytes key, struct party_past_row *out)
{
    struct reader r = reader_of(key);
    struct bytes id;
    uint8_t owner, what;
    size_t len = 0;

    if (!reader_u8(&r, &owner) || (owner != 'a' && owner != 'c'))
        return false;
    while (len < reader_left(&r) && r.at[len] != 0)
        len++;
    if (!reader_take(&r, len, &id) || !party_is_id(id) || reader_left(&r) < 10)
        return false;
    *out = (struct party_past_row){.owner = owner == 'a' ? PARTY_ACCOUNT : PARTY_CONTACT};
    memcpy(out->id, id.data, id.len);
    r.at++; /* the 0 */
    if (!reader_be64(&r, &out->at_ms) || !reader_u8(&r, &what))
        return false;
    out->what = (char)what;
    out->name = bytes_of(r.at, reader_left(&r));
    if (out->what == PAST_CONSULT)
        return out->name.len > 0 && out->name.len <= NAME_BYTES_MAX;
    return (out->what == PAST_TICKET || out->what == PAST_ENQUIRY) && reader_be32(&r, &out->no) &&
           reader_left(&r) == 0;
}
