/* Opening a store, or making it. What every store has in its meta table:
 *
 *   "format"  be32: STORE_FORMAT of the program that made the store
 *   "secret"  32 random bytes */
#include "data/store_impl.h"

#include "data/base/hash.h"
#include "data/frame.h"
#include "data/reserve.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static const struct bytes format_key = BYTES_LIT("format"), secret_key = BYTES_LIT("secret");

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
        if (rc == MDB_NOTFOUND && i > 0) { /* all are made at once: this one came later */
            store->dbi[i] = DBI_ABSENT;
            rc = 0;
        }
    }
    return rc;
}

/* Handles stay valid only if the transaction that opened them commits. The format is written in
 * the transaction that makes the tables, so no store is ever without one. */
static enum status open_tables(struct store *store, struct error *err)
{
    struct txn *txn;
    bool is_new = false;
    enum status status = txn_begin_bare(store, store->mode == STORE_WRITE, &txn, err);
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
        status = txn_load_sums(txn, err);
    if (status == AF_OK)
        status = check_format(txn, &is_new, err);
    if (status == AF_OK)
        status = load_secret(txn, is_new, err);
    if (status == AF_OK && txn->writes > 0)
        status = txn_save_sums(txn, err);
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
        .what = "the store",
        .cure = "; restore the last backup",
        .dbs_max = TABLE_COUNT,
        .read_only = mode == STORE_READ,
    };
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
    frame_unpacker_free(atomic_load(&store->spare_unpacker));
    free(store->dir);
    free(store);
}
