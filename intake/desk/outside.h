/* outside.h: what others owe, on all tickets: open handoffs by target, open part requests by stock
 * point, what is due first comes first. Read from table outside (ticket/ticket_outside.h). And what
 * a customer sees of a ticket's handoffs and parts. */
#ifndef ASKFIRST_INTAKE_DESK_OUTSIDE_H
#define ASKFIRST_INTAKE_DESK_OUTSIDE_H

#include "intake/app.h"
#include "intake/who.h"

struct outside_filter {
    struct bytes name;  /* a target's or stock point's id; empty: all */
    struct bytes state; /* one that is open; "awaited": they have to do something; empty: all */
    uint32_t limit;     /* 1 … TICKET_LIST_MAX */
    struct bytes after; /* page on: what the page before gave; or empty */
};

/* {"handoffs":[{"ticket","n","severity","product","handoff":{…}}],"after"?}; "after" when there may
 * be more: no more than OUTSIDE_SCAN_MAX rows are looked at for one page. The handoff is without
 * text and history. Staff only (AF_DENIED); AF_INVALID names the field. The caller owns *list. */
enum status handoff_list(struct app *app, const struct who *who,
                         const struct outside_filter *filter, json_t **list,
                         struct error *err) MUST_USE;
/* {"parts":[{"ticket","n","severity","product","part":{…}}],"after"?} */
enum status part_list(struct app *app, const struct who *who, const struct outside_filter *filter,
                      json_t **list, struct error *err) MUST_USE;

/* Of a ticket that is about to be shown: the hashes of links are nobody's. */
void outside_leave_out_keys(json_t *ticket);
/* What a customer sees: that others are asked and since when, not who or what; parts with promise
 * and tracking, without stock, dates that passed, and our names. */
void outside_leave_out_internal(json_t *ticket);

#endif
