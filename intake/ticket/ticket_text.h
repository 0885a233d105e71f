/* ticket_text.h: what of a ticket is found by its words, and the row by which the index of tickets
 * follows it (ticket_source.h: tickets as documents).
 *
 *   ticket                     document (indexer/segment/field.h)
 *   title, product, lang       title, product, lang
 *   "AF-2026-000017"           error_code   so 000017 and 17 find it too
 *   type; how far it is        category     ["network", ":open", ":live"]: for filters
 *   contact                    environment
 *   text                       symptom
 *   posts of the customer      text
 *   posts of staff             cause        internal ones too
 *   what resolved it           resolution   from resolve on: the last public post of staff, and the
 *                                           titles of the cases linked as resolved_by
 *   spam                       not found
 *
 *   TABLE_TICKET_TEXT   command be64, ticket be32 → empty: the command that last changed any of
 *                       this; one row a ticket
 *   in the record       "indexed":{"seq":40,"version":2,"print":"<16 hex>"}: that row's command,
 *                       how often it changed, XXH3-64 of what is found. For nobody outside.
 *
 * Most commands (clocks, groups, severities) change none of it, and the index does not see them. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_TEXT_H
#define ASKFIRST_INTAKE_TICKET_TICKET_TEXT_H

#include "intake/inspect.h"
#include "intake/ticket/ticket_flow.h"

/* How far a ticket is, as an element of its document's category. */
#define TICKET_FOUND_OPEN ":open"     /* not resolved yet */
#define TICKET_FOUND_SOLVED ":solved" /* resolved or closed */
#define TICKET_FOUND_ENDED ":ended"   /* cancelled, out of scope */
#define TICKET_FOUND_LIVE ":live"     /* and beside: neither closed nor ended */
const char *ticket_text_stage(enum ticket_state state); /* one of the first three */

/* Each text of the ticket with the document's member that it is, in an order that is always the
 * same; TICKET_TEXT_CASE has the id of a case, whose title it is. False ends the walk, and is
 * handed on. */
#define TICKET_TEXT_CASE "resolved_by"
typedef bool (*ticket_text_fn)(void *context, const char *member, struct bytes text);
bool ticket_text_each(const json_t *ticket, ticket_text_fn fn, void *context);

/* Before a ticket is saved by command `seq`: did what is found of it change? Then its row moves
 * here. */
enum status ticket_text_note(struct txn *txn, json_t *ticket, uint64_t seq,
                             struct error *err) MUST_USE;

/* The tickets whose row is of this command: *no is the one before (0 at first), then the next;
 * *found false after the last. */
enum status ticket_text_next(struct txn *txn, uint64_t seq, uint32_t *no, bool *found,
                             struct error *err) MUST_USE;

/* The newest of those commands; 0: no ticket has one. */
enum status ticket_text_last(struct txn *txn, uint64_t *seq, struct error *err) MUST_USE;

/* For check: is what the record says of it so, and its row there (in->texts_confirmed)? A ticket of
 * before there was this index says nothing. And of a row: is it a ticket's? */
void ticket_text_check(struct inspection *in, const json_t *ticket, uint32_t no);
void ticket_text_check_row(struct inspection *in, struct bytes key, struct bytes body);

#endif
