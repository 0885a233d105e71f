/* ticket_clocks.h: the promises on a ticket: which clocks it gets, and what events do to them.
 *
 *   event                         respond  restore  resolve  ola:N
 *   opened (from the report)      starts   starts   starts   starts   what its level and group have
 *   public reply of staff         stops                               a target for
 *   wait_customer                 pauses   pauses   pauses   pauses
 *   resume, reply of the customer resumes  resumes  resumes  resumes  (ola: from now, not the
 *   restore                       stops    stops                      report)
 *   resolve                       stops    stops    pauses   stops    the customer may say no
 *   close                                           stops
 *   work again after resolve                        resumes  another starts
 *   reopen                                          another  another  starts
 *   reject, cancel, spam, merge   cancels  cancels  cancels  cancels  unmerge: as they were before
 *   another task (ticket_ola.h)                              stops, another starts
 *
 * Waiting for parts or for others pauses nothing: that is ours, not the customer's.
 *
 * Working hours and time zones are asked here, by the proposer; the command carries the clocks as
 * they are afterwards, and the version of the ticket they were computed from. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_CLOCKS_H
#define ASKFIRST_INTAKE_TICKET_TICKET_CLOCKS_H

#include "intake/rules/rules.h"
#include "intake/ticket/ticket_flow.h"

/* What happens, for the table: an event of ticket_flow.h, or one of these. */
enum ticket_moment {
    MOMENT_STAFF_REPLY = TICKET_EVENTS, /* public */
    MOMENT_CUSTOMER_REPLY,
    MOMENT_NOTE, /* an internal one */
    TICKET_MOMENTS
};

/* The clocks of a new ticket (or the body that opens one): what its "level" promises to its
 * "severity"; [] for nothing. Whose "entitlement" is none is promised that an outage (S1) is
 * restored, and nothing else, here and below. The caller owns *out. */
enum status ticket_clocks_open(const struct rules *rules, const json_t *ticket, int64_t reported_ms,
                               json_t **out, struct error *err) MUST_USE;

/* The ticket's clocks after the moment; *out is NULL when it changes none. The caller owns it.
 * AF_NOT_FOUND when a calendar is gone or has no hours. */
enum status ticket_clocks_after(const struct rules *rules, const json_t *ticket,
                                enum ticket_moment moment, int64_t at_ms, json_t **out,
                                struct error *err) MUST_USE;

/* The same when the severity becomes another: what has passed stays passed (service_clock.h); what
 * is promised no more is cancelled, what is promised for the first time starts at the report. */
enum status ticket_clocks_regrade(const struct rules *rules, const json_t *ticket,
                                  const char *severity, int64_t at_ms, json_t **out,
                                  struct error *err) MUST_USE;

/* Can each be read? NULL is none. AF_INVALID, AF_TOO_LARGE past TICKET_CLOCKS_MAX. */
enum status ticket_clocks_check(const json_t *clocks, struct error *err) MUST_USE;

/* The earliest instant at which one of them is to be warned of or breached; CLOCK_NEVER: none. */
int64_t ticket_clocks_next_ms(const json_t *clocks);

/* Writes down which were warned of or breached by `at_ms`: each is handed to `fn` with its event,
 * "clock_warned" or "clock_breached", and the instant it is so since. No calendar is asked. */
typedef enum status (*ticket_clock_fn)(void *context, const char *kind, const char *event,
                                       int64_t since_ms, struct error *err);
enum status ticket_clocks_advance(json_t *clocks, int64_t at_ms, ticket_clock_fn fn, void *context,
                                  struct error *err) MUST_USE;

/* Each clock's arithmetic, for people. */
enum status ticket_clocks_explain(const struct rules *rules, const json_t *clocks, int64_t now_ms,
                                  struct buf *out, struct error *err) MUST_USE;

#endif
