/* The end of a ticket: resolve, confirm, close, reopen, and what the customer thought of it. */
#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/out.h"
#include "intake/cli/ticket_show.h"
#include "intake/desk/survey.h"
#include "intake/desk/ticket_close.h"

#include <stdio.h>

static int run_on_ticket(struct cli *cli, cli_work_fn work)
{
    uint32_t no;

    return ticket_word(cli, 0, &no) ? cli_with_app(cli, APP_WRITE, work) : CLI_USAGE;
}

/* The ticket's number, which was looked at before the data was opened. */
static uint32_t no_of(const struct cli_work *work)
{
    uint32_t no = 0;

    (void)ticket_word(work->cli, 0, &no);
    return no;
}

/* --- showing it ------------------------------------------------------------------------------ */

static void add_line(struct buf *out, const char *label, const json_t *object, const char *member)
{
    const char *text = json_get_str(object, member);

    if (text[0] == '\0')
        return;
    buf_printf(out, "%-12s", label);
    out_add_plain(out, bytes_str(text));
    buf_add_u8(out, '\n');
}

static void add_numbers(struct buf *out, const json_t *ticket)
{
    const json_t *survey = json_object_get(ticket, "survey"), *item;
    size_t i;

    if (json_get_u64(ticket, "follows") != 0)
        buf_printf(out, "%-12s%llu\n", "follows",
                   (unsigned long long)json_get_u64(ticket, "follows"));
    json_array_foreach(json_object_get(ticket, "followed_by"), i, item)
        buf_printf(out, "%-12s%lld\n", "followed by", (long long)json_integer_value(item));
    if (json_get_u64(survey, "score") != 0)
        buf_printf(out, "%-12s%llu of 5, by %s\n", "survey",
                   (unsigned long long)json_get_u64(survey, "score"), json_get_str(survey, "via"));
    add_line(out, "", survey, "text");
    json_array_foreach(json_object_get(ticket, "visits"), i, item) buf_printf(
        out, "%-12s%llu: %s, %s, due %s\n", "visit", (unsigned long long)json_get_u64(item, "no"),
        json_get_str(item, "state"), json_get_str(item, "why"), json_get_str(item, "due"));
}

void ticket_end_add_plain(const json_t *ticket, struct buf *out)
{
    add_line(out, "closes", ticket, "confirm_by");
    add_line(out, "confirmed", json_object_get(ticket, "confirmed"), "at");
    add_line(out, "held", json_object_get(ticket, "held"), "why");
    add_line(out, "no case", json_object_get(ticket, "nothing_to_record"), "reason");
    add_line(out, "closed by", json_object_get(ticket, "closed"), "how");
    add_line(out, "reopen by", json_object_get(ticket, "closed"), "reopen_until");
    add_numbers(out, ticket);
}

/* --- resolve, close, reopen ----------------------------------------------------------------- */

enum { STEP_REASON, STEP_IF_VERSION, STEP_NOTHING };

static const struct cli_option reopen_options[] = {
    {"reason",       "TEXT", "why"              },
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP},
    {NULL,           NULL,   NULL               },
};
static const struct cli_option end_options[] = {
    {"reason",            "TEXT", "what was done; to close without a case: why there is none"},
    {CLI_IF_VERSION,      "N",    CLI_IF_VERSION_HELP                                        },
    {"nothing-to-record", "TEXT", "why there is no case to link; then it can close by itself"},
    {NULL,                NULL,   NULL                                                       },
};

