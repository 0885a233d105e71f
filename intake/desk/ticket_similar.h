/* ticket_similar.h: tickets that are like one: before it is saved, so that a fault that many report
 * becomes one problem with many reporters, and beside it while it is worked on. Staff only: they
 * are other people's.
 *
 *   own      of the same customer, not resolved yet: those that say the same first
 *   others   of other customers, about the same product, opened in the last TICKET_LIKE_DAYS
 *   solved   resolved or closed, whosever, with what resolved them
 *
 * Like is what holds TICKET_LIKE_COVERAGE of what the ticket says, weighed by how rare it is: of
 * the 20 best hits of 1,500 real cases asked as tickets among 17,533 others, those with less are of
 * the same narrow subject in 54 of 100, those with more in 75, those with twice as much in 88.
 *
 * In a store of few tickets words are rare or everywhere, and a fault that half of them have weighs
 * nothing: the bar rises with their number, from nothing to half of it at TICKET_LIKE_FEW.
 *
 * The same customer: the same party or account (who they are is intake/party's to say), else the
 * same mail address or telephone number. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_SIMILAR_H
#define ASKFIRST_INTAKE_DESK_TICKET_SIMILAR_H

#include "intake/desk/ticket.h"

#define TICKET_LIKE_DAYS 90
#define TICKET_LIKE_COVERAGE 0.3
#define TICKET_LIKE_FEW 50
#define TICKET_LIKE_MAX 50 /* of each list that may be asked for */

/* `ticket` has members as a ticket's record: title, text, product, type, contact, party, account,
 * posts; any may be missing, and "n" is left out of the lists. *out, which is the caller's:
 * {"own":[ROW],"others":[ROW],"solved":[ROW],"others_7_days":n,"others_90_days":n}; a ROW is as in
 * ticket_list with a text, and has "coverage" and "same":["customer","product","type"]; a solved
 * one has "resolved":{"cases":[{"case","title"}],"reply"?}. AF_DENIED for a customer. */
enum status ticket_similar(struct app *app, const struct who *who, const json_t *ticket,
                           uint32_t limit, json_t **out, struct error *err) MUST_USE;
/* The same of one that is saved. */
enum status ticket_similar_to(struct app *app, const struct who *who, uint32_t no, uint32_t limit,
                              json_t **out, struct error *err) MUST_USE;

/* Are they the same customer's? False when nothing is known of one. */
bool ticket_same_customer(const json_t *ticket, const json_t *other);

#endif
