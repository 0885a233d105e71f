/* ticket_pick.h: who of a group gets a ticket: what route/pick.h chooses by, from the store. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_PICK_H
#define ASKFIRST_INTAKE_DESK_TICKET_PICK_H

#include "intake/app.h"
#include "intake/route/pick.h"
#include "intake/route/route.h"

struct ticket_picked {
    const char *person; /* of the rules; NULL: nobody has room, or nobody is there */
    bool are_off_duty;  /* nobody is on duty: chosen among those who are not away */
};

/* Of `answer`'s people (duty.h), who gets it: turns and open tickets are read in one transaction. A
 * person's tickets are counted up to what he may have, or TICKET_PICK_COUNT_MAX. */
#define TICKET_PICK_COUNT_MAX 1000
enum status ticket_pick(struct app *app, enum pick_mode mode, const struct route_answer *answer,
                        struct arena *arena, struct ticket_picked *out, struct error *err) MUST_USE;

/* How a group's newcomers are given out by themselves: the rule's "pick", else the group's; false:
 * they wait until somebody takes them. */
bool ticket_pick_mode(const json_t *rule, const json_t *group, enum pick_mode *out);

#endif
