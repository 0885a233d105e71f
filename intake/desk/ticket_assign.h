/* ticket_assign.h: whose work a ticket is, decided by people: given to somebody of the group that
 * has it, taken, sent to another group, up a ring, and back with a result.
 *
 * All are for staff. Each may have something to tell beside success (he is away till Friday; it
 * goes to the triage lead instead): a sentence in `told`, "" when there is none. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_ASSIGN_H
#define ASKFIRST_INTAKE_DESK_TICKET_ASSIGN_H

#include "intake/desk/ticket_change.h"
#include "intake/route/pick.h"

struct ticket_told {
    char text[ERROR_TEXT_MAX];
};

/* To a person of the group (any account when the group lists nobody), or back to the group when
 * `person` is empty. AF_INVALID when he is not of it; that he is away, off duty or full is told. */
enum status ticket_assign(struct app *app, const struct who *who, uint32_t no, struct bytes person,
                          struct bytes reason, struct ticket_told *told,
                          struct error *err) MUST_USE;

/* To whom rotation or the least load chooses, of those on duty who know the matter best. `mode`
 * empty: as the group has it, else rotation. AF_CONFLICT when nobody can be chosen. */
enum status ticket_assign_auto(struct app *app, const struct who *who, uint32_t no,
                               struct bytes mode, struct ticket_told *told,
                               struct error *err) MUST_USE;

/* It is mine: the task is owned, and a ticket that nobody had begun with is in progress.
 * AF_CONFLICT when somebody else has taken it; AF_INVALID for who has no name or is not of its
 * group. */
enum status ticket_take(struct app *app, const struct who *who, uint32_t no,
                        struct error *err) MUST_USE;

/* To another group. The third time, or back to a group that had it, it goes to the triage lead
 * instead, who may send it anywhere: that is told. */
struct ticket_transfer {
    struct bytes group, reason, ruled_out; /* all required */
};
enum status ticket_transfer(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_transfer *transfer, struct ticket_told *told,
                            struct error *err) MUST_USE;

/* To the next ring: a group of it that is named, or the one that routing or skill says. To R&D the
 * product's maturity goes along, from the products document when it is not said. */
struct ticket_escalation {
    struct bytes group; /* empty: find one */
    struct bytes reason;
    struct bytes maturity; /* empty: as products say */
    bool is_grey;          /* reports leave it out (灰度) */
    struct bytes grey_reason;
};
enum status ticket_escalate(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_escalation *escalation, struct ticket_told *told,
                            struct error *err) MUST_USE;

/* Back to the group and person that escalated it, with what was found. */
enum status ticket_result(struct app *app, const struct who *who, uint32_t no, struct bytes result,
                          struct error *err) MUST_USE;

/* When a step begins work: adds to `body` who takes it, if he may. */
enum status ticket_take_decide(const struct who *who, const struct rules *rules,
                               const json_t *ticket, json_t *body, struct error *err) MUST_USE;

/* For what escalates by itself: adds to `body` the group, ring, person and maturity of the next
 * ring, and what becomes of the clocks. `group` may be empty. */
enum status ticket_escalate_decide(struct app *app, const struct rules *rules, const json_t *ticket,
                                   const char *group, int64_t now_ms, json_t *body, json_t **clocks,
                                   struct error *err) MUST_USE;

#endif
