/* enquiry_record.h: what somebody wants who is no customer, handed to those who sell (LTC): a
 * price, a solution, a contract. Their answer comes back, and the person is told.
 *
 *   sent ──accept──► accepted ──answer──► answered
 *     └─────────────answer───────────────────┘
 *
 *   {"enquiry":"EQ-2026-000012","n":12,"at","updated","version","state","target":"LTC","due",
 *    "title","text","product","channel","lang","contact":{},"party"?,"account"?,"ticket"?:n,
 *    "entered_by","reply"?,"history":[{"at","by","event","from","to","reason"?}]}
 *
 * Commands:
 *   enquiry.new   {"title","text","product","channel","lang","contact":{},"party"?,"account"?,
 *                  "role","by","due"}
 *   enquiry.move  {"enquiry":n,"event":"accept|answer","reply"?,"by"}
 *
 * One is also made by ticket.open and by the step "reject" of ticket.move, whose bodies then have
 * "enquiry":{"due":…}: it has the ticket's words and number, and the ticket its ("enquiry":n). */
#ifndef ASKFIRST_INTAKE_PARTY_ENQUIRY_RECORD_H
#define ASKFIRST_INTAKE_PARTY_ENQUIRY_RECORD_H

#include "data/base/limits.h"
#include "data/journal.h"

enum status enquiry_apply_new(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;
enum status enquiry_apply_move(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;

/* When the command's body asks for it: an enquiry of the ticket, which gets its number as a member.
 * A ticket that has one keeps it. For applies. */
enum status enquiry_of_ticket(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err) MUST_USE;

/* AF_NOT_FOUND with a sentence. The caller owns it. */
enum status enquiry_load(struct txn *txn, uint32_t no, json_t **out, struct error *err) MUST_USE;

/* A plain number or its name, in any case: 12, eq-2026-000012. */
bool enquiry_parse_no(struct bytes text, uint32_t *no);

bool enquiry_is_state(struct bytes name);

#endif
