/* ticket_parts.h: spare parts that were requested for a ticket (part_flow.h); where they come from
 * is data (rules/doc_stock.c).
 *
 * In the record:
 *   "parts":[{"no":1,"part":"PSU-650","name"?,"qty":2,"stock_point":"central","from_stock":true,
 *             "ship_to"?,"at","by","state":"shipped","promise","first_promise","shipped":1,
 *             "received":0,"returned":0,"returns":true,"kept"?:true,"all_shipped"?,"late"?,
 *             "return_due"?,"return_late"?,
 *             "shipments":[{"at","by","qty","carrier"?,"tracking"?}],
 *             "history":[{"at","by","event","from","to","qty"?,"promise"?,"reason"?}]}]
 *
 *   no             counts from 1; none is ever taken away
 *   from_stock     it was there; else it had to be ordered (fill rate)
 *   promise        all is shipped by then; first_promise is the one that was given with the
 *                  request: moving the date mends no figure (parts on time)
 *   shipped, received, returned   pieces; 0 <= returned <= received <= shipped <= qty
 *   returns        the defective pieces are wanted back, by "return_due", unless "kept"
 *   late, return_late             the date that passed first
 *
 * Commands (bodies; "seen", "clocks" as in ticket_record.h):
 *   part.request {"ticket":n,"part","name","qty","stock_point","from_stock","ship_to","promise",
 *                 "returns":bool,"by"}
 *   part.step    {"ticket":n,"request":no,"event","reason","by","qty"?,"carrier"?,"tracking"?,
 *                 "promise"?,"from_stock"?,"return_due"?,"tell"?}
 * "tell" is who hears that it is late.
 *
 * Timers: "part:<no>" at the promise, "return:<no>" when defective pieces are due back. A ticket
 * that waits for parts goes on by itself when all have arrived; a cancelled one cancels what was
 * not shipped. A customer sees part, name, quantities, state, promise, shipments and return_due. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_PARTS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_PARTS_H

#include "intake/ticket/part_flow.h"
#include "intake/ticket/ticket_apply.h"
#include "intake/ticket/ticket_outside.h"

enum status part_apply_request(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err) MUST_USE;
enum status part_apply_step(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err) MUST_USE;

/* The request of that number (borrowed); NULL: none. */
json_t *ticket_part(const json_t *ticket, uint64_t no);
/* PART_CANCELLED for a name that can only be damage. */
enum part_state part_state_of(const json_t *part);
/* Its rows in table outside. `name` borrows from it. */
struct outside_row part_row(uint32_t ticket_no, const json_t *part);

/* Something is still to come, or to be sent back. */
bool part_is_open(const json_t *part);
/* Where it is when its pieces are counted, after a step that the table leads to `to`. */
enum part_state part_settled(const json_t *part, enum part_state to);

/* The first that is open, has not all arrived, or is open and was shipped; NULL: none. */
const json_t *ticket_part_open(const json_t *ticket);
const json_t *ticket_part_awaited(const json_t *ticket);
const json_t *ticket_part_on_its_way(const json_t *ticket);

/* Of a ticket that was cancelled: each of which nothing was shipped is cancelled. */
enum status ticket_parts_cancel(struct txn *txn, json_t *ticket, const struct command *command,
                                struct error *err) MUST_USE;

/* For `check`: is "parts" what is drawn above, or not there? */
bool ticket_parts_are_sound(const json_t *ticket);

#endif
