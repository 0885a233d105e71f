#include "indexer/build/segment_ranges.h"

#include "data/base/limits.h"

#include <pthread.h>
#include <stdlib.h>

#define RANGES_AHEAD 2 /* for each thread: encoded or being so, and not yet written */

struct range_work {
    const struct joined_runs *runs;
    const struct run_range *ranges;
    uint32_t count;
    uint32_t window; /* ranges that may be begun and not yet written */
    const struct postings_encoder *model;
    struct run_list *encoded; /* of each range: one thread's, then the writer's */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    /* under the mutex: */
    bool *is_done;
    uint32_t begun, written;
    enum status status; /* of whoever failed first */
    struct error why;
};

/* One of these a thread. */
struct range_encoder {
    struct postings_encoder *encoder;
    struct term_join join;
    struct buf payload;
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

/* --- one range ---------------------------------------------------------------------------- */

static enum status keep_term(struct range_encoder *own, struct run_store *store,
                             struct run_list *list, const struct joined_term *term,
                             struct error *err)
{
    buf_clear(&own->payload);
    buf_add_varint(&own->payload, term->list.df);
    buf_add(&own->payload, term->list.bytes);
    if (!buf_ok(&own->payload))
        return no_memory(err);
    return run_add_entry(store, list, term->term, term->langs, buf_bytes(&own->payload), err);
}

static enum status encode_range(const struct range_work *work, uint32_t range,
                                struct range_encoder *own, struct error *err)
{
    struct run_store *store = work->runs->store;
    struct run_list *list = &work->encoded[range];
    struct joined_term term;
    enum status status =
        term_join_open(&own->join, work->runs, work->ranges[range], own->encoder, err);
    bool found = true;

