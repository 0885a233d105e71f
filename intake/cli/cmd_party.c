#include "intake/cli/commands.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/cli/out.h"
#include "intake/cli/party_print.h"
#include "intake/party/entitlement.h"
#include "intake/party/party.h"
#include "intake/party/party_past.h"

#include <stdio.h>

/* --- show ---------------------------------------------------------------------------------- */

#define SHOWN_PAST 10 /* newest tickets, consults and enquiries beside a contact */

static enum status past_of(struct cli_work *work, enum party_kind kind, const char *id,
                           json_t *record, struct error *err)
{
    const struct party_past_filter filter = {.owner = kind, .id = id, .limit = SHOWN_PAST};
    json_t *past;
    bool ok = true;
    enum status status = party_past(work->app, &work->who, &filter, &past, err);

    if (status != AF_OK)
        return status;
    json_put(record, "history", json_incref(json_object_get(past, "history")), &ok);
    json_decref(past);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a history");
}

/* Ids are each kind's own, so that one may be a contact's and an account's. */
static enum status show(struct cli_work *work, struct error *err)
{
    const char *id = work->cli->rest[0];
    json_t *list = json_array();
    bool is_found = false;
    enum status status = AF_OK;

    for (unsigned kind = 0; kind < PARTY_KINDS && status == AF_OK; kind++) {
        json_t *record;

        status = party_get(work->app, &work->who, (enum party_kind)kind, id, &record, err);
        if (status == AF_NOT_FOUND) {
            status = AF_OK;
            continue;
        }
        if (status == AF_OK && kind != PARTY_ENTITLEMENT)
            status = past_of(work, (enum party_kind)kind, id, record, err);
        if (status != AF_OK)
            break;
        is_found = true;
        if (!work->cli->json)
            party_print((enum party_kind)kind, record);
        (void)json_array_append_new(
            list, json_pack("{s:o}", party_kind_name((enum party_kind)kind), record));
    }
    if (status == AF_OK && !is_found)
        status =
            error_set(err, AF_NOT_FOUND, "there is no account, contact or entitlement %.64s", id);
    if (status == AF_OK && work->cli->json)
        work->code = out_json(json_incref(list));
    json_decref(list);
    return status;
}

static int run_show(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, show);
}

const struct cli_command cmd_party_show = {
    .name = "party show",
    .args = "ID",
    .summary = "Show an account, contact or entitlement, and what was asked before",
    .details = "",
    .options = NULL,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_show,
};

/* --- list ---------------------------------------------------------------------------------- */

enum { LIST_KIND, LIST_ACCOUNT, LIST_LIMIT, LIST_AFTER };

static const struct cli_option list_options[] = {
    {"kind",    "K",  "account, contact (default) or entitlement"   },
    {"account", "ID", "only this account's contacts or entitlements"},
    {"limit",   "N",  "at most so many (default 50)"                },
    {"after",   "ID", "go on behind this one"                       },
    {NULL,      NULL, NULL                                          },
};

static bool take_filter(const struct cli *cli, struct party_filter *filter)
{
    *filter = (struct party_filter){.kind = PARTY_CONTACT,
                                    .owner = cli_value(cli, LIST_ACCOUNT),
                                    .after = cli_value(cli, LIST_AFTER)};
    if (cli_given(cli, LIST_KIND) && !party_kind_parse(cli_value(cli, LIST_KIND), &filter->kind)) {
        (void)cli_usage(cli, "--kind is account, contact or entitlement");
        return false;
    }
    return cli_number(cli, LIST_LIMIT, 1, PARTY_LIST_MAX, 50, &filter->limit);
}

static enum status list(struct cli_work *work, struct error *err)
{
    struct party_filter filter;
    const json_t *record;
    const char *name;
    json_t *page, *rows;
    size_t i;
    enum status status;

    (void)take_filter(work->cli, &filter);
    if ((status = party_list(work->app, &work->who, &filter, &page, err)) != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(page);
        return AF_OK;
    }
    json_object_foreach(page, name, rows)
    {
        json_array_foreach(rows, i, record)
        {
            party_print_line(filter.kind, record);
        }
    }
    if (json_get_str(page, "next")[0] != '\0')
        (void)printf("There are more: --after '%s'\n", json_get_str(page, "next"));
    json_decref(page);
    return AF_OK;
}

static int run_list(struct cli *cli)
{
    struct party_filter filter;

    return take_filter(cli, &filter) ? cli_with_app(cli, APP_READ, list) : CLI_USAGE;
}

