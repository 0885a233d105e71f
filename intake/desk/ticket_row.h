/* ticket_row.h: what a list shows of a ticket, read from its record's text where it stands: a page
 * of fifty would else build fifty trees, threads and histories too, to throw them away. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_ROW_H
#define ASKFIRST_INTAKE_DESK_TICKET_ROW_H

#include "data/base/buf.h"
#include "data/base/json.h"
#include "intake/ticket/ticket_flow.h"

enum ticket_row_member {
    ROW_TICKET,
    ROW_N,
    ROW_AT,
    ROW_UPDATED,
    ROW_STATE,
    ROW_CLASS,
    ROW_SEVERITY,
    ROW_CHANNEL,
    ROW_PRODUCT,
    ROW_TITLE,
    ROW_GROUP,
    ROW_PERSON,
    ROW_TYPE,
    ROW_MISSING,
    ROW_MEMBERS
};

/* Borrows from the record's text. */
struct ticket_row {
    struct bytes values[ROW_MEMBERS]; /* JSON as it stands; empty: the record has none */
    struct bytes posts;               /* the thread; not counted yet */
    struct bytes queued;
};

/* False: the text is no object. */
bool ticket_row_read(struct bytes record, struct ticket_row *out);

/* Does the member say this? */
bool ticket_row_is(const struct ticket_row *row, enum ticket_row_member member, struct bytes text);
/* False: it is not the name of a state. */
bool ticket_row_state(const struct ticket_row *row, enum ticket_state *out);

/* As ticket_list draws it (ticket.h). NULL without memory, or when a value is damaged. */
json_t *ticket_row_json(const struct ticket_row *row);

#endif
