/* Follow-up visits: which are due, and what came of them. */
#include "intake/cli/commands.h"

#include "intake/cli/out.h"
#include "intake/cli/ticket_show.h"
#include "intake/desk/ticket.h"
#include "intake/desk/visits.h"

#include <stdio.h>

/* The ticket's number, which was looked at before the data was opened. */
static uint32_t no_of(const struct cli_work *work)
{
    uint32_t no = 0;

    (void)ticket_word(work->cli, 0, &no);
    return no;
}

/* --- list ------------------------------------------------------------------------------------ */

enum { LIST_GROUP, LIST_LIMIT, LIST_AFTER };

static const struct cli_option list_options[] = {
    {"group", "G",  "only this group's"              },
    {"limit", "N",  "how many at most (default 50)"  },
    {"after", "A",  "what the page before ended with"},
    {NULL,    NULL, NULL                             },
};

#define LIST_DEFAULT 50

static void print_list(const json_t *list)
{
    const json_t *visits = json_object_get(list, "visits"), *visit;
    struct buf out = {0};
    size_t i;

    json_array_foreach(visits, i, visit)
    {
        buf_printf(&out, "%s  %llu  %s  %-8s  %s%s  ", json_get_str(visit, "ticket"),
                   (unsigned long long)json_get_u64(visit, "visit"),
                   json_get_str(visit, "severity"), json_get_str(visit, "why"),
                   json_get_str(visit, "due"), json_get_bool(visit, "overdue") ? "  overdue" : "");
        out_add_plain(&out, bytes_str(json_get_str(visit, "title")));
        buf_add_u8(&out, '\n');
    }
    if (json_array_size(visits) == 0)
        buf_add_str(&out, "No visits are due.\n");
    if (json_get_str(list, "after")[0] != '\0')
        buf_printf(&out, "more: --after %s\n", json_get_str(list, "after"));
    (void)out_print(&out);
    buf_release(&out);
}

static enum status list(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct visit_filter filter = {.group = cli_value(cli, LIST_GROUP),
                                  .after = cli_value(cli, LIST_AFTER)};
    json_t *json;
    enum status status;

    (void)cli_number(cli, LIST_LIMIT, 1, VISIT_LIST_MAX, LIST_DEFAULT, &filter.limit);
    if ((status = visit_list(work->app, &work->who, &filter, &json, err)) != AF_OK)
        return status;
    if (cli->json) {
        work->code = out_json(json);
        return AF_OK;
    }
    print_list(json);
    json_decref(json);
    return AF_OK;
}

static int run_list(struct cli *cli)
{
    uint32_t number;

    if (!cli_number(cli, LIST_LIMIT, 1, VISIT_LIST_MAX, LIST_DEFAULT, &number))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, list);
}

const struct cli_command cmd_visit_list = {
    .name = "visit list",
    .args = "[--group G] [--limit N] [--after A]",
    .summary = "List the follow-up visits that are due, the most urgent first",
    .details = "",
    .options = list_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_list,
};

/* --- done, waive ----------------------------------------------------------------------------- */

static int run_on_visit(struct cli *cli, cli_work_fn work)
{
    uint32_t no;

    if (!ticket_word(cli, 0, &no))
        return CLI_USAGE;
    if (!ticket_parse_no(bytes_str(cli->rest[1]), &no))
        return cli_usage(cli, "%s is not a visit's number like 1", cli->rest[1]);
    return cli_with_app(cli, APP_WRITE, work);
}

enum { DONE_RESULT, DONE_SCORE, DONE_TEXT, DONE_IF_VERSION };

static const struct cli_option done_options[] = {
    {"result",       "R",    "solved (default), not_solved or not_reached"},
    {"score",        "N",    "1 to 5, when he gave one"                   },
    {"text",         "TEXT", "what he said"                               },
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP                          },
    {NULL,           NULL,   NULL                                         },
};

static enum status done(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct visit_report report = {
        .result = cli_given(cli, DONE_RESULT) ? cli_value(cli, DONE_RESULT) : BYTES_LIT("solved"),
        .text = cli_value(cli, DONE_TEXT)};
    uint32_t no = no_of(work), visit = 0, score;
    enum status status;

    (void)ticket_parse_no(bytes_str(cli->rest[1]), &visit);
    (void)cli_number(cli, DONE_SCORE, 1, 5, 0, &score);
    report.score = score;
    status = visit_report(work->app, &work->who, no, visit, &report, err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_done(struct cli *cli)
{
    uint32_t score;

    return cli_number(cli, DONE_SCORE, 1, 5, 0, &score) ? run_on_visit(cli, done) : CLI_USAGE;
}

const struct cli_command cmd_visit_done = {
    .name = "visit done",
    .args = "TICKET VISIT [--result R] [--score N] [--text TEXT]",
    .summary = "Write down what came of a visit",
    .details = "Who was not reached is counted, and the visit stays due.\n",
    .options = done_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_done,
};

enum { WAIVE_REASON, WAIVE_IF_VERSION };

static const struct cli_option waive_options[] = {
    {"reason",       "TEXT", "why nobody need ask"},
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP  },
    {NULL,           NULL,   NULL                 },
};

static enum status waive(struct cli_work *work, struct error *err)
{
    uint32_t no = no_of(work), visit = 0;
    enum status status;

    (void)ticket_parse_no(bytes_str(work->cli->rest[1]), &visit);
    status = visit_waive(work->app, &work->who, no, visit, cli_value(work->cli, WAIVE_REASON), err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_waive(struct cli *cli)
{
    return run_on_visit(cli, waive);
}

const struct cli_command cmd_visit_waive = {
    .name = "visit waive",
    .args = "TICKET VISIT --reason TEXT",
    .summary = "Say that a visit need not be made",
    .details = "",
    .options = waive_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_waive,
};
