#include "intake/cli/commands.h"

#include "data/base/clock.h"
#include "intake/cli/out.h"
#include "intake/cli/progress.h"
#include "intake/cli/signals.h"
#include "intake/import/import.h"

#include <stdio.h>

enum { MEMORY };

static const struct cli_option options[] = {
    {"memory", "MIB", CLI_MEMORY_HELP},
    {NULL,     NULL,  NULL           },
};

struct reporting {
    struct progress progress;
};

static void on_refused(void *context, const struct case_place *place, const char *reason)
{
    struct reporting *reporting = context;
    struct buf line = {0};

    progress_wipe(&reporting->progress);
    buf_printf(&line, "%s:%llu: %s", strcmp(place->file, "-") == 0 ? "(stdin)" : place->file,
               (unsigned long long)place->line, reason);
    (void)fprintf(stderr, "%s\n", buf_str(&line));
    buf_release(&line);
}

static void on_failed(void *context, const char *sentence)
{
    struct reporting *reporting = context;

    progress_wipe(&reporting->progress);
    cli_say("%s", sentence);
}

static void on_progress(void *context, const struct import_progress *at)
{
    struct reporting *reporting = context;

    progress_draw(&reporting->progress, at->bytes_done, at->bytes_all, at->cases);
}

static void on_indexed(void *context, const struct index_progress *at)
{
    struct reporting *reporting = context;

    progress_draw(&reporting->progress, at->done, at->all, at->cases);
}

static int report(const struct cli *cli, const struct import_result *result, double seconds)
{
    if (cli->json)
        return out_json(json_pack("{s:I,s:I,s:I,s:I,s:I,s:f}", "read", (json_int_t)result->read,
                                  "added", (json_int_t)result->added, "updated",
                                  (json_int_t)result->updated, "unchanged",
                                  (json_int_t)result->unchanged, "rejected",
                                  (json_int_t)result->rejected, "seconds", seconds));
    (void)printf("%llu case%s read: %llu added, %llu updated, %llu unchanged, %llu rejected "
                 "(%.1f s).\n",
                 (unsigned long long)result->read, result->read == 1 ? "" : "s",
                 (unsigned long long)result->added, (unsigned long long)result->updated,
                 (unsigned long long)result->unchanged, (unsigned long long)result->rejected,
                 seconds);
    return CLI_DONE;
}

/* Every path is looked at before the first case is read, so that a mistyped one shows at once. */
static enum status collect(struct cli *cli, struct import_files *files, bool *all_there)
{
    struct error err;
    enum status status = AF_OK;

    *all_there = true;
    for (unsigned i = 0; i < cli->rest_count; i++)
        if (import_files_add(files, cli->rest[i], &err) != AF_OK) {
            *all_there = false;
            status = err.status;
            cli_say("%s", err.text);
        }
    if (files->count == 0 && *all_there) {
        *all_there = false;
        cli_say("nothing to import: no .md, .txt, .jsonl or .csv file was found (%zu others were "
                "passed over)",
                files->passed_over);
    }
    return status;
}

static enum status import_and_index(struct app *app, size_t memory,
                                    const struct import_files *files, struct import_result *result,
                                    struct error *err)
{
    struct who who = who_operator();
    char actor[WHO_NAME_BYTES + 8];
    struct reporting reporting = {progress_start("importing", "cases")};
    const struct import_options importing = {
        .actor = who_actor(&who, actor),
        .stop = signals_stop(),
        .context = &reporting,
        .refused = on_refused,
        .progress = on_progress,
        .failed = on_failed,
    };
    enum status status;

    app_set_build(app, 0, memory);
    status = import_run(app_store(app), app_journal(app), &importing, files, result, err);

    progress_wipe(&reporting.progress);
    if (status != AF_OK || result->was_stopped)
        return status;
    reporting.progress = progress_start("indexing", "cases");
    status = index_flush(app_index(app), on_indexed, &reporting, err);
    progress_wipe(&reporting.progress);
    return status;
}

static int run(struct cli *cli)
{
    int64_t started_us = clock_steady_us();
    struct import_files files = {0};
    struct import_result result = {0};
    struct app *app = NULL;
    struct error err;
    bool all_there;
    size_t memory;
    int code = CLI_PART;

    if (!cli_memory(cli, MEMORY, &memory))
        return CLI_USAGE;
    (void)collect(cli, &files, &all_there);
    signals_watch_stop();
    if (files.count == 0)
        code = CLI_PART;
    else if (app_open(cli->dir, APP_WRITE, &app, &err) != AF_OK)
        cli_say("%s", err.text);
    else if (import_and_index(app, memory, &files, &result, &err) != AF_OK)
        cli_say("%s", err.text);
    else if (result.was_stopped)
        cli_say("stopped; what was imported is stored, and the same command again continues");
    else if (all_there && result.rejected == 0 && result.files_failed == 0)
        code = CLI_DONE;
    if ((app != NULL || cli->json) &&
        report(cli, &result, (double)(clock_steady_us() - started_us) / 1e6) != CLI_DONE)
        code = CLI_PART;
    app_close(app);
    import_files_release(&files);
    return code;
}

const struct cli_command cmd_import = {
    .name = "import",
    .args = "[--memory MIB] PATH...",
    .summary = "Take in cases from files and folders; the same id again is a new version",
    .details =
        "PATH is a file of cases or a folder; - is standard input (JSONL).\n"
        "  .jsonl .ndjson  one JSON object a line; \"title\" is required\n"
        "  .csv            the first row names the columns; lists as a; b; c\n"
        "  .md .txt        one file is one case; front matter between --- lines\n"
        "JSONL and CSV may be packed with gzip or zstd. Text must be UTF-8.\n"
        "In a folder, hidden files, links and README files are passed over; its folders are\n"
        "the categories of Markdown files. A line that cannot be taken is reported as\n"
        "FILE:LINE: reason, and the import goes on (exit code 1 at the end).\n",
    .options = options,
    .rest_min = 1,
    .rest_max = CLI_REST_MANY,
    .run = run,
};
