/* ticket_calendars.h: the calendars that one change of a ticket's clocks asks for, each made once.
 * For proposers; on the stack of one thread. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_CALENDARS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_CALENDARS_H

#include "intake/rules/rules.h"

#define TICKET_CALENDARS_MAX 16

struct ticket_calendars {
    const struct rules *rules;
    struct calendar *calendars[TICKET_CALENDARS_MAX];
    unsigned count;
};

/* By name, for service_clock_explain (`context` is a struct ticket_calendars): NULL when there is
 * none of this name any more, or no memory. */
struct calendar *ticket_calendars_get(void *context, const char *name);
/* AF_NOT_FOUND instead of NULL. Lent until ticket_calendars_clear. */
enum status ticket_calendars_find(struct ticket_calendars *shelf, const char *name,
                                  struct calendar **out, struct error *err) MUST_USE;
void ticket_calendars_clear(struct ticket_calendars *shelf);

#endif
