/* ticket_queue.h: the index behind work lists: table ticket_queue.
 *
 *   key: list, 0, state u8, when be64, ticket be32   → empty
 *
 *   list   "a" all tickets; "g" and a group's id; "p" and a person's name (open tickets only);
 *          "w" and the name of who watches it
 *   when   open: the earliest due time of its running clocks in ms, QUEUE_NO_DUE when none runs
 *          else: INT64_MAX minus the time of its last change, so that the newest come first
 *
 * A page of one state is a walk in key order; of several, that many walks merged. A ticket's rows
 * are remembered in its record: "queued":{"state","when","group"?,"person"?,"watchers"?}. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_QUEUE_H
#define ASKFIRST_INTAKE_TICKET_TICKET_QUEUE_H

#include "data/store.h"
#include "intake/ticket/ticket_flow.h"

#define QUEUE_NO_DUE (INT64_MAX / 2)
#define QUEUE_NAME_BYTES_MAX 200 /* of a group or person; longer ones are in list "a" only */
#define QUEUE_KEY_BYTES_MAX (1 + QUEUE_NAME_BYTES_MAX + 1 + 1 + 8 + 4)

struct queue_place {
    enum ticket_state state;
    int64_t when;
    uint32_t no;
};

/* `list` is 'a', 'g' or 'p'; `name` "" for 'a'. */
struct bytes ticket_queue_key(char list, const char *name, const struct queue_place *place,
                              uint8_t key[QUEUE_KEY_BYTES_MAX]);
/* The place in a key of the list whose prefix (list, name, 0) has `prefix_len` bytes. */
bool ticket_queue_place(struct bytes key, size_t prefix_len, struct queue_place *out);

/* Where the record belongs, as it is. */
struct queue_place ticket_queue_place_of(const json_t *ticket, int64_t updated_ms);

/* Rows of where it was go, rows of where it is come, "queued" is set. */
enum status ticket_queue_move(struct txn *txn, json_t *ticket, int64_t updated_ms,
                              struct error *err) MUST_USE;

/* For `check`: calls `row` with the key of each row that ticket `no`'s record says it has. */
typedef void (*queue_row_fn)(void *context, struct bytes key);
void ticket_queue_rows(const json_t *ticket, uint32_t no, queue_row_fn row, void *context);

#endif
