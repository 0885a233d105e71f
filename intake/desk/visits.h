/* visits.h: follow-up visits (回访): which are due, and what came of them. What is stored of them:
 * ticket/ticket_visit.h. Staff only. */
#ifndef ASKFIRST_INTAKE_DESK_VISITS_H
#define ASKFIRST_INTAKE_DESK_VISITS_H

#include "intake/app.h"
#include "intake/who.h"

#define VISIT_LIST_MAX 200 /* on a page of the list */

struct visit_filter {
    struct bytes group; /* empty: all */
    uint32_t limit;     /* 1 … VISIT_LIST_MAX */
    struct bytes after; /* page on: what the page before gave; or empty */
};

/* {"visits":[{"ticket","n","title","severity","product","contact":{},"visit":no,"why","also"?,
 *  "due","group","overdue":bool,"tries"?}],"after"?:"…"}: what is due, the most urgent first. Reads
 * the rows of one page and their tickets. */
enum status visit_list(struct app *app, const struct who *who, const struct visit_filter *filter,
                       json_t **out, struct error *err) MUST_USE;

struct visit_report {
    struct bytes result; /* solved, not_solved, not_reached (which is counted, and stays due) */
    int64_t score;       /* 1 … 5; 0: none was given */
    struct bytes text;
};
/* AF_CONFLICT: it is done or waived already. A problem that is not solved is reopened by a step of
 * its own: the person who called knows in which words. */
enum status visit_report(struct app *app, const struct who *who, uint32_t ticket, uint32_t visit,
                         const struct visit_report *report, struct error *err) MUST_USE;

/* Nobody need ask, and why. AF_DENIED for anybody below a supervisor. */
enum status visit_waive(struct app *app, const struct who *who, uint32_t ticket, uint32_t visit,
                        struct bytes reason, struct error *err) MUST_USE;

/* Of the sweep (timer_fn): nobody has asked in time. `what` is "visit:NO". */
enum status visit_overdue(struct app *app, const struct who *who, uint32_t no, const char *what,
                          const char *key, struct error *err) MUST_USE;

#endif
