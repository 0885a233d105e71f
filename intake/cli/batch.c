/* One line of a run:  query-id Q0 case-id rank score NAME
 *
 * The columns are cut at blanks, so blanks (and what else would end a column or a line) in ids
 * are written as %20. trec_eval orders by score, not by rank: printed scores must fall strictly
 * or ties would be put in another order than ours. Printed with six decimals, a score that is
 * not below the one before it is put one millionth below. */
#include "intake/cli/batch.h"

#include "data/base/limits.h"
#include "intake/cli/out.h"
#include "intake/cli/signals.h"
#include "intake/import/lines.h"

#include <math.h>
#include <stdio.h>

static void add_column(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        if (c <= ' ' || c == 0x7F)
            buf_printf(out, "%%%02X", c);
        else
            buf_add_u8(out, c);
    }
}

static void add_run(struct buf *out, struct bytes query_id, const struct search_result *result,
                    const char *name)
{
    int64_t last = INT64_MAX;

    for (uint32_t i = 0; i < result->hits_count; i++) {
        int64_t millionths = llround(result->hits[i].score * 1e6);

        if (millionths >= last)
            millionths = last - 1;
        last = millionths;
        add_column(out, query_id);
        buf_add_str(out, " Q0 ");
        add_column(out, result->hits[i].id);
        buf_printf(out, " %u %s%lld.%06lld ", i + 1, millionths < 0 ? "-" : "",
                   llabs(millionths) / 1000000, llabs(millionths) % 1000000);
        add_column(out, bytes_str(name));
        buf_add_u8(out, '\n');
    }
}

static enum status parse_question(struct bytes line, json_t **out, struct error *err)
{
    struct bytes text;
    json_t *json;
    enum status status = json_parse(line, &json, err);

    if (status != AF_OK)
        return status;
    if (!json_is_object(json))
        status = error_set(err, AF_INVALID, "a question must be a JSON object");
    if (status == AF_OK)
        status = json_text(json, "id", QUERY_INPUT_BYTES_MAX, true, &text, err);
    if (status == AF_OK)
        status = json_text(json, "text", QUERY_INPUT_BYTES_MAX, false, &text, err);
    if (status == AF_OK)
        *out = json;
    else
        json_decref(json);
    return status;
}

struct batch {
    const struct search_request *request;
    struct searcher *searcher;
    struct arena *arena;
    const char *name;
    struct buf out;
};

static enum status answer(struct batch *batch, struct bytes line, struct error *err)
{
    struct search_request request = *batch->request;
    struct search_result result;
    json_t *question = NULL;
    enum status status = parse_question(line, &question, err);

    if (status != AF_OK)
        return status;
    request.query = bytes_str(json_get_str(question, "text"));
    arena_clear(batch->arena);
    status = search_run(batch->searcher, &request, batch->arena, &result, err);
    if (status == AF_OK) {
        add_run(&batch->out, bytes_str(json_get_str(question, "id")), &result, batch->name);
        if (!buf_ok(&batch->out))
            status = buf_status(&batch->out, "the answers", err);
        else if (!out_print(&batch->out))
            status = error_set(err, AF_IO, "standard output takes no more");
    }
    json_decref(question);
    return status;
}

static enum status answer_lines(struct batch *batch, struct lines *lines, const char *path,
                                int *code, struct error *err)
{
    struct bytes line;
    enum status status;

    while (*signals_stop() == 0) {
        status = lines_next(lines, &line, err);
        if (status == AF_NOT_FOUND)
            return AF_OK;
        if (status == AF_OK && line.len == 0)
            continue;
        if (status == AF_OK)
            status = answer(batch, line, err);
        if (status == AF_INVALID || status == AF_TOO_LARGE) {
            (void)fprintf(stderr, "%s:%llu: %s\n", strcmp(path, "-") == 0 ? "(stdin)" : path,
                          (unsigned long long)lines->no, err->text);
            *code = CLI_PART;
        } else if (status != AF_OK) {
            return status;
        }
    }
    return error_set(err, AF_BUSY, "stopped after line %llu", (unsigned long long)lines->no);
}

enum status batch_run(struct app *app, const struct search_request *request, const char *path,
                      const char *name, int *code, struct error *err)
{
    struct batch batch = {.request = request, .name = name};
    struct source *source = NULL;
    struct lines lines = {0};
    enum status status = source_open(path, &source, err);

    if (status != AF_OK)
        goto done;
    lines_init(&lines, source, QUERY_INPUT_BYTES_MAX * 2);
    batch.arena = arena_new(SEARCH_ARENA_BYTES);
    if (batch.arena == NULL) {
        status = error_set(err, AF_NO_MEMORY, "no memory to search");
        goto done;
    }
    status = app_borrow_searcher(app, &batch.searcher, err);
    if (status == AF_OK) {
        status = answer_lines(&batch, &lines, path, code, err);
        app_return_searcher(app, batch.searcher);
    }
done:
    lines_release(&lines);
    source_close(source);
    arena_free(batch.arena);
    buf_release(&batch.out);
    return status;
}
