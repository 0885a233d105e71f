/* ticket_survey.h: what the customer thought of it: one survey a ticket, asked when it is closed.
 *
 * In the record: "survey":{"sent","expires","key_hash","score"?,"text"?,"at"?,"by"?,"via"?}; the
 * score is 1 (very dissatisfied) to 5, "via" is "link" or "agent" (who was told it on the phone).
 * The customer sees it without "key_hash" and "by".
 *
 * The link's key is made from the store's secret and the ticket's number (desk/survey.h); only its
 * hash is stored, and table survey_key finds the ticket by it. A ticket that is closed again keeps
 * its survey: an answered one is answered, one that is not has its time anew. An answer is final:
 * a bad score has by then sent somebody to ask.
 *
 * Commands:
 *   survey.answer {"ticket","score","text","by","via","visit"?:{"due","group"}}
 *                 "visit": what a score so low asks for (ticket_visit.h), decided by the rules */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_SURVEY_H
#define ASKFIRST_INTAKE_TICKET_TICKET_SURVEY_H

#include "intake/ticket/ticket_apply.h"

#define SURVEY_SCORE_MAX 5

enum status survey_apply_answer(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;

/* `survey`: {"key_hash","expires"} of the command, or NULL for none. */
enum status ticket_survey_send(struct txn *txn, json_t *ticket, const json_t *survey, int64_t at_ms,
                               struct error *err) MUST_USE;

/* May it be answered at `at_ms`? AF_NOT_FOUND: none was sent; AF_CONFLICT says that it is over or
 * answered. Its last instant is the millisecond before "expires". */
enum status ticket_survey_open(const json_t *ticket, int64_t at_ms, struct error *err) MUST_USE;

/* The ticket whose survey has a key with this hash; AF_NOT_FOUND. */
enum status ticket_no_by_survey(struct txn *txn, const struct digest *hash, uint32_t *no,
                                struct error *err) MUST_USE;

/* --- for `check` --- */
struct inspection;
void ticket_survey_check(struct inspection *in, const json_t *ticket, uint32_t no);
void ticket_survey_check_row(struct inspection *in, struct bytes key, struct bytes body);

#endif
