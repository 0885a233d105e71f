/* ticket_impl.h: the checks and steps that the services share. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_IMPL_H
#define ASKFIRST_INTAKE_DESK_TICKET_IMPL_H

#include "intake/desk/ticket.h"
#include "intake/route/route.h"

/* AF_DENIED for a customer. */
enum status ticket_require_staff(const struct who *who, struct error *err) MUST_USE;
/* UTF-8 without a zero byte, of at most `bytes_max`; the sentence names the field. */
enum status ticket_check_text(const char *field, struct bytes text, size_t bytes_max,
                              struct error *err) MUST_USE;

/* Is it in a list of that filter, its text aside? */
struct ticket_row;
bool ticket_filter_passes(const struct ticket_filter *filter, const struct ticket_row *row);
/* The key of the ticket that a command with this id or idempotency key opens. */
void ticket_follow_up_key(struct app *app, const char *command_id, char key[40]);

/* An object of short strings, without control characters; or NULL. */
enum status ticket_check_contact(const json_t *contact, struct error *err) MUST_USE;

/* Adds to the body of ticket.open whose it is (ticket_party.h), and what the rules say of it now:
 * reported, level, clocks (or clock_fault), group, and perhaps rule and person. */
enum status ticket_decide(struct app *app, const struct who *who, struct bytes serial,
                          int64_t reported_ms, int64_t now_ms, struct arena *arena, json_t *body,
                          struct error *err) MUST_USE;

/* What routing is asked about a ticket, or about the body of one that is being opened. */
struct route_question ticket_route_question(const json_t *ticket, int64_t at_ms);

#endif
