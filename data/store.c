/* The values in a transaction; what puts and deletes do to the sums is committed by txn.c. */
#include "data/store_impl.h"

#include "data/base/json.h"
#include "data/frame.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

void key_text(struct bytes key, char *text, size_t room)
{
    size_t n = 0;
    bool readable = key.len > 0;

    for (size_t i = 0; i < key.len; i++)
        readable = readable && key.data[i] >= 0x20 && key.data[i] != 0x7F;
    text[0] = '\0';
    for (size_t i = 0; i < key.len && n + 4 < room; i++)
        n += (size_t)snprintf(text + n, room - n, readable ? "%c" : "%02x", key.data[i]);
}

/* The sentence for a value that does not verify: which table, which key, and the reason that
 * is in `err` already. */
static enum status name_damage(enum table table, struct bytes key, struct error *err)
{
    char text[64];

    key_text(key, text, sizeof text);
    (void)error_prefix(err, "damaged: table %s, key %s", table_name(table), text);
    return AF_CORRUPT;
}

/* The plain body of a frame that verifies, or a range of it. */
static enum status unpack(struct txn *txn, const struct frame *frame,
                          const struct value_range *range, struct arena *arena, struct bytes *body,
                          struct error *err)
{
    enum status status = AF_OK;

    if (frame->flags != 0 && txn->unpacker == NULL)
        txn->unpacker = atomic_exchange(&txn->store->spare_unpacker, NULL);
    if (frame->flags != 0 && txn->unpacker == NULL)
        status = frame_unpacker_new(&txn->unpacker, err);
    if (status != AF_OK)
        return status;
    return range == NULL
               ? frame_body(frame, txn->unpacker, arena, body, err)
               : frame_range(frame, txn->unpacker, arena, range->offset, range->len, body, err);
}

enum status value_open(struct txn *txn, enum table table, struct bytes key, struct bytes value,
                       const struct value_range *range, struct arena *arena, struct bytes *body,
                       uint8_t *format, struct error *err)
{
    struct frame frame;
    enum status status = frame_decode(table, key, value, &frame, err);

    if (status == AF_OK && frame.format > table_format(table))
        return error_set(err, AF_NEWER,
                         "table %s holds values of format %d, this program knows %d; "
                         "use the newer program",
                         table_name(table), frame.format, table_format(table));
    if (status == AF_OK)
        status = unpack(txn, &frame, range, arena, body, err);
    if (status == AF_OK && format != NULL)
        *format = frame.format;
    if (status == AF_CORRUPT)
        return name_damage(table, key, err);
    return status;
}

static enum status get(struct txn *txn, enum table table, struct bytes key,
                       const struct value_range *range, struct bytes *body, uint8_t *format,
                       struct error *err)
{
    MDB_val k = env_val(key), v;
    int rc;

    if (key.len == 0 || key.len > KEY_BYTES_MAX || txn->store->dbi[table] == DBI_ABSENT)
        return AF_NOT_FOUND; /* never stored, and LMDB refuses to look */
    rc = mdb_get(txn->mdb, txn->store->dbi[table], &k, &v);
    if (rc == MDB_NOTFOUND)
        return AF_NOT_FOUND;
    if (rc != 0)
        return env_status(&txn->store->env, rc, table_name(table), err);
    return value_open(txn, table, key, env_bytes(v), range, txn->arena, body, format, err);
}

enum status store_get(struct txn *txn, enum table table, struct bytes key, struct bytes *body,
                      struct error *err)
{
    return get(txn, table, key, NULL, body, NULL, err);
}

enum status store_get_format(struct txn *txn, enum table table, struct bytes key,
                             struct bytes *body, uint8_t *format, struct error *err)
{
    return get(txn, table, key, NULL, body, format, err);
}

enum status store_get_range(struct txn *txn, enum table table, struct bytes key, size_t offset,
                            size_t len, struct bytes *out, struct error *err)
{
    const struct value_range range = {offset, len};

    return get(txn, table, key, &range, out, NULL, err);
}

uint64_t value_checksum(struct bytes value)
{
    struct reader r = reader_of(value);
    uint64_t skipped, checksum;

    return reader_be64(&r, &skipped) && reader_be64(&r, &checksum) ? checksum : 0;
}

/* Takes an old value out of the sums. Only its header is read: a damaged old value is about to
 * be replaced, and the sums then stay wrong, which is how check still learns of it. */
