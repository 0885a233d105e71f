#include "indexer/index_impl.h"

#include "data/base/clock.h"
#include "indexer/build/segment_merge.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

/* --- building a segment on disk ----------------------------------------------------------- */

/* A segment that is being written: its database, and the transaction that is open. */
struct build {
    struct index *index;
    struct disk_sink sink;
    bool rests;       /* now and then, so that searches have processor and disk */
    int64_t since_us; /* of the last rest */
};

/* After a commit of INDEX_TXN_BYTES: a pause in proportion to the work since the last one. */
static void rest(struct build *build)
{
    int64_t us = (clock_steady_us() - build->since_us) * INDEX_REST_PERCENT / 100;

    if (us > INDEX_REST_MS_MAX * 1000)
        us = INDEX_REST_MS_MAX * 1000;
    if (us > 0)
        (void)nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
    build->since_us = clock_steady_us();
}

/* A transaction of LMDB 0.9.24 must stay small: the segment is nobody's until the manifest
 * names it, so it may be committed in parts. */
static enum status renew(struct disk_sink *sink, struct error *err)
{
    struct build *build = sink->context;
    enum status status =
        index_status(build->index, mdb_txn_commit(sink->txn), "writing a segment", err);

    sink->txn = NULL;
    sink->txn_bytes = 0;
    if (status == AF_OK && build->rests)
        rest(build);
    if (status == AF_OK)
        status = env_status(sink->env, mdb_txn_begin(sink->env->mdb, NULL, 0, &sink->txn),
                            "writing a segment", err);
    return status;
}

/* An empty database of the next id, in a commit of its own: handles are opened under `changing`.
 * What a killed process left under this id goes. */
static enum status create_database(struct index *index, uint32_t id, MDB_dbi *dbi,
                                   struct error *err)
{
    char name[SEGMENT_NAME_BYTES];
    enum status status = AF_OK;
    MDB_txn *txn = NULL;
    int rc;

    segment_name(id, name);
    (void)pthread_mutex_lock(&index->changing);
    rc = mdb_txn_begin(index->env.mdb, NULL, 0, &txn);
    if (rc == 0)
        rc = mdb_dbi_open(txn, name, MDB_CREATE, dbi);
    if (rc == 0)
        status = index_verify_tree(index, txn, id, err);
    if (rc == 0 && status == AF_OK)
        rc = mdb_drop(txn, *dbi, 0);
    if (rc == 0 && status == AF_OK) {
        rc = mdb_txn_commit(txn);
        txn = NULL;
    }
    mdb_txn_abort(txn);
    (void)pthread_mutex_unlock(&index->changing);
    return status == AF_OK ? index_status(index, rc, "writing a segment", err)
                           : index_blame(index, status);
}

static enum status build_begin(struct build *build, struct index *index, const struct plan *plan,
                               uint32_t id, struct error *err)
{
    enum status status;

    *build = (struct build){
        index,
        {.env = &index->env, .id = id, .full = renew, .context = build},
        plan->rests,
        clock_steady_us(),
    };
    status = create_database(index, id, &build->sink.dbi, err);
    if (status == AF_OK)
        status = index_status(index, mdb_txn_begin(index->env.mdb, NULL, 0, &build->sink.txn),
                              "writing a segment", err);
    return status;
}

/* Closes the handle: who reads a segment needs none. */
static void build_end(struct build *build)
{
    struct index *index = build->index;

    mdb_txn_abort(build->sink.txn);
    disk_sink_release(&build->sink);
    if (build->sink.dbi == 0)
        return;
    (void)pthread_mutex_lock(&index->changing);
    mdb_dbi_close(index->env.mdb, build->sink.dbi);
    (void)pthread_mutex_unlock(&index->changing);
}

/* The segment is whole: its pages are committed, and what they are is written down with the
 * manifest, in the next transaction. */
static enum status describe(struct build *build, struct error *err)
{
    struct index *index = build->index;
    struct buf description = {0};
    enum status status =
        index_status(index, mdb_txn_commit(build->sink.txn), "writing a segment", err);

