#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "intake/cli/out.h"
#include "intake/suggestions.h"

enum { LIMIT, PRODUCT, CATEGORY, LANG };

static const struct cli_option options[] = {
    {"limit",    "N",  "how many at most (default 8, which is the most)"   },
    {"product",  "P",  "only of cases of this product"                     },
    {"category", "C",  "only of cases of this category"                    },
    {"lang",     "L",  "only of cases in this language; zh is both Chinese"},
    {NULL,       NULL, NULL                                                },
};

static void print(const struct suggest_result *result)
{
    bool is_bold = out_is_terminal();
    struct buf out = {0};

    for (uint32_t i = 0; i < result->count; i++) {
        const struct suggested *item = &result->items[i];

        buf_printf(&out, "%-8s  ", suggest_kind_name(item->kind));
        out_add_marked(&out, &item->text, is_bold);
        if (item->id.len > 0) {
            buf_add_str(&out, "  (");
            out_add_plain(&out, item->id);
            buf_add_u8(&out, ')');
        }
        buf_add_u8(&out, '\n');
    }
    if (result->count == 0)
        buf_add_str(&out, "Nothing begins so.\n");
    (void)out_print(&out);
    buf_release(&out);
}

static enum status suggest(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct suggest_request request = {.product = cli_value(cli, PRODUCT),
                                      .category = cli_value(cli, CATEGORY),
                                      .lang = cli_value(cli, LANG),
                                      .audience = work->who.audience};
    struct suggest_result result;
    struct buf typed = {0};
    enum status status;

    (void)cli_number(cli, LIMIT, 1, SUGGEST_MAX, SUGGEST_MAX, &request.limit);
    cli_join_rest(cli, 0, &typed);
    request.typed = buf_bytes(&typed);
    status = app_suggest(work->app, &request, work->arena, &result, err);
    if (status == AF_OK && cli->json)
        work->code = out_json(suggest_result_json(request.typed, &result));
    else if (status == AF_OK)
        print(&result);
    buf_release(&typed);
    return status;
}

static int run(struct cli *cli)
{
    uint32_t limit;

    if (!cli_number(cli, LIMIT, 1, SUGGEST_MAX, SUGGEST_MAX, &limit))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, suggest);
}

const struct cli_command cmd_suggest = {
    .name = "suggest",
    .args = "[--limit N] [--product P] [--category C] [--lang L] TEXT...",
    .summary = "Say what an unfinished question may become",
    .details = "Questions that were solved before, products, categories, codes and titles that\n"
               "what was typed so far begins: as it is written, by pinyin (luyouq), first\n"
               "letters (lyq), romaji, unfinished Hangul or its initials.\n",
    .options = options,
    .rest_min = 1,
    .rest_max = CLI_REST_MANY,
    .run = run,
};
