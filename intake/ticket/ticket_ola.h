/* ticket_ola.h: the clock of a task (OLA): how long a group may have it. It stands among the
 * ticket's clocks, so that what passes is written down, swept and shown like every other promise.
 *
 *   kind        "ola:2", of the ticket's second task; ended ones stay
 *   target      the group's "ola" minutes for the ticket's severity, on the group's calendar
 *   starts      when the group gets it: waiting in its list counts, that is its own
 *   pauses      while the customer is waited for, and for nothing else
 *   ends        with the task: transferred, escalated, handed back, resolved; another task, another
 *               clock from nothing
 *
 * For proposers: calendars are asked here. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_OLA_H
#define ASKFIRST_INTAKE_TICKET_TICKET_OLA_H

#include "intake/rules/rules.h"
#include "intake/ticket/ticket_calendars.h"

/* "ola:2"? */
bool ticket_ola_is(const char *kind);

/* What a group promises for a severity; 0: nothing. */
int64_t ticket_ola_target_ms(const struct rules *rules, const char *group, const char *severity);

/* Adds the clock of task `no`, which begins now; nothing when the group promises none.
 * `is_waiting`: for the customer, so that it is paused at once. AF_NOT_FOUND when its calendar is
 * gone or out of hours. */
struct ticket_ola {
    const char *group, *severity;
    uint32_t no;
    int64_t at_ms;
    bool is_waiting;
};
enum status ticket_ola_start(struct ticket_calendars *shelf, const struct ticket_ola *ola,
                             json_t *clocks, struct error *err) MUST_USE;

/* The clocks of `ticket` when its task in hand ends now and `group` has the next; *out is the
 * caller's, and is NULL when there are none before and after. A calendar that cannot be used is no
 * reason to keep a task where it does not belong: then the next has no clock, and `fault` says why
 * ("" otherwise). */
enum status ticket_ola_next(const struct rules *rules, const json_t *ticket, const char *group,
                            int64_t at_ms, json_t **out, struct error *fault,
                            struct error *err) MUST_USE;

#endif
