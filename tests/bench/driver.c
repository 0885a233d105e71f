#include "tests/bench/driver.h"

#include "tests/bench/load.h"
#include "tests/bench/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void die(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    exit(3);
}

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t wall_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

int64_t process_cpu_ns(void)
{
    return clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

/* VmHWM, not ru_maxrss: that one begins with what the parent had before exec. */
static uint64_t peak_kb(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long kb = 0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmHWM: %lu", &kb) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return kb;
}

void hits_add(struct hits *hits, const char *id, size_t len)
{
    if (hits->count == HITS)
        return;
    snprintf(hits->ids[hits->count++], ID_BYTES, "%.*s", (int)len, id);
}

static int build(const struct driver *driver, const char *dir, const char *corpus)
{
    struct built built = {0};
    int64_t began = wall_ns();

    driver->build(dir, corpus, &built);
    printf("built\t%llu\t%lld\t%lld\t%llu\t%llu\n", (unsigned long long)built.docs,
           (long long)(built.cpu_ns > 0 ? built.cpu_ns : process_cpu_ns()),
           (long long)(wall_ns() - began),
           (unsigned long long)(built.peak_kb > 0 ? built.peak_kb : peak_kb()),
           (unsigned long long)built.memory_bytes);
    return 0;
}

static int open_once(const struct driver *driver, const char *dir, const char *query)
{
    int64_t cpu = process_cpu_ns(), wall = wall_ns();
    void *engine = driver->open(dir, false);
    struct hits hits = {0};

    driver->search(driver->session(engine), "zh2", query, &hits);
    printf("opened\t%lld\t%lld\t%u\n", (long long)(process_cpu_ns() - cpu),
           (long long)(wall_ns() - wall), hits.count);
    driver->close(engine);
    return 0;
}

/* --- serve ----------------------------------------------------------------------------------- */

struct server {
    const struct driver *driver;
    void *engine, *session;
};

static void answer_search(struct server *s, const char *name, const char *query)
{
    struct hits hits = {0};
    int64_t wall = wall_ns(), cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);

    s->driver->search(s->session, name, query, &hits);
    cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
    wall = wall_ns() - wall;
    printf("hits\t%lld\t%lld\t", (long long)cpu, (long long)wall);
    for (unsigned i = 0; i < hits.count; i++)
        printf("%s%s", i > 0 ? " " : "", hits.ids[i]);
    putchar('\n');
}

static void answer_save(struct server *s, const char *token, const char *article)
{
    struct hits hits = {0};
    int64_t wall = wall_ns(), cpu = process_cpu_ns();

    s->driver->save(s->engine, article);
    while (hits.count == 0) {
        s->driver->search(s->session, "code", token, &hits);
        if (wall_ns() - wall > (int64_t)60 * 1000000000)
            die("a saved article is not found by '%s' after a minute", token);
    }
    printf("saved\t%lld\t%lld\n", (long long)(process_cpu_ns() - cpu),
           (long long)(wall_ns() - wall));
}

/* Cuts the next field off; the last one keeps its tabs. */
static char *field(char **rest)
{
    char *start = *rest, *tab = strchr(start, '\t');

    *rest = tab == NULL ? start + strlen(start) : tab + 1;
    if (tab != NULL)
        *tab = '\0';
    return start;
}

static void answer(struct server *s, char *line)
{
    char *rest = line, *verb = field(&rest);

    if (strcmp(verb, "search") == 0) {
        char *name = field(&rest);
        answer_search(s, name, rest);
    } else if (strcmp(verb, "save") == 0) {
        char *token = field(&rest);
        answer_save(s, token, rest);
    } else if (strcmp(verb, "load") == 0) {
        unsigned threads = (unsigned)strtoul(field(&rest), NULL, 10);
        double seconds = strtod(field(&rest), NULL);
        char *file = field(&rest);
        load_run(s->driver, s->engine, threads, seconds, file, rest);
    } else if (strcmp(verb, "memory") == 0) {
        printf("memory\t%llu\n", (unsigned long long)peak_kb());
    } else if (strcmp(verb, "flush") == 0) {
        fflush(stdout);
    } else {
        die("an unknown request: '%s'", verb);
    }
}

static int serve(const struct driver *driver, const char *dir, bool write)
{
    struct server s = {.driver = driver, .engine = driver->open(dir, write)};
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    if (driver->settle != NULL)
        driver->settle(s.engine);
    s.session = driver->session(s.engine);
    printf("ready\n");
    fflush(stdout);
    while ((len = getline(&line, &room, stdin)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        answer(&s, line);
    }
    free(line);
    driver->close(s.engine);
    return 0;
}

/* --- count ----------------------------------------------------------------------------------- */

/* A function of its own, for callgrind's --toggle-collect: what it calls is counted. */
void count_calls(const struct driver *driver, void *session, const struct question *question,
                 struct hits *hits);
__attribute__((noinline)) void count_calls(const struct driver *driver, void *session,
                                           const struct question *question, struct hits *hits)
{
    driver->search(session, question->name, question->text, hits);
}

/* The first N questions of a class are asked, then asked again and counted: what the first reading
 * of a value costs is left out. */
static int count(const struct driver *driver, const char *dir, const char *file, const char *name,
                 unsigned limit)
{
    void *engine = driver->open(dir, false), *session = driver->session(engine);
    size_t count;
    struct question *questions = questions_read(file, &count);
    unsigned asked = 0;

    for (int round = 0; round < 2; round++) {
        asked = 0;
        for (size_t i = 0; i < count && asked < limit; i++) {
            struct hits hits = {0};

            if (strcmp(questions[i].name, name) != 0)
                continue;
            if (round == 0)
                driver->search(session, name, questions[i].text, &hits);
            else
                count_calls(driver, session, &questions[i], &hits);
            asked++;
        }
    }
    printf("counted\t%u\n", asked);
    questions_free(questions, count);
    driver->close(engine);
    return 0;
}

int driver_main(const struct driver *driver, int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "build") == 0)
        return build(driver, argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "open") == 0)
        return open_once(driver, argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "serve") == 0)
        return serve(driver, argv[2], strcmp(argv[3], "write") == 0);
    if (argc == 6 && strcmp(argv[1], "count") == 0)
        return count(driver, argv[2], argv[3], argv[4], (unsigned)strtoul(argv[5], NULL, 10));
    fprintf(stderr,
            "usage: %s build DIR CORPUS | open DIR QUERY | serve DIR read|write | "
            "count DIR QUERIES CLASS N\n",
            argv[0]);
    return 2;
}
