/* The ring: chunk number n is slot n % IMPORT_CHUNKS, and four counters say how far each of the
 * four is; they only grow, reported ≤ written ≤ taken ≤ read ≤ reported + IMPORT_CHUNKS. What is
 * between two counters belongs to the one behind the later of them. */
#include "intake/import/pipeline_impl.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

struct slot {
    struct chunk chunk;
    bool is_made; /* by the worker who took it */
};

struct pipeline {
    struct pipeline_options options;
    struct slot slots[IMPORT_CHUNKS];
    struct import_counts counts; /* of what is reported */

    pthread_mutex_t lock; /* of all below, and of is_made */
    pthread_cond_t changed;
    uint64_t read, taken, written, reported;
    size_t bytes_ahead; /* of lines read and not yet reported */
    bool finishing;
    enum status status; /* of the first command that failed */
    struct error err;

    pthread_t writer, workers[IMPORT_WORKERS_MAX];
    bool has_writer;
    size_t worker_count;
};

static struct slot *slot_of(struct pipeline *pipeline, uint64_t n)
{
    return &pipeline->slots[n % IMPORT_CHUNKS];
}

static void fail(struct pipeline *pipeline, enum status status, const struct error *err)
{
    if (pipeline->status != AF_OK)
        return;
    pipeline->status = status;
    pipeline->err = *err;
}

static enum status maker_init(struct chunk_maker *maker, struct error *err)
{
    *maker = (struct chunk_maker){0};
    return frame_packer_new(&maker->packer, err);
}

static void maker_release(struct chunk_maker *maker)
{
    frame_packer_free(maker->packer);
    buf_release(&maker->scratch);
}

/* --- workers ------------------------------------------------------------------------------ */

static void *work(void *context)
{
    struct pipeline *pipeline = context;
    struct chunk_maker maker;
    struct error err;
    enum status status = maker_init(&maker, &err);

    (void)pthread_mutex_lock(&pipeline->lock);
    for (;;) {
        struct slot *slot;

        while (pipeline->taken == pipeline->read && !pipeline->finishing)
            (void)pthread_cond_wait(&pipeline->changed, &pipeline->lock);
        if (pipeline->taken == pipeline->read)
            break;
        slot = slot_of(pipeline, pipeline->taken++);
        (void)pthread_mutex_unlock(&pipeline->lock);
        if (status == AF_OK) {
            chunk_make(&slot->chunk, &maker);
        } else {
            slot->chunk.status = status;
            slot->chunk.err = err;
        }
        (void)pthread_mutex_lock(&pipeline->lock);
        slot->is_made = true;
        (void)pthread_cond_broadcast(&pipeline->changed);
    }
    (void)pthread_mutex_unlock(&pipeline->lock);
    maker_release(&maker);
    return NULL;
}

/* --- writing ------------------------------------------------------------------------------ */

/* The chunks that are made, in order, from the next one to write on. The lock is held. */
static size_t take_made(struct pipeline *pipeline, struct chunk *chunks[IMPORT_GROUP])
{
    size_t n = 0;

    while (n < IMPORT_GROUP && pipeline->written + n < pipeline->taken &&
           slot_of(pipeline, pipeline->written + n)->is_made) {
        chunks[n] = &slot_of(pipeline, pipeline->written + n)->chunk;
        n++;
    }
    return n;
}

/* Looking for each case in a store that grows maps ever more of it, and what is mapped counts as
 * this process's memory: half a gigabyte at a million cases. */
static void forget_pages(const struct pipeline *pipeline, struct chunk *const *chunks, size_t count,
                         size_t *bytes)
{
    for (size_t i = 0; i < count; i++)
        *bytes += chunks[i]->body.len;
    if (*bytes < IMPORT_FORGET_BYTES)
        return;
    *bytes = 0;
    env_forget_pages(store_env(pipeline->options.store));
}

