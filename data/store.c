/* The store's own values in the meta table:
 *
 *   "format"  be32: STORE_FORMAT of the program that made the store
 *   "secret"  32 random bytes
 *   "sums"    for each table in the order of tables.h: count be64, sum be64
 *
 * `sum` is the sum (mod 2^64) of the checksums in the frames of a table's values. Both are
 * written with every commit; check compares them with what it walks over, so a page that is
 * valid but missing or old is noticed although each value in it verifies. */
#include "data/store.h"

#include "data/base/hash.h"
#include "data/base/json.h"
#include "data/base/limits.h"
#include "data/frame.h"
#include "data/reserve.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define TXN_ARENA_BYTES ((size_t)512 << 20) /* a reader that walks everything uses a cursor */
#define KEY_BYTES_MAX 511                   /* LMDB's own limit */

struct store {
    struct env env;
    char *dir;
    enum store_mode mode;
    MDB_dbi dbi[TABLE_COUNT];
    struct frame_packer *packer; /* the writer thread's */
    uint8_t secret[STORE_SECRET_BYTES];
};

struct txn {
    struct store *store;
    MDB_txn *mdb;
    bool is_write, is_dead;
    uint64_t writes;
    struct arena *arena;
    struct buf scratch; /* a value being framed */
    struct table_sum sums[TABLE_COUNT];
};

const struct env *store_env(const struct store *store)
{
    return &store->env;
}

const char *store_dir(const struct store *store)
{
    return store->dir;
}

struct bytes store_secret(const struct store *store)
{
    return bytes_of(store->secret, sizeof store->secret);
}

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

/* --- transactions ------------------------------------------------------------------------- */

static const struct bytes sums_key = BYTES_LIT("sums"), format_key = BYTES_LIT("format"),
                          secret_key = BYTES_LIT("secret");

static enum status load_sums(struct txn *txn, struct error *err)
{
    struct bytes body;
    struct reader r;
    enum status status = store_get(txn, TABLE_META, sums_key, &body, err);

    if (status == AF_NOT_FOUND)
        return AF_OK; /* a store that was never written to */
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    /* Tables are only ever added at the end: an older store has fewer, all zero here. */
    for (size_t i = 0; i < TABLE_COUNT && reader_left(&r) > 0; i++)
        if (!reader_be64(&r, &txn->sums[i].count) || !reader_be64(&r, &txn->sums[i].sum))
            return error_set(err, AF_CORRUPT, "damaged: table meta, key sums: cut off");
    return AF_OK;
}

static void txn_free(struct txn *txn)
{
    buf_release(&txn->scratch);
    arena_free(txn->arena);
    free(txn);
}

static enum status begin_bare(struct store *store, bool is_write, struct txn **out,
                              struct error *err)
{
    struct txn *txn = calloc(1, sizeof *txn);
    enum status status;

    if (txn != NULL)
        txn->arena = arena_new(TXN_ARENA_BYTES);
    if (txn == NULL || txn->arena == NULL) {
        free(txn);
        return error_set(err, AF_NO_MEMORY, "no memory for a transaction");
    }
    txn->store = store;
    txn->is_write = is_write;
    status = env_status(&store->env,
                        mdb_txn_begin(store->env.mdb, NULL, is_write ? 0 : MDB_RDONLY, &txn->mdb),
                        "beginning a transaction", err);
    if (status != AF_OK) {
        txn_free(txn);
        return status;
    }
    *out = txn;
    return AF_OK;
}

static enum status begin(struct store *store, bool is_write, struct txn **out, struct error *err)
{
    struct txn *txn;
    enum status status = begin_bare(store, is_write, &txn, err);

    if (status == AF_OK && (status = load_sums(txn, err)) != AF_OK) {
        txn_abort(txn);
        return status;
    }
    if (status == AF_OK)
        *out = txn;
    return status;
}

