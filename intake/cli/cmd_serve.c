#include "intake/cli/commands.h"

#include "intake/cli/signals.h"
#include "intake/serve.h"

#define LISTEN_DEFAULT "127.0.0.1:8787"
#define THREADS_MAX 1024

enum { LISTEN, THREADS, MEMORY, ACCESS_LOG };

static const struct cli_option options[] = {
    {"listen",     "ADDR:PORT", "where (default " LISTEN_DEFAULT "); port 0 picks a free one"},
    {"threads",    "N",         "default: as many as cores"                                  },
    {"memory",     "MIB",       CLI_MEMORY_HELP                                              },
    {"access-log", NULL,        "a line of JSON on standard error for each request"          },
    {NULL,         NULL,        NULL                                                         },
};

static enum status serve(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct serve_options serving = {
        .listen = cli_given(cli, LISTEN) ? cli->values[LISTEN] : LISTEN_DEFAULT,
        .access_log = cli_given(cli, ACCESS_LOG),
    };
    uint32_t threads;
    size_t memory;

    (void)cli_number(cli, THREADS, 1, THREADS_MAX, 0, &threads);
    (void)cli_memory(cli, MEMORY, &memory);
    app_set_build(work->app, 0, memory);
    serving.threads = threads;
    return serve_run(work->app, &serving, signals_stop(), err);
}

static int run(struct cli *cli)
{
    uint32_t threads;
    size_t memory;

    if (!cli_number(cli, THREADS, 1, THREADS_MAX, 0, &threads) || !cli_memory(cli, MEMORY, &memory))
        return CLI_USAGE;
    signals_watch_stop();
    return cli_with_app(cli, APP_SERVE, serve);
}

const struct cli_command cmd_serve = {
    .name = "serve",
    .args = "[--listen ADDR:PORT] [--threads N] [--memory MIB]",
    .summary = "Serve the pages and the API until SIGINT or SIGTERM",
    .details = "Prints listening on http://ADDR:PORT on standard error when ready.\n",
    .options = options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run,
};
