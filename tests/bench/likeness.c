/* likeness.c: what finding tickets costs (`make bench-likeness`).
 *
 *   likeness DIR CORPUS.jsonl COUNT
 *
 * Opens COUNT tickets that say what the cases of CORPUS say, by ordinary commands of CLIENTS
 * threads, and resolves every second one, unless DIR has them from an earlier run. Then CPU of this
 * process: building the index of tickets from nothing, and its size; following one change; and,
 * asked with the words of ASKED other cases, a list by text, similar tickets, and proposals. Prints
 * rows of Markdown. */
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/app.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_propose.h"
#include "intake/desk/ticket_similar.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS 32
#define ASKED 300
#define TEXT_BYTES 600 /* of a case that a person tells */

static void must(enum status status, const struct error *err)
{
    if (status == AF_OK)
        return;
    (void)fprintf(stderr, "likeness: %s\n", err->text);
    exit(1);
}

static double cpu_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* --- the words ------------------------------------------------------------------------------- */

struct corpus {
    json_t **lines;
    uint32_t count;
};

static struct corpus read_corpus(const char *path, uint32_t count)
{
    struct corpus corpus = {calloc(count, sizeof *corpus.lines), 0};
    FILE *in = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    while (in != NULL && corpus.count < count && (len = getline(&line, &room, in)) > 0) {
        struct error err;

        must(json_parse(bytes_of(line, (size_t)len), &corpus.lines[corpus.count++], &err), &err);
    }
    free(line);
    if (in == NULL || corpus.count == 0) {
        (void)fprintf(stderr, "likeness: %s has no cases\n", path);
        exit(1);
    }
    (void)fclose(in);
    return corpus;
}

static struct bytes text_of(const json_t *line)
{
    struct bytes text = bytes_str(article_first(line, "symptom"));

    if (text.len == 0)
        text = bytes_str(article_first(line, "text"));
    return utf8_cut(text, TEXT_BYTES);
}

/* --- making them ------------------------------------------------------------------------------ */

struct making {
    struct app *app;
    const struct corpus *corpus;
    uint32_t count;
    pthread_mutex_t lock;
    uint32_t next;
};

static void make_one(struct making *m, uint32_t i)
{
    const struct who who = who_staff(ROLE_ENGINEER, "bench");
    const json_t *line = m->corpus->lines[i % m->corpus->count];
    const struct ticket_input input = {.channel = BYTES_LIT("phone"),
                                       .title = bytes_str(article_first(line, "title")),
                                       .product = bytes_str(article_first(line, "product")),
                                       .text = text_of(line)};
    struct ticket_opened opened;
    struct error err;

    must(ticket_open(m->app, &who, &input, &opened, &err), &err);
    if (i % 2 == 0)
        return;
    must(ticket_move(m->app, &who, opened.no, BYTES_LIT("take"), BYTES_LIT(""), &err), &err);
    must(ticket_move(m->app, &who, opened.no, BYTES_LIT("resolve"), BYTES_LIT("done"), &err), &err);
}

static void *make_some(void *context)
{
    struct making *m = context;

    for (;;) {
        uint32_t i;

        (void)pthread_mutex_lock(&m->lock);
        i = m->next++;
        (void)pthread_mutex_unlock(&m->lock);
        if (i >= m->count)
            return NULL;
        make_one(m, i);
    }
}

static void make_all(const char *dir, const struct corpus *corpus, uint32_t count)
{
    struct making m = {.corpus = corpus, .count = count, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[CLIENTS];
    struct error err;

    must(app_open(dir, APP_WRITE, &m.app, &err), &err);
    for (int i = 0; i < CLIENTS; i++)
        (void)pthread_create(&threads[i], NULL, make_some, &m);
    for (int i = 0; i < CLIENTS; i++)
        (void)pthread_join(threads[i], NULL);
    app_close(m.app);
}

/* --- measuring ------------------------------------------------------------------------------ */

static void remove_index(const char *dir)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};
    char path[4096];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(path, sizeof path, "%s/index-tickets/%s", dir, files[i]);
        (void)unlink(path);
    }
}

