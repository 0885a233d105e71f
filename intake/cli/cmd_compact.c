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
    status = index_compact(app_index(app), on_indexed, &progress, &done, &err);
    progress_wipe(&progress);
    code = status == AF_OK ? report(cli, &done) : cli_fail(&err);
    app_close(app);
    return code;
}

const struct cli_command cmd_compact = {
    .name = "compact",
    .args = "",
    .summary = "Make the index one piece, and its file as small as it can be",
    .details = "The file keeps its size while a server has it open.\n",
    .run = run,
};
