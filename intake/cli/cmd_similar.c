#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/answers.h"
#include "intake/cli/out.h"
#include "intake/hits.h"
#include "intake/similar.h"

enum { LIMIT };

static const struct cli_option options[] = {
    {"limit", "N",  "how many at most (default 10)"},
    {NULL,    NULL, NULL                           },
};

static enum status similar(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct bytes id = bytes_str(cli->rest[0]);
    struct search_result result;
    uint32_t limit;
    enum status status;

    (void)cli_number(cli, LIMIT, 1, HITS_MAX, HITS_DEFAULT, &limit);
    status = similar_find(work->app, &work->who, id, limit, work->arena, &result, err);
    if (status == AF_OK && cli->json)
        work->code =
            out_json(json_pack("{s:o,s:o}", "id", json_from_bytes(id), "hits", hits_json(&result)));
    else if (status == AF_OK)
        answers_print(&result);
    return status;
}

static int run(struct cli *cli)
{
    uint32_t limit;

    if (!cli_number(cli, LIMIT, 1, HITS_MAX, HITS_DEFAULT, &limit))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, similar);
}

const struct cli_command cmd_similar = {
    .name = "similar",
    .args = "[--limit N] ID",
    .summary = "Find cases that are like a case",
    .details = "By the 25 terms of its title and symptom that say most about it.\n",
    .options = options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run,
};
