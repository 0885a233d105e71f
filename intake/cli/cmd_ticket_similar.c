/* What is like a ticket, what is proposed for one, and how good proposals were. */
#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/desk/ticket_accuracy.h"
#include "intake/desk/ticket_propose.h"
#include "intake/desk/ticket_similar.h"
#include "intake/ticket/ticket_proposed.h"

/* --- similar ------------------------------------------------------------------------------ */

enum { SIMILAR_TITLE, SIMILAR_TEXT, SIMILAR_PRODUCT, SIMILAR_MAIL, SIMILAR_PHONE, SIMILAR_LIMIT };

static const struct cli_option similar_options[] = {
    {"title",   "TEXT", "of a ticket that is not saved yet"         },
    {"text",    "TEXT", "and what else it says"                     },
    {"product", "P",    "what it is about"                          },
    {"mail",    "TEXT", "of the person who asks"                    },
    {"phone",   "TEXT", "where he is called"                        },
    {"limit",   "N",    "how many of each list at most (default 10)"},
    {NULL,      NULL,   NULL                                        },
};

static void add_resolved(struct buf *out, const json_t *resolved)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(resolved, "cases"), i, item)
    {
        buf_add_str(out, "      by ");
        out_add_plain(out, bytes_str(json_get_str(item, "case")));
        buf_add_str(out, "  ");
        out_add_plain(out, bytes_str(json_get_str(item, "title")));
        buf_add_u8(out, '\n');
    }
    if (json_get_str(resolved, "reply")[0] != '\0') {
        buf_add_str(out, "      said ");
        out_add_plain(out, bytes_str(json_get_str(resolved, "reply")));
        buf_add_u8(out, '\n');
    }
}

static void add_rows(struct buf *out, const json_t *rows)
{
    const json_t *row, *same;
    size_t i, j;

    json_array_foreach(rows, i, row)
    {
        buf_printf(out, "  %s  %-16s  %s  ", json_get_str(row, "ticket"),
                   json_get_str(row, "state"), json_get_str(row, "severity"));
        out_add_plain(out, bytes_str(json_get_str(row, "title")));
        json_array_foreach(json_object_get(row, "same"), j, same)
        {
            buf_printf(out, "%s%s", j == 0 ? "  (same " : ", ", json_string_value(same));
        }
        buf_add_str(out, j > 0 ? ")\n" : "\n");
        add_resolved(out, json_object_get(row, "resolved"));
    }
}

static void print_similar(const json_t *similar)
{
    struct buf out = {0};

    if (json_array_size(json_object_get(similar, "own")) > 0) {
        buf_add_str(&out, "open, of the same customer\n");
        add_rows(&out, json_object_get(similar, "own"));
    }
    if (json_get_u64(similar, "others_90_days") > 0) {
        buf_printf(&out, "of others: %llu in 7 days, %llu in %d\n",
                   (unsigned long long)json_get_u64(similar, "others_7_days"),
                   (unsigned long long)json_get_u64(similar, "others_90_days"), TICKET_LIKE_DAYS);
        add_rows(&out, json_object_get(similar, "others"));
    }
    if (json_array_size(json_object_get(similar, "solved")) > 0) {
        buf_add_str(&out, "solved\n");
        add_rows(&out, json_object_get(similar, "solved"));
    }
    if (out.len == 0)
        buf_add_str(&out, "No ticket is like it.\n");
    (void)out_print(&out);
    buf_release(&out);
}

/* The ticket that is described, as a record would say it. */
static json_t *described(const struct cli *cli)
{
    return json_pack("{s:o,s:o,s:o,s:{s:o,s:o}}", "title",
                     json_from_bytes(cli_value(cli, SIMILAR_TITLE)), "text",
                     json_from_bytes(cli_value(cli, SIMILAR_TEXT)), "product",
                     json_from_bytes(cli_value(cli, SIMILAR_PRODUCT)), "contact", "mail",
                     json_from_bytes(cli_value(cli, SIMILAR_MAIL)), "phone",
                     json_from_bytes(cli_value(cli, SIMILAR_PHONE)));
}

