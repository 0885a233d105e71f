/* ticket_party.h: whose ticket it is, and what he is entitled to.
 *
 * In the record, each absent when nothing is known:
 *
 *   "party":"c-17"            the contact, as it was matched (a merge later leaves it)
 *   "party_by":"phone"        by what: id, openid, appid, mail, phone, account, domain;
 *                             consult: the program that asked said so; agent
 *   "party_also":["c-9"]      contacts that other identities named: the agent should look
 *   "account":"acme","rep":"wang.li"   his organisation, and the sales representative who has it
 *   "entered_by_role":"customer|agent|rep"   who put it in, for the rep-dependence report
 *   "serial":"SN12"           which one of the product it is about, normalised
 *   "entitlement":{"result":"standard|none|no_data","why","by"?,"kind"?,"until"?}
 *   "enquiry":12              what was handed to LTC about it (party/enquiry_record.h)
 *
 * Commands:
 *   ticket.open   the members above, decided by its proposer, and "enquiry":{"due"}?
 *   ticket.party  {"ticket":n,"by","reason","party"?,"party_by","account"?,"rep"?,"serial"?,
 *                  "entitlement","level","seen"?,"clocks"?,"clocks_at"?}: another answer to both
 *
 * Customers see none of it but the serial number: who holds a phone's number is not whose it is. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_PARTY_H
#define ASKFIRST_INTAKE_TICKET_TICKET_PARTY_H

#include "intake/inspect.h"
#include "intake/ticket/ticket_apply.h"

/* ticket.open: are the members sound, and those they name there? */
enum status ticket_party_check_body(struct txn *txn, const json_t *body,
                                    struct error *err) MUST_USE;
/* ticket.open: gives the ticket its members, its place in the past of contact and account, and its
 * enquiry when the body asks for one. */
enum status ticket_party_take(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err) MUST_USE;

enum status ticket_apply_party(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;

/* For `check`: what one ticket says of it. */
void ticket_party_inspect(struct inspection *in, const json_t *ticket);

#endif
