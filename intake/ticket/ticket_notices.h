/* ticket_notices.h: what somebody is to be told of a ticket: something is overdue, escalated,
 * restored. Which means carries it (mail, a page) is another's matter.
 *
 * In the record: "notices":[{"no":1,"what":"handoff_overdue","to":"li.na","text"?:"…",
 * "at":"2026-11-30T09:00:00.000Z","state":"due|sent"}]; "no" counts from 1, and none is ever taken
 * away. Staff's: a customer does not see them. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_NOTICES_H
#define ASKFIRST_INTAKE_TICKET_TICKET_NOTICES_H

#include "data/base/json.h"

#define TICKET_NOTICE_WHAT_BYTES_MAX 48

/* One more, "due" since `at_ms`. `to` is a person's or group's name, or what else the sender can
 * find an address by; `text` may be "". AF_TOO_LARGE past TICKET_NOTICES_MAX. */
enum status ticket_notice_add(json_t *ticket, const char *what, const char *to, int64_t at_ms,
                              const char *text, struct error *err) MUST_USE;

/* For `check`: is "notices" what is drawn above, or not there? */
bool ticket_notices_are_sound(const json_t *ticket);

#endif
