/* ticket_step.h: steps that are done by themselves (ticket/ticket_steps.h): which ones a clock
 * gets, and doing one when its time has come. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_STEP_H
#define ASKFIRST_INTAKE_DESK_TICKET_STEP_H

#include "intake/app.h"
#include "intake/rules/rules.h"
#include "intake/who.h"

/* Adds to `body` the "steps" of the clocks that the command starts, and of all that run when it
 * changes the severity. `clocks` are those afterwards; `ticket` is the record before (NULL: it is
 * being opened, and `body` has its group, level and severity). */
enum status ticket_steps_add(const struct rules *rules, const json_t *ticket, const json_t *clocks,
                             json_t *body, struct error *err) MUST_USE;

/* Timer "step:3": what the sweep calls (ticket_sweep.c). */
enum status ticket_step_do(struct app *app, const struct who *who, uint32_t no, const char *what,
                           const char *key, struct error *err) MUST_USE;

/* Who is meant by "person", "lead", "triage" or a name: a borrowed name; where nobody is, his
 * group's id, so that somebody sees it. */
const char *ticket_whom(const struct rules *rules, const json_t *ticket, const char *to);

#endif
