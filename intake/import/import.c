#include "intake/import/import.h"

#include "data/base/limits.h"
#include "intake/import/pipeline.h"

struct importing {
    const struct import_options *options;
    struct pipeline *pipeline;
    struct import_result result;
    struct import_progress progress;
    uint64_t bytes_before; /* of the files read already */
    json_t *batch;         /* array; NULL when empty */
    size_t batch_bytes;
    enum status write_status; /* of the journal: ends the whole import, not one file */
    struct error write_err;
};

static bool must_stop(const struct importing *in)
{
    return in->options->stop != NULL && *in->options->stop != 0;
}

static enum status send_batch(struct importing *in, struct error *err)
{
    json_t *body = json_object();
    bool ok = body != NULL;

    json_put(body, "cases", in->batch, &ok);
    in->batch = NULL;
    in->batch_bytes = 0;
    if (ok)
        return pipeline_push(in->pipeline, body, err);
    json_decref(body);
    return error_set(err, AF_NO_MEMORY, "no memory for an import");
}

static enum status on_found(void *context, const struct case_place *place, json_t *article,
                            struct error *err)
{
    struct importing *in = context;
    enum status status = AF_OK;

    if (must_stop(in)) {
        json_decref(article);
        in->result.was_stopped = true;
        return error_set(err, AF_BUSY, "stopped");
    }
    in->result.read++;
    if (in->batch == NULL)
        in->batch = json_array();
    if (json_array_append_new(in->batch, article) != 0)
        status = error_set(err, AF_NO_MEMORY, "no memory for an import");
    in->batch_bytes += place->bytes;
    if (status == AF_OK &&
        (json_array_size(in->batch) == ARTICLE_BATCH_MAX || in->batch_bytes >= ARTICLE_BATCH_BYTES))
        status = send_batch(in, err);
    if (status != AF_OK) {
        in->write_status = status;
        in->write_err = *err;
    }
    return status;
}

static void on_refused(void *context, const struct case_place *place, const char *reason)
{
    struct importing *in = context;

    in->result.read++;
    in->result.rejected++;
    in->options->refused(in->options->context, place, reason);
}

static void on_moved(void *context, uint64_t bytes)
{
    struct importing *in = context;

    in->progress.bytes_done = in->bytes_before + bytes;
    in->progress.cases = in->result.read;
    if (in->options->progress != NULL)
        in->options->progress(in->options->context, &in->progress);
}

static void read_files(struct importing *in, const struct import_files *files)
{
    const struct case_visitor visitor = {
        .context = in, .found = on_found, .refused = on_refused, .moved = on_moved};

    for (size_t i = 0; i < files->count; i++) {
        struct error err;

        if (must_stop(in)) {
            in->result.was_stopped = true;
            return;
        }
        if (cases_read(&files->of[i], &visitor, &err) != AF_OK) {
            if (in->write_status != AF_OK)
                return;
            if (must_stop(in)) {
                in->result.was_stopped = true;
                return;
            }
            in->result.files_failed++;
            in->options->failed(in->options->context, err.text);
        }
        in->bytes_before += files->of[i].bytes;
    }
}

enum status import_run(struct store *store, struct journal *journal,
                       const struct import_options *options, const struct import_files *files,
                       struct import_result *out, struct error *err)
{
    struct importing in = {.options = options, .progress = {.bytes_all = files->bytes}};
    struct pipeline_counts counts = {0};
    enum status written, status = pipeline_start(store, journal, options->actor, &in.pipeline, err);

    if (status == AF_OK) {
        read_files(&in, files);
        status = in.write_status;
        if (status == AF_OK && in.batch != NULL && !in.result.was_stopped)
            status = send_batch(&in, &in.write_err);
        if (in.batch != NULL) { /* stopped or failed: these were read for nothing */
            in.result.read -= json_array_size(in.batch);
            json_decref(in.batch);
        }
        written = pipeline_finish(in.pipeline, &counts, &in.write_err);
        if (status == AF_OK)
            status = written;
        if (status != AF_OK && err != NULL)
            *err = in.write_err;
    }
    in.result.added = counts.added;
    in.result.updated = counts.updated;
    in.result.unchanged = counts.unchanged;
    *out = in.result;
    return status;
}
