/* askfirst_driver.c: this project's engine. The index is built by the program itself (`askfirst
 * import`), named by $ASKFIRST; questions go through search_run() as the server asks them, but
 * for snippets; a save is one command through the journal. */
#include "tests/bench/session.h"

#include "data/base/jsontext.h"
#include "intake/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t count_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    uint64_t lines = 0;
    int c;

    while (file != NULL && (c = getc_unlocked(file)) != EOF)
        lines += c == '\n';
    if (file != NULL)
        fclose(file);
    return lines;
}

static void driver_build(const char *dir, const char *corpus, struct built *out)
{
    const char *program = getenv("ASKFIRST");
    struct rusage used;
    int status;
    pid_t child = fork();

    if (child == 0) {
        execl(program == NULL ? "./askfirst" : program, "askfirst", "--data", dir, "import", corpus,
              (char *)NULL);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child || status != 0)
        die("askfirst import did not succeed");
    out->docs = count_lines(corpus);
    out->cpu_ns = ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000 +
                  ((int64_t)used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000;
    out->peak_kb = (uint64_t)used.ru_maxrss; /* the driver before exec is small */
}

static void *driver_open(const char *dir, bool write)
{
    return session_app(dir, write);
}

/* As `askfirst serve` does. */
static void driver_settle(void *engine)
{
    index_read_whole(app_index(engine));
}

static void *driver_session(void *engine)
{
    return session_new(engine);
}

static void driver_search(void *session, const char *name, const char *query, struct hits *out)
{
    struct search_result result;

    session_ask(session, name, query, &result);
    for (uint32_t i = 0; i < result.hits_count; i++)
        hits_add(out, (const char *)result.hits[i].id.data, result.hits[i].id.len);
}

/* As `askfirst import` hands an article over: as text. */
static void driver_save(void *engine, const char *article)
{
    struct command command = {.actor = "bench", .kind = "case.put"};
    struct buf body = {0};
    struct outcome outcome;
    struct error err;

    buf_add_str(&body, "{\"cases\":[");
    if (!jsontext_compact(bytes_str(article), &body))
        die("askfirst: an article is not JSON");
    buf_add_str(&body, "]}");
    command.text = buf_bytes(&body);
    check(journal_propose(app_journal(engine), &command, &outcome, &err), &err);
    json_decref(outcome.result);
    buf_release(&body);
}

/* Sessions go with the process. */
static void driver_close(void *engine)
{
    app_close(engine);
}

int main(int argc, char **argv)
{
    static const struct driver driver = {
        .build = driver_build,
        .open = driver_open,
        .settle = driver_settle,
        .session = driver_session,
        .search = driver_search,
        .save = driver_save,
        .close = driver_close,
    };

    return driver_main(&driver, argc, argv);
}
