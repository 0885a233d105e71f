/* ticket_visit.h: follow-up visits (回访): somebody asks the customer how it went, as a task that is
 * made by rule: at every ticket of some severities, at a share of the others, after bad scores.
 *
 * In the record, for staff only:
 *   "visits":[{"no":1,"why":"severity"|"share"|"score","state":"due"|"done"|"waived","due","group",
 *              "tries"?:n,"overdue"?:true,"also"?:"score",
 *              "at"?,"by"?,"result"?:"solved"|"not_solved","score"?:1…5,"text"?}]
 *
 * There is at most one that is due: one call serves for all there is to ask about ("also"). A call
 * that reaches nobody is counted ("tries") and the visit stays due; a supervisor may waive it.
 * Closing does not wait for visits: they are about how it was closed. One that is still due when
 * its ticket is reopened is waived by "system"; closing it again asks anew.
 *
 * Table ticket_visit, the visits that are due, the most urgent first:
 *   key: list, 0, due be64, ticket be32, no be16 → empty      list: "a" all, "g" and a group's id
 *
 * Commands:
 *   visit.report  {"ticket","visit","result":…|"not_reached","score"?,"text","by"}
 *   visit.waive   {"ticket","visit","reason","by"}
 *   visit.overdue {"ticket","visit","by":"system"}      timer "visit:NO" at its due time */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_VISIT_H
#define ASKFIRST_INTAKE_TICKET_TICKET_VISIT_H

#include "intake/ticket/ticket_apply.h"

#define TICKET_TIMER_VISIT "visit"
#define VISIT_KEY_BYTES_MAX (1 + RULES_ID_BYTES_MAX + 1 + 8 + 4 + 2)

enum status visit_apply_report(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;
enum status visit_apply_waive(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;
enum status visit_apply_overdue(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;

/* `asked`: {"due","group"}. When one is due already it is told that there is this reason too. */
enum status ticket_visit_ask(struct txn *txn, json_t *ticket, const char *why, const json_t *asked,
                             struct error *err) MUST_USE;
/* Each of the list (NULL: none) {"why","due","group"}; and what was due already is waited for. */
enum status ticket_visits_ask(struct txn *txn, json_t *ticket, const json_t *list,
                              struct error *err) MUST_USE;
/* What is due is waived by "system": the ticket is `state` now. */
enum status ticket_visits_end(struct txn *txn, json_t *ticket, const struct command *command,
                              const char *state, struct error *err) MUST_USE;

/* The visit of this number; NULL: none. */
json_t *ticket_visit_find(const json_t *ticket, uint64_t no);

struct visit_place {
    int64_t due_ms;
    uint32_t ticket;
    uint16_t no;
};
/* `list` is 'a' or 'g'; `group` "" for 'a'. Written to `key`. */
struct bytes ticket_visit_key(char list, const char *group, const struct visit_place *place,
                              uint8_t key[VISIT_KEY_BYTES_MAX]);
/* What a key says after its first `prefix_len` bytes. */
bool ticket_visit_place(struct bytes key, size_t prefix_len, struct visit_place *out);

/* --- for `check` --- */
struct inspection;
void ticket_visit_check(struct inspection *in, const json_t *ticket, uint32_t no);
void ticket_visit_check_row(struct inspection *in, struct bytes key, struct bytes body);

#endif
