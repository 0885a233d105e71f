/* Whose work a ticket is, who has to answer for it, and what is told of an emergency. */
#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/ticket_show.h"
#include "intake/desk/ticket_assign.h"
#include "intake/desk/ticket_emergency.h"
#include "intake/ticket/ticket_record.h"

#include <stdio.h>

static uint32_t no_of(const struct cli_work *work)
{
    uint32_t no = 0;

    (void)ticket_parse_no(bytes_str(work->cli->rest[0]), &no); /* looked at before */
    return no;
}

static int run_on(struct cli *cli, cli_work_fn work)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) ? cli_with_app(cli, APP_WRITE, work) : CLI_USAGE;
}

/* After the change: what there is to tell, then the ticket. */
static enum status show(struct cli_work *work, enum status status, const char *told,
                        struct error *err)
{
    if (status != AF_OK)
        return status;
    if (told[0] != '\0')
        cli_say("%s", told);
    return ticket_show(work, no_of(work), err);
}

/* --- assign ---------------------------------------------------------------------------------- */

enum { ASSIGN_PICK, ASSIGN_NOBODY, ASSIGN_REASON };

static const struct cli_option assign_options[] = {
    {"pick",         "HOW",  "rotation or least_loaded, instead of a name"},
    {"nobody",       NULL,   "back to the group"                          },
    {"reason",       "TEXT", "why"                                        },
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP                          },
    {NULL,           NULL,   NULL                                         },
};

static enum status assign(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct ticket_told told = {{0}};
    enum status status;

    if (cli_given(cli, ASSIGN_PICK))
        status = ticket_assign_auto(work->app, &work->who, no_of(work), cli_value(cli, ASSIGN_PICK),
                                    &told, err);
    else
        status = ticket_assign(work->app, &work->who, no_of(work),
                               cli_given(cli, ASSIGN_NOBODY) ? BYTES_NONE : bytes_str(cli->rest[1]),
                               cli_value(cli, ASSIGN_REASON), &told, err);
    return show(work, status, told.text, err);
}

static int run_assign(struct cli *cli)
{
    const bool has_name = cli->rest_count == 2;

    if (has_name + cli_given(cli, ASSIGN_PICK) + cli_given(cli, ASSIGN_NOBODY) != 1)
        return cli_usage(cli, "say one of PERSON, --pick or --nobody");
    return run_on(cli, assign);
}

const struct cli_command cmd_ticket_assign = {
    .name = "ticket assign",
    .args = "N PERSON | N --pick HOW | N --nobody",
    .summary = "Give a ticket to somebody of the group that has it",
    .details = "--pick chooses among those on duty who know the matter best.\n",
    .options = assign_options,
    .rest_min = 1,
    .rest_max = 2,
    .run = run_assign,
};

/* --- transfer -------------------------------------------------------------------------------- */

enum { TRANSFER_REASON, TRANSFER_RULED_OUT };

static const struct cli_option transfer_options[] = {
    {"reason",       "TEXT", "why it belongs there"                      },
    {"ruled-out",    "TEXT", "what it is not, so that nobody looks again"},
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP                         },
    {NULL,           NULL,   NULL                                        },
};

static enum status transfer(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    const struct ticket_transfer transfer = {bytes_str(cli->rest[1]),
                                             cli_value(cli, TRANSFER_REASON),
                                             cli_value(cli, TRANSFER_RULED_OUT)};
    struct ticket_told told = {{0}};
    enum status status = ticket_transfer(work->app, &work->who, no_of(work), &transfer, &told, err);

    return show(work, status, told.text, err);
}

static int run_transfer(struct cli *cli)
{
    return run_on(cli, transfer);
}

const struct cli_command cmd_ticket_transfer = {
    .name = "ticket transfer",
    .args = "N GROUP --reason TEXT --ruled-out TEXT",
    .summary = "Send a ticket to another group",
    .details = "The third time, or back to a group that had it, it goes to the triage lead.\n",
    .options = transfer_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_transfer,
};

/* --- escalate -------------------------------------------------------------------------------- */

enum {
    ESCALATE_REASON,
    ESCALATE_GROUP,
    ESCALATE_MATURITY,
    ESCALATE_GREY,
    ESCALATE_MANAGEMENT,
    ESCALATE_TO
};

static const struct cli_option escalate_options[] = {
    {"reason",       "TEXT", "why; always needed"                                          },
    {"group",        "G",    "one of the next ring (default: routing and skill find it)"   },
    {"maturity",     "M",    "new, growing, mature or ending (default: the product's)"     },
    {"grey",         "TEXT", "leave it out of reports, and why"                            },
    {"management",   "WHAT", "to management instead: progress, solution or key_person"     },
    {"to",           "WHO",  "with --management: person, lead (default), triage, or a name"},
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP                                           },
    {NULL,           NULL,   NULL                                                          },
};

