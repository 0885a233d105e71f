/* draft_record.h: the records of drafts and the commands that change them.
 *
 *   draft.put     {"id","by"?,"set":{name: text | [texts] | null}}   null takes one away
 *   draft.drop    {"id"}
 *   draft.forget  {"before":time}     the oldest ones, at most DRAFT_FORGET_MAX
 *   ticket.open   its "draft", or else its consult's, is dropped with it
 *
 *   table draft      id → {"id","at","by"?,"saves":n,"values":{…}}
 *   table draft_age  at_ms be64, id → empty: the least lately saved first
 *   table draft_by   name, 0, id → empty: those of a member of staff
 *
 * A command has what changed alone: the journal keeps each of them for ever, and somebody who types
 * saves often. */
#ifndef ASKFIRST_INTAKE_DRAFT_DRAFT_RECORD_H
#define ASKFIRST_INTAKE_DRAFT_DRAFT_RECORD_H

#include "data/check.h"
#include "data/journal.h"

enum status draft_apply_put(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err) MUST_USE;
enum status draft_apply_drop(struct txn *txn, const struct command *command, json_t *result,
                             struct error *err) MUST_USE;
enum status draft_apply_forget(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;

/* AF_NOT_FOUND with a sentence. The caller owns it. */
enum status draft_load(struct txn *txn, const char *id, json_t **out, struct error *err) MUST_USE;
/* Takes the record and its rows away; one that is not there is gone already. */
enum status draft_remove(struct txn *txn, const char *id, struct error *err) MUST_USE;

#define DRAFT_ID_BYTES 32 /* hex digits */
#define DRAFT_BY_KEY_BYTES_MAX 300
/* The bytes before the ids of a member of staff's drafts; `key` has room for an id behind them. */
struct bytes draft_by_prefix(const char *name, uint8_t key[DRAFT_BY_KEY_BYTES_MAX]);

/* For `check`: records and rows agree with one another. */
enum status draft_check(struct txn *txn, fault_fn fault, void *context, struct error *err) MUST_USE;

#endif
