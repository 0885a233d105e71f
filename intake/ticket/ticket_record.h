/* ticket_record.h: the record of a ticket and the commands that change it.
 *
 * Commands (bodies):
 *   ticket.open   {"follow_up":<hash of the key>,"consult"?,"class","severity","channel",
 *                  "title","text","product","lang","contact":{},"role"}
 *   ticket.reply  {"ticket":n,"text","from":"customer"|"staff","internal":bool,"by"}
 *   ticket.move   {"ticket":n,"event","reason","by"}
 *   ticket.link   {"ticket":n,"case","role","by","actor_role"}
 *
 * The record's members are those of ticket_get (ticket.h); "consult" is the id there. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_RECORD_H
#define ASKFIRST_INTAKE_TICKET_TICKET_RECORD_H

#include "data/journal.h"

enum status ticket_apply_open(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;
enum status ticket_apply_reply(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;
enum status ticket_apply_move(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;
enum status ticket_apply_link(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;

/* AF_NOT_FOUND with a sentence. The caller owns it. */
enum status ticket_load(struct txn *txn, uint32_t no, json_t **out, struct error *err) MUST_USE;
/* The ticket whose follow-up key has this hash; AF_NOT_FOUND. */
enum status ticket_no_by_key(struct txn *txn, const struct digest *hash, uint32_t *no,
                             struct error *err) MUST_USE;

#endif
