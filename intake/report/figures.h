/* figures.h: what a service report counts, each figure with its definition (DOMAIN.md 2.3).
 *
 * A figure is a count, a ratio (n of `of`), or durations (mean, median, P90). Each thing is counted
 * in the period in which it was decided:
 *
 *   a clock     when it is breached, else when it is stopped in time; one that is open and past its
 *               due time is breached. Cancelled ones are never counted. So months add up to a year.
 *   a ticket    opened: when it was opened; resolved, closed: once, at the last such step of the
 *               period. A ticket closed in two months counts in both, and once in their year.
 *   a survey    when it is answered, else when it expires
 *   a handoff   each time of sending: when it is answered or declined in time, else when it is due;
 *               one withdrawn before that is not counted
 *   a part      when all of it is shipped by its first promise, else when that passes; cancelled
 *               ones are never counted; from stock or not: when it is requested
 *   a visit     when it is made in time, else when it is due; waived ones are never counted
 *
 * Spam and what was merged into another ticket count for nothing; what was cancelled or out of
 * scope counts as opened only. */
#ifndef ASKFIRST_INTAKE_REPORT_FIGURES_H
#define ASKFIRST_INTAKE_REPORT_FIGURES_H

#include "data/base/json.h"

enum figure {
    FIGURE_OPENED,
    FIGURE_OPENED_BY_CUSTOMER,
    FIGURE_OPENED_BY_REP,
    FIGURE_OPENED_AFTER_ASKING,
    FIGURE_RESOLVED,
    FIGURE_CLOSED,
    FIGURE_REOPENED,
    FIGURE_RESPOND_ON_TIME,
    FIGURE_RESTORE_ON_TIME,
    FIGURE_RESOLVE_ON_TIME,
    FIGURE_TIME_TO_OWN,
    FIGURE_TIME_TO_RESOLVE,
    FIGURE_LINKED,
    FIGURE_FIRST_CONTACT,
    FIGURE_RESOLVED_RING_1,
    FIGURE_RESOLVED_RING_2,
    FIGURE_RESOLVED_RING_3,
    FIGURE_TASKS_IN_TIME,
    FIGURE_TRANSFERRED,
    FIGURE_BOUNCED,
    FIGURE_ESCALATED,
    FIGURE_HANDOFFS_IN_TIME,
    FIGURE_PARTS_IN_TIME,
    FIGURE_PARTS_FROM_STOCK,
    FIGURE_SURVEYS_ANSWERED,
    FIGURE_SATISFIED,
    FIGURE_VISITS_IN_TIME,
    FIGURES
};

enum figure_kind { KIND_COUNT, KIND_RATIO, KIND_DURATION };

struct figure_kinds {
    const char *name;
    enum figure_kind kind;
    const char *definition; /* one sentence */
};
const struct figure_kinds *figure_of(enum figure figure);

/* Figures of one part of the tickets. */
struct figures {
    struct {
        uint64_t n, of; /* a count: n; a ratio: both; durations: n of them */
        int64_t *ms;    /* owned; durations as they came */
        size_t room;
    } each[FIGURES];
    bool has_failed; /* no memory: nothing of it may be shown */
};

void figures_count(struct figures *figures, enum figure figure);
/* One more of what a ratio is about, and whether it is so. */
void figures_ratio(struct figures *figures, enum figure figure, bool is_so);
/* The two parts apart, of a ratio whose parts are other things. */
void figures_parts(struct figures *figures, enum figure figure, uint64_t n, uint64_t of);
void figures_duration(struct figures *figures, enum figure figure, int64_t ms);
void figures_release(struct figures *figures);

/* {"opened":12,"reopened":{"n":1,"of":9,"rate":0.1111},"time_to_own":{"n":9,"mean_ms","median_ms",
 *  "p90_ms"}, …}; rates to four places, none of nothing. Sorts the durations. The caller owns it;
 * NULL without memory. */
json_t *figures_json(struct figures *figures);

#endif
