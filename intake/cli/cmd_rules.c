#include "intake/cli/commands.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/clock/ical.h"
#include "intake/rules/rules.h"

#include <stdio.h>

static bool take_kind(const struct cli *cli, enum rules_kind *kind)
{
    struct buf names = {0};

    if (rules_parse(bytes_str(cli->rest[0]), kind))
        return true;
    for (unsigned i = 0; i < RULES_KINDS; i++)
        buf_printf(&names, "%s%s", i > 0 ? ", " : "", rules_name((enum rules_kind)i));
    (void)cli_usage(cli, "%s is none of %.*s", cli->rest[0], (int)names.len,
                    (const char *)names.data);
    buf_release(&names);
    return false;
}

/* --- show ---------------------------------------------------------------------------------- */

static enum status list_all(struct cli_work *work, struct error *err)
{
    json_t *list = json_array();
    enum status status = AF_OK;

    for (unsigned kind = 0; kind < RULES_KINDS && status == AF_OK; kind++) {
        json_t *json;

        if ((status = rules_get(work->app, (enum rules_kind)kind, &json, err)) != AF_OK)
            break;
        if (!work->cli->json)
            (void)printf("%-12s version %u%s\n", json_get_str(json, "name"),
                         (unsigned)json_get_u64(json, "version"),
                         json_get_u64(json, "version") == 0 ? ", as shipped" : "");
        (void)json_object_del(json, "doc");
        if (json_array_append_new(list, json) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for a list of documents");
    }
    if (status == AF_OK && work->cli->json)
        work->code = out_json(json_incref(list));
    json_decref(list);
    return status;
}

/* As it would be set again: indented, and nothing but the document. */
static enum status print_doc(const json_t *json, struct error *err)
{
    char *text = json_dumps(json_object_get(json, "doc"), JSON_INDENT(2));
    struct buf out = {0};

    if (text == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to print a document");
    buf_add_str(&out, text);
    buf_add_u8(&out, '\n');
    free(text);
    (void)out_print(&out);
    buf_release(&out);
    return AF_OK;
}

static enum status show(struct cli_work *work, struct error *err)
{
    enum rules_kind kind;
    json_t *json;
    enum status status;

