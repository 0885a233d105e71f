#include "intake/cli/commands.h"

#include "data/base/clock.h"
#include "intake/cli/out.h"
#include "intake/report/figures.h"
#include "intake/report/report.h"

#include <stdio.h>

enum { FROM, TO, BY };

/* clang-format off */
static const struct cli_option options[] = {
    {"from", "DATE", "the period's first instant: a date (midnight, UTC) or a time"    },
    {"to",   "DATE", "the first instant after it (default: now)"                       },
    {"by",   "WHAT", "also by product, group, person, severity, class, channel, …"     },
    {NULL,   NULL,   NULL                                                              },
};
/* clang-format on */

static void add_hours(struct buf *out, const json_t *durations, const char *member)
{
    buf_printf(out, " %.1f", (double)json_get_u64(durations, member) / 3600e3);
}

static void add_figure(struct buf *out, enum figure figure, const json_t *value)
{
    const struct figure_kinds *kind = figure_of(figure);
    const unsigned long long n = json_get_u64(value, "n"), of = json_get_u64(value, "of");

    buf_printf(out, "  %-22s", kind->name);
    switch (kind->kind) {
    case KIND_COUNT:
        buf_printf(out, "%lld", (long long)json_integer_value(value));
        break;
    case KIND_RATIO:
        if (of > 0)
            buf_printf(out, "%.1f %% (%llu of %llu)", 100.0 * (double)n / (double)of, n, of);
        else
            buf_printf(out, "%llu of 0", n);
        break;
    case KIND_DURATION:
        buf_printf(out, "%llu", n);
        if (n > 0) {
            buf_add_str(out, "; hours, mean median P90:");
            add_hours(out, value, "mean_ms");
            add_hours(out, value, "median_ms");
            add_hours(out, value, "p90_ms");
        }
        break;
    }
    buf_add_u8(out, '\n');
}

static void add_figures(struct buf *out, const json_t *figures)
{
    for (unsigned i = 0; i < FIGURES; i++)
        add_figure(out, (enum figure)i,
                   json_object_get(figures, figure_of((enum figure)i)->name));
}

static void print(const json_t *report)
{
    struct buf out = {0};
    const json_t *part;
    size_t i;

    buf_printf(&out, "from %s to %s\n", json_get_str(report, "from"), json_get_str(report, "to"));
    add_figures(&out, json_object_get(report, "figures"));
    json_array_foreach(json_object_get(report, "parts"), i, part)
    {
        buf_printf(&out, "\n%s ", json_get_str(report, "by"));
        out_add_plain(&out, bytes_str(json_get_str(part, "key")));
        buf_add_u8(&out, '\n');
        add_figures(&out, json_object_get(part, "figures"));
    }
    (void)out_print(&out);
    buf_release(&out);
}

static enum status report(struct cli_work *work, struct error *err)
{
    const struct report_request request = {.from = cli_value(work->cli, FROM),
                                           .to = cli_value(work->cli, TO),
                                           .by = cli_value(work->cli, BY)};
    json_t *json;
    enum status status = report_tickets(work->app, &work->who, &request, &json, err);

    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(json);
        return AF_OK;
    }
    print(json);
    json_decref(json);
    return AF_OK;
}

static int run(struct cli *cli)
{
    int64_t ignored;

    if (!clock_parse(cli_value(cli, FROM), &ignored) ||
        (cli_given(cli, TO) && !clock_parse(cli_value(cli, TO), &ignored)))
        return cli_usage(cli, "--from and --to are dates like 2026-11-01, or times");
    return cli_with_app(cli, APP_READ, report);
}

const struct cli_command cmd_report_tickets = {
    .name = "report tickets",
    .args = "--from DATE [--to DATE] [--by WHAT]",
    .summary = "Print how tickets were handled in a period: promises kept, times, rates",
    .details =
        "Each promise is counted in the period in which it was decided: when it was broken,\n"
        "else when it was kept. By what: product, group, person, severity, class, channel,\n"
        "entered_by or account. What each figure means: askfirst report figures.\n",
    .options = options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run,
};

/* --- what they mean -------------------------------------------------------------------------- */

static int run_figures(struct cli *cli)
{
    struct buf out = {0};

    if (cli->json)
        return out_json(report_definitions());
    for (unsigned i = 0; i < FIGURES; i++) {
        const struct figure_kinds *figure = figure_of((enum figure)i);

        buf_printf(&out, "%-22s%s\n", figure->name, figure->definition);
    }
    (void)out_print(&out);
    buf_release(&out);
    return CLI_DONE;
}

const struct cli_command cmd_report_figures = {
    .name = "report figures",
    .args = "",
    .summary = "Say what each figure of a report means",
    .details = "",
    .rest_min = 0,
    .rest_max = 0,
    .run = run_figures,
};
