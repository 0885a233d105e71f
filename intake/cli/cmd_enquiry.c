#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/desk/enquiry.h"
#include "intake/party/enquiry_record.h"

#include <stdio.h>

static bool take_no(const struct cli *cli, uint32_t *no)
{
    if (enquiry_parse_no(bytes_str(cli->rest[0]), no))
        return true;
    (void)cli_usage(cli, "%s is not an enquiry's number like 12 or EQ-2026-000012", cli->rest[0]);
    return false;
}

static void add_member(struct buf *out, const char *member, const json_t *object)
{
    const char *text = json_get_str(object, member);

    if (text[0] == '\0')
        return;
    buf_printf(out, "%-12s ", member);
    out_add_lines(out, bytes_str(text));
    buf_add_u8(out, '\n');
}

static void print_enquiry(const json_t *enquiry)
{
    static const char *const members[] = {"enquiry", "title",   "text",  "state",   "due",
                                          "product", "channel", "party", "account", "reply"};
    struct buf out = {0};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        add_member(&out, members[i], enquiry);
    if (json_object_get(enquiry, "ticket") != NULL)
        buf_printf(&out, "%-12s %llu\n", "ticket",
                   (unsigned long long)json_get_u64(enquiry, "ticket"));
    (void)out_print(&out);
    buf_release(&out);
}

static enum status show_now(struct cli_work *work, uint32_t no, struct error *err)
{
    json_t *enquiry;
    enum status status = enquiry_get(work->app, &work->who, no, &enquiry, err);

    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(enquiry);
        return AF_OK;
    }
    print_enquiry(enquiry);
    json_decref(enquiry);
    return AF_OK;
}

/* --- new ----------------------------------------------------------------------------------- */

enum {
    NEW_TITLE,
    NEW_CHANNEL,
    NEW_PRODUCT,
    NEW_LANG,
    NEW_NAME,
    NEW_MAIL,
    NEW_PHONE,
    NEW_COMPANY,
    NEW_KEY
};

static const struct cli_option new_options[] = {
    {"title",   "TEXT", "one line; the words when it is left out"                 },
    {"channel", "C",    "phone (default) web wechat app api mail rep audit"       },
    {"product", "P",    "what it is about"                                        },
    {"lang",    "L",    "of the person who asks"                                  },
    {"name",    "TEXT", "of the person who asks"                                  },
    {"mail",    "TEXT", "where to answer"                                         },
    {"phone",   "TEXT", "where to call"                                           },
    {"company", "TEXT", "whom the person is from"                                 },
    {"key",     "TEXT", "the same key again gives the same enquiry, not a new one"},
    {NULL,      NULL,   NULL                                                      },
};

static json_t *contact_of(const struct cli *cli)
{
    static const struct {
        unsigned option;
        const char *member;
    } parts[] = {
        {NEW_NAME,    "name"   },
        {NEW_MAIL,    "mail"   },
        {NEW_PHONE,   "phone"  },
        {NEW_COMPANY, "company"}
    };
    json_t *contact = json_object();
    bool ok = contact != NULL;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (cli_given(cli, parts[i].option))
            json_put(contact, parts[i].member, json_from_bytes(cli_value(cli, parts[i].option)),
                     &ok);
    if (ok)
        return contact;
    json_decref(contact);
    return NULL;
}

static enum status new_enquiry(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    struct buf text = {.ceiling = TICKET_TEXT_BYTES_MAX + 1};
    json_t *contact = contact_of(cli);
    struct enquiry_input input = {.title = cli_value(cli, NEW_TITLE),
                                  .channel = cli_value(cli, NEW_CHANNEL),
                                  .product = cli_value(cli, NEW_PRODUCT),
                                  .lang = cli_value(cli, NEW_LANG),
                                  .contact = contact,
                                  .key = cli->values[NEW_KEY]};
    uint32_t no = 0;
    enum status status = contact != NULL ? input_text(cli, 0, &text, err)
                                         : error_set(err, AF_INVALID, "the contact is not UTF-8");

    if (input.title.len == 0)
        input.title = buf_bytes(&text);
    else
        input.text = buf_bytes(&text);
    if (status == AF_OK)
        status = enquiry_new(work->app, &work->who, &input, &no, err);
    if (status == AF_OK)
        status = show_now(work, no, err);
    json_decref(contact);
    buf_release(&text);
    return status;
}

static int run_new(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, new_enquiry);
}

const struct cli_command cmd_enquiry_new = {
    .name = "enquiry new",
    .args = "[--title TEXT] [TEXT... | -]",
    .summary = "Hand something to LTC that is no customer's request: a price, a solution",
    .details = "",
    .options = new_options,
    .rest_min = 0,
    .rest_max = CLI_REST_MANY,
    .run = run_new,
};

