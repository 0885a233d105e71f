/* ticket_together.h: merged tickets as they are read: threads put together, each still where it was
 * written.
 *
 * Staff, at the survivor: the posts of all that were merged into it, and their own words as posts,
 * among its posts in order of time, with "ticket": whose they are; its own have "no", their place
 * in its thread from 1, and theirs the place in theirs ("no":0: the words it was opened with).
 *
 * A customer, behind the link he was given: his own ticket with his own words, and since it was
 * merged with what staff said publicly on the one that goes on; that one's state, version and time
 * of change. What another customer wrote, or was told before the merge, is his: only where both
 * tickets name the same mail address (or, without one, telephone) is all of it shown. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_TOGETHER_H
#define ASKFIRST_INTAKE_DESK_TICKET_TOGETHER_H

#include "data/store.h"

/* Changes the record that was read. Internal posts are left for ticket_read.c to take out. */
enum status ticket_together_staff(struct txn *txn, json_t *ticket, struct error *err) MUST_USE;
enum status ticket_together_customer(struct txn *txn, json_t *ticket, struct error *err) MUST_USE;

#endif
