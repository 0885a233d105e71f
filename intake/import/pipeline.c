#include "intake/import/pipeline.h"

#include "data/article.h"
#include "data/base/limits.h"

#include <pthread.h>
#include <stdlib.h>

struct pipeline {
    struct store *store;
    struct journal *journal;
    const char *actor;
    pthread_t thread;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t changed;
    json_t *waiting[IMPORT_AHEAD];
    size_t first, count;
    bool finishing;
    struct pipeline_counts counts;
    enum status status;
    struct error err;
};

/* Is this, member by member, the newest version that is stored? */
static enum status is_stored(struct txn *txn, const json_t *article, bool *out, struct error *err)
{
    struct article_ref ref;
    json_t *stored;
    enum status status = article_find(txn, bytes_str(json_get_str(article, "id")), &ref, err);

    *out = false;
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status == AF_OK)
        status = article_read(txn, &ref, &stored, err);
    if (status != AF_OK)
        return status;
    *out = json_equal(article, stored) == 1;
    json_decref(stored);
    arena_clear(txn_arena(txn));
    return AF_OK;
}

/* Takes out what is stored already, so that importing a library again does not double the
 * journal. Not the second of two with one id: it may undo the first. */
static enum status leave_out_stored(struct pipeline *pipeline, json_t *cases, uint64_t *count,
                                    struct error *err)
{
    json_t *kept = json_object();
    struct txn *txn;
    enum status status = store_begin_read(pipeline->store, &txn, err);

    if (status != AF_OK) {
        json_decref(kept);
        return status;
    }
    for (size_t i = 0; status == AF_OK && i < json_array_size(cases);) {
        const json_t *article = json_array_get(cases, i);
        const char *id = json_get_str(article, "id");
        bool is_same = false;

        if (json_object_get(kept, id) == NULL)
            status = is_stored(txn, article, &is_same, err);
        if (is_same) {
            (void)json_array_remove(cases, i);
            ++*count;
        } else {
            (void)json_object_set_new(kept, id, json_true());
            i++;
        }
    }
    txn_abort(txn);
    json_decref(kept);
    return status;
}

/* Takes the body. */
static enum status write_one(struct pipeline *pipeline, json_t *body,
                             struct pipeline_counts *counts, struct error *err)
{
    struct command command = {.actor = pipeline->actor, .kind = "case.put", .body = body};
    json_t *cases = json_object_get(body, "cases");
    uint64_t stored = 0;
    struct outcome outcome = {0};
    enum status status = leave_out_stored(pipeline, cases, &stored, err);

    if (status == AF_OK && json_array_size(cases) > 0)
        status = journal_propose(pipeline->journal, &command, &outcome, err);
    json_decref(body);
    if (status != AF_OK)
        return status;
    counts->added = json_get_u64(outcome.result, "added");
    counts->updated = json_get_u64(outcome.result, "updated");
    counts->unchanged = json_get_u64(outcome.result, "unchanged") + stored;
    json_decref(outcome.result);
    return AF_OK;
}

static void *run(void *context)
{
    struct pipeline *pipeline = context;

    (void)pthread_mutex_lock(&pipeline->lock);
    for (;;) {
        struct pipeline_counts counts = {0};
        struct error err;
        enum status status;
        json_t *body;

        while (pipeline->count == 0 && !pipeline->finishing)
            (void)pthread_cond_wait(&pipeline->changed, &pipeline->lock);
        if (pipeline->count == 0)
            break;
        body = pipeline->waiting[pipeline->first];
        pipeline->first = (pipeline->first + 1) % IMPORT_AHEAD;
        pipeline->count--;
        (void)pthread_cond_broadcast(&pipeline->changed);
        if (pipeline->status != AF_OK) { /* an earlier one failed: order would be lost */
            json_decref(body);
            continue;
        }
        (void)pthread_mutex_unlock(&pipeline->lock);
        status = write_one(pipeline, body, &counts, &err);
        (void)pthread_mutex_lock(&pipeline->lock);
        pipeline->counts.added += counts.added;
        pipeline->counts.updated += counts.updated;
        pipeline->counts.unchanged += counts.unchanged;
        if (status != AF_OK) {
            pipeline->status = status;
            pipeline->err = err;
        }
    }
    (void)pthread_mutex_unlock(&pipeline->lock);
    return NULL;
}

enum status pipeline_start(struct store *store, struct journal *journal, const char *actor,
                           struct pipeline **out, struct error *err)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);

    if (pipeline == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for an import");
    pipeline->store = store;
    pipeline->journal = journal;
    pipeline->actor = actor;
    (void)pthread_mutex_init(&pipeline->lock, NULL);
    (void)pthread_cond_init(&pipeline->changed, NULL);
    if (pthread_create(&pipeline->thread, NULL, run, pipeline) != 0) {
        free(pipeline);
        return error_set(err, AF_IO, "a thread for the import cannot be started");
    }
    *out = pipeline;
    return AF_OK;
}

enum status pipeline_push(struct pipeline *pipeline, json_t *body, struct error *err)
{
    enum status status;

    (void)pthread_mutex_lock(&pipeline->lock);
    while (pipeline->count == IMPORT_AHEAD)
        (void)pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    status = pipeline->status;
    if (status == AF_OK) {
        pipeline->waiting[(pipeline->first + pipeline->count++) % IMPORT_AHEAD] = body;
        (void)pthread_cond_broadcast(&pipeline->changed);
    } else {
        json_decref(body);
        if (err != NULL)
            *err = pipeline->err;
    }
    (void)pthread_mutex_unlock(&pipeline->lock);
    return status;
}

struct pipeline_counts pipeline_counts(struct pipeline *pipeline)
{
    struct pipeline_counts counts;

    (void)pthread_mutex_lock(&pipeline->lock);
    counts = pipeline->counts;
    (void)pthread_mutex_unlock(&pipeline->lock);
    return counts;
}

enum status pipeline_finish(struct pipeline *pipeline, struct pipeline_counts *counts,
                            struct error *err)
{
    enum status status;

    (void)pthread_mutex_lock(&pipeline->lock);
    pipeline->finishing = true;
    (void)pthread_cond_broadcast(&pipeline->changed);
    (void)pthread_mutex_unlock(&pipeline->lock);
    (void)pthread_join(pipeline->thread, NULL);
    *counts = pipeline->counts;
    status = pipeline->status;
    if (status != AF_OK && err != NULL)
        *err = pipeline->err;
    (void)pthread_cond_destroy(&pipeline->changed);
    (void)pthread_mutex_destroy(&pipeline->lock);
    free(pipeline);
    return status;
}
