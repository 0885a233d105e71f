#include "intake/ticket_index.h"

#include "data/base/limits.h"
#include "intake/searchers.h"
#include "intake/ticket/ticket_source.h"
#include "intake/ticket/ticket_text.h"

#include <stdio.h>
#include <stdlib.h>

struct ticket_index {
    struct store *store;
    enum store_mode mode;
    uint64_t last; /* command that changed a ticket's text, when this was made */
    unsigned build_threads;
    size_t build_bytes;
    pthread_mutex_t opening;
    /* under it: */
    struct index *index;
    struct searchers searchers;
};

static enum status read_last(struct store *store, uint64_t *seq, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_text_last(txn, seq, err);
    txn_abort(txn);
    return status;
}

enum status ticket_index_new(struct store *store, enum store_mode mode, struct ticket_index **out,
                             struct error *err)
{
    struct ticket_index *tickets = calloc(1, sizeof *tickets);
    enum status status;

    if (tickets == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the index of tickets");
    tickets->store = store;
    tickets->mode = mode;
    (void)pthread_mutex_init(&tickets->opening, NULL);
    status = read_last(store, &tickets->last, err);
    if (status == AF_OK)
        *out = tickets;
    else
        ticket_index_free(tickets);
    return status;
}

/* Of every so many commands the one that passes the mark flushes, so that no more are behind. */
static bool is_far_behind(const struct ticket_index *tickets)
{
    uint64_t last;

    return read_last(tickets->store, &last, NULL) == AF_OK &&
           last / TICKET_INDEX_TAIL > tickets->last / TICKET_INDEX_TAIL;
}

enum status ticket_index_flush(struct ticket_index *tickets, struct error *err)
{
    struct index *index;
    enum status status = ticket_index_get(tickets, &index, err);

    return status == AF_OK ? index_flush(index, NULL, NULL, err) : status;
}

void ticket_index_free(struct ticket_index *tickets)
{
    struct error err;

    if (tickets == NULL)
        return;
    if (tickets->mode == STORE_WRITE && is_far_behind(tickets) &&
        ticket_index_flush(tickets, &err) != AF_OK)
        (void)fprintf(stderr, "askfirst: the index of tickets was not written: %s\n", err.text);
    searchers_release(&tickets->searchers);
    index_close(tickets->index);
    (void)pthread_mutex_destroy(&tickets->opening);
    free(tickets);
}

void ticket_index_set_build(struct ticket_index *tickets, unsigned threads, size_t bytes)
{
    tickets->build_threads = threads;
    tickets->build_bytes = bytes;
}

static enum status open_index(struct ticket_index *tickets, struct error *err)
{
    enum status status =
        index_open_source(tickets->store, tickets->mode, &index_tickets, &tickets->index, err);

    if (status != AF_OK)
        return status;
    index_set_build(tickets->index, tickets->build_threads, tickets->build_bytes);
    searchers_init(&tickets->searchers, tickets->index, tickets->store);
    return AF_OK;
}

enum status ticket_index_get(struct ticket_index *tickets, struct index **out, struct error *err)
{
    enum status status = AF_OK;

    (void)pthread_mutex_lock(&tickets->opening);
    if (tickets->index == NULL)
        status = open_index(tickets, err);
    *out = tickets->index;
    (void)pthread_mutex_unlock(&tickets->opening);
    return status;
}

enum status ticket_index_search(struct ticket_index *tickets, const struct search_request *request,
                                struct arena *arena, struct search_result *out, struct error *err)
{
    struct index *index;
    enum status status = ticket_index_get(tickets, &index, err);

    return status == AF_OK ? searchers_search(&tickets->searchers, request, arena, out, err)
                           : status;
}
