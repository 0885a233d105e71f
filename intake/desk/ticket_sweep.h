/* ticket_sweep.h: what is to happen to tickets when its time has come, looked at then and not
 * before: clocks to be warned of or breached, and timers (ticket_timers.h). */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_SWEEP_H
#define ASKFIRST_INTAKE_DESK_TICKET_SWEEP_H

#include "intake/app.h"

struct ticket_swept {
    uint32_t tickets; /* that something was due for */
    uint32_t timers;  /* of them that were done or dropped */
    uint32_t drafts;  /* that were forgotten */
    uint32_t rows;    /* of table ticket_due that were read: no more than those and one a round */
};

/* Everything that was due before now, by commands of "system". Reads only the tickets whose time
 * has come. Running it twice does nothing twice; it may run in two processes. */
enum status ticket_sweep(struct app *app, struct ticket_swept *out, struct error *err) MUST_USE;

#endif
