/* ticket_end.h: how a ticket ends, as its record and its commands have it.
 *
 *   in_progress ─resolve► resolved ──confirm (customer, or an agent he told)──► closed
 *        ▲                   │  └────window passed (timer "confirm")─────────►   │
 *        └──a customer's no──┘  └────close (staff)───────────────────────────►   │
 *        ▲                                                                       │
 *        └──reopen, or a customer's reply, until "reopen_until"──────────────────┘
 *                                   later: another ticket, which "follows" this one
 *
 * Each way to closed passes the guard of ticket_flow.h: a case that resolved it, or the stated
 * reason why there is nothing to record. Whoever resolves may state it already, so that the ticket
 * can close by itself. One that should close and cannot is "held", and stays resolved: the
 * engineer's to do.
 *
 * Members of the record (c: the customer sees it):
 *   "nothing_to_record":{"reason","by","at"}
 *   "confirmed":{"at","by"}                                   c, without "by"
 *   "held":{"at","why"}                                       since when, and the guard's sentence
 *   "closed":{"at","how":"customer"|"window"|"staff","by","reopen_until"?}   c, without "by"
 *   "follows":n, "followed_by":[n,…]                          c
 *   "survey", "visits"                                        ticket_survey.h, ticket_visit.h
 *
 * Members of commands, beside those of ticket_record.h:
 *   ticket.move     "nothing_to_record"?:true  "reason" is the statement (resolve, close)
 *                   "confirm_by"?              when resolving: until when he may say no
 *                   "closing"?                 when closing: {"reopen_until","survey"?,"visits"?}
 *   ticket.confirm  {"ticket","by","reason","how":"customer"|"window","closing"?,…}
 *   ticket.open     "follows"?:n               what a late reply opens; its own exemption
 *
 * What is decided from rules, calendars, the store's secret and chance is in the command. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_END_H
#define ASKFIRST_INTAKE_TICKET_TICKET_END_H

#include "intake/ticket/ticket_apply.h"

#define TICKET_TIMER_CONFIRM "confirm"

/* Closes it when the guard allows; else a confirmation is written down and the ticket is held. */
enum status ticket_apply_confirm(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err) MUST_USE;

/* Before a step: the statement that comes with it goes into the record. AF_INVALID for a statement
 * without words, or with a step that takes none. */
enum status ticket_end_state(json_t *ticket, const struct command *command, enum ticket_event event,
                             struct error *err) MUST_USE;

/* What follows from another state; for ticket_entered. AF_CONFLICT: its reopen window is over. */
enum status ticket_end_entered(struct txn *txn, json_t *ticket, const struct command *command,
                               enum ticket_state from, enum ticket_state to,
                               struct error *err) MUST_USE;

/* May the customer's word open it again at `at_ms`? */
bool ticket_end_may_reopen(const json_t *ticket, int64_t at_ms);

/* A ticket that can be followed by another one: it is over, and not as spam. */
bool ticket_end_may_be_followed(const json_t *ticket);
/* Ticket `no`, which was just opened, follows ticket `old`. Writes the old one. */
enum status ticket_end_follow(struct txn *txn, const struct command *command, uint32_t old,
                              uint32_t no, struct error *err) MUST_USE;

/* As it is shown: "confirm_by" of one that waits for the customer's word; without what is the
 * store's own, and for a customer without what is staff's. */
void ticket_end_show(json_t *ticket, bool for_customer);

/* --- for `check` --- */
struct inspection;
void ticket_end_check(struct inspection *in, const json_t *ticket, uint32_t no);

#endif
