#include "intake/cli/commands.h"

#include "intake/cli/out.h"
#include "intake/party/party_import.h"

#include <stdio.h>

static void on_refused(void *context, uint64_t line, const char *reason)
{
    const char *file = context;
    struct buf text = {0};

    buf_printf(&text, "%s:%llu: ", strcmp(file, "-") == 0 ? "(stdin)" : file,
               (unsigned long long)line);
    out_add_plain(&text, bytes_str(reason));
    (void)fprintf(stderr, "%s\n", buf_str(&text));
    buf_release(&text);
}

static int report(const struct cli *cli, const struct party_import *result)
{
    if (cli->json)
        return out_json(json_pack(
            "{s:I,s:I,s:I,s:I,s:I}", "read", (json_int_t)result->read, "added",
            (json_int_t)result->added, "updated", (json_int_t)result->updated, "unchanged",
            (json_int_t)result->unchanged, "rejected", (json_int_t)result->rejected));
    (void)printf("%llu line%s read: %llu added, %llu updated, %llu unchanged, %llu rejected.\n",
                 (unsigned long long)result->read, result->read == 1 ? "" : "s",
                 (unsigned long long)result->added, (unsigned long long)result->updated,
                 (unsigned long long)result->unchanged, (unsigned long long)result->rejected);
    return CLI_DONE;
}

static enum status import(struct cli_work *work, struct error *err)
{
    char *path = work->cli->rest[0];
    struct party_import result = {0};
    struct source *source;
    enum status status = source_open(path, &source, err);

    if (status != AF_OK)
        return status;
    status = party_import_run(work->app, &work->who, source, on_refused, path, &result, err);
    source_close(source);
    work->code = report(work->cli, &result);
    if (result.rejected > 0)
        work->code = CLI_PART;
    return status;
}

static int run(struct cli *cli)
{
    return cli_with_app(cli, APP_WRITE, import);
}

const struct cli_command cmd_party_import = {
    .name = "party import",
    .args = "FILE.jsonl",
    .summary = "Take in accounts, contacts and entitlements; the same id again is a new version",
    .details =
        "One JSON object a line, packed with gzip or zstd or not; - is standard input:\n"
        "  {\"account\":{\"id\":\"acme\",\"name\":\"Acme\",\"domains\":[\"acme.example\"]}}\n"
        "  {\"contact\":{\"id\":\"c-1\",\"account\":\"acme\",\"name\":\"Lin\",\"kind\":"
        "\"customer\",\n"
        "    \"identities\":{\"phone\":\"138 0013 8000\",\"mail\":\"lin@acme.example\"}}}\n"
        "  {\"entitlement\":{\"id\":\"W-1\",\"account\":\"acme\",\"product\":\"HG8\",\"serial\":"
        "\"SN-1\",\n"
        "    \"kind\":\"warranty\",\"from\":\"2026-01-01\",\"to\":\"2026-12-31\"}}\n"
        "What a line names comes before it. A line that cannot be taken is reported as\n"
        "FILE:LINE: reason, and the import goes on (exit code 1 at the end).\n",
    .options = NULL,
    .rest_min = 1,
    .rest_max = 1,
    .run = run,
};
