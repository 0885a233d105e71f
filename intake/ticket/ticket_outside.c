#include "intake/ticket/ticket_outside.h"

#include <assert.h>

struct bytes outside_key(const struct outside_row *row, const char *name,
                         uint8_t key[OUTSIDE_KEY_BYTES_MAX])
{
    const size_t len = strlen(name);
    uint8_t *at = key + 1 + len;

    assert(len <= RULES_ID_BYTES_MAX);
    key[0] = (uint8_t)row->list;
    memcpy(key + 1, name, len);
    at[0] = 0;
    put_be64(at + 1, (uint64_t)row->due_ms);
    put_be32(at + 9, row->ticket);
    put_be32(at + 13, row->no);
    return bytes_of(key, 1 + len + 17);
}

bool outside_place(struct bytes key, size_t prefix_len, struct outside_row *out)
{
    struct reader r;
    uint64_t due;

    if (key.len != prefix_len + 16)
        return false;
    r = reader_of(bytes_of(key.data + prefix_len, 16));
    if (!reader_be64(&r, &due) || !reader_be32(&r, &out->ticket) || !reader_be32(&r, &out->no) ||
        due > INT64_MAX)
        return false;
    out->due_ms = (int64_t)due;
    return true;
}

enum status outside_move(struct txn *txn, const struct outside_row *before,
                         const struct outside_row *after, struct error *err)
{
    uint8_t key[OUTSIDE_KEY_BYTES_MAX];
    enum status status = AF_OK;

    for (unsigned i = 0; i < 2 && status == AF_OK && before->is_open; i++) {
        status = store_delete(txn, TABLE_OUTSIDE,
                              outside_key(before, i == 0 ? "" : before->name, key), err);
        if (status == AF_NOT_FOUND)
            return error_set(err, AF_CORRUPT, "damaged: table outside: ticket %u is not in it",
                             before->ticket);
    }
    for (unsigned i = 0; i < 2 && status == AF_OK && after->is_open; i++)
        status = store_put(txn, TABLE_OUTSIDE, outside_key(after, i == 0 ? "" : after->name, key),
                           bytes_of(&after->state, 1), err);
    return status;
}

enum status outside_confirm(struct txn *txn, const struct outside_row *row, uint64_t *confirmed,
                            struct error *err)
{
    for (unsigned i = 0; i < 2 && row->is_open; i++) {
        uint8_t key[OUTSIDE_KEY_BYTES_MAX];
        struct bytes body;
        enum status status = store_get(txn, TABLE_OUTSIDE,
                                       outside_key(row, i == 0 ? "" : row->name, key), &body, err);

        if (status != AF_OK)
            return status;
        if (body.len != 1 || body.data[0] != row->state)
            return error_set(err, AF_CORRUPT, "another state");
        ++*confirmed;
    }
    return AF_OK;
}
