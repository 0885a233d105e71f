#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/out.h"
#include "intake/desk/ticket_fields.h"
#include "intake/form/field_text.h"
#include "intake/rules/names.h"

#include <stdio.h>

static bool take_no(const struct cli *cli, uint32_t *no)
{
    if (ticket_parse_no(bytes_str(cli->rest[0]), no))
        return true;
    (void)cli_usage(cli, "%s is not a ticket's number like 12 or AF-2026-000012", cli->rest[0]);
    return false;
}

void ticket_form_add_plain(const json_t *ticket, struct buf *out)
{
    const struct bytes en = BYTES_LIT("en");
    const json_t *values = json_object_get(ticket, "fields"), *field, *missing;
    size_t i;

    json_array_foreach(json_object_get(json_object_get(ticket, "form"), "fields"), i, field)
    {
        const json_t *value = json_object_get(values, json_get_str(field, "id"));
        struct buf text = {0};

        if (value == NULL)
            continue;
        field_text_add(field, value, en, &text);
        out_add_plain(out, bytes_str(rules_name_in(json_object_get(field, "label"), en)));
        buf_add_str(out, ": ");
        out_add_plain(out, buf_bytes(&text));
        buf_add_u8(out, '\n');
        buf_release(&text);
    }
    json_array_foreach(json_object_get(ticket, "missing"), i, missing)
    {
        buf_add_str(out, i == 0 ? "missing     " : ", ");
        out_add_plain(out, bytes_str(json_string_value(missing)));
    }
    if (i > 0)
        buf_add_u8(out, '\n');
}

/* --- classify ------------------------------------------------------------------------------ */

enum { PRODUCT, TYPE, CLASS, REASON };

static const struct cli_option classify_options[] = {
    {"product", "P",    "what it is about"                            },
    {"type",    "T",    "the problem type"                            },
    {"class",   "C",    "technical, parts, non_technical or complaint"},
    {"reason",  "TEXT", "why; kept in the history"                    },
    {NULL,      NULL,   NULL                                          },
};

static struct bytes given(const struct cli *cli, unsigned option)
{
    return cli_given(cli, option) ? bytes_str(cli->values[option]) : BYTES_NONE;
}

static enum status classify(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    const struct ticket_class class = {given(cli, PRODUCT), given(cli, TYPE), given(cli, CLASS),
                                       given(cli, REASON)};
    json_t *proposed;
    struct buf out = {0};
    uint32_t no = 0;
    enum status status;

    (void)take_no(cli, &no);
    if ((status = ticket_classify(work->app, &work->who, no, &class, &proposed, err)) != AF_OK)
        return status;
    if (cli->json) {
        work->code = out_json(json_pack("{s:o}", "proposed", proposed));
        return AF_OK;
    }
    buf_add_str(&out, "routing would give it to group ");
    out_add_plain(&out, bytes_str(json_get_str(proposed, "group")));
    if (json_get_str(proposed, "rule")[0] != '\0') {
        buf_add_str(&out, ", by rule ");
        out_add_plain(&out, bytes_str(json_get_str(proposed, "rule")));
    }
    buf_add_u8(&out, '\n');
    (void)out_print(&out);
    buf_release(&out);
    json_decref(proposed);
    return AF_OK;
}

static int run_classify(struct cli *cli)
{
    uint32_t no;

    if (!take_no(cli, &no))
        return CLI_USAGE;
    if (!cli_given(cli, PRODUCT) && !cli_given(cli, TYPE) && !cli_given(cli, CLASS))
        return cli_usage(cli, "say --product, --type or --class");
    return cli_with_app(cli, APP_WRITE, classify);
}

const struct cli_command cmd_ticket_classify = {
    .name = "ticket classify",
    .args = "N [--product P] [--type T] [--class C] [--reason TEXT]",
    .summary = "Say what a ticket is about; clocks and group stay as they are",
    .details = "Prints which group routing would give it to now.\n",
    .options = classify_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_classify,
};

/* --- fields -------------------------------------------------------------------------------- */

enum { INCOMPLETE };

static const struct cli_option fields_options[] = {
    {"incomplete", NULL, "what the form requires may be missing"},
    {NULL,         NULL, NULL                                   },
};

static enum status fields(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    json_t *values = NULL, *errors = NULL;
    uint32_t no = 0;
    enum status status = json_parse(bytes_str(cli->rest[1]), &values, err);

    (void)take_no(cli, &no);
    if (status == AF_OK)
        status = ticket_set_fields(work->app, &work->who, no, values, cli_given(cli, INCOMPLETE),
                                   &errors, err);
    if (json_array_size(errors) > 1)
        out_complaints(errors);
    json_decref(errors);
    json_decref(values);
    if (status == AF_OK)
        (void)printf("kept.\n");
    return status;
}

static int run_fields(struct cli *cli)
{
    uint32_t no;

    return take_no(cli, &no) ? cli_with_app(cli, APP_WRITE, fields) : CLI_USAGE;
}

const struct cli_command cmd_ticket_fields = {
    .name = "ticket fields",
    .args = "N JSON [--incomplete]",
    .summary = "Fill in a ticket's form: {\"serial\": \"HG8-123456\"}; null takes a value away",
    .details = "The form is the one for its product, problem type and class as they are now:\n"
               "askfirst form show. Values that are there stay.\n",
    .options = fields_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_fields,
};
