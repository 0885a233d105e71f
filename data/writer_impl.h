/* writer_impl.h: what writer.c (queue, turns), writer_group.c (commits) and writer_run.c (one
 * command) share. */
#ifndef ASKFIRST_DATA_WRITER_IMPL_H
#define ASKFIRST_DATA_WRITER_IMPL_H

#include "data/journal.h"

#include <pthread.h>
#include <stdatomic.h>

struct request {
    struct command command; /* a copy: the journal fills in its part */
    const struct command_kind *kind;
    struct buf written; /* the body's text, when it came as a tree */
    struct bytes body;
    uint64_t print;
    struct bytes replay; /* a line of another journal; empty: a new command */

    struct outcome outcome;
    enum status status;
    struct error error;
    bool refused; /* decided without the others: leave it out when starting over */
    bool answered;
    pthread_cond_t answer;
    struct request *next;
};

struct journal {
    struct store *store;
    const struct command_kind *kinds;
    journal_ahead_fn tell; /* or NULL */
    void *tell_context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct request *first, *last;
    size_t waiting;
    bool stopping;
    bool is_writing; /* somebody has the writer's turn: the thread, or a command's own */
    /* Of whoever has the turn: */
    struct buf line;
    atomic_bool broken;    /* a commit failed; see writer_group.c */
    atomic_bool low_space; /* the reserve is gone; commands that can wait are refused */
};

/* NULL when there is no such kind. */
const struct command_kind *writer_find_kind(const struct journal *journal, const char *name);

/* Applies one request and appends its entry after `head`, which it moves. The outcome goes into
 * the request; a refusal has its sentence in request->error. */
enum status writer_run(struct journal *journal, struct txn *txn, struct journal_head *head,
                       struct request *request) MUST_USE;

/* Runs what was taken from the queue in one commit, and answers every request in it. */
void writer_run_group(struct journal *journal, struct request *group);

#endif
