/* report.h: how well tickets were handled in a period, as a whole and by what they have in common.
 *
 * Read from the records, not from counters that could drift: each ticket that was changed since the
 * period began, and each whose survey expired in it, is looked at once (the work lists say which,
 * ticket_queue.h). What each figure
 * means: figures.h. */
#ifndef ASKFIRST_INTAKE_REPORT_REPORT_H
#define ASKFIRST_INTAKE_REPORT_REPORT_H

#include "intake/app.h"
#include "intake/who.h"

struct report_request {
    struct bytes from, to; /* RFC 3339; a date is its midnight, UTC. `to` empty: now */
    struct bytes by;       /* "", or a member: product, group, person, severity, class, channel,
                            ** entered_by, account */
};

/* {"from","to","by"?,"figures":{…},"parts":[{"key","figures":{…}}]}, parts sorted by key; the
 * member's absence is the key "". Supervisors and admins only (AF_DENIED). AF_INVALID names the
 * field; AF_TOO_LARGE past REPORT_PARTS_MAX keys. The caller owns it. */
enum status report_tickets(struct app *app, const struct who *who,
                           const struct report_request *request, json_t **out,
                           struct error *err) MUST_USE;

/* {"opened":"tickets opened", …}: what each figure means. NULL without memory. */
json_t *report_definitions(void);

#endif
