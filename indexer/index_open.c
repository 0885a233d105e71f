#include "indexer/index_impl.h"

#include "data/base/clock.h"
#include "data/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

const struct env_options index_env_options = {
    .what = "the index",
    .dbs_max = 8, /* handles: the manifest, and a segment that is written or dropped */
    .maps_pages = true,
    .only = "manifest",
    /* Every commit is synced. A segment is one to a few commits of 32 MB, so that costs little,
     * and neither a power cut nor a second process can leave half an index. */
    .rebuildable = false,
};

/* --- belonging to the store --------------------------------------------------------------- */

enum status journal_print(struct index *index, uint64_t seq, uint64_t *print, struct error *err)
{
    struct digest hash;
    struct reader r;
    struct txn *txn;
    enum status status;

    *print = 0;
    if (seq == 0)
        return AF_OK;
    status = store_begin_read(index->store, &txn, err);
    if (status != AF_OK)
        return status;
    status = journal_hash(txn, seq, &hash, err);
    txn_abort(txn);
    r = reader_of(bytes_of(hash.b, sizeof hash.b));
    if (status == AF_OK)
        (void)reader_be64(&r, print);
    return status;
}

/* Does the state's covers_seq belong to this journal? AF_CORRUPT when not. */
static enum status check_cover(struct index *index, const struct manifest *manifest,
                               struct error *err)
{
    uint64_t print;
    enum status status = journal_print(index, manifest->covers_seq, &print, err);

    if (status == AF_NOT_FOUND)
        return index_blame(index, error_set(err, AF_CORRUPT,
                                            "the index knows the journal up to entry %llu, the "
                                            "store does not",
                                            (unsigned long long)manifest->covers_seq));
    if (status == AF_OK && print != manifest->covers_print)
        return index_blame(index,
                           error_set(err, AF_CORRUPT, "the index was made from another journal"));
    return status;
}

enum status index_read_manifest(struct index *index, struct manifest *out, struct error *err)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(index->env.mdb, NULL, MDB_RDONLY, &txn);
    enum status status;

    if (rc != 0)
        return index_blame(index, env_status(&index->env, rc, "reading the index", err));
    status = manifest_read(&index->env, txn, index->manifest, out, err);
    mdb_txn_abort(txn);
    return index_blame(index, status);
}

/* Loads what the manifest says and makes it current. */
static enum status reload(struct index *index, const struct manifest *manifest, struct error *err)
{
    enum status status = check_cover(index, manifest, err);
    struct state *state;

    if (status == AF_OK)
        status = state_load(index, &state, err);
    if (status == AF_OK)
        index_set_state(index, state);
    return status;
}

/* When the manifest changed, or in any case. */
static enum status load(struct index *index, bool always, struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    enum status status;

    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for opening the index");
    status = index_read_manifest(index, manifest, err);
    if (status == AF_OK && (always || manifest->generation != index->state->generation))
        status = reload(index, manifest, err);
    free(manifest);
    return status;
}

/* Has nobody written since a search found the manifest to be the state's? */
static bool is_fresh(struct index *index)
{
    MDB_envinfo info;
    uint64_t known;

    index_lock(index);
    known = index->known_txn;
    index_unlock(index);
    return known != 0 && mdb_env_info(index->env.mdb, &info) == 0 && info.me_last_txnid == known;
}

enum status index_refresh(struct index *index, struct error *err)
{
    return !index->on_disk || is_fresh(index) ? AF_OK : load(index, false, err);
}

/* --- beginning again ---------------------------------------------------------------------- */

/* An empty manifest of a new generation; the segments become orphans that a flush removes. */
static enum status reset_manifest(struct index *index, uint64_t *generation, struct error *err)
{
    enum status status = index_account(index, err);
    struct manifest *manifest;
    MDB_txn *txn = NULL;
    int rc;

    if (status != AF_OK)
        return status;
    manifest = calloc(1, sizeof *manifest);
    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the index");
    rc = mdb_txn_begin(index->env.mdb, NULL, 0, &txn);
    status = env_status(&index->env, rc, "emptying the index", err);
    if (status == AF_OK &&
        manifest_read(&index->env, txn, index->manifest, manifest, NULL) != AF_OK) {
        /* Unreadable: numbers that were surely not used before. */
        manifest->generation = (uint64_t)clock_now_ms();
        manifest->next_id = (uint32_t)(clock_now_ms() / 1000);
    }
    manifest->generation++;
    manifest->covers_seq = manifest->covers_print = 0;
    manifest->count = 0;
    if (status == AF_OK)
        status = manifest_write(&index->env, txn, index->manifest, manifest, err);
    if (status == AF_OK) {
        status = env_status(&index->env, mdb_txn_commit(txn), "emptying the index", err);
        txn = NULL;
    }
    mdb_txn_abort(txn);
    if (status == AF_OK)
        *generation = manifest->generation;
    free(manifest);
    return status;
}

