#include "intake/cli/commands.h"

#include "intake/cli/out.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_party.h"

#include <stdio.h>

enum { CONTACT, ACCOUNT, SERIAL, REASON };

static const struct cli_option options[] = {
    {"contact", "ID",   "who asks"                                        },
    {"account", "ID",   "for whom; his account when it is left out"       },
    {"serial",  "TEXT", "which one of the product; as it is when left out"},
    {"reason",  "TEXT", "how that is known"                               },
    {NULL,      NULL,   NULL                                              },
};

static int print_ticket(const struct cli *cli, json_t *ticket)
{
    const json_t *entitlement = json_object_get(ticket, "entitlement");
    struct buf out = {0};
    int code;

    if (cli->json)
        return out_json(ticket);
    buf_printf(&out, "%s: ", json_get_str(ticket, "ticket"));
    out_add_plain(&out, bytes_str(json_get_str(ticket, "party")[0] != '\0'
                                      ? json_get_str(ticket, "party")
                                      : json_get_str(ticket, "account")));
    buf_printf(&out, " %s, level %s: ", json_get_str(entitlement, "result"),
               json_get_str(ticket, "level"));
    out_add_plain(&out, bytes_str(json_get_str(entitlement, "why")));
    buf_add_u8(&out, '\n');
    code = out_print(&out) ? CLI_DONE : CLI_PART;
    buf_release(&out);
    json_decref(ticket);
    return code;
}

static enum status identify(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    const struct ticket_identity identity = {.contact = cli_value(cli, CONTACT),
                                             .account = cli_value(cli, ACCOUNT),
                                             .serial = cli_value(cli, SERIAL),
                                             .reason = cli_value(cli, REASON)};
    json_t *ticket;
    uint32_t no = 0;
    enum status status;

    (void)ticket_parse_no(bytes_str(cli->rest[0]), &no);
    if ((status = ticket_identify(work->app, &work->who, no, &identity, err)) != AF_OK ||
        (status = ticket_get(work->app, &work->who, no, &ticket, err)) != AF_OK)
        return status;
    work->code = print_ticket(cli, ticket);
    return AF_OK;
}

static int run(struct cli *cli)
{
    uint32_t no;

    if (!ticket_parse_no(bytes_str(cli->rest[0]), &no))
        return cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012",
                         cli->rest[0]);
    return cli_with_app(cli, APP_WRITE, identify);
}

const struct cli_command cmd_ticket_party = {
    .name = "ticket party",
    .args = "N [--contact ID] [--account ID] [--serial TEXT] [--reason TEXT]",
    .summary = "Say whose ticket it is; entitlement and clocks are as if known at the report",
    .details = "Without --contact and --account it is nobody's that is known.\n",
    .options = options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run,
};
