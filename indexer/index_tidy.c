#include "indexer/index_impl.h"

#include <stdlib.h>

static bool in_use(struct index *index, const struct manifest *manifest, uint32_t id)
{
    for (uint32_t i = 0; i < manifest->count; i++)
        if (manifest->segments[i].id == id)
            return true;
    return index_find_open(index, id) != NULL;
}

static enum status next_orphan(struct index *index, MDB_txn *txn, const struct manifest *manifest,
                               uint32_t *id, bool *found, struct error *err)
{
    MDB_cursor *cursor = NULL;
    MDB_val k, v;
    MDB_dbi names;
    int rc = mdb_dbi_open(txn, NULL, 0, &names);

    *found = false;
    if (rc == 0)
        rc = mdb_cursor_open(txn, names, &cursor);
    while (rc == 0 && !*found) {
        rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
        *found = rc == 0 && segment_name_parse(env_bytes(k), id) && !in_use(index, manifest, *id);
    }
    if (cursor != NULL)
        mdb_cursor_close(cursor);
    return rc == MDB_NOTFOUND ? AF_OK : env_status(&index->env, rc, "tidying the index", err);
}

enum status index_verify_tree(struct index *index, MDB_txn *txn, uint32_t id, struct error *err)
{
    struct pages pages = env_pages(&index->env);
    struct bytes description;
    struct buf made = {0};
    struct tree *tree = NULL;
    uint64_t root;
    enum status status = segment_root(&index->env, txn, id, &root, err);

    if (status != AF_OK)
        return status;
    status = segment_description(&index->env, txn, index->manifest, id, &description, err);
    if (status == AF_NOT_FOUND) {
        status = tree_describe(&pages, root, &made, err);
        description = buf_bytes(&made);
    }
    if (status == AF_OK)
        status = tree_new(&pages, description, &tree, err);
    if (status == AF_OK)
        status = tree_root(tree) == root ? tree_verify(tree, err)
                                         : error_set(err, AF_CORRUPT, "begins elsewhere");
    if (status == AF_CORRUPT)
        error_prefix(err, "the index, segment %u", (unsigned)id);
    tree_free(tree);
    buf_release(&made);
    return status;
}

static enum status drop_orphan(struct index *index, struct manifest *manifest, bool *found,
                               struct error *err)
{
    char name[SEGMENT_NAME_BYTES];
    MDB_txn *txn = NULL;
    MDB_dbi dbi;
    uint32_t id = 0;
    enum status status;
    int rc = mdb_txn_begin(index->env.mdb, NULL, 0, &txn);

    *found = false;
    status = env_status(&index->env, rc, "tidying the index", err);
    if (status == AF_OK)
        status = manifest_read(&index->env, txn, index->manifest, manifest, err);
    if (status == AF_OK)
        status = next_orphan(index, txn, manifest, &id, found, err);
    if (status == AF_OK && *found)
        status = index_account(index, err);
    if (status == AF_OK && *found)
        status = index_verify_tree(index, txn, id, err);
    if (status == AF_OK && *found)
        status = description_delete(&index->env, txn, index->manifest, id, err);
    if (status == AF_OK && *found) {
        segment_name(id, name);
        rc = mdb_dbi_open(txn, name, 0, &dbi);
        if (rc == 0)
            rc = mdb_drop(txn, dbi, 1);
        if (rc == 0) {
            rc = mdb_txn_commit(txn);
            txn = NULL;
        }
        status = index_status(index, rc, "tidying the index", err);
    }
    mdb_txn_abort(txn);
    return index_blame(index, status);
}

/* Other processes that still read a dropped one are protected by LMDB; those of this process
 * that a snapshot holds stay until the next time. */
enum status index_drop_orphans(struct index *index, struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    enum status status = AF_OK;
    bool found = true;

    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for tidying the index");
    while (status == AF_OK && found) {
        (void)pthread_mutex_lock(&index->changing);
        index_close_unused(index);
        status = drop_orphan(index, manifest, &found, err);
        (void)pthread_mutex_unlock(&index->changing);
    }
    free(manifest);
    return status;
}
