#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/cli/ticket_outside_out.h"
#include "intake/cli/ticket_show.h"
#include "intake/cli/ticket_tasks_out.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_family.h"

#include <stdio.h>

bool ticket_word(const struct cli *cli, unsigned i, uint32_t *no)
{
    if (ticket_parse_no(bytes_str(cli->rest[i]), no))
        return true;
    (void)cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012", cli->rest[i]);
    return false;
}

static bool take_no(const struct cli *cli, uint32_t *no)
{
    return ticket_word(cli, 0, no);
}

static enum status no_of(const struct cli_work *work, uint32_t *no, struct error *err)
{
    if (ticket_parse_no(bytes_str(work->cli->rest[0]), no))
        return AF_OK;
    return error_set(err, AF_INVALID, "%s is not a ticket's number", work->cli->rest[0]);
}

/* --- showing ------------------------------------------------------------------------------ */

static void add_member(struct buf *out, const char *label, const json_t *object, const char *member)
{
    const char *text = json_get_str(object, member);

    if (text[0] == '\0')
        return;
    buf_printf(out, "%-12s", label);
    out_add_plain(out, bytes_str(text));
    buf_add_u8(out, '\n');
}

static void add_posts(struct buf *out, const json_t *posts)
{
    const json_t *post;
    size_t i;

    json_array_foreach(posts, i, post)
    {
        buf_printf(out, "\n-- %s %s%s ", json_get_str(post, "at"), json_get_str(post, "from"),
                   json_get_bool(post, "internal") ? " (internal)" : "");
        if (json_get_u64(post, "ticket") != 0)
            buf_printf(out, "on %llu ", (unsigned long long)json_get_u64(post, "ticket"));
        out_add_plain(out, bytes_str(json_get_str(post, "by")));
        buf_add_u8(out, '\n');
        out_add_lines(out, bytes_str(json_get_str(post, "text")));
        buf_add_u8(out, '\n');
    }
}

static void add_merged(struct buf *out, const json_t *merged)
{
    const json_t *no;
    size_t i;

    json_array_foreach(merged, i, no)
        buf_printf(out, "%s%lld", i == 0 ? "merged      " : ", ", json_integer_value(no));
    if (json_array_size(merged) > 0)
        buf_add_u8(out, '\n');
}

static void print_ticket(const json_t *ticket)
{
    static const char *const members[] = {"title",   "state", "class",   "severity",
                                          "channel", "at",    "product", "entered_by",
                                          "exempt",  "group", "person",  "type"};
    const json_t *link;
    struct buf out = {0};
    size_t i;

    add_member(&out, "ticket", ticket, "ticket");
    for (i = 0; i < sizeof members / sizeof members[0]; i++)
        add_member(&out, members[i], ticket, members[i]);
    add_member(&out, "consult", json_object_get(ticket, "consult"), "id");
    if (json_get_u64(ticket, "merged_into") != 0)
        buf_printf(&out, "%-12s%llu\n", "merged into",
                   (unsigned long long)json_get_u64(ticket, "merged_into"));
    add_merged(&out, json_object_get(ticket, "merged"));
    json_array_foreach(json_object_get(ticket, "watchers"), i, link)
    {
        buf_printf(&out, "%-12s", "watched by");
        out_add_plain(&out, bytes_str(json_string_value(link)));
        buf_add_u8(&out, '\n');
    }
    json_array_foreach(json_object_get(ticket, "relations"), i, link)
        buf_printf(&out, "%-12s%llu\n", json_get_str(link, "kind"),
                   (unsigned long long)json_get_u64(link, "ticket"));
    json_array_foreach(json_object_get(ticket, "links"), i, link)
    {
        buf_printf(&out, "%-12s", json_get_str(link, "role"));
        out_add_plain(&out, bytes_str(json_get_str(link, "case")));
        buf_add_u8(&out, '\n');
    }
    ticket_tasks_add(&out, ticket);
    ticket_outside_add(&out, ticket);
    ticket_form_add_plain(ticket, &out);
    ticket_end_add_plain(ticket, &out);
    ticket_files_add_plain(ticket, &out);
    buf_add_u8(&out, '\n');
    out_add_lines(&out, bytes_str(json_get_str(ticket, "text")));
    buf_add_u8(&out, '\n');
    add_posts(&out, json_object_get(ticket, "posts"));
    (void)out_print(&out);
    buf_release(&out);
}

enum status ticket_show(struct cli_work *work, uint32_t no, struct error *err)
{
    json_t *ticket;
    enum status status = ticket_get(work->app, &work->who, no, &ticket, err);

    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(ticket);
        return AF_OK;
    }
    print_ticket(ticket);
    json_decref(ticket);
    return AF_OK;
}

