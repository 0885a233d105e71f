/* ticket_timers.h: instants at which something is to be done with a ticket by itself: a window has
 * passed, an answer is overdue, somebody is to be told again.
 *
 * In the record: "timers":[{"what":"confirm","at":"2026-11-30T09:00:00.000Z"}]; one of each "what",
 * whose part before a colon says what it is for ("handoff:3"). The sweep (desk/ticket_sweep.h)
 * finds the ticket when the first is due and does what is to be done as a command of "system",
 * whose apply clears the timer; one that is refused is dropped, and the history says so. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_TIMERS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_TIMERS_H

#include "data/base/json.h"

#define TICKET_TIMER_WHAT_BYTES_MAX 48

/* Another instant for one that is there. AF_TOO_LARGE past TICKET_TIMERS_MAX. */
enum status ticket_timer_set(json_t *ticket, const char *what, int64_t at_ms,
                             struct error *err) MUST_USE;
void ticket_timer_clear(json_t *ticket, const char *what); /* one that is not there: nothing */
void ticket_timers_clear(json_t *ticket);                  /* all */

/* CLOCK_NEVER: none. */
int64_t ticket_timers_next_ms(const json_t *ticket);

/* The first that is due before `now_ms`: its "what" (borrowed) and instant; false: none is. */
bool ticket_timers_due(const json_t *ticket, int64_t now_ms, const char **what, int64_t *at_ms);

/* For `check`: is "timers" what is drawn above, or not there? */
bool ticket_timers_are_sound(const json_t *ticket);

#endif
