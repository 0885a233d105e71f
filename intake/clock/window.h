/* window.h: until when: so many working hours or working days after an instant.
 *
 * A window of days ends with the last hour worked on the last of them, and the day it begins on is
 * none of them: three days from a Thursday morning or a Thursday night end when the office closes
 * on the Tuesday after. So a window is never shorter for who was told late in the day, and people
 * can count it. Whoever proposes asks for it; applies read the instant from the command.
 *
 * As an administrator writes it: {"hours":24} or {"days":3}. */
#ifndef ASKFIRST_INTAKE_CLOCK_WINDOW_H
#define ASKFIRST_INTAKE_CLOCK_WINDOW_H

#include "intake/clock/calendar.h"

struct window {
    uint32_t hours, days; /* one of them is 0 */
};

/* Of a checked document; anything else is a window of nothing. */
struct window window_read(const json_t *json);

/* AF_NOT_FOUND when the calendar has no such hours any more. */
enum status window_end(struct calendar *calendar, const struct window *window, int64_t from_ms,
                       int64_t *end_ms, struct error *err) MUST_USE;

/* What stands for it when the calendar has run out of hours: as many hours and days of the clock on
 * the wall. An administrator's omission is no reason to keep a ticket from ending. */
int64_t window_end_plain(const struct window *window, int64_t from_ms);

#endif
