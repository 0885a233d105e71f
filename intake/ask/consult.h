/* consult.h: the record of an answer session and the commands that change it.
 *
 * Commands (bodies; all ids are made by the proposer):
 *   consult.open    {"consult","channel","product","lang","text","role","answers_max",
 *                    "voter"?,"party"?,"account"?,"shown":[{"case","version"}]}
 *   consult.query   {"consult","text","role","shown":[…]}
 *   consult.opened  {"consult","case","role"}
 *   consult.settle  {"consult","solved":true|false,"role","case"?,"rating"?,"reason"?}
 *
 * Each shown, opened and solving case is one entry of the use ledger, once a consult. */
#ifndef ASKFIRST_INTAKE_ASK_CONSULT_H
#define ASKFIRST_INTAKE_ASK_CONSULT_H

#include "data/journal.h"

enum status consult_apply_open(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;
enum status consult_apply_query(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;
enum status consult_apply_opened(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err) MUST_USE;
enum status consult_apply_settle(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err) MUST_USE;

/* The record (ask.h says its members). AF_NOT_FOUND with a sentence. The caller owns it. */
enum status consult_load(struct txn *txn, const char *id, json_t **out, struct error *err) MUST_USE;
enum status consult_save(struct txn *txn, const json_t *consult, struct error *err) MUST_USE;

/* Which version of a case was shown last in this consult; 0: it was not. */
uint32_t consult_shown_version(const json_t *consult, const char *case_id);
/* Was any case ever shown? */
bool consult_has_answers(const json_t *consult);

/* The author's own use of his case is another kind of use (ledger.h). Is the actor the case's
 * author, or `voter`, who asked? It may be NULL. */
enum status use_by_author(struct txn *txn, const struct command *command, struct bytes case_id,
                          const char *voter, bool *is_author, struct error *err) MUST_USE;

#endif
