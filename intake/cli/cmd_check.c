/* The store is walked in a child process (data/check_apart.c): a damaged page may kill whoever
 * reads it. Each index is walked in one too; they hold nothing that the store does not, so their
 * faults say that they will be, or can be, built again. */
#include "intake/cli/commands.h"

#include "data/base/limits.h"
#include "data/blob_ref.h"
#include "data/check.h"
#include "intake/cli/faults.h"
#include "intake/cli/out.h"
#include "intake/cli/progress.h"
#include "intake/cli/signals.h"
#include "intake/intake_check.h"
#include "intake/ticket/ticket_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct index_source *const sources[] = {&index_cases, &index_tickets};
#define SOURCES (sizeof sources / sizeof sources[0])

struct checking {
    struct faults faults;
    uint64_t store_faults; /* of `faults`; the others are the indexes' */
    bool is_bad[SOURCES];  /* which of them */
    struct progress progress;
};

static void on_fault(void *context, const char *sentence)
{
    struct checking *checking = context;

    progress_wipe(&checking->progress);
    faults_add(&checking->faults, sentence);
}

static void on_progress(void *context, uint64_t done, uint64_t all)
{
    struct checking *checking = context;

    progress_draw(&checking->progress, done, all, done);
}

/* --- the indexes, each in a child --------------------------------------------------------- */

static void to_pipe(void *context, const char *sentence)
{
    (void)fprintf(context, "%s\n", sentence);
}

static int check_index_here(const char *dir, const struct index_source *source, FILE *out)
{
    struct store *store = NULL;
    struct index *index = NULL;
    uint64_t faults = 0;
    struct error err;
    enum status status = store_open(dir, STORE_READ, &store, &err);

    if (status == AF_OK)
        status = index_open_source(store, STORE_READ, source, &index, &err);
    if (status == AF_OK)
        status = index_check(index, to_pipe, out, &faults, &err);
    if (status != AF_OK)
        to_pipe(out, err.text);
    index_close(index);
    store_close(store);
    return fflush(out) == 0 ? CLI_DONE : CLI_PART;
}

/* Sentences say "the index"; of another than the library's it is said which. */
static void read_faults(FILE *in, const struct index_source *source, struct checking *checking)
{
    struct buf sentence = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    while ((len = getline(&line, &room, in)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        buf_clear(&sentence);
        if (source != &index_cases)
            buf_printf(&sentence, "%s: ", source->folder);
        buf_add_str(&sentence, line);
        on_fault(checking, buf_str(&sentence));
    }
    buf_release(&sentence);
    free(line);
}

static enum status check_index(const char *dir, const struct index_source *source,
                               struct checking *checking, struct error *err)
{
    int ends[2], result = 0;
    FILE *in;
    pid_t child;

    (void)fflush(NULL); /* or the child would print it too */
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(err, AF_IO, "a pipe cannot be made: %s", strerror(errno));
    if ((child = env_fork()) == 0) {
        FILE *out = fdopen(ends[1], "w");

        _exit(out == NULL ? CLI_PART : check_index_here(dir, source, out));
    }
    (void)close(ends[1]);
    if (child < 0 || (in = fdopen(ends[0], "r")) == NULL) {
        (void)close(ends[0]);
        return error_set(err, AF_IO, "a process cannot be started: %s", strerror(errno));
    }
    read_faults(in, source, checking);
    (void)fclose(in);
    while (waitpid(child, &result, 0) < 0 && errno == EINTR)
        continue;
    if (!WIFEXITED(result) || WEXITSTATUS(result) != CLI_DONE)
        on_fault(checking, source == &index_cases ? "the index: reading it crashed"
                                                  : "the index of tickets: reading it crashed");
    return AF_OK;
}

static enum status check_indexes(const char *dir, struct checking *checking, struct error *err)
{
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < SOURCES; i++) {
        uint64_t before = checking->faults.count;

        status = check_index(dir, sources[i], checking, err);
        checking->is_bad[i] = checking->faults.count > before;
    }
    return status;
}

/* ------------------------------------------------------------------------------------------ */

static void advise(const struct checking *checking, const char *dir)
{
    const char *before = "The store is sound, the index is not: remove ";

    for (size_t i = 0; i < SOURCES; i++)
        if (checking->is_bad[i]) {
            (void)printf("%s%s/%s", before, dir, sources[i]->folder);
            before = " and ";
        }
    (void)printf(" while nothing runs, and it is made again.\n");
}

/* No fault: an upload that never became part of anything, or was taken away. Only of a store that
 * was found sound, since this process reads it. */
static void tell_orphans(const struct cli *cli)
{
    struct store *store = NULL;
    struct blob_sum sum = {0};

    if (store_open(cli->dir, STORE_READ, &store, NULL) == AF_OK &&
        blob_sweep(store, 0, true, &sum, NULL) == AF_OK && sum.files > 0)
        (void)printf("%llu files (%llu bytes) that no ticket names are forgotten after %d hours.\n",
                     (unsigned long long)sum.files, (unsigned long long)sum.bytes, ORPHAN_HOURS);
    store_close(store);
}

static int report(const struct cli *cli, struct checking *checking,
                  const struct check_counts *counts)
{
    uint64_t values = 0;

    for (int i = 0; i < TABLE_COUNT; i++)
        values += counts->values[i];
    if (cli->json)
        return faults_json(&checking->faults,
                           json_pack("{s:I,s:I,s:I}", "values", (json_int_t)values, "journal_seq",
                                     (json_int_t)counts->journal.seq, "ledger_seq",
                                     (json_int_t)counts->ledger.seq));
    if (checking->faults.count == 0)
        (void)printf("sound\n");
    else if (checking->store_faults == 0)
        advise(checking, cli->dir);
    else
        (void)printf("The store has %llu faults: restore the last backup.\n",
                     (unsigned long long)checking->store_faults);
    return checking->faults.count == 0 ? CLI_DONE : CLI_PART;
}

static int run(struct cli *cli)
{
    struct checking checking = {.faults = faults_start(cli),
                                .progress = progress_start("checking", "values")};
    const struct check_options options = {
        .fault = on_fault, .progress = on_progress, .context = &checking, .more = intake_checks};
    struct check_counts counts = {0};
    struct error err;
    int code;
    enum status status;

    signals_ignore_crashes(); /* the children's; this process reads nothing that is stored */
    status = store_check_apart(cli->dir, &options, &counts, &err);

    checking.store_faults = checking.faults.count;
    if (status == AF_OK)
        status = check_indexes(cli->dir, &checking, &err);
    progress_wipe(&checking.progress);
    code = status == AF_OK ? report(cli, &checking, &counts) : cli_fail_open(cli, &err);
    if (code == CLI_DONE && !cli->json)
        tell_orphans(cli);
    faults_release(&checking.faults);
    return code;
}

const struct cli_command cmd_check = {
    .name = "check",
    .args = "",
    .summary = "Walk everything that is stored; says sound, or a line for each fault",
    .details = "Works beside a server. Exit code 1 when anything is wrong.\n",
    .rest_min = 0,
    .rest_max = 0,
    .run = run,
};
