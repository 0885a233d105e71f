/* measure_work.h: the parts of a report that are about who worked, and whom else was waited for:
 * tasks (ticket/ticket_task_flow.h), handoffs and spare parts. Called by measure.c. */
#ifndef ASKFIRST_INTAKE_REPORT_MEASURE_WORK_H
#define ASKFIRST_INTAKE_REPORT_MEASURE_WORK_H

#include "intake/report/measure.h"

/* At an instant of the period when the ticket was resolved. */
void measure_ring(const json_t *ticket, int64_t resolved_ms, struct figures *figures);
/* When it was closed in the period. */
void measure_way(const json_t *ticket, struct figures *figures);

/* Is the clock that of a task which is to be left out (灰度)? `kind`: "ola:2". */
bool measure_is_grey(const json_t *ticket, const char *kind);

void measure_handoffs(const json_t *ticket, const struct period *period, struct figures *figures);
void measure_parts(const json_t *ticket, const struct period *period, struct figures *figures);

/* What measure.c shares. */
bool member_is(const json_t *object, const char *member, const char *text);
bool period_has(const struct period *period, int64_t at_ms);
int64_t member_instant(const json_t *object, const char *member); /* CLOCK_NEVER: none */

#endif
