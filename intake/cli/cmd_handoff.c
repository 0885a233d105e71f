/* Handoffs and part requests from the command line. */
#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/out.h"
#include "intake/desk/handoff.h"
#include "intake/desk/outside.h"
#include "intake/desk/part.h"
#include "intake/desk/ticket.h"

#include <stdlib.h>

#define LIST_DEFAULT 50

static bool take_no(const struct cli *cli, uint32_t *no)
{
    if (ticket_parse_no(bytes_str(cli->rest[0]), no))
        return true;
    (void)cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012", cli->rest[0]);
    return false;
}

/* The ticket, and what of it the second word numbers. */
static enum status take_place(const struct cli *cli, uint32_t *no, uint32_t *item,
                              struct error *err)
{
    if (!ticket_parse_no(bytes_str(cli->rest[0]), no))
        return error_set(err, AF_INVALID, "%s is not a ticket's number", cli->rest[0]);
    if (!ticket_parse_no(bytes_str(cli->rest[1]), item))
        return error_set(err, AF_INVALID, "%s is not a number", cli->rest[1]);
    return AF_OK;
}

/* One of the ticket's list as it is now, as JSON. */
static enum status show(struct cli_work *work, const char *list, uint32_t no, uint32_t item,
                        const char *link, struct error *err)
{
    json_t *ticket, *shown;
    bool ok = true;
    enum status status = ticket_get(work->app, &work->who, no, &ticket, err);

    if (status != AF_OK)
        return status;
    shown = json_pack("{s:O,s:O,s:O}", "ticket", json_object_get(ticket, "ticket"), "state",
                      json_object_get(ticket, "state"), list,
                      json_array_get(json_object_get(ticket, list), item - 1));
    if (shown != NULL && link[0] != '\0')
        json_put(shown, "link", json_string(link), &ok);
    json_decref(ticket);
    work->code = out_json(shown);
    return AF_OK;
}

/* --- handoffs ------------------------------------------------------------------------------- */

enum { NEW_TARGET, NEW_KIND, NEW_TITLE, NEW_REF };

static const struct cli_option new_options[] = {
    {"target", "T",    "whom: an id of the rules' handoffs"     },
    {"kind",   "K",    "what for, when the target takes several"},
    {"title",  "TEXT", "in a line (default: the ticket's)"      },
    {"ref",    "TEXT", "what they call it"                      },
    {NULL,     NULL,   NULL                                     },
};

static enum status hand_over(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct handoff_done done;
    struct buf text = {0};
    uint32_t no = 0;
    enum status status = AF_OK;

    (void)ticket_parse_no(bytes_str(cli->rest[0]), &no);
    cli_join_rest(cli, 1, &text);
    status = handoff_send(work->app, &work->who, no,
                          &(struct handoff_input){.target = cli_value(cli, NEW_TARGET),
                                                  .kind = cli_value(cli, NEW_KIND),
                                                  .title = cli_value(cli, NEW_TITLE),
                                                  .text = buf_bytes(&text),
                                                  .ref = cli_value(cli, NEW_REF)},
                          &done, err);
    buf_release(&text);
    return status == AF_OK ? show(work, "handoffs", no, done.no, done.link, err) : status;
}

static int run_new(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, hand_over) : CLI_USAGE;
}

const struct cli_command cmd_handoff_new = {
    .name = "handoff new",
    .args = "N --target T [--kind K] [TEXT...]",
    .summary = "Hand a question of a ticket to others",
    .details = "Prints the handoff, and the key of the link by which they answer.\n",
    .options = new_options,
    .rest_min = 1,
    .rest_max = CLI_REST_MANY,
    .run = run_new,
};

enum { STEP_REASON, STEP_TEXT, STEP_REF, STEP_TARGET, STEP_KIND };

static const struct cli_option step_options[] = {
    {"reason", "TEXT", "of decline, send, withdraw"},
    {"text",   "TEXT", "of answer"                 },
    {"ref",    "TEXT", "what they call it"         },
    {"target", "T",    "of send: another one"      },
    {"kind",   "K",    "of send: something else"   },
    {NULL,     NULL,   NULL                        },
};

static enum status step(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct handoff_done done;
    uint32_t no, item;
    enum status status = take_place(cli, &no, &item, err);

    if (status == AF_OK)
        status = handoff_step(work->app, &work->who, no, item,
                              &(struct handoff_step){.event = bytes_str(cli->rest[2]),
                                                     .reason = cli_value(cli, STEP_REASON),
                                                     .text = cli_value(cli, STEP_TEXT),
                                                     .ref = cli_value(cli, STEP_REF),
                                                     .target = cli_value(cli, STEP_TARGET),
                                                     .kind = cli_value(cli, STEP_KIND)},
                              &done, err);
    return status == AF_OK ? show(work, "handoffs", no, item, done.link, err) : status;
}

static int run_step(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, step);
}

const struct cli_command cmd_handoff_step = {
    .name = "handoff step",
    .args = "N HANDOFF EVENT [--reason TEXT] [--text TEXT]",
    .summary = "Take a handoff one step along its life",
    .details = "EVENT: accept decline answer confirm send withdraw.\n",
    .options = step_options,
    .rest_min = 3,
    .rest_max = 3,
    .run = run_step,
};

/* --- part requests --------------------------------------------------------------------------- */

enum { PART_QTY, PART_POINT, PART_PROMISED };

