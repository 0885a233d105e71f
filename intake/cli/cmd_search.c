#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/answers.h"
#include "intake/cli/batch.h"
#include "intake/cli/out.h"
#include "intake/cli/signals.h"
#include "intake/facets.h"
#include "intake/hits.h"

enum { LIMIT, PRODUCT, CATEGORY, LANG, FACETS, BATCH, RUN };

static const struct cli_option options[] = {
    {"limit",    "N",     "how many at most (default 10; 1000 with --batch)"},
    {"product",  "P",     "only cases of this product"                      },
    {"category", "C",     "only cases of this category"                     },
    {"lang",     "L",     "only cases in this language; zh is both Chinese" },
    {"facets",   "F,...", "count hits by product, category, lang"           },
    {"batch",    "FILE",  "questions as JSONL {\"id\",\"text\"}, or -"      },
    {"run",      "NAME",  "the name in the last column of --batch"          },
    {NULL,       NULL,    NULL                                              },
};

static struct search_request request_of(const struct cli_work *work, bool is_batch)
{
    const struct cli *cli = work->cli;

    return (struct search_request){
        .product = cli_value(cli, PRODUCT),
        .category = cli_value(cli, CATEGORY),
        .lang = cli_value(cli, LANG),
        .audience = work->who.audience,
        .typing = !is_batch,
        .snippets = !is_batch,
        .suggest = !is_batch,
    };
}

static enum status search_words(struct cli_work *work, struct error *err)
{
    struct search_request request = request_of(work, false);
    struct search_result result;
    struct buf query = {0};
    enum status status;

    (void)cli_number(work->cli, LIMIT, 1, HITS_MAX, HITS_DEFAULT, &request.limit);
    cli_join_rest(work->cli, 0, &query);
    request.query = buf_bytes(&query);
    if ((status = facets_parse(cli_value(work->cli, FACETS), &request.facets, err)) == AF_OK)
        status = app_search(work->app, &request, work->arena, &result, err);
    if (status == AF_OK && work->cli->json)
        work->code = out_json(search_result_json(request.query, &result));
    else if (status == AF_OK)
        answers_print(&result);
    buf_release(&query);
    return status;
}

static enum status search_batch(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct search_request request = request_of(work, true);

    (void)cli_number(cli, LIMIT, 1, HITS_MAX, HITS_MAX, &request.limit);
    return batch_run(work->app, &request, cli->values[BATCH],
                     cli_given(cli, RUN) ? cli->values[RUN] : "askfirst", &work->code, err);
}

static int run(struct cli *cli)
{
    bool is_batch = cli_given(cli, BATCH);
    uint32_t limit;

    if (!cli_number(cli, LIMIT, 1, HITS_MAX, HITS_DEFAULT, &limit))
        return CLI_USAGE;
    if (is_batch == (cli->rest_count > 0))
        return cli_usage(cli, "%s",
                         is_batch ? "--batch FILE takes no question beside it"
                                  : "a question is missing");
    if (cli_given(cli, RUN) && !is_batch)
        return cli_usage(cli, "--run goes with --batch");
    if (!is_batch)
        return cli_with_app(cli, APP_READ, search_words);
    signals_watch_stop();
    return cli_with_app(cli, APP_READ, search_batch);
}

const struct cli_command cmd_search = {
    .name = "search",
    .args = "[--limit N] [--product P] [--category C] [--lang L] [--facets F,...] QUERY...",
    .summary = "Find cases, the best first",
    .details = "Several words need no quotes; \"words in double quotes\" must stand together.\n"
               "With --batch FILE each line is a question, and lines of a TREC run are printed:\n"
               "query-id Q0 case-id rank score NAME (blanks in ids are written %20).\n",
    .options = options,
    .rest_min = 0,
    .rest_max = CLI_REST_MANY,
    .run = run,
};
