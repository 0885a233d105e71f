#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/answers.h"
#include "intake/cli/batch.h"
#include "intake/cli/out.h"
#include "intake/hits.h"

enum { LIMIT, PRODUCT, CATEGORY, LANG, BATCH, RUN };

static const struct cli_option options[] = {
    {"limit",    "N",    "how many at most (default 10; 1000 with --batch)"},
    {"product",  "P",    "only cases of this product"                      },
    {"category", "C",    "only cases of this category"                     },
    {"lang",     "L",    "only cases in this language; zh is both Chinese" },
    {"batch",    "FILE", "questions as JSONL {\"id\",\"text\"}, or -"      },
    {"run",      "NAME", "the name in the last column of --batch"          },
    {NULL,       NULL,   NULL                                              },
};

static void join_words(const struct cli *cli, struct buf *out)
{
    for (unsigned i = 0; i < cli->rest_count; i++) {
        if (i > 0)
            buf_add_u8(out, ' ');
        buf_add_str(out, cli->rest[i]);
    }
}

static enum status search_and_print(const struct cli *cli, struct app *app,
                                    const struct search_request *request, struct error *err)
{
    struct arena *arena = arena_new(SEARCH_ARENA_BYTES);
    struct search_result result;
    enum status status = arena != NULL ? app_search(app, request, arena, &result, err)
                                       : error_set(err, AF_NO_MEMORY, "no memory to search");

    if (status == AF_OK && cli->json) {
        if (out_json(search_result_json(request->query, &result)) != CLI_DONE)
            status = error_set(err, AF_NO_MEMORY, "no memory for the answers");
    } else if (status == AF_OK) {
        answers_print(&result);
    }
    arena_free(arena);
    return status;
}

static int run(struct cli *cli)
{
    bool is_batch = cli_given(cli, BATCH);
    struct who who = who_operator();
    struct search_request request = {
        .product = cli_value(cli, PRODUCT),
        .category = cli_value(cli, CATEGORY),
        .lang = cli_value(cli, LANG),
        .audience = who.audience,
        .typing = !is_batch,
        .snippets = !is_batch,
    };
    struct buf query = {0};
    struct app *app = NULL;
    struct error err;
    enum status status;
    int code = CLI_DONE;

    if (!cli_number(cli, LIMIT, 1, HITS_MAX, is_batch ? HITS_MAX : HITS_DEFAULT, &request.limit))
        return CLI_USAGE;
    if (is_batch == (cli->rest_count > 0))
        return cli_usage(cli, "%s",
                         is_batch ? "--batch FILE takes no question beside it"
                                  : "a question is missing");
    if (cli_given(cli, RUN) && !is_batch)
        return cli_usage(cli, "--run goes with --batch");
    if (is_batch)
        cli_watch_signals();
    join_words(cli, &query);
    request.query = buf_bytes(&query);
    status = app_open(cli->dir, APP_READ, &app, &err);
    if (status == AF_OK && is_batch)
        status = batch_run(cli, app, &request, cli->values[BATCH],
                           cli_given(cli, RUN) ? cli->values[RUN] : "askfirst", &code, &err);
    else if (status == AF_OK)
        status = search_and_print(cli, app, &request, &err);
    if (status != AF_OK)
        code = cli_fail(cli, &err);
    app_close(app);
    buf_release(&query);
    return code;
}

const struct cli_command cmd_search = {
    .name = "search",
    .args = "[--limit N] [--product P] [--category C] [--lang L] QUERY...",
    .summary = "Find cases, the best first",
    .details = "Several words need no quotes; \"words in double quotes\" must stand together.\n"
               "With --batch FILE each line is a question, and lines of a TREC run are printed:\n"
               "query-id Q0 case-id rank score NAME (blanks in ids are written %20).\n",
    .options = options,
    .rest_min = 0,
    .rest_max = CLI_REST_MANY,
    .run = run,
};
