/* ticket_merge.h: two tickets that are one: the merged one keeps all it has and comes to its end,
 * the survivor goes on.
 *
 *   ticket.merge    {"ticket":n,"other":<survivor>,"reason","by","seen","other_seen","clocks"…}
 *   ticket.unmerge  {"ticket":n,"other":<the one it went into>,"reason","by","seen","other_seen"}
 *
 *      5 ──merge──► 7 ──merge──► 9            5 "merged_into":7
 *                                             7 "merged_into":9, "merged":[5]
 *                                             9 "merged":[7,5]
 *
 * In the record of the merged one: "merged_into":m and "before_merge":{"state","clocks"?}; of the
 * survivor "merged":[n,…], all that went into it, by itself or with another. Nothing is moved, so
 * nothing is lost: reading puts the threads together (desk/ticket_together.h), and unmerging takes
 * them apart. What was written to the survivor meanwhile stays there.
 *
 * Whatever is still work, or resolved, or closed, may be merged; what was refused or was no
 * question (out_of_scope, cancelled, spam) may not, and nothing goes into what is not open: it is
 * reopened first. A promise is not got rid of by merging: the survivor is as severe or more so. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_MERGE_H
#define ASKFIRST_INTAKE_TICKET_TICKET_MERGE_H

#include "data/journal.h"
#include "intake/inspect.h"

enum status ticket_apply_merge(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;
enum status ticket_apply_unmerge(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err) MUST_USE;

/* The ticket that goes on for `no`: itself when it is not merged. AF_NOT_FOUND; AF_CORRUPT when
 * the chain has no end. */
enum status ticket_survivor(struct txn *txn, uint32_t no, uint32_t *survivor,
                            struct error *err) MUST_USE;

/* For `check`: do this record and those it names agree? */
void ticket_merge_check(struct inspection *in, const json_t *ticket, uint32_t no);

#endif
