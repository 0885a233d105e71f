#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/ask/ask.h"
#include "intake/cli/answers.h"
#include "intake/cli/out.h"
#include "intake/hits.h"

#include <stdio.h>

enum { PRODUCT, LANG, CHANNEL, CONSULT, OPENED, SOLVED, RATING, NOT_SOLVED, REASON };

static const struct cli_option options[] = {
    {"product",    "P",    "only answers about this product"                            },
    {"lang",       "L",    "of the person who asks; written down, does not filter"      },
    {"channel",    "C",    "where the question came in (default api)"                   },
    {"consult",    "ID",   "go on with this consult; alone: show it"                    },
    {"opened",     "CASE", "this answer was opened"                                     },
    {"solved",     "CASE", "this answer solved it; \"\" when something else did"        },
    {"rating",     "N",    "1 to 5, with --solved"                                      },
    {"not-solved", NULL,   "none of the answers did; a ticket may follow"               },
    {"reason",     "TEXT", "with --not-solved: steps, version, unclear, other, or words"},
    {NULL,         NULL,   NULL                                                         },
};

static int show_answers(const struct cli_work *work, const char *consult_id,
                        const struct search_result *answers)
{
    if (work->cli->json)
        return out_json(
            json_pack("{s:s,s:o}", "consult_id", consult_id, "answers", hits_json(answers)));
    (void)printf("consult %s\n", consult_id);
    answers_print(answers);
    if (answers->hits_count > 0)
        (void)printf("Solved? askfirst ask --consult %s --solved CASE, or --not-solved\n",
                     consult_id);
    return CLI_DONE;
}

static enum status ask(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct ask_input input = {
        .product = cli_value(cli, PRODUCT),
        .channel = cli_given(cli, CHANNEL) ? cli_value(cli, CHANNEL) : BYTES_LIT("api"),
        .lang = cli_value(cli, LANG),
    };
    const char *consult_id = cli->values[CONSULT];
    struct search_result answers = {0};
    struct buf text = {0};
    enum status status;

    cli_join_rest(cli, 0, &text);
    input.text = buf_bytes(&text);
    if (consult_id == NULL)
        status = ask_begin(work->app, &work->who, &input, work->arena, &consult_id, &answers, err);
    else
        status =
            ask_again(work->app, &work->who, consult_id, input.text, work->arena, &answers, err);
    if (status == AF_OK)
        work->code = show_answers(work, consult_id, &answers);
    buf_release(&text);
    return status;
}

static void print_consult(const json_t *consult)
{
    const json_t *outcome = json_object_get(consult, "outcome"), *query, *shown;
    struct buf out = {0};
    size_t i, j;

    buf_printf(&out, "consult %s, %s\n", json_get_str(consult, "id"),
               json_get_str(consult, "state"));
    json_array_foreach(json_object_get(consult, "queries"), i, query)
    {
        buf_add_str(&out, "asked: ");
        out_add_plain(&out, bytes_str(json_get_str(query, "text")));
        buf_add_str(&out, "\nshown:");
        json_array_foreach(json_object_get(query, "shown"), j, shown)
        {
            buf_add_u8(&out, ' ');
            out_add_plain(&out, bytes_str(json_get_str(shown, "case")));
        }
        buf_add_u8(&out, '\n');
    }
    if (json_get_str(outcome, "case")[0] != '\0') {
        buf_add_str(&out, "solved by: ");
        out_add_plain(&out, bytes_str(json_get_str(outcome, "case")));
        buf_add_u8(&out, '\n');
    }
    if (json_get_str(outcome, "reason")[0] != '\0') {
        buf_add_str(&out, "reason: ");
        out_add_plain(&out, bytes_str(json_get_str(outcome, "reason")));
        buf_add_u8(&out, '\n');
    }
    (void)out_print(&out);
    buf_release(&out);
}

/* Takes the consult. */
static int show_consult(const struct cli *cli, json_t *consult)
{
    if (cli->json)
        return out_json(consult);
    print_consult(consult);
    json_decref(consult);
    return CLI_DONE;
}

static enum status follow_up(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    const char *id = cli->values[CONSULT];
    struct ask_outcome outcome = {
        .solved = cli_given(cli, SOLVED),
        .case_id = cli_value(cli, SOLVED),
        .reason = cli_value(cli, REASON),
    };
    json_t *consult;
    uint32_t rating;
    enum status status;

    (void)cli_number(cli, RATING, 1, 5, 0, &rating);
    outcome.rating = (int)rating;
    if (cli_given(cli, OPENED)) {
        status = ask_opened(work->app, &work->who, id, cli_value(cli, OPENED), err);
        if (status == AF_OK)
            status = ask_get(work->app, id, &consult, err);
    } else if (cli_given(cli, SOLVED) || cli_given(cli, NOT_SOLVED)) {
        status = ask_settle(work->app, &work->who, id, &outcome, &consult, err);
    } else {
        status = ask_get(work->app, id, &consult, err);
    }
    if (status == AF_OK)
        work->code = show_consult(cli, consult);
    return status;
}

static int run(struct cli *cli)
{
    int outcomes = cli_given(cli, OPENED) + cli_given(cli, SOLVED) + cli_given(cli, NOT_SOLVED);
    uint32_t rating;

    if (!cli_number(cli, RATING, 1, 5, 0, &rating))
        return CLI_USAGE;
    if (outcomes > 0 && !cli_given(cli, CONSULT))
        return cli_usage(cli, "--consult ID is missing; the first answer printed it");
    if (outcomes > 1 || (outcomes == 1 && cli->rest_count > 0))
        return cli_usage(cli, "one thing at a time: a question, --opened, --solved or "
                              "--not-solved");
    if (cli_given(cli, RATING) && !cli_given(cli, SOLVED))
        return cli_usage(cli, "--rating goes with --solved");
    if (cli_given(cli, REASON) && !cli_given(cli, NOT_SOLVED))
        return cli_usage(cli, "--reason goes with --not-solved");
    if (cli->rest_count == 0 && !cli_given(cli, CONSULT))
        return cli_usage(cli, "a question is missing");
    if (cli->rest_count > 0)
        return cli_with_app(cli, APP_WRITE, ask);
    return cli_with_app(cli, outcomes > 0 ? APP_WRITE : APP_READ, follow_up);
}

const struct cli_command cmd_ask = {
    .name = "ask",
    .args = "QUESTION... | --consult ID [QUESTION... | --opened CASE | --solved CASE | "
            "--not-solved]",
    .summary = "Ask as a customer does: the question, its answers and the outcome are kept",
    .details = "A first question opens a consult and prints its id. An outcome settles it, and\n"
               "counts the use of the case that helped.\n",
    .options = options,
    .rest_min = 0,
    .rest_max = CLI_REST_MANY,
    .run = run,
};