static enum status show(struct cli_work *work, struct error *err)
{
    uint32_t no;
    enum status status = no_of(work, &no, err);

    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_show(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_READ, show) : CLI_USAGE;
}

const struct cli_command cmd_ticket_show = {
    .name = "ticket show",
    .args = "N",
    .summary = "Show a ticket with its thread",
    .details = "",
    .rest_min = 1,
    .rest_max = 1,
    .run = run_show,
};

/* --- list --------------------------------------------------------------------------------- */

enum {
    LIST_STATE,
    LIST_PRODUCT,
    LIST_GROUP,
    LIST_PERSON,
    LIST_WATCHER,
    LIST_DUE,
    LIST_LIMIT,
    LIST_BEFORE,
    LIST_AFTER,
    LIST_TEXT
};

static const struct cli_option list_options[] = {
    {"state",   "S",  "only this state; open: all that are not closed" },
    {"product", "P",  "only about this product"                        },
    {"group",   "G",  "only this group's"                              },
    {"person",  "P",  "only this person's open ones"                   },
    {"watcher", "P",  "only those this person watches"                 },
    {"due",     NULL, "the most urgent first"                          },
    {"limit",   "N",  "how many at most (default 50)"                  },
    {"before",  "N",  "only tickets with a lower number: the next page"},
    {"after",   "A",  "with --due: what the page before ended with"    },
    {"text",    "T",  "what their texts find, the best first"          },
    {NULL,      NULL, NULL                                             },
};

#define LIST_DEFAULT 50

static void print_list(const json_t *list, bool by_due)
{
    const json_t *tickets = json_object_get(list, "tickets");
    struct buf out = {0};
    const json_t *ticket;
    size_t i;

    json_array_foreach(tickets, i, ticket)
    {
        buf_printf(&out, "%s  %-16s  %s  ", json_get_str(ticket, "ticket"),
                   json_get_str(ticket, "state"), json_get_str(ticket, "severity"));
        if (by_due)
            buf_printf(&out, "%-24s  ", json_get_str(ticket, "due"));
        out_add_plain(&out, bytes_str(json_get_str(ticket, "title")));
        buf_add_u8(&out, '\n');
    }
    if (json_array_size(tickets) == 0)
        buf_add_str(&out, "There are no such tickets.\n");
    if (json_get_str(list, "after")[0] != '\0')
        buf_printf(&out, "more: --after %s\n", json_get_str(list, "after"));
    (void)out_print(&out);
    buf_release(&out);
}

static enum status list(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct ticket_filter filter = {.state = cli_value(cli, LIST_STATE),
                                   .product = cli_value(cli, LIST_PRODUCT),
                                   .group = cli_value(cli, LIST_GROUP),
                                   .person = cli_value(cli, LIST_PERSON),
                                   .watcher = cli_value(cli, LIST_WATCHER),
                                   .by_due = cli_given(cli, LIST_DUE),
                                   .after = cli_value(cli, LIST_AFTER),
                                   .text = cli_value(cli, LIST_TEXT)};
    json_t *json;
    enum status status;

    (void)cli_number(cli, LIST_LIMIT, 1, TICKET_LIST_MAX, LIST_DEFAULT, &filter.limit);
    (void)cli_number(cli, LIST_BEFORE, 1, UINT32_MAX, 0, &filter.before);
    status = ticket_list(work->app, &work->who, &filter, &json, err);
    if (status != AF_OK)
        return status;
    if (cli->json) {
        work->code = out_json(json);
        return AF_OK;
    }
    print_list(json, filter.by_due);
    json_decref(json);
    return AF_OK;
}

static int run_list(struct cli *cli)
{
    uint32_t number;

    if (!cli_number(cli, LIST_LIMIT, 1, TICKET_LIST_MAX, LIST_DEFAULT, &number) ||
        !cli_number(cli, LIST_BEFORE, 1, UINT32_MAX, 0, &number))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, list);
}

const struct cli_command cmd_ticket_list = {
    .name = "ticket list",
    .args = "[--text T] [--state S] [--group G] [--person P] [--due] [--limit N]",
    .summary = "List tickets, the newest or the most urgent first",
    .details = "",
    .options = list_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_list,
};

/* --- reply, move, link -------------------------------------------------------------------- */

enum { REPLY_INTERNAL };

static const struct cli_option reply_options[] = {
    {"internal",     NULL, "a note that the customer does not see"},
    {CLI_IF_VERSION, "N",  CLI_IF_VERSION_HELP                    },
    {NULL,           NULL, NULL                                   },
};