enum status store_begin_read(struct store *store, struct txn **out, struct error *err)
{
    return begin(store, false, out, err);
}

enum status store_begin_write(struct store *store, struct txn **out, struct error *err)
{
    assert(store->mode == STORE_WRITE);
    return begin(store, true, out, err);
}

static enum status save_sums(struct txn *txn, struct error *err)
{
    uint8_t body[TABLE_COUNT * 16];

    for (size_t i = 0; i < TABLE_COUNT; i++) {
        put_be64(body + 16 * i, txn->sums[i].count);
        put_be64(body + 16 * i + 8, txn->sums[i].sum);
    }
    return store_put(txn, TABLE_META, sums_key, bytes_of(body, sizeof body), err);
}

enum status txn_commit(struct txn *txn, struct error *err)
{
    enum status status = AF_OK;

    assert(txn->is_write);
    if (txn->writes > 0)
        status = save_sums(txn, err);
    if (status == AF_OK)
        status = env_status(&txn->store->env, mdb_txn_commit(txn->mdb), "writing", err);
    else
        mdb_txn_abort(txn->mdb);
    txn_free(txn);
    return status;
}

void txn_abort(struct txn *txn)
{
    if (txn == NULL)
        return;
    mdb_txn_abort(txn->mdb);
    txn_free(txn);
}

uint64_t txn_writes(const struct txn *txn)
{
    return txn->writes;
}

bool txn_is_dead(const struct txn *txn)
{
    return txn->is_dead;
}

struct arena *txn_arena(struct txn *txn)
{
    return txn->arena;
}

struct table_sum store_sum(const struct txn *txn, enum table table)
{
    return txn->sums[table];
}

/* --- values ------------------------------------------------------------------------------- */

static enum status open_value(enum table table, struct bytes key, struct bytes value,
                              struct arena *arena, struct bytes *body, struct error *err)
{
    struct frame frame;
    enum status status = frame_decode(table, key, value, &frame, err);

    if (status == AF_OK && frame.format > table_format(table))
        return error_set(err, AF_NEWER,
                         "table %s holds values of format %d, this program knows %d; "
                         "use the newer program",
                         table_name(table), frame.format, table_format(table));
    if (status == AF_OK)
        status = frame_body(&frame, arena, body, err);
    if (status == AF_CORRUPT)
        return name_damage(table, key, err);
    return status;
}

enum status store_get(struct txn *txn, enum table table, struct bytes key, struct bytes *body,
                      struct error *err)
{
    MDB_val k = env_val(key), v;
    int rc;

    if (key.len == 0 || key.len > KEY_BYTES_MAX)
        return AF_NOT_FOUND; /* never stored, and LMDB refuses to look */
    rc = mdb_get(txn->mdb, txn->store->dbi[table], &k, &v);
    if (rc == MDB_NOTFOUND)
        return AF_NOT_FOUND;
    if (rc != 0)
        return env_status(&txn->store->env, rc, table_name(table), err);
    return open_value(table, key, env_bytes(v), txn->arena, body, err);
}

/* What the header says, verified or not; 0 when there is no whole header. */
static uint64_t stated_checksum(struct bytes value)
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
    txn->sums[table].sum -= stated_checksum(env_bytes(old));
}

enum status store_put(struct txn *txn, enum table table, struct bytes key, struct bytes body,
                      struct error *err)
{
    MDB_dbi dbi = txn->store->dbi[table];
    MDB_val k = env_val(key), v;
    uint64_t checksum;
    enum status status;
    int rc;

