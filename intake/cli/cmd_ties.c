/* Commands about a ticket and another one. */
#include "intake/cli/commands.h"

#include "intake/cli/ticket_show.h"
#include "intake/desk/ticket_ties.h"

#define REASON_HELP "why"

/* --- merge, unmerge ------------------------------------------------------------------------- */

enum { MERGE_REASON };

static const struct cli_option merge_options[] = {
    {"reason",       "TEXT", REASON_HELP        },
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP},
    {NULL,           NULL,   NULL               },
};

static enum status merge(struct cli_work *work, struct error *err)
{
    uint32_t no = 0, into = 0, survivor;
    enum status status = AF_OK;

    (void)(ticket_word(work->cli, 0, &no) && ticket_word(work->cli, 1, &into));
    status = ticket_merge(work->app, &work->who, no, into, cli_value(work->cli, MERGE_REASON),
                          &survivor, err);
    return status == AF_OK ? ticket_show(work, survivor, err) : status;
}

static int run_merge(struct cli *cli)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) && ticket_word(cli, 1, &no)
               ? cli_with_app(cli, APP_WRITE, merge)
               : CLI_USAGE;
}

const struct cli_command cmd_ticket_merge = {
    .name = "ticket merge",
    .args = "N INTO [--reason TEXT]",
    .summary = "End a ticket in another that is the same",
    .details = "N keeps all it has; its thread is shown with INTO's, and replies to it go there.\n",
    .options = merge_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_merge,
};

static enum status unmerge(struct cli_work *work, struct error *err)
{
    uint32_t no = 0;
    enum status status;

    (void)ticket_word(work->cli, 0, &no);
    status = ticket_unmerge(work->app, &work->who, no, cli_value(work->cli, MERGE_REASON), err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_unmerge(struct cli *cli)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) ? cli_with_app(cli, APP_WRITE, unmerge) : CLI_USAGE;
}

const struct cli_command cmd_ticket_unmerge = {
    .name = "ticket unmerge",
    .args = "N --reason TEXT",
    .summary = "Take a merge back: the ticket is again what it was",
    .details = "",
    .options = merge_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_unmerge,
};

/* --- relate --------------------------------------------------------------------------------- */

enum { RELATE_REASON, RELATE_REMOVE };

static const struct cli_option relate_options[] = {
    {"reason",       "TEXT", REASON_HELP                     },
    {"remove",       NULL,   "the two are related so no more"},
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP             },
    {NULL,           NULL,   NULL                            },
};

static enum status relate(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    const struct bytes kind = bytes_str(cli->rest[1]), reason = cli_value(cli, RELATE_REASON);
    uint32_t no = 0, other = 0;
    enum status status;

    (void)(ticket_word(cli, 0, &no) && ticket_word(cli, 2, &other));
    status = cli_given(cli, RELATE_REMOVE)
                 ? ticket_unrelate(work->app, &work->who, no, kind, other, reason, err)
                 : ticket_relate(work->app, &work->who, no, kind, other, reason, err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_relate(struct cli *cli)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) && ticket_word(cli, 2, &no)
               ? cli_with_app(cli, APP_WRITE, relate)
               : CLI_USAGE;
}

const struct cli_command cmd_ticket_relate = {
    .name = "ticket relate",
    .args = "N KIND OTHER [--remove] [--reason TEXT]",
    .summary = "Say what a ticket is to another",
    .details = "KIND: parent child duplicate_of duplicate related follows followed_by, as in\n"
               "\"5 parent 7\" (5 has the parent 7). When 7 is restored or resolved, its children\n"
               "and duplicates are told.\n",
    .options = relate_options,
    .rest_min = 3,
    .rest_max = 3,
    .run = run_relate,
};

/* --- watch ---------------------------------------------------------------------------------- */

static const struct cli_option watch_options[] = {
    {CLI_IF_VERSION, "N",  CLI_IF_VERSION_HELP},
    {NULL,           NULL, NULL               },
};

static enum status set_watch(struct cli_work *work, bool on, struct error *err)
{
    uint32_t no = 0;
    enum status status;

    (void)ticket_word(work->cli, 0, &no);
    status = ticket_watch(work->app, &work->who, no, bytes_str(work->cli->rest[1]), on, err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static enum status watch(struct cli_work *work, struct error *err)
{
    return set_watch(work, true, err);
}

static enum status unwatch(struct cli_work *work, struct error *err)
{
    return set_watch(work, false, err);
}

static int run_watch(struct cli *cli)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) ? cli_with_app(cli, APP_WRITE, watch) : CLI_USAGE;
}

static int run_unwatch(struct cli *cli)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) ? cli_with_app(cli, APP_WRITE, unwatch) : CLI_USAGE;
}

const struct cli_command cmd_ticket_watch = {
    .name = "ticket watch",
    .args = "N NAME",
    .summary = "Somebody keeps an eye on a ticket",
    .details = "",
    .options = watch_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_watch,
};

const struct cli_command cmd_ticket_unwatch = {
    .name = "ticket unwatch",
    .args = "N NAME",
    .summary = "Somebody watches a ticket no longer",
    .details = "",
    .options = watch_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_unwatch,
};
