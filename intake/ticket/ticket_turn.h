/* ticket_turn.h: when somebody was last given a ticket as one of a group: what rotation asks.
 *
 *   table ticket_turn: group, 0, person → at_ms be64, ticket be32
 *
 * A row is the last of the events "assign" in the tickets' histories that name both. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_TURN_H
#define ASKFIRST_INTAKE_TICKET_TICKET_TURN_H

#include "data/base/limits.h"
#include "data/journal.h"

#define TICKET_TURN_KEY_BYTES_MAX (2 * RULES_ID_BYTES_MAX + 1)

/* He was given ticket `no` now. Both names have 1 to RULES_ID_BYTES_MAX bytes. */
enum status ticket_turn_put(struct txn *txn, const char *group, const char *person, int64_t at_ms,
                            uint32_t no, struct error *err) MUST_USE;
/* AF_NOT_FOUND: never yet. Names that are too long were never given anything. */
enum status ticket_turn_get(struct txn *txn, const char *group, const char *person, int64_t *at_ms,
                            uint32_t *no, struct error *err) MUST_USE;

/* A row's key read back; false when it is none. The names are borrowed, without a NUL. */
bool ticket_turn_names(struct bytes key, struct bytes *group, struct bytes *person);

#endif
