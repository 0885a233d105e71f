/* ticket_party.h: who asks, decided when a ticket is opened, and put right afterwards.
 *
 * Nobody is turned away: who is unknown gets a ticket like anybody, with no_data. What he wants
 * decides about an enquiry: a price or a solution (class non_technical) wanted by who is no
 * customer is handed to LTC with the ticket; a technical request is work, whoever has it, until an
 * agent rejects it as out of scope, which hands it over as well (desk/enquiry.h). */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_PARTY_H
#define ASKFIRST_INTAKE_DESK_TICKET_PARTY_H

#include "intake/app.h"
#include "intake/rules/rules.h"
#include "intake/who.h"

/* Adds to the body of ticket.open what ticket/ticket_party.h says, and "level". `serial`: as it was
 * given; empty: what was filled in on the form. */
enum status ticket_decide_party(struct app *app, const struct rules *rules, const struct who *who,
                                struct bytes serial, int64_t reported_ms, int64_t now_ms,
                                json_t *body, struct error *err) MUST_USE;

struct ticket_identity {
    struct bytes contact, account; /* ids; both empty: it is nobody's that we know */
    struct bytes serial;           /* data NULL: as it is */
    struct bytes reason;
};

/* It is that one's: matched, entitled and promised anew, as of its report. AF_INVALID for what is
 * not there. Staff only. */
enum status ticket_identify(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_identity *identity, struct error *err) MUST_USE;

/* "enquiry":{"due"} for a command that hands something to LTC now. */
enum status ticket_add_enquiry(const struct rules *rules, int64_t now_ms, json_t *body,
                               struct error *err) MUST_USE;

#endif
