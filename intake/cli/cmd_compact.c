#include "intake/cli/commands.h"

#include "intake/app.h"
#include "intake/cli/out.h"
#include "intake/cli/progress.h"

#include <stdio.h>

static void on_indexed(void *context, const struct index_progress *at)
{
    progress_draw(context, at->done, at->all, at->cases);
}

static int report(const struct cli *cli, const struct index_compacted *done)
{
    if (cli->json)
        return out_json(json_pack("{s:I,s:I}", "bytes_before", (json_int_t)done->bytes_before,
                                  "bytes_after", (json_int_t)done->bytes_after));
    (void)printf("The index takes %llu bytes; it took %llu.\n",
                 (unsigned long long)done->bytes_after, (unsigned long long)done->bytes_before);
    return CLI_DONE;
}

/* The library's, then that of tickets; the bytes are of both. */
static enum status compact_both(struct app *app, struct progress *progress,
                                struct index_compacted *done, struct error *err)
{
    struct index_compacted more;
    struct index *tickets;
    enum status status = index_compact(app_index(app), on_indexed, progress, done, err);

    if (status == AF_OK)
        status = ticket_index_get(app_tickets(app), &tickets, err);
    if (status == AF_OK)
        status = index_compact(tickets, on_indexed, progress, &more, err);
    if (status != AF_OK)
        return status;
    done->bytes_before += more.bytes_before;
    done->bytes_after += more.bytes_after;
    return AF_OK;
}

static int run(struct cli *cli)
{
    struct progress progress = progress_start("indexing", "cases");
    struct index_compacted done;
    struct app *app = NULL;
    struct error err;
    enum status status;
    int code;

    if (app_open(cli->dir, APP_WRITE, &app, &err) != AF_OK)
        return cli_fail(&err);
    status = compact_both(app, &progress, &done, &err);
    progress_wipe(&progress);
    code = status == AF_OK ? report(cli, &done) : cli_fail(&err);
    app_close(app);
    return code;
}

const struct cli_command cmd_compact = {
    .name = "compact",
    .args = "",
    .summary = "Make each index one piece, and its file as small as it can be",
    .details =
        "Cases and tickets have one each; a file keeps its size while a server has it open.\n",
    .run = run,
};
