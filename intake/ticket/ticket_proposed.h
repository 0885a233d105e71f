/* ticket_proposed.h: what was proposed for a new ticket (desk/ticket_propose.h), and what the
 * person made of it.
 *
 *   ticket.open    "proposals":{"product"?:"A","type"?:"wifi","severity"?:"S3"}
 *   the record     "proposals":{"product":{"value":"A","given":"B"}, …}: proposed, and as the
 *                  person then gave it; how it turned out is what the ticket says when closed
 *
 * For staff: a customer need not know what a machine made of his words. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_PROPOSED_H
#define ASKFIRST_INTAKE_TICKET_TICKET_PROPOSED_H

#include "data/base/json.h"
#include "data/journal.h"

#define TICKET_PROPOSED_PARTS 3
extern const char *const ticket_proposed_parts[TICKET_PROPOSED_PARTS];

/* An object of those members, each a text as the ticket may have it; NULL and null are none.
 * AF_INVALID names the member. */
enum status ticket_proposed_check(const json_t *proposed, struct error *err) MUST_USE;

/* In a new record: what the command says was proposed, beside what is given. */
enum status ticket_proposed_note(json_t *ticket, const struct command *command,
                                 struct error *err) MUST_USE;

#endif
