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
