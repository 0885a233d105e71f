/* service_clock.h: one promise of time on a ticket or a task: how much working time may pass, how
 * much has passed, and when it is over (DOMAIN.md: Clock; SLA to the customer, OLA inside).
 *
 *              start            pause                     stop
 *   (report) ────────► running ───────► paused ─────┐   ┌──────► stopped: met or breached
 *                         ▲ ▲              │ resume  │   │
 *                         │ └──────────────┘         └───┤
 *                      retarget (severity changed)       └ cancel ► cancelled: counts nowhere
 *
 * Working time is counted on a calendar (calendar.h). What has passed stays passed: a pause keeps
 * it, and so does another target, even on another calendar. Past the target the clock is breached
 * for ever, at the instant it was due, however late anybody notices; with a severity raised when
 * the new target has passed already, it is due at that moment.
 *
 * Due instants are computed when something happens to the clock and kept, so that looking whether
 * one has passed needs no calendar, and a calendar edited later changes no running promise until
 * the next pause, resume or retarget. All times in UTC milliseconds; all calls in order of time. */
#ifndef ASKFIRST_INTAKE_CLOCK_SERVICE_CLOCK_H
#define ASKFIRST_INTAKE_CLOCK_SERVICE_CLOCK_H

#include "data/base/limits.h"
#include "intake/clock/calendar.h"

enum service_clock_state { CLOCK_RUNNING, CLOCK_PAUSED, CLOCK_STOPPED, CLOCK_CANCELLED };

#define CLOCK_KIND_BYTES_MAX 32
#define CLOCK_NEVER INT64_MIN /* has not happened */

/* One stretch in which it ran without a pause, for `sla explain`. */
struct clock_run {
    int64_t from_ms, to_ms; /* to_ms: CLOCK_NEVER while it runs */
    int64_t spent_ms;       /* working time in it */
    int64_t target_ms;      /* the whole target that held */
    char calendar[CALENDAR_NAME_BYTES_MAX + 1];
};

struct service_clock {
    char kind[CLOCK_KIND_BYTES_MAX + 1]; /* "respond", "restore", "resolve", "ola" */
    enum service_clock_state state;
    unsigned warn_percent; /* of the target; 0: no warning */
    int64_t started_ms;    /* the customer's report, or a task's assignment */
    int64_t stopped_ms;    /* or cancelled; CLOCK_NEVER */
    int64_t warn_ms;       /* when to warn, while running; CLOCK_NEVER: not (any more) */
    int64_t due_ms;        /* while running, and of a stopped one when it would have been due */
    int64_t warned_ms, breached_ms;
    struct clock_run *runs; /* owned */
    size_t runs_count;
};

/* `target_ms` ≥ 1, of working time. Whatever `clock` held is overwritten. */
enum status service_clock_start(struct service_clock *clock, const char *kind, int64_t target_ms,
                                unsigned warn_percent, struct calendar *calendar, int64_t at_ms,
                                struct error *err) MUST_USE;
void service_clock_release(struct service_clock *clock); /* its memory; then it is all zeros */

/* The calls that count on a calendar. `calendar` is that of the last run (pause, stop) or the one
 * to go on with. Pausing a paused clock, resuming a running one and anything on an ended one
 * change nothing: the caller need not know. AF_TOO_LARGE: CLOCK_RUNS_MAX. A failed call leaves the
 * clock as it was. */
enum status service_clock_pause(struct service_clock *clock, struct calendar *calendar,
                                int64_t at_ms, struct error *err) MUST_USE;
enum status service_clock_resume(struct service_clock *clock, struct calendar *calendar,
                                 int64_t at_ms, struct error *err) MUST_USE;
enum status service_clock_retarget(struct service_clock *clock, struct calendar *old,
                                   struct calendar *calendar, int64_t target_ms, int64_t at_ms,
                                   struct error *err) MUST_USE;
enum status service_clock_stop(struct service_clock *clock, struct calendar *calendar,
                               int64_t at_ms, struct error *err) MUST_USE;
void service_clock_cancel(struct service_clock *clock, int64_t at_ms);

/* Writes down what has passed by `at_ms`: true when this call warned or breached the clock. */
bool service_clock_advance(struct service_clock *clock, int64_t at_ms);

/* The next instant at which service_clock_advance has something to do; CLOCK_NEVER: none. What the
 * table of due times holds. */
int64_t service_clock_next_ms(const struct service_clock *clock);

/* Working time spent in the runs that ended, and the target that holds. */
int64_t service_clock_spent_ms(const struct service_clock *clock);
int64_t service_clock_target_ms(const struct service_clock *clock);
/* The calendar of its last run. */
const char *service_clock_calendar(const struct service_clock *clock);

/* Its arithmetic, for people, in the time zone of each run's calendar; one line for each stretch of
 * worked time, and for each pause. `find` hands down the calendar of a name, or NULL when there is
 * none any more (then the run is a line without its stretches). */
typedef struct calendar *(*calendar_find_fn)(void *context, const char *name);
enum status service_clock_explain(const struct service_clock *clock, int64_t now_ms,
                                  calendar_find_fn find, void *context, struct buf *out,
                                  struct error *err) MUST_USE;

/* {"kind","state","warn_percent","started","due"?,"warn"?,"warned"?,"breached"?,
 *  "stopped"?,"runs":[{"from","to"?,"spent_ms","target_ms","calendar"}]}. The caller owns it;
 *  NULL without memory. */
json_t *service_clock_json(const struct service_clock *clock);
/* The same read back. AF_CORRUPT when it is not one. */
enum status service_clock_read(const json_t *json, struct service_clock *out,
                               struct error *err) MUST_USE;

#endif
