#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/form/form_json.h"

#include <stdio.h>

/* --- show ---------------------------------------------------------------------------------- */

enum { CLASS, PRODUCT, TYPE, LANG };

static const struct cli_option show_options[] = {
    {"class",   "C",  "technical (default), parts, non_technical or complaint"},
    {"product", "P",  "the product"                                           },
    {"type",    "T",  "the problem type"                                      },
    {"lang",    "L",  "in whose words (default en)"                           },
    {NULL,      NULL, NULL                                                    },
};

static void add_when(struct buf *out, const json_t *field)
{
    const json_t *when = json_object_get(field, "when"), *value;
    size_t i;

    if (when == NULL)
        return;
    buf_printf(out, ", when %s is ", json_get_str(when, "field"));
    json_array_foreach(json_object_get(when, "is"), i, value)
    {
        buf_printf(out, "%s%s", i > 0 ? " or " : "", json_string_value(value));
    }
}

static void add_field(struct buf *out, const json_t *field)
{
    const json_t *choice;
    size_t i;

    buf_printf(out, "  %-16s %-8s ", json_get_str(field, "id"), json_get_str(field, "kind"));
    out_add_plain(out, bytes_str(json_get_str(field, "label")));
    if (json_get_bool(field, "required"))
        buf_add_str(out, ", required");
    add_when(out, field);
    buf_add_u8(out, '\n');
    json_array_foreach(json_object_get(field, "choices"), i, choice)
    {
        buf_printf(out, "    %-23s ", json_get_str(choice, "id"));
        out_add_plain(out, bytes_str(json_get_str(choice, "label")));
        buf_add_u8(out, '\n');
    }
}

static void print_form(const json_t *form)
{
    const json_t *field;
    struct buf out = {0};
    size_t i;

    buf_printf(&out, "%s, version %u\n", json_get_str(form, "id"),
               (unsigned)json_get_u64(form, "version"));
    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        add_field(&out, field);
    }
    if (i == 0)
        buf_add_str(&out, "  It asks nothing beside title and text.\n");
    (void)out_print(&out);
    buf_release(&out);
}

static enum status show(struct cli_work *work, struct error *err)
{
    const struct cli *cli = work->cli;
    const struct form_question question = {cli_given(cli, CLASS) ? cli->values[CLASS] : "technical",
                                           cli->values[PRODUCT], cli->values[TYPE]};
    struct rules rules;
    json_t *json;
    enum status status = rules_load_now(work->app, &rules, err);

    if (status != AF_OK)
        return status;
    json =
        form_json(&rules, &question, cli_given(cli, LANG) ? cli_value(cli, LANG) : BYTES_LIT("en"));
    rules_release(&rules);
    if (json == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a form");
    if (cli->json) {
        work->code = out_json(json);
        return AF_OK;
    }
    print_form(json_object_get(json, "form"));
    json_decref(json);
    return AF_OK;
}

static int run_show(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, show);
}

const struct cli_command cmd_form_show = {
    .name = "form show",
    .args = "[--class C] [--product P] [--type T] [--lang L]",
    .summary = "Show which form a ticket is asked with, as its reader sees it",
    .details = "The most specific form decides: product before line, then type, the type's\n"
               "parent, class. With --json also severities, types and products.\n",
    .options = show_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_show,
};

/* --- check --------------------------------------------------------------------------------- */

static enum status check(struct cli_work *work, struct error *err)
{
    json_t *doc = NULL, *complaints = NULL;
    struct buf text = {0};
    enum status status = input_file(work->cli->rest[0], RULES_BYTES_MAX, &text, err);

    if (status == AF_OK)
        status = json_parse(buf_bytes(&text), &doc, err);
    if (status == AF_OK)
        status = rules_try(work->app, RULES_FORMS, doc, &complaints, err);
    if (json_array_size(complaints) > 1) /* one alone is the sentence */
        out_complaints(complaints);
    if (status == AF_OK && work->cli->json)
        work->code = out_json(json_pack("{s:b}", "sound", 1));
    else if (status == AF_OK)
        (void)printf("%zu forms, sound.\n", json_array_size(json_object_get(doc, "forms")));
    json_decref(complaints);
    json_decref(doc);
    buf_release(&text);
    return status;
}

static int run_check(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, check);
}

const struct cli_command cmd_form_check = {
    .name = "form check",
    .args = "FILE",
    .summary = "Say what is wrong with a document of forms; - is standard input",
    .details = "It is held against the other documents as rules set would; nothing is changed.\n",
    .options = NULL,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_check,
};
