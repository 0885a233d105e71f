/* ticket_index.h: the index of tickets (ticket/ticket_source.h), opened when somebody first asks
 * it: who only searches cases never pays for it.
 *
 * A server flushes it as it does the library's. Commands that are no server flush it now and then
 * (TICKET_INDEX_TAIL): what nobody flushed is analysed anew, in memory, by each command that asks,
 * and a flush costs seven syncs of the disk. */
#ifndef ASKFIRST_INTAKE_TICKET_INDEX_H
#define ASKFIRST_INTAKE_TICKET_INDEX_H

#include "indexer/index.h"
#include "search/search.h"

struct ticket_index; /* shared by all threads */

enum status ticket_index_new(struct store *store, enum store_mode mode, struct ticket_index **out,
                             struct error *err) MUST_USE;
/* Flushes what has gathered (STORE_WRITE); says on stderr what failed. The store is still open.
 * Accepts NULL. */
void ticket_index_free(struct ticket_index *tickets);

/* As index_set_build(). */
void ticket_index_set_build(struct ticket_index *tickets, unsigned threads, size_t bytes);

/* Opens it if it is not. The index is borrowed. */
enum status ticket_index_get(struct ticket_index *tickets, struct index **out,
                             struct error *err) MUST_USE;

/* index_flush() of it. */
enum status ticket_index_flush(struct ticket_index *tickets, struct error *err) MUST_USE;

/* search_run(): hits have the numbers of tickets as "no" and as ids. Whoever asks is staff, or sees
 * nothing of what is found. */
enum status ticket_index_search(struct ticket_index *tickets, const struct search_request *request,
                                struct arena *arena, struct search_result *out,
                                struct error *err) MUST_USE;

#endif