static enum status find_similar(struct cli_work *work, uint32_t limit, json_t **similar,
                                struct error *err)
{
    const struct cli *cli = work->cli;
    json_t *ticket;
    uint32_t no;
    enum status status;

    if (cli->rest_count > 0 && ticket_parse_no(bytes_str(cli->rest[0]), &no))
        return ticket_similar_to(work->app, &work->who, no, limit, similar, err);
    if ((ticket = described(cli)) == NULL)
        return error_set(err, AF_INVALID, "what is said of the ticket is not UTF-8");
    status = ticket_similar(work->app, &work->who, ticket, limit, similar, err);
    json_decref(ticket);
    return status;
}

static enum status similar(struct cli_work *work, struct error *err)
{
    json_t *found;
    uint32_t limit;
    enum status status;

    (void)cli_number(work->cli, SIMILAR_LIMIT, 1, TICKET_LIKE_MAX, HITS_DEFAULT, &limit);
    status = find_similar(work, limit, &found, err);
    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(found);
        return AF_OK;
    }
    print_similar(found);
    json_decref(found);
    return AF_OK;
}

static int run_similar(struct cli *cli)
{
    uint32_t number;

    if (cli->rest_count > 0 && !ticket_parse_no(bytes_str(cli->rest[0]), &number))
        return cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012",
                         cli->rest[0]);
    if (cli->rest_count == 0 && !cli_given(cli, SIMILAR_TITLE))
        return cli_usage(cli, "a ticket's number is needed, or --title");
    if (!cli_number(cli, SIMILAR_LIMIT, 1, TICKET_LIKE_MAX, HITS_DEFAULT, &number))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, similar);
}

const struct cli_command cmd_ticket_similar = {
    .name = "ticket similar",
    .args = "N | --title TEXT [--text TEXT] [--product P] [--mail M] [--phone N]",
    .summary = "Find tickets like one: of the same customer, of others, and solved ones",
    .details =
        "Of others: about the same product, in the last 90 days: many at once are one fault.\n",
    .options = similar_options,
    .rest_min = 0,
    .rest_max = 1,
    .run = run_similar,
};

/* --- propose ------------------------------------------------------------------------------ */

enum { PROPOSE_TITLE, PROPOSE_PRODUCT };

static const struct cli_option propose_options[] = {
    {"title",   "TEXT", "one line of what is wrong"       },
    {"product", "P",    "when it is known: only like ones"},
    {NULL,      NULL,   NULL                              },
};

static void add_from(struct buf *out, const json_t *from)
{
    const json_t *item;
    size_t i;

    json_array_foreach(from, i, item)
    {
        bool is_ticket = json_object_get(item, "ticket") != NULL;

        buf_printf(out, "            %s ", is_ticket ? "ticket" : "case");
        out_add_plain(out, bytes_str(json_get_str(item, is_ticket ? "ticket" : "case")));
        buf_add_str(out, "  ");
        out_add_plain(out, bytes_str(json_get_str(item, "title")));
        buf_add_u8(out, '\n');
    }
}

static void print_proposals(const json_t *proposals)
{
    struct buf out = {0};

    for (size_t i = 0; i < TICKET_PROPOSED_PARTS; i++) {
        const json_t *proposal = json_object_get(proposals, ticket_proposed_parts[i]);

        if (proposal == NULL)
            continue;
        buf_printf(&out, "%-10s  ", ticket_proposed_parts[i]);
        out_add_plain(&out, bytes_str(json_get_str(proposal, "value")));
        buf_printf(&out, "  %.0f %%%s\n",
                   100 * json_number_value(json_object_get(proposal, "share")),
                   json_get_bool(proposal, "sure") ? ", sure" : "");
        add_from(&out, json_object_get(proposal, "from"));
    }
    if (out.len == 0)
        buf_add_str(&out, "Nothing is like it: there is nothing to propose.\n");
    (void)out_print(&out);
    buf_release(&out);
}

