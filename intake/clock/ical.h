/* ical.h: days off and make-up days from an iCalendar file (RFC 5545), as governments, phones and
 * holiday services publish them; read by libical.
 *
 * Only events of whole days count; DTEND is the day after the last. An event whose SUMMARY has a
 * mark of work (班, 補班, 调休上班, workday …) is a day worked for another; any other is closed.
 * Timed events say nothing about a desk's hours and are only counted. */
#ifndef ASKFIRST_INTAKE_CLOCK_ICAL_H
#define ASKFIRST_INTAKE_CLOCK_ICAL_H

#include "data/base/json.h"

struct ical_days {
    json_t *closed;   /* [{"from","to","name"}] as in calendar.h, in the file's order */
    json_t *open;     /* [{"date","name"}] */
    unsigned ignored; /* events with times of day */
};

/* Repeating events are taken from 1 January of `first_year` to 31 December of `last_year`; other
 * days as they are. Both lists are the caller's. AF_INVALID when the text is no calendar, or an
 * event has no date (the sentence names its SUMMARY); AF_TOO_LARGE for ICAL_BYTES_MAX,
 * ICAL_REPEATS_MAX, CALENDAR_DAYS_MAX. */
enum status ical_read(struct bytes text, int first_year, int last_year, struct ical_days *out,
                      struct error *err) MUST_USE;

/* Puts the days into a calendar's JSON: what the file says of a date replaces what was there.
 * False without memory. */
bool ical_merge(json_t *calendar, const struct ical_days *days);

#endif
