#include "intake/http/deadline.h"

#include "data/base/clock.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

struct watch {
    struct sweeper *sweeper;
    struct watch *prev, *next;
    int fd;
    _Atomic int64_t at_us;
    atomic_bool was_cut;
};

struct sweeper {
    pthread_t thread;
    pthread_mutex_t lock; /* the list, `stops`; and no watch is freed while it is held */
    pthread_cond_t wake;
    unsigned period_ms;
    bool stops;
    size_t count;
    struct watch *first;
};

static void cut(struct watch *watch)
{
    atomic_store(&watch->was_cut, true);
    shutdown(watch->fd, SHUT_RDWR); /* a client that left by itself is no error */
}

static void sweep(struct sweeper *sweeper)
{
    int64_t now_us = clock_steady_us();

    for (struct watch *w = sweeper->first; w != NULL; w = w->next) {
        int64_t at_us = atomic_load(&w->at_us);

        /* The owner may set a new deadline at this very moment; then its request was late. */
        if (at_us <= now_us && atomic_compare_exchange_strong(&w->at_us, &at_us, DEADLINE_NONE))
            cut(w);
    }
}

static struct timespec after_ms(unsigned ms)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (time_t)(ms / 1000);
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static void *run(void *arg)
{
    struct sweeper *sweeper = arg;

    pthread_mutex_lock(&sweeper->lock);
    while (!sweeper->stops) {
        struct timespec at = after_ms(sweeper->period_ms);

        pthread_cond_timedwait(&sweeper->wake, &sweeper->lock, &at);
        sweep(sweeper);
    }
    pthread_mutex_unlock(&sweeper->lock);
    return NULL;
}

static void init_wake(pthread_cond_t *wake)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC); /* the wall clock may jump */
    pthread_cond_init(wake, &attr);
    pthread_condattr_destroy(&attr);
}

static void free_sweeper(struct sweeper *sweeper)
{
    pthread_cond_destroy(&sweeper->wake);
    pthread_mutex_destroy(&sweeper->lock);
    free(sweeper);
}

enum status sweeper_start(unsigned period_ms, struct sweeper **out, struct error *err)
{
    struct sweeper *sweeper = calloc(1, sizeof *sweeper);

    if (sweeper == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the deadlines of connections");
    sweeper->period_ms = period_ms;
    pthread_mutex_init(&sweeper->lock, NULL);
    init_wake(&sweeper->wake);
    if (pthread_create(&sweeper->thread, NULL, run, sweeper) != 0) {
        free_sweeper(sweeper);
        return error_set(err, AF_IO, "no thread can be started for the deadlines of connections");
    }
    *out = sweeper;
    return AF_OK;
}

void sweeper_stop(struct sweeper *sweeper)
{
    if (sweeper == NULL)
        return;
    pthread_mutex_lock(&sweeper->lock);
    sweeper->stops = true;
    pthread_cond_signal(&sweeper->wake);
    pthread_mutex_unlock(&sweeper->lock);
    pthread_join(sweeper->thread, NULL);
    assert(sweeper->first == NULL);
    free_sweeper(sweeper);
}

struct watch *watch_new(struct sweeper *sweeper, int fd, int64_t at_us)
{
    struct watch *watch = calloc(1, sizeof *watch);

    if (watch == NULL)
        return NULL;
    watch->sweeper = sweeper;
    watch->fd = fd;
    atomic_init(&watch->at_us, at_us);
    atomic_init(&watch->was_cut, false);
    pthread_mutex_lock(&sweeper->lock);
    watch->next = sweeper->first;
    if (watch->next != NULL)
        watch->next->prev = watch;
    sweeper->first = watch;
    sweeper->count++;
    pthread_mutex_unlock(&sweeper->lock);
    return watch;
}

void watch_free(struct watch *watch)
{
    struct sweeper *sweeper;

    if (watch == NULL)
        return;
    sweeper = watch->sweeper;
    pthread_mutex_lock(&sweeper->lock);
    if (watch->prev == NULL)
        sweeper->first = watch->next;
    else
        watch->prev->next = watch->next;
    if (watch->next != NULL)
        watch->next->prev = watch->prev;
    sweeper->count--;
    pthread_mutex_unlock(&sweeper->lock);
    free(watch);
}

void watch_set(struct watch *watch, int64_t at_us)
{
    if (watch != NULL)
        atomic_store(&watch->at_us, at_us);
}

bool watch_was_cut(const struct watch *watch)
{
    return watch != NULL && atomic_load(&watch->was_cut);
}

void sweeper_cut_all(struct sweeper *sweeper)
{
    pthread_mutex_lock(&sweeper->lock);
    for (struct watch *w = sweeper->first; w != NULL; w = w->next)
        cut(w);
    pthread_mutex_unlock(&sweeper->lock);
}

size_t sweeper_count(struct sweeper *sweeper)
{
    size_t count;

    pthread_mutex_lock(&sweeper->lock);
    count = sweeper->count;
    pthread_mutex_unlock(&sweeper->lock);
    return count;
}
