/* calendar.h: which hours are worked: a week of hours in a time zone, and days that differ.
 *
 * As an administrator writes it (JSON; times are the local clock's, 24:00 is the day's end):
 *
 *   {"name":"cn-desk","zone":"Asia/Shanghai",
 *    "week":{"mon":["09:00-12:00","13:30-18:00"], … ,"fri":["22:00-06:00"]},
 *    "closed":[{"from":"2026-10-01","to":"2026-10-07","name":"国庆节"}],
 *    "open":[{"date":"2026-10-10","name":"调休","hours":["09:00-18:00"]}]}
 *
 * A stretch that ends before it begins lasts into the next day and belongs to the day it begins
 * on: the night shift of the eve of a holiday is worked to its end. A day that is both closed and
 * open is open (a make-up day beats the holiday around it); without "hours" it has Monday's. The
 * later of two entries about one date holds. Round the clock: "00:00-24:00" on every day.
 *
 * When the local clock is put forward or back, "02:30" is the first instant at which it shows
 * 02:30 or later: a stretch is as long as people are there, not as its figures say. Zones and
 * their rules are ICU's.
 *
 * A calendar is for one thread at a time (ICU's is). */
#ifndef ASKFIRST_INTAKE_CLOCK_CALENDAR_H
#define ASKFIRST_INTAKE_CLOCK_CALENDAR_H

#include "data/base/json.h"

struct calendar;

/* Reads and checks the JSON; *out keeps nothing of it. AF_INVALID and AF_TOO_LARGE name the member
 * and the value. */
enum status calendar_new(const json_t *json, struct calendar **out, struct error *err) MUST_USE;
void calendar_free(struct calendar *calendar); /* accepts NULL */
const char *calendar_name(const struct calendar *calendar);

/* The next stretch of worked time that ends after `from_ms`: [*start_ms, *end_ms), which may have
 * begun before. AF_NOT_FOUND when CALENDAR_WALK_DAYS pass without one. */
enum status calendar_next(struct calendar *calendar, int64_t from_ms, int64_t *start_ms,
                          int64_t *end_ms, struct error *err) MUST_USE;

/* The instant at which `work_ms` (≥ 0) of worked time have passed since `from_ms`; with 0,
 * `from_ms` itself. AF_NOT_FOUND as above. */
enum status calendar_add(struct calendar *calendar, int64_t from_ms, int64_t work_ms,
                         int64_t *due_ms, struct error *err) MUST_USE;

/* How much of [from_ms, to_ms) was worked; 0 when it is empty or backwards. */
enum status calendar_between(struct calendar *calendar, int64_t from_ms, int64_t to_ms,
                             int64_t *work_ms, struct error *err) MUST_USE;

/* As the local clock shows it, for people: "2026-10-10 09:30". */
#define CALENDAR_TEXT_BYTES 24
void calendar_text(struct calendar *calendar, int64_t at_ms, char text[CALENDAR_TEXT_BYTES]);

/* The last day that "closed" or "open" speaks of, as the instant it ends; 0: of none. A calendar
 * whose holidays are not known any more says so in time (the list of a year comes in autumn). */
int64_t calendar_known_until(struct calendar *calendar);

#endif