static enum status step(struct cli_work *work, const char *event, bool may_state, struct error *err)
{
    struct cli *cli = work->cli;
    const bool is_stated = may_state && cli_given(cli, STEP_NOTHING);
    uint32_t no = no_of(work);
    enum status status =
        ticket_step(work->app, &work->who, no, bytes_str(event),
                    cli_value(cli, is_stated ? STEP_NOTHING : STEP_REASON), is_stated, err);

    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static enum status resolve(struct cli_work *work, struct error *err)
{
    return step(work, "resolve", true, err);
}

static enum status close_ticket(struct cli_work *work, struct error *err)
{
    return step(work, "close", true, err);
}

static enum status reopen(struct cli_work *work, struct error *err)
{
    return step(work, "reopen", false, err);
}

static int run_end(struct cli *cli, cli_work_fn work)
{
    if (cli_given(cli, STEP_REASON) && cli_given(cli, STEP_NOTHING))
        return cli_usage(cli, "--reason or --nothing-to-record, not both");
    return run_on_ticket(cli, work);
}

static int run_resolve(struct cli *cli)
{
    return run_end(cli, resolve);
}

static int run_close(struct cli *cli)
{
    return run_end(cli, close_ticket);
}

static int run_reopen(struct cli *cli)
{
    return run_on_ticket(cli, reopen);
}

const struct cli_command cmd_ticket_resolve = {
    .name = "ticket resolve",
    .args = "N [--nothing-to-record TEXT]",
    .summary = "Say that it is solved; the customer may say no for a while",
    .details = "It closes when he confirms or that time has passed, if a case that resolved it is\n"
               "linked or it is said that there is nothing to record. See rules show closing.\n",
    .options = end_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_resolve,
};

const struct cli_command cmd_ticket_close = {
    .name = "ticket close",
    .args = "N [--nothing-to-record TEXT]",
    .summary = "Close a resolved ticket; the customer is asked how it was",
    .details = "",
    .options = end_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_close,
};

const struct cli_command cmd_ticket_reopen = {
    .name = "ticket reopen",
    .args = "N --reason TEXT",
    .summary = "Open a closed ticket again, while it may be",
    .details = "",
    .options = reopen_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_reopen,
};

/* --- confirm --------------------------------------------------------------------------------- */

static enum status confirm(struct cli_work *work, struct error *err)
{
    uint32_t no = no_of(work);
    enum status status = ticket_confirm(work->app, &work->who, no, NULL, err);

    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_confirm(struct cli *cli)
{
    return run_on_ticket(cli, confirm);
}

static const struct cli_option confirm_options[] = {
    {CLI_IF_VERSION, "N",  CLI_IF_VERSION_HELP},
    {NULL,           NULL, NULL               },
};

const struct cli_command cmd_ticket_confirm = {
    .name = "ticket confirm",
    .args = "N",
    .summary = "Enter that the customer says it is solved",
    .details = "",
    .options = confirm_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_confirm,
};

/* --- survey ---------------------------------------------------------------------------------- */

enum { SURVEY_SCORE, SURVEY_TEXT };

static const struct cli_option survey_options[] = {
    {"score", "N",    "1 (very dissatisfied) to 5, as he said on the phone"},
    {"text",  "TEXT", "with it: his words"                                 },
    {NULL,    NULL,   NULL                                                 },
};

static enum status print_link(struct cli_work *work, uint32_t no, struct error *err)
{
    char key[SURVEY_KEY_BYTES];
    enum status status = survey_key(work->app, no, key, err);

    if (status != AF_OK)
        return status;
    if (work->cli->json)
        work->code = out_json(json_pack("{s:o}", "survey_url", json_sprintf("/s/%s", key)));
    else
        (void)printf("/s/%s\n", key);
    return AF_OK;
}

static enum status survey(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    uint32_t no = no_of(work), score;
    enum status status;

    (void)cli_number(cli, SURVEY_SCORE, 1, 5, 0, &score);
    if (score == 0)
        return print_link(work, no, err);
    status = survey_answer_for(work->app, &work->who, no, score, cli_value(cli, SURVEY_TEXT), err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_survey(struct cli *cli)
{
    uint32_t score;

    if (!cli_number(cli, SURVEY_SCORE, 1, 5, 0, &score))
        return CLI_USAGE;
    if (score == 0 && cli_given(cli, SURVEY_TEXT))
        return cli_usage(cli, "--text comes with a --score");
    return run_on_ticket(cli, survey);
}

const struct cli_command cmd_ticket_survey = {
    .name = "ticket survey",
    .args = "N [--score N [--text TEXT]]",
    .summary = "Print the survey's link for the customer, or enter what he answered",
    .details = "The link is a path on the server; it works without signing in, once.\n",
    .options = survey_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_survey,
};
