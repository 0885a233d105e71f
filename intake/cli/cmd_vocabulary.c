#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/vocabulary.h"
#include "search/query/vocabulary.h"

#include <stdio.h>

/* --- show ---------------------------------------------------------------------------------- */

enum { SHOW_SHIPPED };

static const struct cli_option show_options[] = {
    {"shipped", NULL, "what comes with the program instead, a phrase a line"},
    {NULL,      NULL, NULL                                                  },
};

static void add_shipped(struct buf *out, const struct vocabulary_phrase *phrase)
{
    static const char *const signs[] = {
        [MEANS_SAME] = "=", [MEANS_WIDER] = ">", [MEANS_NEAR] = "~"};
    const struct vocabulary *v = &vocabulary_shipped;

    if ((phrase->flags & PHRASE_ASKS) != 0) {
        buf_add_str(out, "? ");
        buf_add(out, vocabulary_text(v, phrase));
        buf_add_str(out, "\n");
    }
    if (phrase->rules_count == 0)
        return;
    buf_add(out, vocabulary_text(v, phrase));
    for (uint32_t i = 0; i < phrase->rules_count; i++) {
        const struct vocabulary_rule *rule = &v->rules[phrase->rules + i];

        buf_printf(out, " %s ", signs[rule->meaning]);
        buf_add(out, vocabulary_text(v, &v->phrases[rule->phrase]));
    }
    buf_add_str(out, "\n");
}

static int show_shipped(void)
{
    struct buf out = {0};

    for (uint32_t i = 0; i < vocabulary_shipped.phrases_count; i++)
        add_shipped(&out, &vocabulary_shipped.phrases[i]);
    (void)out_print(&out);
    buf_release(&out);
    return CLI_DONE;
}

static enum status show(struct cli_work *work, struct error *err)
{
    struct vocabulary_state state;
    struct buf out = {0};
    enum status status = vocabulary_get(work->app, work->arena, &state, err);

    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        json_t *json = json_pack("{s:I}", "version", (json_int_t)state.version);
        bool ok = true;

        json_put(json, "text", json_from_bytes(state.text), &ok);
        work->code = out_json(json);
        return AF_OK;
    }
    out_add_lines(&out, state.text);
    (void)out_print(&out);
    buf_release(&out);
    return AF_OK;
}

static int run_show(struct cli *cli)
{
    return cli_given(cli, SHOW_SHIPPED) ? show_shipped() : cli_with_app(cli, APP_READ, show);
}

const struct cli_command cmd_vocabulary_show = {
    .name = "vocabulary show",
    .args = "[--shipped]",
    .summary = "Print your own words for the same, as they were set",
    .details = "",
    .options = show_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_show,
};

/* --- set ----------------------------------------------------------------------------------- */

enum { SET_IF_VERSION };

static const struct cli_option set_options[] = {
    {"if-version", "N",  "only when this is the version that is replaced"},
    {NULL,         NULL, NULL                                            },
};

static enum status set(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct buf text = {0};
    uint32_t wanted, version;
    enum status status = input_file(cli->rest[0], VOCABULARY_BYTES_MAX, &text, err);

    (void)cli_number(cli, SET_IF_VERSION, 0, UINT32_MAX, 0, &wanted);
    if (status == AF_OK)
        status = vocabulary_set(work->app, &work->who, buf_bytes(&text),
                                cli_given(cli, SET_IF_VERSION) ? (int64_t)wanted
                                                               : VOCABULARY_ANY_VERSION,
                                &version, err);
    buf_release(&text);
    if (status != AF_OK)
        return status;
    if (cli->json)
        work->code = out_json(json_pack("{s:I}", "version", (json_int_t)version));
    else
        (void)printf("The vocabulary is at version %u.\n", version);
    return AF_OK;
}

static int run_set(struct cli *cli)
{
    uint32_t version;

    if (!cli_number(cli, SET_IF_VERSION, 0, UINT32_MAX, 0, &version))
        return CLI_USAGE;
    return cli_with_app(cli, APP_WRITE, set);
}

const struct cli_command cmd_vocabulary_set = {
    .name = "vocabulary set",
    .args = "FILE [--if-version N]",
    .summary = "Replace your own words for the same; - is standard input",
    .details =
        "A line is one of these; commas may be wide, and case and Traditional or Simplified\n"
        "do not matter:\n"
        "  mouse, 滑鼠, 鼠标         each finds the others\n"
        "  zh: 記憶體, 内存           only for questions in this language: zh ja ko en\n"
        "  ~ freeze, lag              near, but not the same: counts less\n"
        "  laptop > PC, computer      who asks for the left also finds the right\n"
        "  ? how do I, 请问           only says that something is asked\n"
        "  - 程序                     what comes with the program is not used for it\n"
        "  # a remark\n",
    .options = set_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_set,
};

/* --- test ---------------------------------------------------------------------------------- */

static void add_place(struct buf *out, const json_t *place)
{
    const json_t *words = json_object_get(place, "words"), *word;
    size_t i;

    out_add_plain(out, bytes_str(json_get_str(place, "text")));
    buf_add_str(out, json_get_bool(place, "asks") ? ": only asks\n" : "\n");
    json_array_foreach(words, i, word)
    {
        buf_printf(out, "  %-6s", json_get_str(word, "means"));
        out_add_plain(out, bytes_str(json_get_str(word, "text")));
        buf_add_str(out, json_get_bool(word, "own") ? " (own)\n" : "\n");
    }
}

static enum status test(struct cli_work *work, struct error *err)
{
    struct buf question = {0}, out = {0};
    json_t *places = NULL, *place;
    size_t i;
    enum status status = input_text(work->cli, 0, &question, err);

    if (status == AF_OK)
        status = vocabulary_try(work->app, buf_bytes(&question), &places, err);
    buf_release(&question);
    if (status != AF_OK)
        return status;
    if (work->cli->json) {
        work->code = out_json(places);
        return AF_OK;
    }
    json_array_foreach(places, i, place)
    {
        add_place(&out, place);
    }
    (void)out_print(&out);
    buf_release(&out);
    json_decref(places);
    return AF_OK;
}

static int run_test(struct cli *cli)
{
    return cli_with_app(cli, APP_READ, test);
}

const struct cli_command cmd_vocabulary_test = {
    .name = "vocabulary test",
    .args = "QUERY...",
    .summary = "Show which other words a question is looked for with",
    .details = "",
    .options = NULL,
    .rest_min = 1,
    .rest_max = CLI_REST_MANY,
    .run = run_test,
};
