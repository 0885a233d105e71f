/* ticket_ties.h: what people do with a ticket and another one. Staff only; AF_CHANGED as in
 * ticket_change.h. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_TIES_H
#define ASKFIRST_INTAKE_DESK_TICKET_TIES_H

#include "intake/app.h"
#include "intake/who.h"

/* `no` is the same as `into` and ends in it (ticket/ticket_merge.h); when that is merged itself, in
 * the one that goes on for it, which is at *survivor. AF_CONFLICT says why it may not be. */
enum status ticket_merge(struct app *app, const struct who *who, uint32_t no, uint32_t into,
                         struct bytes reason, uint32_t *survivor, struct error *err) MUST_USE;

/* It was another after all: back to the state and the clocks it had. For supervisors and admins,
 * with a reason. */
enum status ticket_unmerge(struct app *app, const struct who *who, uint32_t no, struct bytes reason,
                           struct error *err) MUST_USE;

/* kind: parent, child, duplicate_of, duplicate, related, follows, followed_by, as in "`no` has the
 * parent `other`", "`no` is a duplicate of `other`" (ticket/ticket_relation.h). AF_CONFLICT: it is
 * so already, or would go round; AF_TOO_LARGE names the limit. */
enum status ticket_relate(struct app *app, const struct who *who, uint32_t no, struct bytes kind,
                          uint32_t other, struct bytes reason, struct error *err) MUST_USE;
/* AF_NOT_FOUND: they are not. */
enum status ticket_unrelate(struct app *app, const struct who *who, uint32_t no, struct bytes kind,
                            uint32_t other, struct bytes reason, struct error *err) MUST_USE;

/* A page of them: {"relations":[{"kind","ticket","name","state","title","by","at","reason"?}],
 * "after"?}: `after` is what the page before gave, or empty. 1 to TICKET_LIST_MAX of them. */
enum status ticket_relations(struct app *app, const struct who *who, uint32_t no,
                             struct bytes after, uint32_t limit, json_t **out,
                             struct error *err) MUST_USE;

/* Somebody watches it from now on, or no longer (ticket/ticket_watch.h). */
enum status ticket_watch(struct app *app, const struct who *who, uint32_t no, struct bytes name,
                         bool on, struct error *err) MUST_USE;

#endif
