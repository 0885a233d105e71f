#include "intake/cli/commands.h"

#include "data/article.h"
#include "data/ledger.h"
#include "intake/cli/out.h"

/* --- show --------------------------------------------------------------------------------- */

enum { SHOW_VERSION };

static const struct cli_option show_options[] = {
    {"version", "N",  "an older version (default: the newest)"},
    {NULL,      NULL, NULL                                    },
};

/* The case with "version" and "counts" added, as the API gives it. The caller owns *out. */
static enum status find_case(struct app *app, struct bytes id, uint32_t version, json_t **out,
                             struct error *err)
{
    struct use_counts counts;
    struct article_ref ref;
    json_t *article = NULL;
    struct txn *txn;
    bool ok = true;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = article_find_version(txn, id, version, &ref, err)) == AF_OK &&
        (status = article_read(txn, &ref, &article, err)) == AF_OK &&
        (status = use_counts_get(txn, id, &counts, err)) == AF_OK) {
        json_put(article, "version", json_integer(ref.version), &ok);
        json_put(article, "counts", use_counts_json(&counts), &ok);
        status = ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a case");
    }
    txn_abort(txn);
    if (status == AF_OK)
        *out = article;
    else
        json_decref(article);
    return status;
}

static void add_value(struct buf *out, const json_t *value)
{
    const json_t *item;
    size_t i;

    if (json_is_string(value))
        out_add_lines(out, bytes_str(json_string_value(value)));
    else if (json_is_integer(value))
        buf_printf(out, "%lld", (long long)json_integer_value(value));
    json_array_foreach(value, i, item)
    {
        if (i > 0)
            buf_add_str(out, "; ");
        out_add_plain(out, bytes_str(json_string_value(item)));
    }
}

static void print_case(const json_t *article)
{
    const char *member;
    const json_t *value, *count;
    struct buf out = {0};

    json_object_foreach((json_t *)(uintptr_t)article, member, value)
    {
        if (json_is_object(value))
            continue;
        out_add_plain(&out, bytes_str(member));
        buf_add_str(&out, ": ");
        add_value(&out, value);
        buf_add_u8(&out, '\n');
    }
    buf_add_str(&out, "used:");
    json_object_foreach(json_object_get(article, "counts"), member, count)
        buf_printf(&out, " %s %lld", member, (long long)json_integer_value(count));
    buf_add_u8(&out, '\n');
    (void)out_print(&out);
    buf_release(&out);
}

static enum status show(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    json_t *article;
    uint32_t version;
    enum status status;

    (void)cli_number(cli, SHOW_VERSION, 1, UINT32_MAX, 0, &version);
    status = find_case(work->app, bytes_str(cli->rest[0]), version, &article, err);
    if (status != AF_OK)
        return status;
    if (cli->json) {
        work->code = out_json(article);
        return AF_OK;
    }
    print_case(article);
    json_decref(article);
    return AF_OK;
}

static int run_show(struct cli *cli)
{
    uint32_t version;

    if (!cli_number(cli, SHOW_VERSION, 1, UINT32_MAX, 0, &version))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, show);
}

const struct cli_command cmd_case_show = {
    .name = "case show",
    .args = "ID [--version N]",
    .summary = "Show a case and how often it was used",
    .details = "",
    .options = show_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_show,
};

/* --- list --------------------------------------------------------------------------------- */

enum { LIST_LIMIT, LIST_AFTER };

static const struct cli_option list_options[] = {
    {"limit", "N",  "how many at most (default 50)"      },
    {"after", "ID", "begin behind this id: the next page"},
    {NULL,    NULL, NULL                                 },
};

#define LIST_DEFAULT 50
#define LIST_MAX 100000

static enum status list_one(struct app *app, struct bytes id, json_t *cases, struct error *err)
{
    json_t *article;
    enum status status = find_case(app, id, 0, &article, err);

    if (status != AF_OK)
        return status;
    if (json_array_append_new(cases, json_pack("{s:O,s:O,s:O,s:s,s:O,s:O}", "id",
                                               json_object_get(article, "id"), "lang",
                                               json_object_get(article, "lang"), "title",
                                               json_object_get(article, "title"), "product",
                                               article_first(article, "product"), "version",
                                               json_object_get(article, "version"), "counts",
                                               json_object_get(article, "counts"))) != 0)
        status = error_set(err, AF_NO_MEMORY, "no memory for a list");
    json_decref(article);
    return status;
}

/* Ids first, in one short transaction; then each case in its own. */
static enum status list_ids(struct app *app, struct bytes after, uint32_t limit,
                            struct arena *arena, struct bytes *ids, size_t *count,
                            struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    *count = 0;
    if (status != AF_OK)
        return status;
    status = cursor_open(txn, TABLE_ARTICLE, after, WALK_UP, &cursor, err);
    while (status == AF_OK && *count < limit &&
           (status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        if (bytes_equal(key, after))
            continue;
        ids[*count] = arena_copy(arena, key);
        if (ids[(*count)++].data == NULL)
            status = arena_exhausted(arena, err);
    }
    cursor_close(cursor);
    txn_abort(txn);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static void print_list(const json_t *cases)
{
    struct buf out = {0};
    const json_t *item;
    size_t i;

    json_array_foreach(cases, i, item)
    {
        const json_t *counts = json_object_get(item, "counts");

        out_add_plain(&out, bytes_str(json_get_str(item, "id")));
        buf_printf(&out, "  v%llu  shown %llu, solved %llu, cited %llu  ",
                   (unsigned long long)json_get_u64(item, "version"),
                   (unsigned long long)json_get_u64(counts, "shown"),
                   (unsigned long long)json_get_u64(counts, "solved"),
                   (unsigned long long)json_get_u64(counts, "cited"));
        out_add_plain(&out, bytes_str(json_get_str(item, "title")));
        buf_add_u8(&out, '\n');
    }
    if (json_array_size(cases) == 0)
        buf_add_str(&out, "There are no cases.\n");
    (void)out_print(&out);
    buf_release(&out);
}

static enum status list(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    json_t *cases = json_array();
    struct bytes *ids;
    size_t count = 0;
    uint32_t limit;
    enum status status;

    (void)cli_number(cli, LIST_LIMIT, 1, LIST_MAX, LIST_DEFAULT, &limit);
    ids = arena_array(work->arena, limit, sizeof *ids);
    if (ids == NULL || cases == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a list");
    else
        status =
            list_ids(work->app, cli_value(cli, LIST_AFTER), limit, work->arena, ids, &count, err);
    for (size_t i = 0; status == AF_OK && i < count; i++)
        status = list_one(work->app, ids[i], cases, err);
    if (status == AF_OK && cli->json)
        work->code = out_json(json_pack("{s:O}", "cases", cases));
    else if (status == AF_OK)
        print_list(cases);
    json_decref(cases);
    return status;
}

static int run_list(struct cli *cli)
{
    uint32_t limit;

    if (!cli_number(cli, LIST_LIMIT, 1, LIST_MAX, LIST_DEFAULT, &limit))
        return CLI_USAGE;
    return cli_with_app(cli, APP_READ, list);
}

const struct cli_command cmd_case_list = {
    .name = "case list",
    .args = "[--limit N] [--after ID]",
    .summary = "List cases by id, with their counts",
    .details = "",
    .options = list_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_list,
};
