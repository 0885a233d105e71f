/* api_ticket_now.h: what every call that changes a ticket has in common: the number in its path,
 * and the ticket as it is afterwards, or the problem that says at which version it is by now. */
#ifndef ASKFIRST_INTAKE_API_API_TICKET_NOW_H
#define ASKFIRST_INTAKE_API_API_TICKET_NOW_H

#include "intake/desk/ticket.h"
#include "intake/site.h"

/* {n} of the path; AF_NOT_FOUND when it is not a ticket's number. */
enum status api_ticket_no(const struct request *req, uint32_t *no, struct error *err) MUST_USE;

/* Staff, or whoever holds this ticket's follow-up key (?key= or X-Follow-Up-Key). Another ticket's
 * key is answered like no key at all. */
enum status api_ticket_who(struct site *site, struct request *req, struct reply *rep, uint32_t no,
                           enum scope scope, struct who *who, struct error *err) MUST_USE;

/* Ends a handler: when the change was done (AF_OK) the ticket with `code` and its ETag; when it
 * was asked for at another version (AF_CHANGED) the problem has that version and its ETag. */
enum status api_ticket_now(struct site *site, struct reply *rep, const struct who *who, uint32_t no,
                           enum status status, unsigned code, struct error *err) MUST_USE;

/* Ends a handler that was sent words or files for a ticket: what staff says is a reply, what a
 * customer says may open a ticket that follows (ticket_close.h). */
enum status api_ticket_reply_with(struct site *site, struct reply *rep, const struct who *who,
                                  uint32_t no, const struct ticket_post *post,
                                  struct error *err) MUST_USE;

/* The same with a sentence to tell beside the success: the ticket's "told". "" is none. */
enum status api_ticket_told(struct site *site, struct reply *rep, const struct who *who,
                            uint32_t no, enum status status, const char *told,
                            struct error *err) MUST_USE;

#endif