/* --- list and show -------------------------------------------------------------------------- */

enum { LIST_STATE, LIST_LIMIT, LIST_BEFORE };

static const struct cli_option list_options[] = {
    {"state",  "S",  "sent, accepted, answered, open or overdue"},
    {"limit",  "N",  "at most so many (default 50)"             },
    {"before", "N",  "only numbers below this one"              },
    {NULL,     NULL, NULL                                       },
};

static void print_rows(const json_t *page)
{
    struct buf out = {0};
    const json_t *row;
    size_t i;

    json_array_foreach(json_object_get(page, "enquiries"), i, row)
    {
        buf_printf(&out, "%s  %-8s  due %.10s  ", json_get_str(row, "enquiry"),
                   json_get_str(row, "state"), json_get_str(row, "due"));
        out_add_plain(&out, bytes_str(json_get_str(row, "title")));
        buf_add_u8(&out, '\n');
    }
    if (json_object_get(page, "next") != NULL)
        buf_printf(&out, "There are more: --before %llu\n",
                   (unsigned long long)json_get_u64(page, "next"));
    (void)out_print(&out);
    buf_release(&out);
}

static enum status list(struct cli_work *work, struct error *err)
{
    struct enquiry_filter filter = {.state = cli_value(work->cli, LIST_STATE)};
    json_t *page;
    enum status status;

    (void)cli_number(work->cli, LIST_LIMIT, 1, ENQUIRY_LIST_MAX, 50, &filter.limit);
    (void)cli_number(work->cli, LIST_BEFORE, 0, UINT32_MAX, 0, &filter.before);
    if ((status = enquiry_list(work->app, &work->who, &filter, &page, err)) != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(page);
        return AF_OK;
    }
    print_rows(page);
    json_decref(page);
    return AF_OK;
}

static int run_list(struct cli *cli)
{
    uint32_t ignored;

    if (!cli_number(cli, LIST_LIMIT, 1, ENQUIRY_LIST_MAX, 50, &ignored) ||
        !cli_number(cli, LIST_BEFORE, 0, UINT32_MAX, 0, &ignored))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, list);
}

const struct cli_command cmd_enquiry_list = {
    .name = "enquiry list",
    .args = "[--state S] [--limit N] [--before N]",
    .summary = "List what was handed to LTC, newest first",
    .details = "",
    .options = list_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_list,
};

static enum status show(struct cli_work *work, struct error *err)
{
    uint32_t no = 0;

    (void)enquiry_parse_no(bytes_str(work->cli->rest[0]), &no);
    return show_now(work, no, err);
}

static int run_show(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_READ, show) : CLI_USAGE;
}

const struct cli_command cmd_enquiry_show = {
    .name = "enquiry show",
    .args = "N",
    .summary = "Show an enquiry and its answer",
    .details = "",
    .options = NULL,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_show,
};

/* --- steps ---------------------------------------------------------------------------------- */

static enum status accept(struct cli_work *work, struct error *err)
{
    uint32_t no = 0;
    enum status status;

    (void)enquiry_parse_no(bytes_str(work->cli->rest[0]), &no);
    status = enquiry_accept(work->app, &work->who, no, err);
    return status == AF_OK ? show_now(work, no, err) : status;
}

static int run_accept(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, accept) : CLI_USAGE;
}

const struct cli_command cmd_enquiry_accept = {
    .name = "enquiry accept",
    .args = "N",
    .summary = "Say that LTC has taken it",
    .details = "",
    .options = NULL,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_accept,
};

static enum status answer(struct cli_work *work, struct error *err)
{
    struct buf text = {.ceiling = TICKET_TEXT_BYTES_MAX + 1};
    uint32_t no = 0;
    enum status status = input_text(work->cli, 1, &text, err);

    (void)enquiry_parse_no(bytes_str(work->cli->rest[0]), &no);
    if (status == AF_OK)
        status = enquiry_answer(work->app, &work->who, no, buf_bytes(&text), err);
    buf_release(&text);
    return status == AF_OK ? show_now(work, no, err) : status;
}

static int run_answer(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, answer) : CLI_USAGE;
}

const struct cli_command cmd_enquiry_answer = {
    .name = "enquiry answer",
    .args = "N TEXT... | -",
    .summary = "Give LTC's answer; it is also a reply on the ticket that it belongs to",
    .details = "",
    .options = NULL,
    .rest_min = 2,
    .rest_max = CLI_REST_MANY,
    .run = run_answer,
};
