#include "intake/cli/commands.h"

#include "data/base/clock.h"
#include "intake/cli/out.h"
#include "intake/route/route.h"

#include <stdio.h>

enum { PRODUCT, TYPE, SEVERITY, REGION, LANG, CLASS, CHANNEL, AT };

static const struct cli_option options[] = {
    {"product",  "P",    "the product, as routing calls it"                   },
    {"type",     "T",    "the problem type"                                   },
    {"severity", "S",    "S1 to S4"                                           },
    {"region",   "R",    "the customer's region"                              },
    {"lang",     "L",    "the customer's language"                            },
    {"class",    "C",    "technical, parts, non_technical or complaint"       },
    {"channel",  "C",    "web, phone, mail …"                               },
    {"at",       "TIME", "when, like 2026-11-23T09:00:00+08:00 (default: now)"},
    {NULL,       NULL,   NULL                                                 },
};

static void add_verdicts(struct buf *out, const struct route_answer *answer)
{
    for (size_t i = 0; i < answer->verdicts_count; i++) {
        const struct route_verdict *verdict = &answer->verdicts[i];

        buf_printf(out, "  %-24s ", json_get_str(verdict->rule, "id"));
        if (verdict->rule == answer->rule)
            buf_printf(out, "decides (%u)\n", verdict->weight);
        else if (verdict->holds)
            buf_printf(out, "holds (%u), less specific\n", verdict->weight);
        else
            buf_printf(out, "%s is another\n", verdict->failed);
    }
}

static void print(const struct route_answer *answer)
{
    struct buf text = {0}, out = {0};

    buf_printf(&text, "group   %s%s\n", json_get_str(answer->group, "id"),
               answer->rule == NULL ? " (fallback: no rule holds)" : "");
    if (answer->named != NULL)
        buf_printf(&text, "person  %s\n", json_get_str(answer->named, "name"));
    for (size_t i = 0; i < answer->people_count; i++)
        buf_printf(&text, "%s%s", i == 0 ? "people  " : ", ",
                   json_get_str(answer->people[i], "name"));
    if (answer->people_count > 0)
        buf_printf(&text, "%s\n", answer->are_off_duty ? " (nobody is on duty)" : "");
    if (answer->verdicts_count > 0)
        buf_add_str(&text, "rules\n");
    add_verdicts(&text, answer);
    out_add_lines(&out, buf_bytes(&text)); /* names are what somebody wrote */
    (void)out_print(&out);
    buf_release(&out);
    buf_release(&text);
}

static struct route_question question_of(const struct cli *cli)
{
    struct route_question question = {.at_ms = clock_now_ms()};
    const char **const members[] = {&question.product, &question.type, &question.severity,
                                    &question.region,  &question.lang, &question.class,
                                    &question.channel};

    for (unsigned i = 0; i < AT; i++)
        *members[i] = cli_given(cli, i) ? (const char *)cli_value(cli, i).data : "";
    if (cli_given(cli, AT))
        (void)clock_parse(cli_value(cli, AT), &question.at_ms);
    return question;
}

static enum status explain(struct cli_work *work, struct error *err)
{
    struct route_question question = question_of(work->cli);
    struct route_answer answer;
    struct rules rules;
    enum status status = rules_load_now(work->app, &rules, err);

    if (status != AF_OK)
        return status;
    status = route_find(&rules, &question, work->arena, &answer, err);
    if (status == AF_OK && work->cli->json)
        work->code = out_json(route_answer_json(&answer));
    else if (status == AF_OK)
        print(&answer);
    rules_release(&rules);
    return status;
}

static int run(struct cli *cli)
{
    int64_t at_ms;

    if (cli_given(cli, AT) && !clock_parse(cli_value(cli, AT), &at_ms))
        return cli_usage(cli, "--at is a time like 2026-11-23T09:00:00+08:00");
    return cli_with_app(cli, APP_READ, explain);
}

const struct cli_command cmd_route_explain = {
    .name = "route explain",
    .args = "[--product P] [--type T] [--severity S] [--at TIME] …",
    .summary = "Show which group would get such a ticket, who is on duty there, and why",
    .details =
        "Nothing is changed. Of the rules that hold the most specific decides: product before\n"
        "line, then type, severity, region, language, class, channel.\n",
    .options = options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run,
};
