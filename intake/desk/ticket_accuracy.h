/* ticket_accuracy.h: how good were the proposals (ticket_propose.h)? Of tickets opened in a time:
 *
 *   proposed   something was proposed for the part
 *   kept       and the person gave it so
 *   closed     and the ticket is resolved or closed by now
 *   right      and it says what was proposed, whatever was corrected on the way
 *
 * "kept" says what people believe, "right" what was so. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_ACCURACY_H
#define ASKFIRST_INTAKE_DESK_TICKET_ACCURACY_H

#include "intake/app.h"
#include "intake/who.h"

#define ACCURACY_DAYS 90 /* back from now, when nobody says since when */
#define ACCURACY_DAYS_MAX 3660

/* {"since","tickets":n,"product":{"proposed","kept","closed","right"},"type":{…},"severity":{…}}.
 * Reads every ticket since then, newest first. AF_DENIED for a customer. The caller owns it. */
enum status ticket_accuracy(struct app *app, const struct who *who, uint32_t days, json_t **out,
                            struct error *err) MUST_USE;

#endif
