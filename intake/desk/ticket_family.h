/* ticket_family.h: ending a parent so that its children hear of it (ticket/ticket_children.h). */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_FAMILY_H
#define ASKFIRST_INTAKE_DESK_TICKET_FAMILY_H

#include "intake/app.h"
#include "intake/who.h"

/* What children are told when their parent is restored or resolved. */
struct ticket_children {
    struct bytes text; /* to each; empty: a shipped one, in the language of each */
    bool with;         /* they are restored or resolved with it */
};

/* ticket_step (ticket_close.h) by restore or resolve; AF_INVALID for another event. */
enum status ticket_step_family(struct app *app, const struct who *who, uint32_t no,
                               struct bytes event, struct bytes reason, bool nothing_to_record,
                               const struct ticket_children *children, struct error *err) MUST_USE;

/* The next TICKET_CHILDREN_BATCH of them: the action of timer "children" (ticket_sweep.c). A child
 * that refuses is counted as missed, and the others are told all the same. */
enum status ticket_tell_children(struct app *app, const struct who *who, uint32_t no,
                                 const char *what, const char *key, struct error *err) MUST_USE;

#endif
