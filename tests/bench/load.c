#include "tests/bench/load.h"

#include "tests/bench/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct load {
    const struct driver *driver;
    void *engine;
    const struct question *questions;
    size_t count;
    int64_t until_ns;
};

struct worker {
    const struct load *load;
    size_t at;
    uint64_t asked;
    int64_t slowest_ns;
    pthread_t thread;
};

/* Steps through the questions by a prime, so that classes alternate. */
static void *work(void *context)
{
    struct worker *w = context;
    const struct load *load = w->load;
    void *session = load->driver->session(load->engine);
    int64_t now = wall_ns();

    while (now < load->until_ns) {
        struct hits hits = {0};
        const struct question *q = &load->questions[w->at = (w->at + 1009) % load->count];
        int64_t began = now;

        load->driver->search(session, q->name, q->text, &hits);
        now = wall_ns();
        if (now - began > w->slowest_ns)
            w->slowest_ns = now - began;
        w->asked++;
    }
    return NULL;
}

/* Saves lines of the corpus until the time is over; how many. */
static uint64_t save_all(const struct load *load, const char *articles)
{
    FILE *file = fopen(articles, "r");
    uint64_t saved = 0;
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    if (file == NULL)
        die("%s cannot be read", articles);
    while (wall_ns() < load->until_ns && (len = getline(&line, &room, file)) > 0) {
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        load->driver->save(load->engine, line);
        saved++;
    }
    free(line);
    fclose(file);
    return saved;
}

void load_run(const struct driver *driver, void *engine, unsigned threads, double seconds,
              const char *questions, const char *articles)
{
    static struct worker workers[LOAD_THREADS_MAX];
    struct load load = {.driver = driver, .engine = engine};
    struct question *all = questions_read(questions, &load.count);
    int64_t wall = wall_ns(), cpu = process_cpu_ns(), slowest = 0;
    uint64_t asked = 0, saved = 0;

    if (threads == 0 || threads > LOAD_THREADS_MAX)
        die("from 1 to %d threads, not %u", LOAD_THREADS_MAX, threads);
    load.questions = all;
    load.until_ns = wall + (int64_t)(seconds * 1e9);
    for (unsigned i = 0; i < threads; i++) {
        workers[i] = (struct worker){.load = &load, .at = (size_t)i * 7919 % load.count};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            die("no thread can be started");
    }
    if (articles[0] != '\0')
        saved = save_all(&load, articles);
    for (unsigned i = 0; i < threads; i++) {
        pthread_join(workers[i].thread, NULL);
        asked += workers[i].asked;
        if (workers[i].slowest_ns > slowest)
            slowest = workers[i].slowest_ns;
    }
    printf("loaded\t%llu\t%lld\t%lld\t%llu\t%lld\n", (unsigned long long)asked,
           (long long)(process_cpu_ns() - cpu), (long long)(wall_ns() - wall),
           (unsigned long long)saved, (long long)slowest);
    questions_free(all, load.count);
}