    assert(txn->is_write && key.len > 0 && key.len <= KEY_BYTES_MAX);
    buf_clear(&txn->scratch);
    status = frame_encode(txn->store->packer, table, key, table_format(table), body, &txn->scratch,
                          &checksum, err);
    if (status != AF_OK)
        return status;
    rc = mdb_get(txn->mdb, dbi, &k, &v);
    if (rc == 0)
        forget_value(txn, table, v);
    else if (rc != MDB_NOTFOUND)
        return env_status(&txn->store->env, rc, table_name(table), err);
    k = env_val(key);
    v = env_val(buf_bytes(&txn->scratch));
    rc = mdb_put(txn->mdb, dbi, &k, &v, 0);
    if (rc != 0) {
        txn->is_dead = true;
        return env_status(&txn->store->env, rc, table_name(table), err);
    }
    txn->sums[table].count++;
    txn->sums[table].sum += checksum;
    txn->writes++;
    return AF_OK;
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

/* --- walking ------------------------------------------------------------------------------ */

struct cursor {
    struct txn *txn;
    enum table table;
    enum walk walk;
    MDB_cursor *mdb;
    MDB_cursor_op op; /* of the next step */
    uint8_t from[KEY_BYTES_MAX];
    size_t from_len;
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

enum status cursor_next(struct cursor *cursor, struct bytes *key, struct bytes *body,
                        struct error *err)
{
    MDB_cursor_op step = cursor->walk == WALK_UP ? MDB_NEXT : MDB_PREV;
    MDB_val k = {0}, v = {0};
    int rc =
        cursor->op == step ? mdb_cursor_get(cursor->mdb, &k, &v, step) : first_step(cursor, &k, &v);

    cursor->op = step;
    if (rc == MDB_NOTFOUND)
        return AF_NOT_FOUND;
    if (rc != 0)
        return env_status(&cursor->txn->store->env, rc, table_name(cursor->table), err);
    *key = env_bytes(k);
    cursor->checksum = stated_checksum(env_bytes(v));
    arena_clear(cursor->arena);
    return open_value(cursor->table, *key, env_bytes(v), cursor->arena, body, err);
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

/* --- opening ------------------------------------------------------------------------------ */

/* A store without a format is new as long as nothing was ever written to it; two programs that
 * meet at the first start take turns in a write transaction, and the second finds it made. */
static enum status check_format(struct txn *txn, bool *is_new, struct error *err)
{
    uint8_t number[4];
    uint32_t format;
    struct reader r;
    struct bytes body;
    MDB_stat journal;
    enum status status = store_get(txn, TABLE_META, format_key, &body, err);

    if (status == AF_NOT_FOUND) {
        status = env_status(&txn->store->env,
                            mdb_stat(txn->mdb, txn->store->dbi[TABLE_JOURNAL], &journal),
                            "opening the tables", err);
        if (status != AF_OK)
            return status;
        if (journal.ms_entries > 0)
            return error_set(err, AF_CORRUPT, "damaged: the store does not state its format");
        if (!txn->is_write)
            return error_set(err, AF_NOT_FOUND, "the store in %s is empty: import cases first",
                             txn->store->dir);
        *is_new = true;
        put_be32(number, STORE_FORMAT);
        return store_put(txn, TABLE_META, format_key, bytes_of(number, 4), err);
    }
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_be32(&r, &format))
        return error_set(err, AF_CORRUPT, "damaged: table meta, key format: cut off");
    if (format > STORE_FORMAT)
        return error_set(err, AF_NEWER,
                         "the store in %s has format %u, this program knows up to %d; "
                         "use the newer program",
                         txn->store->dir, format, STORE_FORMAT);
    return AF_OK;
}

static enum status load_secret(struct txn *txn, bool is_new, struct error *err)
{
    struct store *store = txn->store;
    struct bytes body;
    enum status status;

    if (is_new) {
        hash_random(store->secret, sizeof store->secret);
        return store_put(txn, TABLE_META, secret_key, bytes_of(store->secret, sizeof store->secret),
                         err);
    }
    status = store_get(txn, TABLE_META, secret_key, &body, err);
    if (status == AF_NOT_FOUND || (status == AF_OK && body.len != sizeof store->secret))
        return error_set(err, AF_CORRUPT, "damaged: table meta, key secret: missing or cut off");
    if (status == AF_OK)
        memcpy(store->secret, body.data, body.len);
    return status;
}

static int open_handles(struct txn *txn)
{
    struct store *store = txn->store;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < TABLE_COUNT; i++) {
        const char *name = table_name((enum table)i);

