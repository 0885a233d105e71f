/* ticket_record.h: the record of a ticket and the commands that change it.
 *
 * Commands (bodies):
 *   ticket.open   {"follow_up":<hash of the key>,"consult"?,"class","severity","channel",
 *                  "title","text","product","lang","contact":{},"role","reported"?,"level"?,
 *                  "clocks"?,"clock_fault"?,"group"?,"person"?,"rule"?,"files"?,
 *                  "proposals"? (ticket_proposed.h),"split"? (ticket_split.h)}
 *   ticket.reply  {"ticket":n,"text","from":"customer"|"staff","internal":bool,"by","files"?,
 *                  "via"?:<the merged ticket it was written to>,"seen"?,"clocks"?,"clocks_at"?}
 *   ticket.move   {"ticket":n,"event","reason","by","seen"?,"clocks"?,"clocks_at"?}
 *   ticket.link   {"ticket":n,"case","role","by","actor_role"}
 *   ticket.severity {"ticket":n,"severity","reason","consent":bool,"by","seen"?,"clocks"?,
 *                  "clocks_at"?}
 *   ticket.tick   {"ticket":n,"drop"?:"<a timer>","reason"?,"by"?}
 *
 * "clocks" are the ticket's clocks afterwards, computed by the proposer at "clocks_at" from version
 * "seen" of the ticket (ticket_clocks.h); when that is not its version any more the command is
 * refused with AF_CONFLICT and the proposer computes again. A tick writes down which clocks were
 * warned of or breached by its time, and may drop a timer (ticket_timers.h).
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
enum status ticket_apply_tick(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;
enum status ticket_apply_severity(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err) MUST_USE;
enum status ticket_apply_link(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;

/* A plain number or its name, in any case: 123, af-2026-000123. */
bool ticket_parse_no(struct bytes text, uint32_t *no);

/* AF_NOT_FOUND with a sentence. The caller owns it. */
enum status ticket_load(struct txn *txn, uint32_t no, json_t **out, struct error *err) MUST_USE;
/* The ticket whose follow-up key has this hash; AF_NOT_FOUND. */
enum status ticket_no_by_key(struct txn *txn, const struct digest *hash, uint32_t *no,
                             struct error *err) MUST_USE;

/* S1 is 4 and S4 is 1: how urgent; 0: it is none of them. */
unsigned ticket_severity_rank(struct bytes severity);

/* Sets "updated" and the next "version", stores it, and moves its rows in ticket_due, ticket_queue
 * and ticket_text. For applies. */
enum status ticket_save(struct txn *txn, json_t *ticket, const struct command *command,
                        struct error *err) MUST_USE;

/* The first instant at which one of its clocks or timers has something to do; 0: none. */
int64_t ticket_next_ms(const json_t *ticket);

/* TABLE_TICKET_DUE's key: ticket_next_ms, then the ticket. A ticket has one row at most; the
 * record's "next_clock" has the same instant. */
#define TICKET_DUE_KEY_BYTES 12
struct bytes ticket_due_key(int64_t at_ms, uint32_t no, uint8_t key[TICKET_DUE_KEY_BYTES]);

/* TABLE_LINK's key is case id, 0, ticket be32, role u8: a role's number is its place among
 * resolved_by, consulted, sent, not_helpful. */
#define TICKET_LINK_KEY_BYTES_MAX (ARTICLE_ID_BYTES_MAX + 6)
bool ticket_role_parse(const char *name, uint8_t *role);
/* Written to `key`; `case_id` has at most ARTICLE_ID_BYTES_MAX bytes. */
struct bytes ticket_link_key(const char *case_id, uint32_t no, uint8_t role,
                             uint8_t key[TICKET_LINK_KEY_BYTES_MAX]);

#endif
