#include "intake/cli/commands.h"

#include "intake/cli/out.h"
#include "intake/desk/ticket_draft_case.h"
#include "intake/ticket/ticket_record.h"

static enum status draft(struct cli_work *work, struct error *err)
{
    json_t *article;
    uint32_t no = 0;
    enum status status;

    (void)ticket_parse_no(bytes_str(work->cli->rest[0]), &no);
    status = ticket_draft_case(work->app, &work->who, no, &article, err);
    if (status == AF_OK)
        work->code = out_json(article);
    return status;
}

static int run_draft(struct cli *cli)
{
    uint32_t no;

    if (!ticket_parse_no(bytes_str(cli->rest[0]), &no))
        return cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012",
                         cli->rest[0]);
    return cli_with_app(cli, APP_READ, draft);
}

static const struct cli_option draft_options[] = {
    {NULL, NULL, NULL},
};

const struct cli_command cmd_ticket_draft_case = {
    .name = "ticket draft-case",
    .args = "N",
    .summary = "Print the draft of a case from a ticket, for case put",
    .details = "The contact's own data are taken out; read it before it is made public.\n",
    .options = draft_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_draft,
};