static enum status begin_with(struct index *index, bool writes, uint64_t generation,
                              struct error *err)
{
    struct state *state = state_new(generation, 0);

    if (state == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the index");
    state->on_disk = writes;
    index_set_state(index, state);
    index->damaged = false;
    return AF_OK;
}

enum status index_begin_again(struct index *index, struct error *err)
{
    bool writes = index->mode == STORE_WRITE && index->on_disk;
    uint64_t generation = 0;

    if (writes && reset_manifest(index, &generation, NULL) != AF_OK)
        writes = false;
    return begin_with(index, writes, generation, err);
}

enum status index_recover(struct index *index, const char *why, struct error *err)
{
    enum status status = index_begin_again(index, err);

    (void)snprintf(index->met, sizeof index->met, "%s", why);
    if (status == AF_OK)
        (void)fprintf(stderr, "askfirst: %s; it is made again from the journal%s\n", why,
                      index->on_disk ? "" : ", in memory; the next command that writes keeps it");
    return status;
}

/* --- opening ------------------------------------------------------------------------------ */

static enum status index_path(const struct index *index, const char *file, char *path, size_t room,
                              struct error *err)
{
    if ((size_t)snprintf(path, room, "%s/%s%s", store_dir(index->store), index->source->folder,
                         file) >= room)
        return error_set(err, AF_INVALID, "the path of the index is too long");
    return AF_OK;
}

/* The store is the truth: a file that cannot be opened is thrown away. Both files, so that a
 * process that still has the old ones keeps a pair that fits together. */
static enum status remove_files(const struct index *index, struct error *err)
{
    static const char *const files[] = {"/data.mdb", "/lock.mdb"};
    char path[4096];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        enum status status = index_path(index, files[i], path, sizeof path, err);

        if (status != AF_OK)
            return status;
        if (unlink(path) != 0 && errno != ENOENT)
            return error_set(err, AF_IO, "the damaged index cannot be removed: %s: %s", path,
                             strerror(errno));
    }
    return AF_OK;
}

/* Without memory nothing changes, and whoever meets the damage next comes here again. */
void index_leave_files(struct index *index)
{
    if (begin_with(index, false, 0, NULL) == AF_OK)
        (void)remove_files(index, NULL);
}

static enum status open_env(struct index *index, struct error *err)
{
    struct env_options chosen = index_env_options;
    char path[4096];
    enum status status = index_path(index, "", path, sizeof path, err);

    chosen.read_only = index->mode == STORE_READ;
    chosen.map_bytes = index->map_bytes;
    index->accounted = false;
    if (status == AF_OK)
        status = index_blame(index, env_open(path, &chosen, &index->env, err));
    return status;
}

enum status index_account(struct index *index, struct error *err)
{
    enum status status = AF_OK;

    if (!index->accounted)
        status = env_account(&index->env, NULL, err);
    index->accounted = index->accounted || status == AF_OK;
    return index_blame(index, status);
}

/* Makes the database of the manifest when it is not there. */
static enum status open_manifest(struct index *index, unsigned flags, struct error *err)
{
    MDB_txn *txn;
    int rc = mdb_txn_begin(index->env.mdb, NULL, flags == 0 ? MDB_RDONLY : 0u, &txn);
    enum status status;

    if (rc == 0) {
        rc = mdb_dbi_open(txn, "manifest", flags, &index->manifest);
        if (rc == 0)
            rc = mdb_txn_commit(txn);
        else
            mdb_txn_abort(txn);
    }
    if (rc != MDB_NOTFOUND || flags != 0 || index->mode == STORE_READ)
        return index_blame(index, env_status(&index->env, rc, "opening the index", err));
    status = index_account(index, err);
    return status == AF_OK ? open_manifest(index, MDB_CREATE, err) : status;
}

/* What a compact left that was killed; one that is at work has the lock. */
static void remove_copy(const struct index *index)
{
    char path[4096];

    if (flock(index->writer_fd, LOCK_EX | LOCK_NB) != 0)
        return;
    if (index_path(index, "/" INDEX_COPY_NAME, path, sizeof path, NULL) == AF_OK)
        (void)unlink(path);
    (void)flock(index->writer_fd, LOCK_UN);
}

static enum status open_writer_lock(struct index *index, struct error *err)
{
    char path[4096];
    enum status status;

    if (index->mode == STORE_READ)
        return AF_OK;
    status = index_path(index, "/writer.lock", path, sizeof path, err);
    if (status != AF_OK)
        return status;
    index->writer_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (index->writer_fd < 0)
        return error_set(err, AF_IO, "the index cannot be locked: %s: %s", path, strerror(errno));
    remove_copy(index);
    return AF_OK;
}

static void close_env(struct index *index)
{
    index_close_unused(index);
    if (index->env.mdb != NULL)
        env_close(&index->env);
    index->env = (struct env){0};
}