static enum status reply(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct buf text = {.ceiling = TICKET_TEXT_BYTES_MAX + 1};
    uint32_t no = 0;
    enum status status = no_of(work, &no, err);

    if (status == AF_OK)
        status = input_text(cli, 1, &text, err);
    if (status == AF_OK)
        status = ticket_reply(work->app, &work->who, no, buf_bytes(&text),
                              cli_given(cli, REPLY_INTERNAL), NULL, err);
    buf_release(&text);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_reply(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, reply) : CLI_USAGE;
}

const struct cli_command cmd_ticket_reply = {
    .name = "ticket reply",
    .args = "N TEXT... | N -",
    .summary = "Add to a ticket's thread",
    .details = "With - the text is read from standard input.\n",
    .options = reply_options,
    .rest_min = 2,
    .rest_max = CLI_REST_MANY,
    .run = run_reply,
};

enum { MOVE_REASON, MOVE_CHILDREN_TEXT, MOVE_WITH_CHILDREN };

static const struct cli_option move_options[] = {
    {"reason",        "TEXT", "why; some steps ask for it"                          },
    {"children-text", "TEXT", "what its children are told, with restore and resolve"},
    {"with-children", NULL,   "they are restored or resolved with it"               },
    {CLI_IF_VERSION,  "N",    CLI_IF_VERSION_HELP                                   },
    {NULL,            NULL,   NULL                                                  },
};

static enum status move(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    const struct ticket_children children = {cli_value(cli, MOVE_CHILDREN_TEXT),
                                             cli_given(cli, MOVE_WITH_CHILDREN)};
    uint32_t no = 0;
    enum status status = no_of(work, &no, err);

    if (status == AF_OK && (cli_given(cli, MOVE_CHILDREN_TEXT) || children.with))
        status = ticket_step_family(work->app, &work->who, no, bytes_str(cli->rest[1]),
                                    cli_value(cli, MOVE_REASON), false, &children, err);
    else if (status == AF_OK)
        status = ticket_move(work->app, &work->who, no, bytes_str(cli->rest[1]),
                             cli_value(cli, MOVE_REASON), err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_move(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, move) : CLI_USAGE;
}

const struct cli_command cmd_ticket_move = {
    .name = "ticket move",
    .args = "N EVENT [--reason TEXT]",
    .summary = "Take a ticket one step along its life",
    .details = "EVENT: accept triage dispatch start take wait_customer wait_parts wait_handoff\n"
               "resume restore resolve close reopen reject cancel spam.\n",
    .options = move_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_move,
};

enum { SEVERITY_REASON, SEVERITY_CONSENT };

static const struct cli_option severity_options[] = {
    {"reason",       "TEXT", "why; needed to raise it"                },
    {"consent",      NULL,   "the customer agrees; needed to lower it"},
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP                      },
    {NULL,           NULL,   NULL                                     },
};

static enum status severity(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    uint32_t no = 0;
    enum status status = no_of(work, &no, err);

    if (status == AF_OK)
        status =
            ticket_severity(work->app, &work->who, no, bytes_str(cli->rest[1]),
                            cli_value(cli, SEVERITY_REASON), cli_given(cli, SEVERITY_CONSENT), err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_severity(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, severity) : CLI_USAGE;
}

const struct cli_command cmd_ticket_severity = {
    .name = "ticket severity",
    .args = "N S1|S2|S3|S4 [--reason TEXT] [--consent]",
    .summary = "Give a ticket another severity; its clocks get the new targets",
    .details = "",
    .options = severity_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_severity,
};

enum { LINK_ROLE };

static const struct cli_option link_options[] = {
    {"role",         "ROLE", "resolved_by (default), consulted, sent or not_helpful"},
    {CLI_IF_VERSION, "N",    CLI_IF_VERSION_HELP                                    },
    {NULL,           NULL,   NULL                                                   },
};

static enum status link_case(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct bytes role =
        cli_given(cli, LINK_ROLE) ? cli_value(cli, LINK_ROLE) : BYTES_LIT("resolved_by");
    uint32_t no = 0;
    enum status status = no_of(work, &no, err);

    if (status == AF_OK)
        status = ticket_link(work->app, &work->who, no, bytes_str(cli->rest[1]), role, err);
    return status == AF_OK ? ticket_show(work, no, err) : status;
}

static int run_link(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, link_case) : CLI_USAGE;
}

const struct cli_command cmd_ticket_link = {
    .name = "ticket link",
    .args = "N CASE [--role ROLE]",
    .summary = "Say what a case did for a ticket; its use is counted",
    .details = "",
    .options = link_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_link,
};