static enum status propose_for(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct buf text = {.ceiling = TICKET_TEXT_BYTES_MAX + 1};
    struct ticket_words words = {.title = cli_value(cli, PROPOSE_TITLE),
                                 .product = cli_value(cli, PROPOSE_PRODUCT)};
    json_t *proposals = NULL;
    enum status status = input_text(cli, 0, &text, err);

    words.text = buf_bytes(&text);
    if (status == AF_OK)
        status = ticket_propose(work->app, &work->who, &words, &proposals, err);
    if (status == AF_OK && cli->json)
        work->code = out_json(json_incref(proposals));
    else if (status == AF_OK)
        print_proposals(proposals);
    json_decref(proposals);
    buf_release(&text);
    return status;
}

static int run_propose(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, propose_for);
}

const struct cli_command cmd_ticket_propose = {
    .name = "ticket propose",
    .args = "[--title TEXT] [--product P] [TEXT... | -]",
    .summary = "Propose product, problem type and severity, by the cases and tickets alike",
    .details = "Nothing is changed. The share is that of the 20 nearest with a vote, the near ones "
               "first.\n",
    .options = propose_options,
    .rest_min = 0,
    .rest_max = CLI_REST_MANY,
    .run = run_propose,
};

/* --- accuracy ----------------------------------------------------------------------------- */

enum { ACCURACY_SINCE };

static const struct cli_option accuracy_options[] = {
    {"days", "N",  "of tickets opened in so many days (default 90)"},
    {NULL,   NULL, NULL                                            },
};

static void add_share(struct buf *out, const json_t *part, const char *of, const char *all)
{
    uint64_t n = json_get_u64(part, of), base = json_get_u64(part, all);

    if (base == 0)
        buf_add_str(out, "             -");
    else
        buf_printf(out, "  %5llu  %3.0f %%", (unsigned long long)n, 100 * (double)n / (double)base);
}

static void print_accuracy(const json_t *report)
{
    struct buf out = {0};

    buf_printf(&out, "tickets since %s with proposals: %llu\n", json_get_str(report, "since"),
               (unsigned long long)json_get_u64(report, "tickets"));
    buf_add_str(&out, "            proposed          kept  closed         right\n");
    for (size_t i = 0; i < TICKET_PROPOSED_PARTS; i++) {
        const json_t *part = json_object_get(report, ticket_proposed_parts[i]);

        buf_printf(&out, "%-10s  %8llu", ticket_proposed_parts[i],
                   (unsigned long long)json_get_u64(part, "proposed"));
        add_share(&out, part, "kept", "proposed");
        buf_printf(&out, "  %6llu", (unsigned long long)json_get_u64(part, "closed"));
        add_share(&out, part, "right", "closed");
        buf_add_u8(&out, '\n');
    }
    (void)out_print(&out);
    buf_release(&out);
}

static enum status accuracy(struct cli_work *work, struct error *err)
{
    json_t *report;
    uint32_t days;
    enum status status;

    (void)cli_number(work->cli, ACCURACY_SINCE, 1, ACCURACY_DAYS_MAX, ACCURACY_DAYS, &days);
    status = ticket_accuracy(work->app, &work->who, days, &report, err);
    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(report);
        return AF_OK;
    }
    print_accuracy(report);
    json_decref(report);
    return AF_OK;
}

static int run_accuracy(struct cli *cli)
{
    uint32_t days;

    if (!cli_number(cli, ACCURACY_SINCE, 1, ACCURACY_DAYS_MAX, ACCURACY_DAYS, &days))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, accuracy);
}

const struct cli_command cmd_ticket_accuracy = {
    .name = "ticket accuracy",
    .args = "[--days N]",
    .summary = "How often proposals were kept when tickets were opened, and right when closed",
    .details = "",
    .options = accuracy_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_accuracy,
};