    if (work->cli->rest_count == 0)
        return list_all(work, err);
    (void)rules_parse(bytes_str(work->cli->rest[0]), &kind);
    if ((status = rules_get(work->app, kind, &json, err)) != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(json);
        return AF_OK;
    }
    status = print_doc(json, err);
    json_decref(json);
    return status;
}

static int run_show(struct cli *cli)
{
    enum rules_kind kind;

    if (cli->rest_count > 0 && !take_kind(cli, &kind))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, show);
}

const struct cli_command cmd_rules_show = {
    .name = "rules show",
    .args = "[NAME]",
    .summary = "Print a document of rules (or which there are): JSON, ready to be edited",
    .details = "NAME: one that rules show lists.\n",
    .options = NULL,
    .rest_min = 0,
    .rest_max = 1,
    .run = run_show,
};

/* --- set ----------------------------------------------------------------------------------- */

enum { SET_IF_VERSION };

static const struct cli_option set_options[] = {
    {"if-version", "N",  "only when this is the version that is replaced"},
    {NULL,         NULL, NULL                                            },
};

static enum status set_doc(struct cli_work *work, enum rules_kind kind, const json_t *doc,
                           int64_t if_version, struct error *err)
{
    json_t *complaints;
    uint32_t version;
    enum status status =
        rules_set(work->app, &work->who, kind, doc, if_version, &version, &complaints, err);

    if (json_array_size(complaints) > 1) /* one alone is the sentence */
        out_complaints(complaints);
    json_decref(complaints);
    if (status != AF_OK)
        return status;
    if (work->cli->json)
        work->code = out_json(json_pack("{s:I}", "version", (json_int_t)version));
    else
        (void)printf("%s: version %u.\n", rules_name(kind), version);
    return AF_OK;
}

static enum status set(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct buf text = {0};
    enum rules_kind kind;
    uint32_t wanted;
    json_t *doc = NULL;
    enum status status = input_file(cli->rest[1], RULES_BYTES_MAX, &text, err);

    (void)rules_parse(bytes_str(cli->rest[0]), &kind);
    (void)cli_number(cli, SET_IF_VERSION, 0, UINT32_MAX, 0, &wanted);
    if (status == AF_OK)
        status = json_parse(buf_bytes(&text), &doc, err);
    if (status == AF_OK)
        status = set_doc(work, kind, doc,
                         cli_given(cli, SET_IF_VERSION) ? (int64_t)wanted : RULES_ANY_VERSION, err);
    json_decref(doc);
    buf_release(&text);
    return status;
}

static int run_set(struct cli *cli)
{
    enum rules_kind kind;
    uint32_t version;

    if (!take_kind(cli, &kind) || !cli_number(cli, SET_IF_VERSION, 0, UINT32_MAX, 0, &version))
        return CLI_USAGE;
    return cli_with_app(cli, APP_WRITE, set);
}

const struct cli_command cmd_rules_set = {
    .name = "rules set",
    .args = "NAME FILE [--if-version N]",
    .summary = "Replace a document of rules; - is standard input",
    .details = "It is checked with the others, since they name one another; every fault is told\n"
               "with its place, and nothing is changed when there is one.\n",
    .options = set_options,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_set,
};

/* --- holidays ------------------------------------------------------------------------------ */

static json_t *find_calendar(json_t *doc, const char *name)
{
    json_t *item;
    size_t i;

    json_array_foreach(json_object_get(doc, "calendars"), i, item)
    {
        if (strcmp(json_get_str(item, "name"), name) == 0)
            return item;
    }
    return NULL;
}

/* Repeating holidays are written out for this year and the two after it. */
static enum status read_days(const char *path, struct ical_days *days, struct error *err)
{
    struct buf text = {0};
    char now[CLOCK_TEXT_BYTES];
    int year;
    enum status status = input_file(path, ICAL_BYTES_MAX, &text, err);

    clock_format(clock_now_ms(), now);
    year = (now[0] - '0') * 1000 + (now[1] - '0') * 100 + (now[2] - '0') * 10 + (now[3] - '0');
    if (status == AF_OK)
        status = ical_read(buf_bytes(&text), year, year + 2, days, err);
    buf_release(&text);
    return status;
}

static enum status holidays(struct cli_work *work, struct error *err)
{
    const char *name = work->cli->rest[0];
    struct ical_days days;
    json_t *json, *copy, *calendar;
    enum status status = rules_get(work->app, RULES_CALENDARS, &json, err);

    if (status != AF_OK)
        return status;
    copy = json_deep_copy(json_object_get(json, "doc"));
    calendar = find_calendar(copy, name);
    if (copy == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a calendar");
    else if (calendar == NULL)
        status = error_set(err, AF_NOT_FOUND, "there is no calendar %.60s", name);
    if (status == AF_OK && (status = read_days(work->cli->rest[1], &days, err)) == AF_OK) {
        if (!ical_merge(calendar, &days))
            status = error_set(err, AF_NO_MEMORY, "no memory for a calendar");
        if (status == AF_OK && !work->cli->json)
            (void)printf(
                "%zu entries of days off, %zu worked days, %u events with times left out\n",
                json_array_size(days.closed), json_array_size(days.open), days.ignored);
        json_decref(days.closed);
        json_decref(days.open);
    }
    if (status == AF_OK)
        status = set_doc(work, RULES_CALENDARS, copy, (int64_t)json_get_u64(json, "version"), err);
    json_decref(copy);
    json_decref(json);
    return status;
}

static int run_holidays(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, holidays);
}

const struct cli_command cmd_rules_holidays = {
    .name = "rules holidays",
    .args = "CALENDAR FILE.ics",
    .summary = "Put published days off and make-up days into a calendar",
    .details = "An iCalendar file; - is standard input. An event that says 班, workday or make-up\n"
               "is a day worked, any other of whole days is a day off. What the file says of a\n"
               "date replaces what the calendar said.\n",
    .options = NULL,
    .rest_min = 2,
    .rest_max = 2,
    .run = run_holidays,
};
