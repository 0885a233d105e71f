/* ticket_change.h: the one way from a service to a change of a ticket that is there.
 *
 * The ticket is read, what the change does to its clocks is computed, both go into the command
 * ("seen", "clocks", "clocks_at": ticket_record.h), and when somebody else changed it before the
 * command was applied it is looked at again, a few times: what the person asked for is still what
 * he asked for, and the tables decide whether it may be. Who must not do so (If-Match, a form that
 * showed a version) says which version he means: then it is that one or nothing. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_CHANGE_H
#define ASKFIRST_INTAKE_DESK_TICKET_CHANGE_H

#include "intake/app.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/who.h"

/* What else is decided from the ticket as it is now: may add members to the command's `body`
 * (overwriting them: it can be called again), and replace *clocks, which is what the moment made of
 * them or NULL for unchanged. */
typedef enum status (*ticket_decide_fn)(void *context, const struct rules *rules,
                                        const json_t *ticket, int64_t now_ms, json_t *body,
                                        json_t **clocks, struct error *err);

struct ticket_change {
    const char *kind; /* of the command */
    const char *key;  /* idempotency key, or NULL */
    uint64_t print;   /* of what was asked, when there is a key: the clocks differ each time */
    enum ticket_moment moment; /* MOMENT_NOTE: no clock feels it */
    ticket_decide_fn decide;   /* or NULL */
    void *context;             /* of decide */
    uint32_t other;            /* another ticket that the command changes as well: goes into it as
                     * "other_seen"; 0: none */
};

/* AF_CHANGED when `who` named another version of the ticket than it has: for what changes it only
 * in passing. */
enum status ticket_require_version(struct app *app, const struct who *who, uint32_t no,
                                   struct error *err) MUST_USE;

/* Steals `body` (NULL: no memory), which names the ticket. `result` may be NULL; else the caller
 * owns what the apply answered. AF_NOT_FOUND: no such ticket; AF_CHANGED: `who` asked for a change
 * of another version than it has (who.if_version), and nothing was done, unless this request had
 * been answered before (`key`); else what the apply answers. */
enum status ticket_change(struct app *app, const struct who *who, uint32_t no,
                          const struct ticket_change *change, json_t *body, json_t **result,
                          struct error *err) MUST_USE;

#endif