    while (status == AF_OK) {
        status = term_join_next(&own->join, &term, &found, err);
        if (status != AF_OK || !found)
            break;
        status = keep_term(own, store, list, &term, err);
    }
    term_join_release(&own->join);
    return status == AF_OK ? run_list_end(store, list, err) : status;
}

static enum status write_range(const struct range_work *work, uint32_t range,
                               const struct range_visitor *visitor, struct error *err)
{
    struct run_reader reader;
    struct run_entry entry;
    enum status status = AF_OK;
    bool found = true;

    run_reader_init(&reader, work->runs->store, &work->encoded[range], RUN_WHOLE);
    while (status == AF_OK) {
        struct joined_term term;
        struct reader r;

        status = run_next_entry(&reader, &entry, &found, err);
        if (status != AF_OK || !found)
            break;
        r = reader_of(entry.payload);
        term = (struct joined_term){.term = entry.term, .langs = entry.langs};
        if (!reader_varint32(&r, &term.list.df))
            status = error_set(err, AF_IO, "indexing: a list is not what was encoded");
        term.list.bytes = bytes_of(r.at, reader_left(&r));
        if (status == AF_OK)
            status = visitor->term(visitor->context, &term, err);
    }
    run_reader_release(&reader);
    run_list_release(work->runs->store, &work->encoded[range]);
    return status;
}

/* --- all threads; the mutex is held -------------------------------------------------------- */

static bool may_begin(const struct range_work *work)
{
    return work->status == AF_OK && work->begun < work->count &&
           work->begun - work->written < work->window;
}

static void fail(struct range_work *work, enum status status, const struct error *why)
{
    if (status == AF_OK || work->status != AF_OK)
        return;
    work->status = status;
    work->why = *why;
}

/* Begins the next range and ends it; the mutex is let go in between. */
static void do_next(struct range_work *work, struct range_encoder *own)
{
    uint32_t range = work->begun++;
    struct error why = {0};
    enum status status;

    (void)pthread_mutex_unlock(&work->mutex);
    status = encode_range(work, range, own, &why);
    (void)pthread_mutex_lock(&work->mutex);
    work->is_done[range] = true;
    fail(work, status, &why);
    (void)pthread_cond_broadcast(&work->changed);
}

static void *help(void *context)
{
    struct range_work *work = context;
    struct postings_encoder *encoder = malloc(sizeof *encoder);
    struct range_encoder *own = calloc(1, sizeof *own);

    (void)pthread_mutex_lock(&work->mutex);
    if (encoder != NULL && own != NULL) { /* else the others do it */
        *encoder = (struct postings_encoder){
            .docs_count = work->model->docs_count,
            .lengths = work->model->lengths,
            .impacts = work->model->impacts,
        };
        own->encoder = encoder;
        while (work->status == AF_OK && work->begun < work->count)
            if (may_begin(work))
                do_next(work, own);
            else
                (void)pthread_cond_wait(&work->changed, &work->mutex);
    }
    (void)pthread_mutex_unlock(&work->mutex);
    if (encoder != NULL)
        postings_encoder_release(encoder);
    if (own != NULL)
        buf_release(&own->payload);
    free(encoder);
    free(own);
    return NULL;
}

/* Writes the ranges in order, and while the next one is not ready does what there is to do. */
static void write_all(struct range_work *work, struct range_encoder *own,
                      const struct range_visitor *visitor)
{
    while (work->status == AF_OK && work->written < work->count) {
        struct error why = {0};
        enum status status;

        if (!work->is_done[work->written]) {
            if (may_begin(work))
                do_next(work, own);
            else
                (void)pthread_cond_wait(&work->changed, &work->mutex);
            continue;
        }
        (void)pthread_mutex_unlock(&work->mutex);
        status = write_range(work, work->written, visitor, &why);
        if (status == AF_OK)
            visitor->done(visitor->context, work->written + 1, work->count);
        (void)pthread_mutex_lock(&work->mutex);
        work->written++;
        fail(work, status, &why);
        (void)pthread_cond_broadcast(&work->changed);
    }
}

static void work_together(struct range_work *work, unsigned threads, struct range_encoder *own,
                          const struct range_visitor *visitor)
{
    pthread_t helpers[INDEX_THREADS_MAX];
    unsigned started = 0;

    while (started + 1 < threads && started < INDEX_THREADS_MAX &&
           pthread_create(&helpers[started], NULL, help, work) == 0)
        started++;
    (void)pthread_mutex_lock(&work->mutex);
    write_all(work, own, visitor);
    (void)pthread_mutex_unlock(&work->mutex);
    for (unsigned i = 0; i < started; i++)
        (void)pthread_join(helpers[i], NULL);
}

enum status segment_ranges_visit(const struct joined_runs *runs, const struct run_range *ranges,
                                 uint32_t count, unsigned threads, struct postings_encoder *encoder,
                                 const struct range_visitor *visitor, struct error *err)
{
    struct range_work work = {
        .runs = runs,
        .ranges = ranges,
        .count = count,
        .window = threads * RANGES_AHEAD,
        .model = encoder,
        .encoded = calloc(count, sizeof *work.encoded),
        .is_done = calloc(count, sizeof *work.is_done),
    };
    struct range_encoder *own = calloc(1, sizeof *own);

    if (work.encoded != NULL && work.is_done != NULL && own != NULL) {
        own->encoder = encoder;
        (void)pthread_mutex_init(&work.mutex, NULL);
        (void)pthread_cond_init(&work.changed, NULL);
        work_together(&work, threads, own, visitor);
        (void)pthread_cond_destroy(&work.changed);
        (void)pthread_mutex_destroy(&work.mutex);
        for (uint32_t i = 0; i < count; i++)
            run_list_release(runs->store, &work.encoded[i]);
        buf_release(&own->payload);
    } else {
        work.status = no_memory(&work.why);
    }
    free(work.encoded);
    free(work.is_done);
    free(own);
    if (work.status != AF_OK)
        *err = work.why;
    return work.status;
}
