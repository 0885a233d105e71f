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

#include "data/base/limits.h"
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

/* TABLE_LINK's key is case id, 0, ticket be32, role u8: a role's number is its place among
 * resolved_by, consulted, sent, not_helpful. */
#define TICKET_LINK_KEY_BYTES_MAX (ARTICLE_ID_BYTES_MAX + 6)
bool ticket_role_parse(const char *name, uint8_t *role);
/* Written to `key`; `case_id` has at most ARTICLE_ID_BYTES_MAX bytes. */
struct bytes ticket_link_key(const char *case_id, uint32_t no, uint8_t role,
                             uint8_t key[TICKET_LINK_KEY_BYTES_MAX]);

#endif
