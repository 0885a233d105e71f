#include "intake/searchers.h"

void searchers_init(struct searchers *searchers, struct index *index, struct store *store)
{
    *searchers = (struct searchers){.index = index, .store = store};
    (void)pthread_mutex_init(&searchers->lock, NULL);
}

void searchers_release(struct searchers *searchers)
{
    if (searchers->store == NULL)
        return;
    while (searchers->idle_count > 0)
        searcher_free(searchers->idle[--searchers->idle_count]);
    (void)pthread_mutex_destroy(&searchers->lock);
    *searchers = (struct searchers){0};
}

enum status searchers_borrow(struct searchers *searchers, struct searcher **out, struct error *err)
{
    struct searcher *searcher = NULL;

    (void)pthread_mutex_lock(&searchers->lock);
    if (searchers->idle_count > 0)
        searcher = searchers->idle[--searchers->idle_count];
    (void)pthread_mutex_unlock(&searchers->lock);
    if (searcher == NULL)
        return searcher_new(searchers->index, searchers->store, out, err);
    *out = searcher;
    return AF_OK;
}

void searchers_return(struct searchers *searchers, struct searcher *searcher)
{
    (void)pthread_mutex_lock(&searchers->lock);
    if (searchers->idle_count < IDLE_SEARCHERS_MAX) {
        searchers->idle[searchers->idle_count++] = searcher;
        searcher = NULL;
    }
    (void)pthread_mutex_unlock(&searchers->lock);
    searcher_free(searcher);
}

enum status searchers_search(struct searchers *searchers, const struct search_request *request,
                             struct arena *arena, struct search_result *out, struct error *err)
{
    struct searcher *searcher;
    enum status status = searchers_borrow(searchers, &searcher, err);

    if (status != AF_OK)
        return status;
    status = search_run(searcher, request, arena, out, err);
    searchers_return(searchers, searcher);
    return status;
}
