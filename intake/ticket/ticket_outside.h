/* ticket_outside.h: what others owe on all tickets, found without reading them: table outside.
 *
 *   key: list, name, 0, due be64, ticket be32, no be32   → state u8
 *
 *   list   'h' handoffs, by target; 'p' part requests, by stock point
 *   name   the target's or stock point's id; and once more "", for those of all
 *   due    in ms; what is due first comes first
 *   state  enum handoff_state or part_state
 *
 * Rows are there as long as the thing is open. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_OUTSIDE_H
#define ASKFIRST_INTAKE_TICKET_TICKET_OUTSIDE_H

#include "data/base/limits.h"
#include "data/store.h"

#define OUTSIDE_HANDOFFS 'h'
#define OUTSIDE_PARTS 'p'
#define OUTSIDE_KEY_BYTES_MAX (1 + RULES_ID_BYTES_MAX + 1 + 8 + 4 + 4)

struct outside_row {
    bool is_open; /* else it has no rows */
    char list;
    const char *name; /* at most RULES_ID_BYTES_MAX bytes, not "" */
    int64_t due_ms;   /* not negative */
    uint32_t ticket, no;
    uint8_t state;
};

/* `name` is the row's own, or "". */
struct bytes outside_key(const struct outside_row *row, const char *name,
                         uint8_t key[OUTSIDE_KEY_BYTES_MAX]);
/* due_ms, ticket and no of a key of the list whose prefix (list, name, 0) has `prefix_len`. */
bool outside_place(struct bytes key, size_t prefix_len, struct outside_row *out);

/* Rows of what it was go, rows of what it is come. AF_CORRUPT when they were not there. */
enum status outside_move(struct txn *txn, const struct outside_row *before,
                         const struct outside_row *after, struct error *err) MUST_USE;

/* For `check`: are both rows of it there, with its state? Their number is added to *confirmed. */
enum status outside_confirm(struct txn *txn, const struct outside_row *row, uint64_t *confirmed,
                            struct error *err) MUST_USE;

#endif