const struct cli_command cmd_party_list = {
    .name = "party list",
    .args = "[--kind K] [--account ID] [--limit N] [--after ID]",
    .summary = "List contacts, accounts or entitlements by their ids",
    .details = "",
    .options = list_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_list,
};

/* --- find ---------------------------------------------------------------------------------- */

/* The words are tried as each kind of identity. */
static json_t *as_contact(const char *text)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s}", "openid", text, "appid", text, "mail", text, "phone",
                     text, "account", text);
}

static enum status find(struct cli_work *work, struct error *err)
{
    struct buf text = {0};
    json_t *given, *found;
    enum status status;

    cli_join_rest(work->cli, 0, &text);
    given = as_contact(buf_str(&text));
    buf_release(&text);
    if (given == NULL)
        return error_set(err, AF_INVALID, "what is looked for is not UTF-8 text");
    status = party_who(work->app, &work->who, given, &found, err);
    json_decref(given);
    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(found);
        return AF_OK;
    }
    if (json_object_get(found, "contact") != NULL)
        party_print(PARTY_CONTACT, json_object_get(found, "contact"));
    if (json_object_get(found, "account") != NULL)
        party_print(PARTY_ACCOUNT, json_object_get(found, "account"));
    json_decref(found);
    return AF_OK;
}

static int run_find(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, find);
}

const struct cli_command cmd_party_find = {
    .name = "party find",
    .args = "PHONE|MAIL|OPENID|APPID",
    .summary = "Find who is known by a phone number, an address, a name at WeChat or in an app",
    .details = "Exactly, however it is written: 138 0013 8000 is +86-13800138000. A mail address\n"
               "that is nobody's finds the account whose domain it has.\n",
    .options = NULL,
    .rest_min = 1,
    .rest_max = CLI_REST_MANY,
    .run = run_find,
};

/* --- merge --------------------------------------------------------------------------------- */

static enum status merge(struct cli_work *work, struct error *err)
{
    const char *from = work->cli->rest[0], *into = work->cli->rest[1];
    enum status status = party_merge(work->app, &work->who, from, into, err);

    if (status == AF_OK && work->cli->json)
        work->code = out_json(json_pack("{s:s}", "id", into));
    else if (status == AF_OK)
        (void)printf("Contact %s is part of %s now.\n", from, into);
    return status;
}

static int run_merge(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, merge);
}

const struct cli_command cmd_party_merge = {
    .name = "party merge",
    .args = "FROM INTO",
    .summary = "Make two contacts one: identities and what was asked before go to the second",
    .details = "",
    .options = NULL,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_merge,
};

/* --- entitlement ---------------------------------------------------------------------------- */

enum { OF_CONTACT, OF_ACCOUNT, OF_PRODUCT, OF_SERIAL, OF_AT };

static const struct cli_option entitled_options[] = {
    {"contact", "ID",   "who asks"                                 },
    {"account", "ID",   "for whom; his account when it is left out"},
    {"product", "P",    "what it is about"                         },
    {"serial",  "TEXT", "which one of it"                          },
    {"at",      "TIME", "when (default: now)"                      },
    {NULL,      NULL,   NULL                                       },
};

static enum status entitled(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    struct entitlement_question question = {.contact = cli->values[OF_CONTACT],
                                            .account = cli->values[OF_ACCOUNT],
                                            .product = cli->values[OF_PRODUCT],
                                            .serial = cli->values[OF_SERIAL],
                                            .at_ms = clock_now_ms()};
    json_t *verdict;
    enum status status;

    if (cli_given(cli, OF_AT) && !clock_parse(cli_value(cli, OF_AT), &question.at_ms))
        return error_set(err, AF_INVALID, "--at is a time like 2026-11-23T09:00:00+08:00");
    if ((status = party_entitled(work->app, &work->who, &question, &verdict, err)) != AF_OK)
        return status;
    if (cli->json) {
        work->code = out_json(verdict);
        return AF_OK;
    }
    (void)printf("%s, level %s: %s\n", json_get_str(verdict, "result"),
                 json_get_str(verdict, "level"), json_get_str(verdict, "why"));
    json_decref(verdict);
    return AF_OK;
}

static int run_entitled(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, entitled);
}

const struct cli_command cmd_party_entitled = {
    .name = "party entitled",
    .args = "[--contact ID] [--account ID] [--product P] [--serial TEXT] [--at TIME]",
    .summary = "Say what service somebody may expect for a product, and by which contract",
    .details = "standard: it is covered. none: it ended, or is for other things; an outage is\n"
               "restored all the same. no_data: nothing is known of any; best effort.\n",
    .options = entitled_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_entitled,
};