static enum status escalate(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    const struct ticket_escalation up = {.group = cli_value(cli, ESCALATE_GROUP),
                                         .reason = cli_value(cli, ESCALATE_REASON),
                                         .maturity = cli_value(cli, ESCALATE_MATURITY),
                                         .is_grey = cli_given(cli, ESCALATE_GREY),
                                         .grey_reason = cli_value(cli, ESCALATE_GREY)};
    struct ticket_told told = {{0}};
    enum status status;

    if (cli_given(cli, ESCALATE_MANAGEMENT))
        status =
            ticket_manage(work->app, &work->who, no_of(work), cli_value(cli, ESCALATE_MANAGEMENT),
                          cli_value(cli, ESCALATE_TO), up.reason, err);
    else
        status = ticket_escalate(work->app, &work->who, no_of(work), &up, &told, err);
    return show(work, status, told.text, err);
}

static int run_escalate(struct cli *cli)
{
    return run_on(cli, escalate);
}

const struct cli_command cmd_ticket_escalate = {
    .name = "ticket escalate",
    .args = "N --reason TEXT [--group G] [--management WHAT --to WHO]",
    .summary = "Send a ticket to the next ring, or make management answer for it",
    .details = "",
    .options = escalate_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_escalate,
};

/* --- with a text ----------------------------------------------------------------------------- */

static enum status with_text(struct cli_work *work, unsigned first,
                             enum status (*fn)(struct cli_work *work, struct bytes text,
                                               struct error *err),
                             struct error *err)
{
    struct buf text = {.ceiling = TICKET_TEXT_BYTES_MAX + 1};
    enum status status = input_text(work->cli, first, &text, err);

    if (status == AF_OK)
        status = fn(work, buf_bytes(&text), err);
    buf_release(&text);
    return show(work, status, "", err);
}

static const struct cli_option version_options[] = {
    {CLI_IF_VERSION, "N",  CLI_IF_VERSION_HELP},
    {NULL,           NULL, NULL               },
};

static enum status give_result(struct cli_work *work, struct bytes text, struct error *err)
{
    return ticket_result(work->app, &work->who, no_of(work), text, err);
}

static enum status result(struct cli_work *work, struct error *err)
{
    return with_text(work, 1, give_result, err);
}

static int run_result(struct cli *cli)
{
    return run_on(cli, result);
}

const struct cli_command cmd_ticket_result = {
    .name = "ticket result",
    .args = "N TEXT... | N -",
    .summary = "Hand a ticket back to who escalated it, with what was found",
    .details = "",
    .options = version_options,
    .rest_min = 2,
    .rest_max = CLI_REST_MANY,
    .run = run_result,
};

static enum status give_answer(struct cli_work *work, struct bytes text, struct error *err)
{
    uint32_t escalation = 0;

    if (!ticket_parse_no(bytes_str(work->cli->rest[1]), &escalation))
        return error_set(err, AF_INVALID, "%.40s is not the number of an escalation",
                         work->cli->rest[1]);
    return ticket_answer(work->app, &work->who, no_of(work), escalation, text, err);
}

static enum status answer(struct cli_work *work, struct error *err)
{
    return with_text(work, 2, give_answer, err);
}

static int run_answer(struct cli *cli)
{
    return run_on(cli, answer);
}

const struct cli_command cmd_ticket_answer = {
    .name = "ticket answer",
    .args = "N ESCALATION TEXT... | N ESCALATION -",
    .summary = "Answer a management escalation",
    .details = "",
    .options = version_options,
    .rest_min = 3,
    .rest_max = CLI_REST_MANY,
    .run = run_answer,
};

enum { NOTICE_PUBLIC };

static const struct cli_option notice_options[] = {
    {"public",       NULL, "for the customer too"},
    {CLI_IF_VERSION, "N",  CLI_IF_VERSION_HELP   },
    {NULL,           NULL, NULL                  },
};

static enum status give_notice(struct cli_work *work, struct bytes text, struct error *err)
{
    return ticket_notice(work->app, &work->who, no_of(work), bytes_str(work->cli->rest[1]), text,
                         cli_given(work->cli, NOTICE_PUBLIC), err);
}

static enum status notice(struct cli_work *work, struct error *err)
{
    return with_text(work, 2, give_notice, err);
}

static int run_notice(struct cli *cli)
{
    return run_on(cli, notice);
}

const struct cli_command cmd_ticket_notice = {
    .name = "ticket notice",
    .args = "N STAGE TEXT... [--public]",
    .summary = "Say how an emergency (S1) stands",
    .details = "STAGE: progress restored root_cause.\n",
    .options = notice_options,
    .rest_min = 3,
    .rest_max = CLI_REST_MANY,
    .run = run_notice,
};