static void *write_all(void *context)
{
    struct pipeline *pipeline = context;
    struct chunk *chunks[IMPORT_GROUP];
    struct chunk_maker maker;
    size_t bytes = 0; /* since pages were let go */
    struct error err;
    enum status status = maker_init(&maker, &err);

    (void)pthread_mutex_lock(&pipeline->lock);
    for (;;) {
        size_t n;

        while ((n = take_made(pipeline, chunks)) == 0 &&
               !(pipeline->finishing && pipeline->written == pipeline->read))
            (void)pthread_cond_wait(&pipeline->changed, &pipeline->lock);
        if (n == 0)
            break;
        if (pipeline->status == AF_OK) { /* after a failure the order would be lost */
            (void)pthread_mutex_unlock(&pipeline->lock);
            if (status == AF_OK)
                status = chunks_write(&pipeline->options, chunks, n, &maker, &err);
            forget_pages(pipeline, chunks, n, &bytes);
            (void)pthread_mutex_lock(&pipeline->lock);
            if (status != AF_OK)
                fail(pipeline, status, &err);
        }
        pipeline->written += n;
        (void)pthread_cond_broadcast(&pipeline->changed);
    }
    (void)pthread_mutex_unlock(&pipeline->lock);
    maker_release(&maker);
    return NULL;
}

/* --- reading and reporting ---------------------------------------------------------------- */

static void report_one(struct pipeline *pipeline, struct chunk *chunk)
{
    struct import_counts *sum = &pipeline->counts;

    for (size_t i = 0; i < chunk->item_count; i++) {
        const struct chunk_item *item = &chunk->items[i];

        if (item->is_refused && buf_ok(&chunk->reasons))
            pipeline->options.refused(pipeline->options.context, &item->place,
                                      (const char *)chunk->reasons.data + item->start);
    }
    sum->added += chunk->counts.added;
    sum->updated += chunk->counts.updated;
    sum->unchanged += chunk->counts.unchanged;
    sum->rejected += chunk->counts.rejected;
}

/* Reports what is written. The lock is held, but not while the callbacks run: nobody else has
 * anything to do with those chunks. */
static void report(struct pipeline *pipeline)
{
    while (pipeline->reported < pipeline->written) {
        struct slot *slot = slot_of(pipeline, pipeline->reported);
        size_t bytes = slot->chunk.lines.len;

        (void)pthread_mutex_unlock(&pipeline->lock);
        report_one(pipeline, &slot->chunk);
        chunk_clear(&slot->chunk);
        (void)pthread_mutex_lock(&pipeline->lock);
        slot->is_made = false;
        pipeline->bytes_ahead -= bytes;
        pipeline->reported++;
    }
}

/* The open chunk: number `read`, which nobody else has yet. Waits until there is room for one. */
static struct chunk *open_chunk(struct pipeline *pipeline, enum status *status, struct error *err)
{
    (void)pthread_mutex_lock(&pipeline->lock);
    for (;;) {
        report(pipeline);
        if (pipeline->read == pipeline->reported ||
            (pipeline->read - pipeline->reported < IMPORT_CHUNKS &&
             pipeline->bytes_ahead < IMPORT_AHEAD_BYTES))
            break;
        (void)pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    }
    *status = pipeline->status;
    if (*status != AF_OK)
        *err = pipeline->err;
    (void)pthread_mutex_unlock(&pipeline->lock);
    return &slot_of(pipeline, pipeline->read)->chunk;
}

/* Hands the open chunk on. */
static void seal(struct pipeline *pipeline, const struct chunk *chunk)
{
    (void)pthread_mutex_lock(&pipeline->lock);
    pipeline->bytes_ahead += chunk->lines.len;
    pipeline->read++;
    (void)pthread_cond_broadcast(&pipeline->changed);
    (void)pthread_mutex_unlock(&pipeline->lock);
}

enum status pipeline_add(struct pipeline *pipeline, const struct case_place *place,
                         struct bytes line, struct error *err)
{
    enum status status;
    struct chunk *chunk = open_chunk(pipeline, &status, err);