static void forget_value(struct txn *txn, enum table table, MDB_val old)
{
    txn->sums[table].count--;
    txn->sums[table].sum -= value_checksum(env_bytes(old));
}

/* Puts what was framed in the scratch. Most keys come in rising order (entries, numbers, the ids
 * of an import), and one look at the table's last key tells that it is new: MDB_APPEND looks,
 * and refuses before it changes anything. */
static enum status put_framed(struct txn *txn, enum table table, struct bytes key,
                              uint64_t checksum, struct error *err)
{
    MDB_dbi dbi = txn->store->dbi[table];
    MDB_val k = env_val(key), v = env_val(buf_bytes(&txn->scratch)), old;
    int rc = mdb_put(txn->mdb, dbi, &k, &v, MDB_APPEND);

    if (rc == MDB_KEYEXIST) {
        rc = mdb_get(txn->mdb, dbi, &k, &old);
        if (rc == 0)
            forget_value(txn, table, old);
        else if (rc != MDB_NOTFOUND)
            return env_status(&txn->store->env, rc, table_name(table), err);
        k = env_val(key);
        v = env_val(buf_bytes(&txn->scratch));
        rc = mdb_put(txn->mdb, dbi, &k, &v, 0);
    }
    if (rc != 0) {
        txn->is_dead = true;
        return env_status(&txn->store->env, rc, table_name(table), err);
    }
    txn->sums[table].count++;
    txn->sums[table].sum += checksum;
    txn->writes++;
    return AF_OK;
}

enum status store_put(struct txn *txn, enum table table, struct bytes key, struct bytes body,
                      struct error *err)
{
    /* Table meta is read at the beginning of every transaction: its few bytes are not packed. */
    struct frame_packer *packer = table == TABLE_META ? NULL : txn->store->packer;
    uint64_t checksum;
    enum status status;

    assert(txn->is_write && key.len > 0 && key.len <= KEY_BYTES_MAX);
    buf_clear(&txn->scratch);
    status =
        frame_encode(packer, table, key, table_format(table), body, &txn->scratch, &checksum, err);
    return status == AF_OK ? put_framed(txn, table, key, checksum, err) : status;
}

enum status store_put_parts(struct txn *txn, enum table table, struct bytes key, struct bytes head,
                            const struct frame_parts *parts, struct bytes tail, struct error *err)
{
    uint64_t checksum;
    enum status status;

    assert(txn->is_write && key.len > 0 && key.len <= KEY_BYTES_MAX);
    buf_clear(&txn->scratch);
    status = frame_encode_parts(table, key, table_format(table), head, parts, tail, &txn->scratch,
                                &checksum, err);
    return status == AF_OK ? put_framed(txn, table, key, checksum, err) : status;
}

enum status store_delete(struct txn *txn, enum table table, struct bytes key, struct error *err)
{
    MDB_dbi dbi = txn->store->dbi[table];
    MDB_val k = env_val(key), v;
    int rc = mdb_get(txn->mdb, dbi, &k, &v);

    assert(txn->is_write);
    if (rc == MDB_NOTFOUND)
        return AF_NOT_FOUND;
    if (rc == 0) {
        forget_value(txn, table, v);
        rc = mdb_del(txn->mdb, dbi, &k, NULL);
        txn->is_dead = txn->is_dead || rc != 0;
        txn->writes++;
    }
    return env_status(&txn->store->env, rc, table_name(table), err);
}

enum status store_get_json(struct txn *txn, enum table table, struct bytes key, json_t **out,
                           struct error *err)
{
    struct bytes body;
    enum status status = store_get(txn, table, key, &body, err);

    if (status != AF_OK)
        return status;
    status = json_parse(body, out, err);
    if (status == AF_INVALID) { /* the checksum holds, so we wrote it: not a person's mistake */
        (void)name_damage(table, key, err);
        if (err != NULL)
            err->status = AF_CORRUPT;
        return AF_CORRUPT;
    }
    return status;
}

enum status store_put_json(struct txn *txn, enum table table, struct bytes key, const json_t *json,
                           struct error *err)
{
    struct buf text = {0};
    enum status status = json_write(json, false, &text, err);

    if (status == AF_OK)
        status = store_put(txn, table, key, buf_bytes(&text), err);
    buf_release(&text);
    return status;
}
