#include "intake/cli/commands.h"

#include "data/base/clock.h"
#include "intake/cli/out.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/ticket/ticket_clocks.h"

#include <stdio.h>

/* --- explain ------------------------------------------------------------------------------- */

static enum status print_clocks(struct cli_work *work, const json_t *ticket, struct error *err)
{
    const json_t *clocks = json_object_get(ticket, "clocks");
    struct buf text = {0}, out = {0};
    struct rules rules;
    enum status status = rules_load_now(work->app, &rules, err);

    if (status != AF_OK)
        return status;
    buf_printf(&text, "%s, severity %s, level %s\n", json_get_str(ticket, "ticket"),
               json_get_str(ticket, "severity"), json_get_str(ticket, "level"));
    if (json_get_str(ticket, "clock_fault")[0] != '\0')
        buf_printf(&text, "no clocks: %s\n", json_get_str(ticket, "clock_fault"));
    else if (json_array_size(clocks) == 0)
        buf_add_str(&text, "no clocks: nothing is promised\n");
    status = ticket_clocks_explain(&rules, clocks, clock_now_ms(), &text, err);
    if (status == AF_OK) {
        out_add_lines(&out, buf_bytes(&text)); /* names are what somebody wrote */
        (void)out_print(&out);
    }
    buf_release(&out);
    buf_release(&text);
    rules_release(&rules);
    return status;
}

static enum status explain(struct cli_work *work, struct error *err)
{
    uint32_t no = 0;
    json_t *ticket;
    enum status status;

    (void)ticket_parse_no(bytes_str(work->cli->rest[0]), &no);
    if ((status = ticket_get(work->app, &work->who, no, &ticket, err)) != AF_OK)
        return status;
    if (work->cli->json)
        work->code = out_json(json_pack("{s:O,s:O?}", "ticket", json_object_get(ticket, "ticket"),
                                        "clocks", json_object_get(ticket, "clocks")));
    else
        status = print_clocks(work, ticket, err);
    json_decref(ticket);
    return status;
}

static int run_explain(struct cli *cli)
{
    uint32_t no;

    if (!ticket_parse_no(bytes_str(cli->rest[0]), &no))
        return cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012",
                         cli->rest[0]);
    return cli_with_app(cli, APP_READ, explain);
}

const struct cli_command cmd_sla_explain = {
    .name = "sla explain",
    .args = "TICKET",
    .summary = "Print the arithmetic of each of a ticket's clocks",
    .details = "Each stretch of working time, each pause, and when it is due.\n",
    .options = NULL,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_explain,
};

/* --- sweep --------------------------------------------------------------------------------- */

static enum status sweep(struct cli_work *work, struct error *err)
{
    struct ticket_swept swept;
    enum status status = ticket_sweep(work->app, &swept, err);

    if (status != AF_OK)
        return status;
    if (work->cli->json)
        work->code = out_json(json_pack("{s:i}", "tickets", (int)swept.tickets));
    else
        (void)printf("%u tickets had a clock whose time had come.\n", swept.tickets);
    return AF_OK;
}

static int run_sweep(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, sweep);
}

const struct cli_command cmd_sla_sweep = {
    .name = "sla sweep",
    .args = "",
    .summary = "Write down which clocks are to be warned of or breached by now",
    .details = "A server does so every second; this is for a machine without one.\n",
    .options = NULL,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_sweep,
};