        rc = mdb_dbi_open(txn->mdb, name, 0, &store->dbi[i]);
        if (rc == MDB_NOTFOUND && txn->is_write)
            rc = mdb_dbi_open(txn->mdb, name, MDB_CREATE, &store->dbi[i]);
    }
    return rc;
}

/* Handles stay valid only if the transaction that opened them commits. The format is written in
 * the transaction that makes the tables, so no store is ever without one. */
static enum status open_tables(struct store *store, struct error *err)
{
    struct txn *txn;
    bool is_new = false;
    enum status status = begin_bare(store, store->mode == STORE_WRITE, &txn, err);
    int rc;

    if (status != AF_OK)
        return status;
    rc = open_handles(txn);
    if (rc == MDB_NOTFOUND)
        status = error_set(err, AF_NOT_FOUND, "the store in %s is empty: import cases first",
                           store->dir);
    else
        status = env_status(&store->env, rc, "opening the tables", err);
    if (status == AF_OK)
        status = load_sums(txn, err);
    if (status == AF_OK)
        status = check_format(txn, &is_new, err);
    if (status == AF_OK)
        status = load_secret(txn, is_new, err);
    if (status == AF_OK && txn->writes > 0)
        status = save_sums(txn, err);
    if (status != AF_OK) {
        txn_abort(txn);
        return status;
    }
    status = env_status(&store->env, mdb_txn_commit(txn->mdb), "opening the tables", err);
    txn_free(txn);
    return status;
}

/* Makes DIR and the folders above it, private to the user. */
static enum status make_data_dir(const char *dir, struct error *err)
{
    struct buf path = {0};
    enum status status;

    buf_add_str(&path, dir);
    status = buf_status(&path, "a path", err);
    for (size_t i = 1; status == AF_OK && i <= path.len; i++) {
        if (path.data[i] != '/' && path.data[i] != '\0')
            continue;
        path.data[i] = '\0';
        if (mkdir((char *)path.data, 0700) != 0 && errno != EEXIST)
            status = error_set(err, errno == ENOSPC ? AF_FULL : AF_DENIED,
                               "the data folder %s cannot be made: %s", (char *)path.data,
                               strerror(errno));
        if (i < path.len)
            path.data[i] = '/';
    }
    buf_release(&path);
    return status;
}

enum status store_open(const char *dir, enum store_mode mode, struct store **out, struct error *err)
{
    const struct env_options options = {
        .what = "the store", .dbs_max = TABLE_COUNT, .read_only = mode == STORE_READ};
    struct store *store = calloc(1, sizeof *store);
    struct buf path = {0};
    enum status status;

    if (store == NULL || (store->dir = strdup(dir)) == NULL) {
        free(store);
        return error_set(err, AF_NO_MEMORY, "no memory to open the store");
    }
    store->mode = mode;
    buf_printf(&path, "%s/store", dir);
    if ((status = hash_start(err)) != AF_OK || (status = buf_status(&path, "a path", err)) != AF_OK)
        goto done;
    if (mode == STORE_WRITE && ((status = make_data_dir(dir, err)) != AF_OK ||
                                (status = frame_packer_new(&store->packer, err)) != AF_OK))
        goto done;
    if ((status = env_open(buf_str(&path), &options, &store->env, err)) != AF_OK)
        goto done;
    status = open_tables(store, err);
    if (status == AF_OK && mode == STORE_WRITE)
        (void)reserve_keep(dir);
done:
    buf_release(&path);
    if (status == AF_OK)
        *out = store;
    else
        store_close(store);
    return status;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    env_close(&store->env);
    frame_packer_free(store->packer);
    free(store->dir);
    free(store);
}
