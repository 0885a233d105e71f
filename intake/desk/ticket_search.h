/* ticket_search.h: tickets by their words (ticket/ticket_text.h): for lists, and for finding those
 * that are like another. Callers have made sure that whoever asks is staff, or hand on nothing of
 * what is found. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_SEARCH_H
#define ASKFIRST_INTAKE_DESK_TICKET_SEARCH_H

#include "intake/desk/ticket.h"

/* One ticket that was found. `record` is its text, borrowed for the call. *enough ends the walk. */
typedef enum status (*ticket_hit_fn)(void *context, const struct hit *hit, struct bytes record,
                                     bool *enough, struct error *err);

/* Hands out the tickets that the request finds, best first, as they are in `txn`, until `most` were
 * looked at: as many at a time as the request's limit says, so that who has enough does not pay for
 * the rest. *total: as of search_result; NULL: not wanted. Hits live in `arena`. */
enum status ticket_search_walk(struct app *app, struct txn *txn, struct search_request *request,
                               uint32_t most, struct arena *arena, ticket_hit_fn fn, void *context,
                               uint64_t *total, struct error *err) MUST_USE;

/* ticket_list() of a filter that has a text: rows have "score","snippet","snippet_marks",
 * "title_marks" and "reasons" too, and the list has "total". No page follows the first. */
enum status ticket_search_list(struct app *app, const struct ticket_filter *filter, json_t **list,
                               struct error *err) MUST_USE;

/* Why it was found, as members of a row. False without memory. */
bool ticket_search_why(json_t *row, const struct hit *hit);

/* What a ticket asks: its title, its text, and the last that the customer added. */
void ticket_question(const json_t *ticket, struct buf *out);

#endif
