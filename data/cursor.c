/* Walking a table in the order of its keys, in either direction. */
#include "data/store_impl.h"

#include "data/frame.h"

#include <assert.h>
#include <stdlib.h>

struct cursor {
    struct txn *txn;
    enum table table;
    enum walk walk;
    MDB_cursor *mdb;
    MDB_cursor_op op;            /* of the next step */
    uint8_t from[KEY_BYTES_MAX]; /* where to begin, then the last key that came */
    size_t from_len;
    bool stepped, ended;
    struct arena *arena; /* the current body, when it was compressed */
    uint64_t checksum;   /* that the current value states */
};

enum status cursor_open(struct txn *txn, enum table table, struct bytes from, enum walk walk,
                        struct cursor **out, struct error *err)
{
    struct cursor *cursor = calloc(1, sizeof *cursor);
    enum status status;

    assert(from.len <= KEY_BYTES_MAX);
    if (cursor != NULL)
        cursor->arena = arena_new(FRAME_BODY_BYTES_MAX + 4096);
    if (cursor == NULL || cursor->arena == NULL) {
        free(cursor);
        return error_set(err, AF_NO_MEMORY, "no memory to walk table %s", table_name(table));
    }
    cursor->txn = txn;
    cursor->table = table;
    cursor->walk = walk;
    cursor->from_len = from.len;
    if (from.len > 0)
        memcpy(cursor->from, from.data, from.len);
    cursor->op = from.len > 0 ? MDB_SET_RANGE : walk == WALK_UP ? MDB_FIRST : MDB_LAST;
    if (txn->store->dbi[table] == DBI_ABSENT) { /* and no cursor of LMDB's */
        *out = cursor;
        return AF_OK;
    }
    status = env_status(&txn->store->env,
                        mdb_cursor_open(txn->mdb, txn->store->dbi[table], &cursor->mdb),
                        table_name(table), err);
    if (status != AF_OK) {
        arena_free(cursor->arena);
        free(cursor);
        return status;
    }
    *out = cursor;
    return AF_OK;
}

/* SET_RANGE finds the first key ≥ from; walking down wants the last key ≤ from. */
static int first_step(struct cursor *cursor, MDB_val *k, MDB_val *v)
{
    struct bytes from = bytes_of(cursor->from, cursor->from_len);
    int rc;

    *k = env_val(from);
    rc = mdb_cursor_get(cursor->mdb, k, v, cursor->op);
    if (cursor->walk == WALK_UP || cursor->op != MDB_SET_RANGE)
        return rc;
    if (rc == MDB_NOTFOUND)
        return mdb_cursor_get(cursor->mdb, k, v, MDB_LAST);
    if (rc == 0 && bytes_compare(env_bytes(*k), from) > 0)
        return mdb_cursor_get(cursor->mdb, k, v, MDB_PREV);
    return rc;
}

/* A damaged tree may lead round in a circle, and who names every fault goes on after each: such a
 * walk ends, and says so once. */
static enum status end_damaged(struct cursor *cursor, const char *what, struct error *err)
{
    cursor->ended = true;
    return error_set(err, AF_CORRUPT, "table %s: %s; what follows cannot be walked",
                     table_name(cursor->table), what);
}

static bool follows(const struct cursor *cursor, struct bytes key)
{
    int order = bytes_compare(key, bytes_of(cursor->from, cursor->from_len));

    return !cursor->stepped || (cursor->walk == WALK_UP ? order > 0 : order < 0);
}

enum status cursor_next(struct cursor *cursor, struct bytes *key, struct bytes *body,
                        struct error *err)
{
    MDB_cursor_op step = cursor->walk == WALK_UP ? MDB_NEXT : MDB_PREV;
    MDB_val k = {0}, v = {0};
    int rc;

    if (cursor->mdb == NULL || cursor->ended)
        return AF_NOT_FOUND;
    rc =
        cursor->op == step ? mdb_cursor_get(cursor->mdb, &k, &v, step) : first_step(cursor, &k, &v);
    cursor->op = step;
    if (rc == MDB_NOTFOUND)
        return AF_NOT_FOUND;
    if (rc != 0) {
        cursor->ended = true;
        return env_status(&cursor->txn->store->env, rc, table_name(cursor->table), err);
    }
    if (k.mv_size > KEY_BYTES_MAX)
        return end_damaged(cursor, "a key is too long", err);
    *key = env_bytes(k);
    if (!follows(cursor, *key))
        return end_damaged(cursor, "its keys do not follow one another", err);
    memcpy(cursor->from, key->data, key->len);
    cursor->from_len = key->len;
    cursor->stepped = true;
    cursor->checksum = value_checksum(env_bytes(v));
    arena_clear(cursor->arena);
    return value_open(cursor->txn, cursor->table, *key, env_bytes(v), NULL, cursor->arena, body,
                      NULL, err);
}

uint64_t cursor_checksum(const struct cursor *cursor)
{
    return cursor->checksum;
}

void cursor_close(struct cursor *cursor)
{
    if (cursor == NULL)
        return;
    mdb_cursor_close(cursor->mdb);
    arena_free(cursor->arena);
    free(cursor);
}
