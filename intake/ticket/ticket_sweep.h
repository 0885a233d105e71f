/* ticket_sweep.h: the clocks of tickets, looked at when it is time and not before. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_SWEEP_H
#define ASKFIRST_INTAKE_TICKET_TICKET_SWEEP_H

#include "intake/app.h"

struct ticket_swept {
    uint32_t tickets; /* that had a clock to be warned of or breached */
    uint32_t rows;    /* of table ticket_due that were read: no more than those and one a round */
};

/* Each clock that was to be warned of or breached before now is, by a command of "system" for its
 * ticket. Reads only the tickets whose time has come. Running it twice does nothing twice; it may
 * run in two processes. */
enum status ticket_sweep(struct app *app, struct ticket_swept *out, struct error *err) MUST_USE;

#endif
