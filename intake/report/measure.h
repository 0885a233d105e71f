/* measure.h: one ticket's part in a report's figures. Pure: a record and a period in. */
#ifndef ASKFIRST_INTAKE_REPORT_MEASURE_H
#define ASKFIRST_INTAKE_REPORT_MEASURE_H

#include "intake/report/figures.h"

/* From `from_ms` on, before `to_ms`; nothing after `now_ms` has happened. */
struct period {
    int64_t from_ms, to_ms, now_ms;
};

/* Adds what of the ticket was decided in the period. */
void measure_ticket(const json_t *ticket, const struct period *period, struct figures *figures);

#endif
