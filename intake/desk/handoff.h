/* handoff.h: to hand a question of a ticket to others, and what becomes of it
 * (ticket/ticket_handoffs.h). When an answer is due is computed here, on the target's calendar.
 *
 * Who is asked need have no account: each sending makes a link with a random key that shows the
 * question and takes an acceptance, a refusal or the answer, until it is over, is sent again, or
 * HANDOFF_LINK_DAYS have passed since the answer was due. Only the key's hash is stored. */
#ifndef ASKFIRST_INTAKE_DESK_HANDOFF_H
#define ASKFIRST_INTAKE_DESK_HANDOFF_H

#include "intake/app.h"
#include "intake/who.h"

struct handoff_input {
    struct bytes target; /* an id of the rules' handoffs */
    struct bytes kind;   /* what it is asked for; "": the only one that the target takes */
    struct bytes title;  /* "": the ticket's */
    struct bytes text, ref;
    const char *key; /* idempotency key, or NULL */
};

struct handoff_step {
    struct bytes event;  /* accept, decline, answer, confirm, send, withdraw */
    struct bytes reason; /* of decline, send and withdraw */
    struct bytes text;   /* the answer */
    struct bytes ref;    /* what they call it, from now on */
    struct bytes target; /* of send: another one, or "" */
    struct bytes kind;
    const char *key;
};

struct handoff_done {
    uint32_t no;   /* of the handoff in its ticket */
    char link[40]; /* the key of the link that was made; "" unless it was sent */
};

/* Staff only (AF_DENIED). AF_INVALID names the field, or says what the target takes;
 * AF_NOT_FOUND: no such ticket, or its calendar has no hours; AF_CONFLICT: the ticket is over. */
enum status handoff_send(struct app *app, const struct who *who, uint32_t ticket_no,
                         const struct handoff_input *input, struct handoff_done *out,
                         struct error *err) MUST_USE;
/* AF_CONFLICT when handoff_flow.h has no such step. */
enum status handoff_step(struct app *app, const struct who *who, uint32_t ticket_no, uint32_t no,
                         const struct handoff_step *step, struct handoff_done *out,
                         struct error *err) MUST_USE;

/* What the target sees: {"ticket","handoff","target","kind","title","text","ref"?,"state","at",
 * "due","expires","severity","product","reply"?}. AF_NOT_FOUND when the link leads nowhere (any
 * more). The caller owns it. */
enum status handoff_by_link(struct app *app, struct bytes key, json_t **out,
                            struct error *err) MUST_USE;
/* accept, decline or answer; anything else is AF_DENIED. */
enum status handoff_step_by_link(struct app *app, struct bytes key, const struct handoff_step *step,
                                 struct error *err) MUST_USE;

/* The timer "handoff:<no>": it is marked, and the target's manager told. */
enum status handoff_overdue(struct app *app, const struct who *who, uint32_t ticket_no,
                            const char *what, const char *key, struct error *err) MUST_USE;

#endif