void index_close_files(struct index *index)
{
    index_lock(index);
    index->empty.refs++;
    index_unlock(index);
    index_set_state(index, &index->empty);
    close_env(index);
}

static enum status open_files(struct index *index, struct error *err)
{
    enum status status = open_env(index, err);

    if (status == AF_OK)
        status = open_manifest(index, 0, err);
    return status == AF_OK ? load(index, true, err) : status;
}

enum status index_open_files(struct index *index, struct error *err)
{
    enum status status = open_files(index, err);

    if (status != AF_OK)
        index_close_files(index);
    return status;
}

void index_reopen(struct index *index)
{
    enum status status = AF_CORRUPT;

    (void)pthread_mutex_lock(&index->changing);
    index_close_unused(index);
    if (index->on_disk || index->open != NULL || snapshots_use_files(index))
        goto done;
    for (int i = 0; i < 2 && status == AF_CORRUPT; i++) { /* as they are, or new ones */
        close_env(index);
        if (i > 0 && remove_files(index, NULL) != AF_OK)
            break;
        status = open_files(index, NULL);
    }
    if (status != AF_OK) {
        index->damaged = false; /* what is in memory is not */
        close_env(index);
    }
done:
    (void)pthread_mutex_unlock(&index->changing);
}

/* Nobody can begin to look at the file while `changing` is held and the state is not on disk. */
bool index_grow(struct index *index)
{
    size_t before = env_map_bytes(&index->env);
    enum status status;

    (void)pthread_mutex_lock(&index->changing);
    index_lock(index);
    index->empty.refs++;
    index_unlock(index);
    index_set_state(index, &index->empty);
    if (index->open != NULL || snapshots_use_files(index)) {
        status = load(index, true, NULL);
    } else {
        close_env(index);
        index->map_bytes = before * 2;
        status = open_files(index, NULL);
    }
    if (status != AF_OK && index->open == NULL)
        close_env(index); /* the next flush opens it anew */
    (void)pthread_mutex_unlock(&index->changing);
    return status == AF_OK && env_map_bytes(&index->env) > before;
}

static enum status open_or_rebuild(struct index *index, struct error *err)
{
    struct error why = {0};
    enum status status = index_open_files(index, &why);

    if (status == AF_NOT_FOUND && index->mode == STORE_READ)
        return AF_OK; /* never made: in memory */
    if (!index->damaged) {
        if (status != AF_OK && err != NULL)
            *err = why;
        return status;
    }
    if (index->mode == STORE_READ)
        return index_recover(index, why.text, err);
    index->damaged = false;
    status = remove_files(index, err);
    if (status == AF_OK)
        status = index_open_files(index, err);
    return status == AF_OK ? index_recover(index, why.text, err) : status;
}

enum status index_open(struct store *store, enum store_mode mode, struct index **out,
                       struct error *err)
{
    return index_open_source(store, mode, &index_cases, out, err);
}

enum status index_open_source(struct store *store, enum store_mode mode,
                              const struct index_source *source, struct index **out,
                              struct error *err)
{
    struct index *index = calloc(1, sizeof *index);
    enum status status;

    if (index == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for opening the index");
    index->source = source;
    index->store = store;
    index->mode = mode;
    index->writer_fd = -1;
    index->bulk_entries = INDEX_BULK_ENTRIES;
    run_store_init(&index->building, NULL, 0);
    index->empty.refs = 2; /* as the current state, and so that it is never freed */
    index->state = &index->empty;
    (void)pthread_mutex_init(&index->mutex, NULL);
    (void)pthread_cond_init(&index->round_over, NULL);
    (void)pthread_cond_init(&index->ahead.work, NULL);
    (void)pthread_mutex_init(&index->changing, NULL);
    (void)pthread_mutex_init(&index->writer, NULL);
    status = open_or_rebuild(index, err);
    if (status == AF_OK)
        status = open_writer_lock(index, err);
    if (status != AF_OK) {
        index_close(index);
        return status;
    }
    *out = index;
    return AF_OK;
}

void index_set_build(struct index *index, unsigned threads, size_t bytes)
{
    index->build_threads = threads;
    index->build_bytes = bytes;
}

void index_close(struct index *index)
{
    if (index == NULL)
        return;
    assert(index->held == NULL);
    index_ahead_stop(index);
    index_close_files(index);
    if (index->writer_fd >= 0)
        close(index->writer_fd);
    segment_builder_free(index->builder);
    run_store_release(&index->building);
    analyzer_free(index->analyzer);
    stemmer_free(index->stemmer);
    (void)pthread_cond_destroy(&index->ahead.work);
    (void)pthread_cond_destroy(&index->round_over);
    (void)pthread_mutex_destroy(&index->mutex);
    (void)pthread_mutex_destroy(&index->changing);
    (void)pthread_mutex_destroy(&index->writer);
    free(index);
}
