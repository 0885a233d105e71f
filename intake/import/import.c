#include "intake/import/import.h"

#include "intake/import/pipeline.h"

struct importing {
    const struct import_options *options;
    struct pipeline *pipeline;
    struct import_result result;
    struct import_progress progress;
    uint64_t bytes_before;    /* of the files read already */
    struct buf text;          /* of a case that came as a tree */
    enum status write_status; /* of the journal: ends the whole import, not one file */
    struct error write_err;
};

static bool must_stop(const struct importing *in)
{
    return in->options->stop != NULL && *in->options->stop != 0;
}

/* What the pipeline answers: a failure of writing, which ends it all. */
static enum status taken(struct importing *in, enum status status, const struct error *err)
{
    if (status != AF_OK) {
        in->write_status = status;
        in->write_err = *err;
    }
    return status;
}

static enum status on_line(void *context, const struct case_place *place, struct bytes line,
                           struct error *err)
{
    struct importing *in = context;

    if (must_stop(in)) {
        in->result.was_stopped = true;
        return error_set(err, AF_BUSY, "stopped");
    }
    in->result.read++;
    return taken(in, pipeline_add(in->pipeline, place, line, err), err);
}

static enum status on_found(void *context, const struct case_place *place, json_t *article,
                            struct error *err)
{
    struct importing *in = context;
    enum status status;

    buf_clear(&in->text);
    status = json_write(article, false, &in->text, err);
    json_decref(article);
    if (status != AF_OK)
        return taken(in, status, err);
    return on_line(context, place, buf_bytes(&in->text), err);
}

/* Refused while reading. A failure of the pipeline is met again by the next line, or at the end. */
static void on_refused(void *context, const struct case_place *place, const char *reason)
{
    struct importing *in = context;
    struct error err;

    in->result.read++;
    (void)taken(in, pipeline_refuse(in->pipeline, place, reason, &err), &err);
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
    const struct case_visitor visitor = {.context = in,
                                         .found = on_found,
                                         .line = on_line,
                                         .refused = on_refused,
                                         .moved = on_moved};

    for (size_t i = 0; i < files->count; i++) {
        struct error err, flush_err;

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
            /* What was refused before comes before. */
            if (taken(in, pipeline_flush(in->pipeline, &flush_err), &flush_err) != AF_OK)
                return;
            in->options->failed(in->options->context, err.text);
        }
        in->bytes_before += files->of[i].bytes;
    }
}

enum status import_run(struct store *store, struct journal *journal,
                       const struct import_options *options, const struct import_files *files,
                       struct import_result *out, struct error *err)
{
    const struct pipeline_options pipeline_options = {.store = store,
                                                      .journal = journal,
                                                      .actor = options->actor,
                                                      .context = options->context,
                                                      .refused = options->refused};
    struct importing in = {.options = options, .progress = {.bytes_all = files->bytes}};
    struct import_counts counts = {0};
    uint64_t dropped = 0;
    enum status status = pipeline_start(&pipeline_options, &in.pipeline, err);

    if (status == AF_OK) {
        read_files(&in, files);
        status = pipeline_finish(in.pipeline, in.result.was_stopped || in.write_status != AF_OK,
                                 &dropped, &counts, &in.write_err);
        if (status == AF_OK)
            status = in.write_status;
        if (status != AF_OK && err != NULL)
            *err = in.write_err;
    }
    buf_release(&in.text);
    in.result.read -= dropped; /* stopped or failed: these were read for nothing */
    in.result.added = counts.added;
    in.result.updated = counts.updated;
    in.result.unchanged = counts.unchanged;
    in.result.rejected = counts.rejected;
    *out = in.result;
    return status;
}
