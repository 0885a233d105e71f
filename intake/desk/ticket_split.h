/* ticket_split.h: two questions in one ticket: the second gets a ticket of its own. Staff only. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_SPLIT_H
#define ASKFIRST_INTAKE_DESK_TICKET_SPLIT_H

#include "intake/desk/ticket.h"

struct ticket_split_input {
    const json_t *posts; /* numbers of posts of its own thread, from 1; 0: its own words */
    struct bytes title;  /* of the new one */
    struct bytes class;  /* these three: empty: the old one's */
    struct bytes severity;
    struct bytes product;
    struct bytes reason; /* may be empty */
    const char *key;     /* idempotency key, or NULL */
};

/* Opens a ticket of the chosen posts' words, each with who and when, whose clocks begin with the
 * first of them; contact, product, language and channel are the old one's, its group is routing's.
 * What the old one's customer may not read becomes internal posts of it (ticket/ticket_split.h);
 * files stay at the old one. The old one's customer is told nothing: staff hands on the new link,
 * or not. AF_CONFLICT: the old one is over; AF_INVALID names the post; AF_TOO_LARGE: too
 * many words for one text, or the old one has too many relations; AF_CHANGED: ticket_change.h. */
enum status ticket_split(struct app *app, const struct who *who, uint32_t no,
                         const struct ticket_split_input *input, struct ticket_opened *out,
                         struct error *err) MUST_USE;

#endif