    if (status != AF_OK)
        return status;
    chunk_add(chunk, place, line);
    if (chunk_is_full(chunk))
        seal(pipeline, chunk);
    return AF_OK;
}

enum status pipeline_refuse(struct pipeline *pipeline, const struct case_place *place,
                            const char *reason, struct error *err)
{
    enum status status;
    struct chunk *chunk = open_chunk(pipeline, &status, err);

    if (status != AF_OK)
        return status;
    chunk_refuse(chunk, place, reason);
    if (chunk_is_full(chunk))
        seal(pipeline, chunk);
    return AF_OK;
}

enum status pipeline_flush(struct pipeline *pipeline, struct error *err)
{
    enum status status;
    struct chunk *chunk = open_chunk(pipeline, &status, err);

    if (chunk->item_count > 0)
        seal(pipeline, chunk);
    (void)pthread_mutex_lock(&pipeline->lock);
    while (pipeline->written < pipeline->read)
        (void)pthread_cond_wait(&pipeline->changed, &pipeline->lock);
    report(pipeline);
    status = pipeline->status;
    if (status != AF_OK)
        *err = pipeline->err;
    (void)pthread_mutex_unlock(&pipeline->lock);
    return status;
}

/* --- from start to end -------------------------------------------------------------------- */

/* As many workers as cores that this process may use. */
static size_t core_count(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return count < 1 ? 1 : count > IMPORT_WORKERS_MAX ? IMPORT_WORKERS_MAX : (size_t)count;
}

static void stop_threads(struct pipeline *pipeline)
{
    (void)pthread_mutex_lock(&pipeline->lock);
    pipeline->finishing = true;
    (void)pthread_cond_broadcast(&pipeline->changed);
    (void)pthread_mutex_unlock(&pipeline->lock);
    for (size_t i = 0; i < pipeline->worker_count; i++)
        (void)pthread_join(pipeline->workers[i], NULL);
    if (pipeline->has_writer)
        (void)pthread_join(pipeline->writer, NULL);
}

static void pipeline_free(struct pipeline *pipeline)
{
    for (size_t i = 0; i < IMPORT_CHUNKS; i++)
        chunk_release(&pipeline->slots[i].chunk);
    (void)pthread_cond_destroy(&pipeline->changed);
    (void)pthread_mutex_destroy(&pipeline->lock);
    free(pipeline);
}

enum status pipeline_start(const struct pipeline_options *options, struct pipeline **out,
                           struct error *err)
{
    struct pipeline *pipeline = calloc(1, sizeof *pipeline);
    size_t wanted = core_count();

    if (pipeline == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for an import");
    pipeline->options = *options;
    (void)pthread_mutex_init(&pipeline->lock, NULL);
    (void)pthread_cond_init(&pipeline->changed, NULL);
    pipeline->has_writer = pthread_create(&pipeline->writer, NULL, write_all, pipeline) == 0;
    while (pipeline->has_writer && pipeline->worker_count < wanted &&
           pthread_create(&pipeline->workers[pipeline->worker_count], NULL, work, pipeline) == 0)
        pipeline->worker_count++;
    if (pipeline->worker_count == 0) {
        stop_threads(pipeline);
        pipeline_free(pipeline);
        return error_set(err, AF_IO, "a thread for the import cannot be started");
    }
    *out = pipeline;
    return AF_OK;
}

enum status pipeline_finish(struct pipeline *pipeline, bool drop, uint64_t *dropped,
                            struct import_counts *counts, struct error *err)
{
    enum status status;
    struct chunk *chunk = open_chunk(pipeline, &status, err);

    *dropped = drop || status != AF_OK ? chunk->item_count : 0;
    if (*dropped > 0)
        chunk_clear(chunk);
    status = pipeline_flush(pipeline, err);
    stop_threads(pipeline);
    *counts = pipeline->counts;
    pipeline_free(pipeline);
    return status;
}
