/* learn.h: what each use teaches the cases (data/learned.h), told by the ledger.
 *
 *   opened        somebody opened it
 *   solved        the questions of the consult, the newest LEARNED_WORDINGS_MAX, are questions
 *                 that it solves: the one that found it for certain, those before it perhaps
 *                 (query chains: Radlinski & Joachims 2005). What was opened beside it did not help
 *   cited         the same of a ticket that was resolved by it: its title, and its consult
 *   not_helpful   it did not help with the ticket
 *   self_used     nothing: an author cannot lift his own case
 *
 * A vote belongs to who asked: the consult's "voter", which its proposer made (voter_of), else the
 * consult; of a ticket without one, its contact. Staff who open cases are not counted.
 *
 * What is learned depends on the ledger and the records that it names, and can be made again from
 * them: learn_all(), and learn_check() holds the table against it. */
#ifndef ASKFIRST_INTAKE_ASK_LEARN_H
#define ASKFIRST_INTAKE_ASK_LEARN_H

#include "data/check.h"
#include "data/journal.h"
#include "data/learned.h"
#include "data/ledger.h"

#define VOTER_BYTES 80

/* "staff:lin", "cli", or of a customer 64 bits that only this store can make of `asker`, which is
 * whatever the face knows him by: an address, a program's name for him. "" when it is empty. */
const char *voter_of(const char *actor, struct bytes asker, struct bytes secret,
                     char text[VOTER_BYTES]);

/* A use that the ledger has just counted; its consult or ticket is saved. */
enum status learn_use(struct txn *txn, const struct command *command, enum use use,
                      const char *case_id, const char *subject, struct error *err) MUST_USE;

/* The command "learned.forget" {"voter"}: takes back all that this person said. */
enum status learn_apply_forget(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;

/* The command "use.recount": the counts (ledger.h), and what was learned, anew from the ledger. */
enum status learn_apply_recount(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;

/* Where cases' records are kept: the store, or memory for the check. */
struct learn_book {
    void *context;
    enum status (*read)(void *context, struct bytes case_id, struct learned *out,
                        struct error *err);
    enum status (*write)(void *context, struct bytes case_id, struct learned *learned, bool changed,
                         uint64_t seq, struct error *err);
    enum status (*forget)(void *context, uint64_t voter, uint64_t seq, struct error *err);
};

/* All that the ledger tells, from the beginning, into an empty book. */
enum status learn_all(struct txn *txn, const struct learn_book *book, struct error *err) MUST_USE;

/* For intake_check.h: is the table what the ledger tells? */
enum status learn_check(struct txn *txn, fault_fn fault, void *context, struct error *err) MUST_USE;

#endif