static const struct cli_option part_options[] = {
    {"qty",     "N",    "pieces (default 1)"                          },
    {"stock",   "P",    "the stock point, when there are several"     },
    {"promise", "TIME", "a time, or a day (default: as the rules say)"},
    {NULL,      NULL,   NULL                                          },
};

static enum status ask_part(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct part_input input = {.part = bytes_str(cli->rest[1]),
                               .stock_point = cli_value(cli, PART_POINT),
                               .promise = cli_value(cli, PART_PROMISED)};
    uint32_t no = 0, item;
    enum status status;

    (void)ticket_parse_no(bytes_str(cli->rest[0]), &no);
    (void)cli_number(cli, PART_QTY, 1, PART_QTY_MAX, 1, &input.qty);
    status = part_request(work->app, &work->who, no, &input, &item, err);
    return status == AF_OK ? show(work, "parts", no, item, "", err) : status;
}

static int run_part(struct cli *cli)
{
    uint32_t no;

    if (!take_no(cli, &no) || !cli_number(cli, PART_QTY, 1, PART_QTY_MAX, 1, &no))
        return CLI_USAGE;
    return cli_with_app(cli, APP_WRITE, ask_part);
}

const struct cli_command cmd_part_request = {
    .name = "part request",
    .args = "N PART [--qty N] [--stock P] [--promise TIME]",
    .summary = "Request a spare part for a ticket",
    .details = "",
    .options = part_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_part,
};

enum { MOVE_QTY, MOVE_CARRIER, MOVE_TRACKING, MOVE_PROMISE, MOVE_REASON };

static const struct cli_option move_options[] = {
    {"qty",      "N",    "pieces (default: all that are left)"},
    {"carrier",  "TEXT", "of ship"                            },
    {"tracking", "TEXT", "of ship"                            },
    {"promise",  "TIME", "of promise: a time, or a day"       },
    {"reason",   "TEXT", "of keep, reduce, lost, cancel"      },
    {NULL,       NULL,   NULL                                 },
};

static enum status move_part(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct part_step its = {.event = bytes_str(cli->rest[2]),
                            .carrier = cli_value(cli, MOVE_CARRIER),
                            .tracking = cli_value(cli, MOVE_TRACKING),
                            .promise = cli_value(cli, MOVE_PROMISE),
                            .reason = cli_value(cli, MOVE_REASON)};
    uint32_t no, item;
    enum status status = take_place(cli, &no, &item, err);

    (void)cli_number(cli, MOVE_QTY, 1, PART_QTY_MAX, 0, &its.qty);
    if (status == AF_OK)
        status = part_step(work->app, &work->who, no, item, &its, err);
    return status == AF_OK ? show(work, "parts", no, item, "", err) : status;
}

static int run_move(struct cli *cli)
{
    uint32_t qty;

    if (!cli_number(cli, MOVE_QTY, 1, PART_QTY_MAX, 0, &qty))
        return CLI_USAGE;
    return cli_with_app(cli, APP_WRITE, move_part);
}

const struct cli_command cmd_part_step = {
    .name = "part step",
    .args = "N REQUEST EVENT [--qty N] [--reason TEXT]",
    .summary = "Take a part request one step along its life",
    .details = "EVENT: promise ship receive return keep reduce lost cancel.\n",
    .options = move_options,
    .rest_min = 3,
    .rest_max = 3,
    .run = run_move,
};

/* --- lists ----------------------------------------------------------------------------------- */

enum { LIST_OF, LIST_STATE, LIST_LIMIT, LIST_AFTER };

static const struct cli_option handoff_list_options[] = {
    {"target", "T",  "only of this one"                       },
    {"state",  "S",  "only these; awaited: they owe an answer"},
    {"limit",  "N",  "how many at most (default 50)"          },
    {"after",  "A",  "what the page before ended with"        },
    {NULL,     NULL, NULL                                     },
};

static const struct cli_option part_list_options[] = {
    {"stock", "P",  "only from this stock point"          },
    {"state", "S",  "only these; awaited: not all arrived"},
    {"limit", "N",  "how many at most (default 50)"       },
    {"after", "A",  "what the page before ended with"     },
    {NULL,    NULL, NULL                                  },
};

static enum status list(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct outside_filter filter = {.name = cli_value(cli, LIST_OF),
                                    .state = cli_value(cli, LIST_STATE),
                                    .after = cli_value(cli, LIST_AFTER)};
    json_t *json;
    enum status status;

    (void)cli_number(cli, LIST_LIMIT, 1, TICKET_LIST_MAX, LIST_DEFAULT, &filter.limit);
    status = cli->command == &cmd_handoff_list
                 ? handoff_list(work->app, &work->who, &filter, &json, err)
                 : part_list(work->app, &work->who, &filter, &json, err);
    if (status == AF_OK)
        work->code = out_json(json);
    return status;
}

static int run_list(struct cli *cli)
{
    uint32_t limit;

    if (!cli_number(cli, LIST_LIMIT, 1, TICKET_LIST_MAX, LIST_DEFAULT, &limit))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, list);
}

const struct cli_command cmd_handoff_list = {
    .name = "handoff list",
    .args = "[--target T] [--state S] [--limit N]",
    .summary = "List open handoffs of all tickets, what is due first",
    .details = "",
    .options = handoff_list_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_list,
};

const struct cli_command cmd_part_list = {
    .name = "part list",
    .args = "[--stock P] [--state S] [--limit N]",
    .summary = "List open part requests of all tickets, what is promised first",
    .details = "",
    .options = part_list_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_list,
};
