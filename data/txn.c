/* Transactions of the store. The sums of its values are in the meta table:
 *
 *   "sums"    for each table in the order of tables.h: count be64, sum be64
 *   "commit"  LMDB's number of the commit that wrote it, be64
 *
 * `sum` is the sum (mod 2^64) of the checksums in the frames of a table's values. It is written
 * with every commit; check compares it with what it walks over, so a page that is valid but
 * missing or old is noticed although each value in it verifies. An old page of the tree's root
 * leads to old tables whose sums fit: their commit is not the one that LMDB's own head names. */
#include "data/store_impl.h"

#include "data/frame.h"

#include <assert.h>
#include <stdlib.h>

#define TXN_ARENA_BYTES ((size_t)512 << 20) /* a reader that walks everything uses a cursor */

static const struct bytes sums_key = BYTES_LIT("sums");
static const struct bytes commit_key = BYTES_LIT("commit");

enum status txn_load_sums(struct txn *txn, struct error *err)
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

void txn_free(struct txn *txn)
{
    buf_release(&txn->scratch);
    if (txn->unpacker != NULL)
        frame_unpacker_free(atomic_exchange(&txn->store->spare_unpacker, txn->unpacker));
    arena_free(txn->arena);
    free(txn);
}

enum status txn_begin_bare(struct store *store, bool is_write, struct txn **out, struct error *err)
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
    enum status status = txn_begin_bare(store, is_write, &txn, err);

    if (status == AF_OK && (status = txn_load_sums(txn, err)) != AF_OK) {
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

enum status txn_save_sums(struct txn *txn, struct error *err)
{
    uint8_t body[TABLE_COUNT * 16], commit[8];
    enum status status;

    put_be64(commit, mdb_txn_id(txn->mdb));
    status = store_put(txn, TABLE_META, commit_key, bytes_of(commit, sizeof commit), err);
    if (status != AF_OK)
        return status;
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        put_be64(body + 16 * i, txn->sums[i].count);
        put_be64(body + 16 * i + 8, txn->sums[i].sum);
    }
    return store_put(txn, TABLE_META, sums_key, bytes_of(body, sizeof body), err);
}

/* A compacting copy begins to count anew, at 1; a store from before this was kept has none. */
enum status store_check_commit(struct txn *txn, struct error *err)
{
    size_t now = mdb_txn_id(txn->mdb);
    struct bytes body;
    struct reader r;
    uint64_t commit;
    enum status status = store_get(txn, TABLE_META, commit_key, &body, err);

    if (status == AF_NOT_FOUND || now <= 1)
        return AF_OK;
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_be64(&r, &commit) || reader_left(&r) > 0 || commit != now)
        return error_set(err, AF_CORRUPT, "damaged: the tables are not those of the last commit");
    return AF_OK;
}

enum status txn_commit(struct txn *txn, struct error *err)
{
    enum status status = AF_OK;

    assert(txn->is_write);
    if (txn->writes > 0)
        status = txn_save_sums(txn, err);
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

uint64_t txn_id(const struct txn *txn)
{
    return mdb_txn_id(txn->mdb);
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
