/* backup, dump and load: three ways for the data to leave and come back. */
#include "intake/cli/commands.h"

#include "data/backup.h"
#include "data/blob_ref.h"
#include "data/dump.h"
#include "intake/cli/out.h"
#include "intake/cli/progress.h"
#include "intake/cli/signals.h"

#include <errno.h>
#include <stdio.h>

/* --- backup ------------------------------------------------------------------------------- */

enum { VERIFY };

static const struct cli_option backup_options[] = {
    {"verify", NULL, "copy nothing: is the backup in DEST still what it was?"},
    {NULL,     NULL, NULL                                                    },
};

static int tell_backup(const struct cli *cli, const struct backup_info *info)
{
    char head[DIGEST_HEX_BYTES];

    if (cli->json) {
        digest_hex(&info->journal.hash, head);
        return out_json(json_pack("{s:s,s:I,s:I,s:I,s:s}", "backup", cli->rest[0], "bytes",
                                  (json_int_t)info->bytes, "cases", (json_int_t)info->cases,
                                  "journal_seq", (json_int_t)info->journal.seq, "journal_head",
                                  head));
    }
    (void)printf("%llu cases, %llu journal entries, %llu bytes are in %s and verified.\n",
                 (unsigned long long)info->cases, (unsigned long long)info->journal.seq,
                 (unsigned long long)info->bytes, cli->rest[0]);
    return CLI_DONE;
}

static int verify_backup(const struct cli *cli)
{
    struct backup_info info;
    struct error err;

    signals_ignore_crashes(); /* the child's that walks the copy */
    if (backup_verify(cli->rest[0], &info, &err) != AF_OK)
        return cli_fail(&err);
    return tell_backup(cli, &info);
}

static int run_backup(struct cli *cli)
{
    struct store *store = NULL;
    struct backup_info info;
    struct error err;
    int code;

    if (cli_given(cli, VERIFY))
        return verify_backup(cli);
    if (store_open(cli->dir, STORE_READ, &store, &err) != AF_OK)
        return cli_fail_open(cli, &err);
    code = backup_make(store, cli->rest[0], &info, &err) == AF_OK ? tell_backup(cli, &info)
                                                                  : cli_fail(&err);
    store_close(store);
    return code;
}

const struct cli_command cmd_backup = {
    .name = "backup",
    .args = "[--verify] DEST",
    .summary = "Copy the store to a folder while it is used, and verify the copy",
    .details = "To restore, copy DEST and name the copy with --data.\n",
    .options = backup_options,
    .rest_min = 1,
    .rest_max = 1,
    .run = run_backup,
};

/* --- dump --------------------------------------------------------------------------------- */

enum { CASES };

static const struct cli_option dump_options[] = {
    {"cases", NULL, "only the newest cases, as import takes them"},
    {NULL,    NULL, NULL                                         },
};

static void on_progress(void *context, uint64_t done, uint64_t all)
{
    progress_draw(context, done, all, done);
}

static int run_dump(struct cli *cli)
{
    struct progress progress = progress_start("dumping", "entries");
    struct store *store = NULL;
    uint64_t cases;
    struct error err;
    enum status status;

    if (out_is_terminal()) /* a screen full of JSON is a line of progress in the wrong place */
        progress.is_shown = false;
    status = store_open(cli->dir, STORE_READ, &store, &err);
    if (status != AF_OK)
        return cli_fail_open(cli, &err);
    if (cli_given(cli, CASES))
        status = dump_write_cases(store, stdout, &cases, &err);
    else
        status = dump_write(store, stdout, on_progress, &progress, &err);
    progress_wipe(&progress);
    store_close(store);
    if (status == AF_IO && ferror(stdout) != 0 && errno == EPIPE)
        return CLI_PART; /* whoever read it has enough */
    return status == AF_OK ? CLI_DONE : cli_fail(&err);
}

const struct cli_command cmd_dump = {
    .name = "dump",
    .args = "[--cases]",
    .summary = "Write everything that is stored as JSONL to standard output",
    .details = "The whole journal, line by line as it is hashed; load reads it back.\n",
    .options = dump_options,
    .rest_min = 0,
    .rest_max = 0,
    .run = run_dump,
};

/* --- load --------------------------------------------------------------------------------- */

enum { MEMORY, BLOBS };

static const struct cli_option load_options[] = {
    {"memory", "MIB", CLI_MEMORY_HELP                                   },
    {"blobs",  "DIR", "a data folder (or backup) to take the files from"},
    {NULL,     NULL,  NULL                                              },
};

struct lost { /* files */
    uint64_t count;
    const char *from;
};

static void on_lost(void *context, const char *sentence)
{
    struct lost *lost = context;

    if (lost->count++ < 10)
        cli_say("%s", sentence);
}

/* A dump names files and does not have them. What is lost is said; the entries are there. */
static enum status bring_blobs(struct cli_work *work, struct error *err)
{
    struct lost lost = {.from = work->cli->values[BLOBS]};
    struct blob_sum sum;
    enum status status =
        blob_copy_named(app_store(work->app), lost.from, work->cli->dir, on_lost, &lost, &sum, err);

    if (status != AF_OK || lost.count == 0)
        return status;
    work->code = CLI_PART;
    cli_say("%llu files of tickets are missing: bring them with --blobs DIR into an empty folder, "
            "or copy DIR/blobs to %s/blobs",
            (unsigned long long)lost.count, work->cli->dir);
    return AF_OK;
}

static enum status load_from(struct cli_work *work, FILE *in, struct error *err)
{
    struct progress progress = progress_start("loading", "entries");
    uint64_t entries = 0;
    enum status status = dump_load(app_store(work->app), app_journal(work->app), in, on_progress,
                                   &progress, &entries, err);

    progress_wipe(&progress);
    if (status != AF_OK)
        return status;
    if (work->cli->json)
        work->code = out_json(json_pack("{s:I}", "entries", (json_int_t)entries));
    else
        (void)printf("%llu entries were loaded.\n", (unsigned long long)entries);
    return bring_blobs(work, err);
}

static enum status load(struct cli_work *work, struct error *err)
{
    struct cli *cli = work->cli;
    bool is_stdin = cli->rest_count == 0 || strcmp(cli->rest[0], "-") == 0;
    FILE *in = is_stdin ? stdin : fopen(cli->rest[0], "re");
    enum status status;
    size_t memory;

    (void)cli_memory(cli, MEMORY, &memory);
    app_set_build(work->app, 0, memory); /* when the data is closed */
    if (in == NULL)
        return error_set(err, AF_NOT_FOUND, "%s cannot be opened: %s", cli->rest[0],
                         strerror(errno));
    status = load_from(work, in, err);
    if (!is_stdin)
        (void)fclose(in);
    return status;
}

static int run_load(struct cli *cli)
{
    size_t memory;

    if (!cli_memory(cli, MEMORY, &memory))
        return CLI_USAGE;
    return cli_with_app(cli, APP_WRITE, load);
}

const struct cli_command cmd_load = {
    .name = "load",
    .args = "[--memory MIB] [--blobs DIR] [FILE]",
    .summary = "Read a dump into an empty folder",
    .details = "Without FILE, from standard input. A dump that was edited or cut off is refused.\n",
    .options = load_options,
    .rest_min = 0,
    .rest_max = 1,
    .run = run_load,
};
