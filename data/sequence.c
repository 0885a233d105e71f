#include "data/sequence.h"

enum status sequence_begin(struct txn *txn, const char *name, uint32_t *first, struct error *err)
{
    uint32_t no = 1;
    struct bytes body;
    enum status status = store_get(txn, TABLE_META, bytes_str(name), &body, err);

    if (status == AF_OK) {
        struct reader r = reader_of(body);

        if (!reader_be32(&r, &no) || no == UINT32_MAX)
            return error_set(err, AF_CORRUPT, "damaged: table meta, key %s", name);
    } else if (status != AF_NOT_FOUND) {
        return status;
    }
    *first = no;
    return AF_OK;
}

enum status sequence_end(struct txn *txn, const char *name, uint32_t next, struct error *err)
{
    uint8_t number[4];

    put_be32(number, next);
    return store_put(txn, TABLE_META, bytes_str(name), bytes_of(number, sizeof number), err);
}

enum status sequence_next(struct txn *txn, const char *name, uint32_t *out, struct error *err)
{
    enum status status = sequence_begin(txn, name, out, err);

    return status == AF_OK ? sequence_end(txn, name, *out + 1, err) : status;
}
