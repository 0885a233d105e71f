#include "data/chain.h"

#include "data/frame.h"

#include <assert.h>

enum status chain_head(struct txn *txn, const char *name, struct chain_head *out, struct error *err)
{
    struct chain_head head = {0};
    struct bytes body, hash;
    struct reader r;
    enum status status = store_get(txn, TABLE_META, bytes_str(name), &body, err);

    if (status == AF_NOT_FOUND) {
        *out = head;
        return AF_OK;
    }
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_be64(&r, &head.seq) || !reader_take(&r, DIGEST_BYTES, &hash))
        return error_set(err, AF_CORRUPT, "damaged: table meta, key %s: cut off", name);
    memcpy(head.hash.b, hash.data, DIGEST_BYTES);
    *out = head;
    return AF_OK;
}

static enum status put_line(struct txn *txn, enum table table, struct bytes key, struct bytes line,
                            const struct chain_parts *packed, struct error *err)
{
    size_t after;

    if (packed == NULL)
        return store_put(txn, table, key, line, err);
    after = packed->offset + packed->parts->plain;
    assert(after <= line.len);
    return store_put_parts(txn, table, key, bytes_of(line.data, packed->offset), packed->parts,
                           bytes_of(line.data + after, line.len - after), err);
}

enum status chain_append(struct txn *txn, enum table table, const char *name, struct bytes line,
                         const struct chain_parts *packed, struct chain_head *head,
                         struct error *err)
{
    struct chain_head next = {.seq = head->seq + 1, .hash = digest_plain(line)};
    uint8_t key[8], body[8 + DIGEST_BYTES];
    enum status status;

    put_be64(key, next.seq);
    status = put_line(txn, table, bytes_of(key, sizeof key), line, packed, err);
    if (status != AF_OK)
        return status;
    put_be64(body, next.seq);
    memcpy(body + 8, next.hash.b, DIGEST_BYTES);
    status = store_put(txn, TABLE_META, bytes_str(name), bytes_of(body, sizeof body), err);
    if (status == AF_OK)
        *head = next;
    return status;
}
