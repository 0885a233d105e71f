#include "intake/cli/commands.h"

#include "data/article.h"
#include "data/base/limits.h"
#include "intake/cli/input.h"
#include "intake/cli/out.h"
#include "intake/import/cases.h"
#include "intake/propose.h"
#include "intake/similar.h"

enum { PUT_IF_VERSION, PUT_DUPLICATES };

static const struct cli_option put_options[] = {
    {"if-version", "N",  "only when this is the newest version; 0: only when it is new"},
    {"duplicates", NULL, "name cases that say nearly the same already"                 },
    {NULL,         NULL, NULL                                                          },
};

/* "version" and "counts" are what case show adds; they are not part of the case. */
static enum status read_case(const char *path, json_t **out, struct error *err)
{
    struct buf text = {0};
    json_t *article;
    enum status status = input_file(path, ARTICLE_JSON_BYTES_MAX, &text, err);

    if (status == AF_OK)
        status = json_parse(buf_bytes(&text), &article, err);
    buf_release(&text);
    if (status != AF_OK)
        return status;
    (void)json_object_del(article, "version");
    (void)json_object_del(article, "counts");
    if ((status = article_validate(article, err)) == AF_OK &&
        (status = case_complete(article, err)) == AF_OK)
        *out = article;
    else
        json_decref(article);
    return status;
}

static int show_put(const struct cli *cli, const json_t *result, const json_t *duplicates)
{
    const char *done = json_get_u64(result, "added") > 0     ? "added"
                       : json_get_u64(result, "updated") > 0 ? "updated"
                                                             : "unchanged";
    struct buf out = {0};

    if (cli->json)
        return out_json(json_pack("{s:s,s:I,s:s,s:O*}", "id", json_get_str(result, "id"), "version",
                                  (json_int_t)json_get_u64(result, "version"), "done", done,
                                  "duplicates", duplicates));
    out_add_plain(&out, bytes_str(json_get_str(result, "id")));
    buf_printf(&out, " version %llu, %s\n", (unsigned long long)json_get_u64(result, "version"),
               done);
    for (size_t i = 0; i < json_array_size(duplicates); i++) {
        const json_t *one = json_array_get(duplicates, i);

        buf_add_str(&out, "nearly the same is there already: ");
        out_add_plain(&out, bytes_str(json_get_str(one, "id")));
        buf_add_str(&out, "  ");
        out_add_plain(&out, bytes_str(json_get_str(one, "title")));
        buf_add_u8(&out, '\n');
    }
    (void)out_print(&out);
    buf_release(&out);
    return CLI_DONE;
}

static enum status put(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    struct outcome outcome;
    json_t *article = NULL, *body, *duplicates = NULL;
    uint32_t version;
    bool ok = true;
    enum status status = read_case(cli->rest[0], &article, err);

    if (status != AF_OK)
        return status;
    body = json_pack("{s:[O]}", "cases", article);
    (void)cli_number(cli, PUT_IF_VERSION, 0, UINT32_MAX, 0, &version);
    if (cli_given(cli, PUT_IF_VERSION))
        json_put(body, "if_version", json_integer(version), &ok);
    status = propose(work->app, &work->who, "case.put", NULL, 0, body, &outcome, err);
    if (status == AF_OK) { /* its own terms are known by now */
        if (cli_given(cli, PUT_DUPLICATES))
            similar_warn(work->app, &work->who, article, work->arena, &duplicates);
        work->code = show_put(cli, outcome.result, duplicates);
        json_decref(outcome.result);
        json_decref(duplicates);
    }
    json_decref(article);
    return status;
}

static int run_put(struct cli *cli)
{
    uint32_t version;

    if (!cli_number(cli, PUT_IF_VERSION, 0, UINT32_MAX, 0, &version))
        return CLI_USAGE;
    return cli_with_app(cli, APP_WRITE, put);
}

const struct cli_command cmd_case_put = {
    .name = "case put",
    .args = "FILE [--if-version N] [--duplicates]",
    .summary = "Store one case, a JSON object; - is standard input",
    .details = "",
    .options = put_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_put,
};
