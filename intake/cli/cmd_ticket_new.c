#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/desk/ticket.h"

#include <stdio.h>

enum {
    CONSULT,
    CLASS,
    SEVERITY,
    CHANNEL,
    TITLE,
    PRODUCT,
    LANG,
    NAME,
    MAIL,
    PHONE,
    COMPANY,
    REPORTED,
    SERIAL,
    OPENID,
    ACCOUNT,
    KEY,
    TYPE,
    FIELDS,
    INCOMPLETE
};

static const struct cli_option options[] = {
    {"consult",    "ID",   "the consult whose answers did not help"                              },
    {"class",      "C",    "technical (default), parts, non_technical or complaint"              },
    {"severity",   "S",    "S1 to S4 (default S3)"                                               },
    {"channel",    "C",    "web wechat app api phone mail rep audit (default api)"               },
    {"title",      "TEXT", "one line; the consult's question when there is one"                  },
    {"product",    "P",    "what it is about"                                                    },
    {"lang",       "L",    "of the person who asks"                                              },
    {"name",       "TEXT", "of the person who asks"                                              },
    {"mail",       "TEXT", "where to answer"                                                     },
    {"phone",      "TEXT", "where to call"                                                       },
    {"company",    "TEXT", "whom the person is from"                                             },
    {"reported",   "TIME", "when the customer said so (default: now); clocks begin there"        },
    {"serial",     "TEXT", "which one of the product it is about"                                },
    {"openid",     "ID",   "the person's name at WeChat"                                         },
    {"account",    "ID",   "the organisation, when the person is not known"                      },
    {"key",        "TEXT", "the same key again gives the same ticket, not a new one"             },
    {"type",       "T",    "the problem type"                                                    },
    {"fields",     "JSON", "what was filled in: {\"serial\": \"HG8-123456\"}; askfirst form show"},
    {"incomplete", NULL,   "what the form requires may be missing"                               },
    {NULL,         NULL,   NULL                                                                  },
};

static json_t *contact_of(const struct cli *cli)
{
    static const struct {
        unsigned option;
        const char *member;
    } parts[] = {
        {NAME,    "name"   },
        {MAIL,    "mail"   },
        {PHONE,   "phone"  },
        {COMPANY, "company"},
        {OPENID,  "openid" },
        {ACCOUNT, "account"}
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

static int show_opened(const struct cli *cli, const struct ticket_opened *opened)
{
    if (cli->json)
        return out_json(json_pack("{s:s,s:I,s:o}", "ticket", opened->name, "n",
                                  (json_int_t)opened->no, "follow_up_url",
                                  json_sprintf("/t/%s", opened->follow_up)));
    (void)printf("ticket %s\nThe customer follows it at /t/%s on the server's address.\n",
                 opened->name, opened->follow_up);
    return CLI_DONE;
}

static enum status open_ticket(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct buf text = {.ceiling = TICKET_TEXT_BYTES_MAX + 1};
    json_t *contact = contact_of(cli), *fields = NULL, *errors = NULL;
    struct ticket_opened opened;
    struct ticket_input input = {
        .consult_id = cli->values[CONSULT],
        .class = cli_value(cli, CLASS),
        .severity = cli_value(cli, SEVERITY),
        .channel = cli_given(cli, CHANNEL) ? cli_value(cli, CHANNEL) : BYTES_LIT("api"),
        .title = cli_value(cli, TITLE),
        .product = cli_value(cli, PRODUCT),
        .lang = cli_value(cli, LANG),
        .serial = cli_value(cli, SERIAL),
        .reported_at = cli_value(cli, REPORTED),
        .contact = contact,
        .key = cli->values[KEY],
        .type = cli_value(cli, TYPE),
        .is_incomplete = cli_given(cli, INCOMPLETE),
        .errors = &errors,
    };
    enum status status = contact != NULL ? input_text(cli, 0, &text, err)
                                         : error_set(err, AF_INVALID, "the contact is not UTF-8");

    input.text = buf_bytes(&text);
    if (status == AF_OK && cli_given(cli, FIELDS))
        status = json_parse(cli_value(cli, FIELDS), &fields, err);
    input.fields = fields;
    if (status == AF_OK)
        status = ticket_open(work->app, &work->who, &input, &opened, err);
    if (status == AF_OK)
        work->code = show_opened(cli, &opened);
    if (json_array_size(errors) > 1) /* one alone is the sentence */
        out_complaints(errors);
    json_decref(errors);
    json_decref(fields);
    json_decref(contact);
    buf_release(&text);
    return status;
}

static int run(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, open_ticket);
}

const struct cli_command cmd_ticket_new = {
    .name = "ticket new",
    .args = "[--consult ID] [--title TEXT] [TEXT... | -]",
    .summary = "Open a ticket; on self-service channels only after a consult that did not help",
    .details = "The words are what the person says; with - they are read from standard input.\n",
    .options = options,
    .rest_min = 0,
    .rest_max = CLI_REST_MANY,
    .run = run,
};
