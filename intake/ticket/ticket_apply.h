/* ticket_apply.h: what the commands that change a ticket share: it is loaded, its clocks are set,
 * one function changes it, and it is stored with the rows that find it.
 *
 *   ticket_apply_X(txn, command)
 *     └ ticket_apply_change ── loads; is it still version "seen"?
 *            │                 what its clocks passed is written down; "clocks" are taken
 *            ├ change(ticket)  one feature's function: checks, then changes the record
 *            │     └ ticket_set_state ── history; then what follows from it (ticket_entered.h)
 *            └ ticket_save ─── version + 1; rows of ticket_due and ticket_queue
 *
 * An apply reads the store and the command and nothing else: no calendar, no clock, no chance. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_APPLY_H
#define ASKFIRST_INTAKE_TICKET_TICKET_APPLY_H

#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_record.h"

/* Changes `ticket` in memory; when it answers anything but AF_OK nothing is stored. It may write
 * other tables when nothing can refuse any more. */
typedef enum status (*ticket_change_fn)(struct txn *txn, json_t *ticket,
                                        const struct command *command, json_t *result,
                                        struct error *err);

/* Body of the command: {"ticket":n,"seen"?,"clocks"?,"clocks_at"?, …} (ticket_record.h). */
enum status ticket_apply_change(struct txn *txn, const struct command *command,
                                ticket_change_fn change, json_t *result,
                                struct error *err) MUST_USE;

/* A command that changes two: {"ticket":n,"seen"?,"clocks"?,"clocks_at"?,"other":m,"other_seen"?,
 * …}. Both are loaded and neither has changed since it was seen; the clocks are the first one's;
 * both are stored. AF_INVALID when they are one. */
typedef enum status (*ticket_pair_fn)(struct txn *txn, json_t *ticket, json_t *other,
                                      const struct command *command, json_t *result,
                                      struct error *err);
enum status ticket_apply_pair(struct txn *txn, const struct command *command, ticket_pair_fn change,
                              json_t *result, struct error *err) MUST_USE;

/* The same step by step, for what may turn out to change nothing. The caller owns the ticket. */
enum status ticket_load_seen(struct txn *txn, const struct command *command, json_t **ticket,
                             struct error *err) MUST_USE;

enum ticket_state ticket_state_of(const json_t *ticket);

/* Another state, with the command's "by" and "reason" in the history. Whether the event leads
 * there is the caller's to know (ticket_flow_step). */
enum status ticket_set_state(struct txn *txn, json_t *ticket, const struct command *command,
                             const char *event, enum ticket_state to, struct error *err) MUST_USE;

/* An entry of the history that leaves the state as it is: {"at","by","event","from","to","reason"}
 * and the members of `more`, which is taken (NULL: none). */
enum status ticket_add_event(json_t *ticket, const struct command *command, const char *event,
                             json_t *more, struct error *err) MUST_USE;

/* The newest entry of its history is about another ticket as well: "other":no. */
enum status ticket_event_about(json_t *ticket, uint32_t no, struct error *err) MUST_USE;
/* What ticket.severity does to the record, for another command whose body has its members. */
enum status ticket_set_severity(struct txn *txn, json_t *ticket, const struct command *command,
                                json_t *result, struct error *err) MUST_USE;

/* Adds to one of its lists; takes `item` (NULL: there was no memory to make it). */
enum status ticket_append(json_t *ticket, const char *list, json_t *item,
                          struct error *err) MUST_USE;

#endif