    build->sink.txn = NULL;
    if (status == AF_OK)
        status = segment_describe(&index->env, build->sink.id, &description, err);
    if (status == AF_OK)
        status = index_status(index, mdb_txn_begin(index->env.mdb, NULL, 0, &build->sink.txn),
                              "writing a segment", err);
    if (status == AF_OK)
        status = description_write(&index->env, build->sink.txn, index->manifest, build->sink.id,
                                   buf_bytes(&description), err);
    buf_release(&description);
    return index_blame(index, status);
}

/* --- writing a snapshot's part as one segment, and the new manifest ------------------------ */

struct plan *plan_new(struct error *err)
{
    struct plan *plan = calloc(1, sizeof *plan);

    if (plan == NULL)
        (void)error_set(err, AF_NO_MEMORY, "no memory for writing the index");
    return plan;
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    snapshot_release(plan->snapshot);
    free(plan);
}

enum status plan_merge(const struct plan *plan, struct image_sink sink, struct error *err)
{
    return segment_merge(plan->sources, plan->count, sink, err);
}

/* Segments that stay, with their dead documents as the snapshot has them. */
static enum status keep_segments(struct build *build, const struct plan *plan,
                                 struct manifest *manifest, struct error *err)
{
    const struct state *state = plan->state;
    struct index *index = build->index;
    enum status status = AF_OK;
    uint32_t kept = 0;

    assert(manifest->count == state->disk);
    for (uint32_t i = 0; status == AF_OK && i < state->disk; i++) {
        struct manifest_segment *s = &manifest->segments[i];
        const struct deadset *dead = state->entries[i].dead;

        assert(s->id == state->entries[i].base->id);
        if (plan->drops[i]) {
            status = dead_delete(&index->env, build->sink.txn, index->manifest, s->id, err);
            continue;
        }
        if (dead != NULL && dead->count != s->dead) {
            status = dead_write(&index->env, build->sink.txn, index->manifest, s->id, dead, err);
            s->dead = dead->count;
        }
        manifest->segments[kept++] = *s;
    }
    manifest->count = kept;
    return status;
}

static enum status write_manifest(struct build *build, const struct plan *plan,
                                  struct manifest *manifest, struct error *err)
{
    struct index *index = build->index;
    enum status status;

    status = manifest_read(&index->env, build->sink.txn, index->manifest, manifest, err);
    if (status == AF_OK && manifest->generation != plan->state->generation)
        status = error_set(err, AF_CONFLICT, "the index has been flushed meanwhile");
    if (status == AF_OK)
        status = keep_segments(build, plan, manifest, err);
    if (status != AF_OK)
        return status;
    if (plan->docs > 0) {
        manifest->segments[manifest->count++] =
            (struct manifest_segment){build->sink.id, plan->docs, 0, build->sink.bytes};
        manifest->next_id = build->sink.id + 1;
    }
    manifest->generation++;
    if (plan->covers) {
        manifest->covers_seq = plan->covers_seq;
        status = journal_print(index, manifest->covers_seq, &manifest->covers_print, err);
    }
    if (status == AF_OK)
        status = manifest_write(&index->env, build->sink.txn, index->manifest, manifest, err);
    if (status == AF_OK) {
        status = index_status(index, mdb_txn_commit(build->sink.txn), "writing the index", err);
        build->sink.txn = NULL;
    }
    return status;
}

/* Holds the writer's lock, not `changing`: searches go on. */
enum status index_execute(struct index *index, const struct plan *plan, struct error *err)
{
    struct manifest *manifest = malloc(sizeof *manifest);
    struct build build = {0};
    enum status status;

    if (manifest == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for writing the index");
    status = index_account(index, err);
    if (status == AF_OK)
        status = index_read_manifest(index, manifest, err);
    if (status == AF_OK && manifest->count + 1 >= INDEX_SEGMENTS_MAX)
        status = error_set(err, AF_FULL, "the index has %u segments, more are not allowed",
                           (unsigned)manifest->count);
    if (status == AF_OK)
        status = build_begin(&build, index, plan, manifest->next_id, err);
    if (status == AF_OK && plan->docs > 0)
        status = index_blame(index, plan->write(plan, disk_sink_of(&build.sink), err));
    if (status == AF_OK && plan->docs > 0)
        status = describe(&build, err);
    if (status == AF_OK)
        status = write_manifest(&build, plan, manifest, err);
    if (build.index != NULL)
        build_end(&build);
    free(manifest);
    return status;
}