static void build(const char *dir, uint32_t count)
{
    char path[4096];
    struct app *app;
    struct error err;
    struct stat st;
    double before;

    remove_index(dir);
    must(app_open(dir, APP_WRITE, &app, &err), &err);
    before = cpu_us();
    must(ticket_index_flush(app_tickets(app), &err), &err);
    (void)printf("| build the index of %u tickets | %.1f s of CPU |\n", count,
                 (cpu_us() - before) / 1e6);
    (void)snprintf(path, sizeof path, "%s/index-tickets/data.mdb", dir);
    (void)printf("| its file | %.1f MB |\n", stat(path, &st) == 0 ? (double)st.st_size / 1e6 : 0);
    app_close(app);
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void print_times(const char *what, double *us, uint32_t count)
{
    qsort(us, count, sizeof *us, rising);
    (void)printf("| %s | %.2f ms, p99 %.2f |\n", what, us[count / 2] / 1e3,
                 us[count * 99 / 100] / 1e3);
}

static json_t *ask_one(struct app *app, const json_t *line, int what)
{
    const struct who who = who_staff(ROLE_ENGINEER, "bench");
    const struct ticket_words words = {.title = bytes_str(article_first(line, "title")),
                                       .text = text_of(line)};
    const struct ticket_filter filter = {.text = words.title, .limit = 50};
    json_t *ticket, *out = NULL;
    struct error err;

    if (what == 0)
        must(ticket_list(app, &who, &filter, &out, &err), &err);
    if (what == 2)
        must(ticket_propose(app, &who, &words, &out, &err), &err);
    if (what != 1)
        return out;
    ticket = json_pack("{s:s,s:o?,s:s}", "title", article_first(line, "title"), "text",
                       json_from_bytes(words.text), "product", article_first(line, "product"));
    must(ticket_similar(app, &who, ticket, 10, &out, &err), &err);
    json_decref(ticket);
    return out;
}

static void ask(const char *dir, const struct corpus *corpus)
{
    static const char *const names[] = {"list by text, 50 rows", "similar tickets", "proposals"};
    struct app *app;
    struct error err;

    must(app_open(dir, APP_READ, &app, &err), &err);
    for (int what = 0; what < 3; what++) {
        double us[ASKED];

        json_decref(ask_one(app, corpus->lines[0], what)); /* opened */
        for (uint32_t i = 0; i < ASKED; i++) {
            double before = cpu_us();

            json_decref(ask_one(app, corpus->lines[(i * 7919u) % corpus->count], what));
            us[i] = cpu_us() - before;
        }
        print_times(names[what], us, ASKED);
    }
    app_close(app);
}

/* One change, and the search that follows it. */
static void follow(const char *dir)
{
    const struct who who = who_staff(ROLE_ENGINEER, "bench");
    const struct ticket_filter filter = {.text = BYTES_LIT("zebra"), .limit = 10};
    double us[ASKED];
    struct app *app;
    struct error err;

    must(app_open(dir, APP_WRITE, &app, &err), &err);
    for (uint32_t i = 0; i < ASKED; i++) {
        json_t *list;
        double before;

        must(ticket_reply(app, &who, 1 + i, BYTES_LIT("zebra"), true, NULL, &err), &err);
        before = cpu_us();
        must(ticket_list(app, &who, &filter, &list, &err), &err);
        us[i] = cpu_us() - before;
        json_decref(list);
    }
    print_times("a search after a change", us, ASKED);
    app_close(app);
}

int main(int argc, char **argv)
{
    uint32_t count = argc == 4 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
    struct corpus corpus;
    struct stat st;

    if (count == 0) {
        (void)fprintf(stderr, "usage: likeness DIR CORPUS.jsonl COUNT\n");
        return 2;
    }
    corpus = read_corpus(argv[2], count);
    if (stat(argv[1], &st) != 0)
        make_all(argv[1], &corpus, count);
    build(argv[1], count);
    ask(argv[1], &corpus);
    follow(argv[1]);
    for (uint32_t i = 0; i < corpus.count; i++)
        json_decref(corpus.lines[i]);
    free(corpus.lines);
    return 0;
}
