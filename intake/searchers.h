/* searchers.h: the searchers of one index, lent to threads: each belongs to one thread at a time,
 * and those that are idle are kept. */
#ifndef ASKFIRST_INTAKE_SEARCHERS_H
#define ASKFIRST_INTAKE_SEARCHERS_H

#include "search/search.h"

#include <pthread.h>

#define IDLE_SEARCHERS_MAX 64 /* more threads than this never search at once on our machines */

struct searchers {
    struct index *index;
    struct store *store;
    pthread_mutex_t lock;
    struct searcher *idle[IDLE_SEARCHERS_MAX];
    size_t idle_count;
};

void searchers_init(struct searchers *searchers, struct index *index, struct store *store);
void searchers_release(struct searchers *searchers); /* all are back; accepts one not begun */

enum status searchers_borrow(struct searchers *searchers, struct searcher **out,
                             struct error *err) MUST_USE;
void searchers_return(struct searchers *searchers, struct searcher *searcher);

/* Borrows, searches, returns. */
enum status searchers_search(struct searchers *searchers, const struct search_request *request,
                             struct arena *arena, struct search_result *out,
                             struct error *err) MUST_USE;

#endif
