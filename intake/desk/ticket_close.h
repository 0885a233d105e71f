/* ticket_close.h: how people end a ticket: steps with what they need at the end, the customer's
 * yes, and his word when it is over already. What it does to the record: ticket/ticket_end.h. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_CLOSE_H
#define ASKFIRST_INTAKE_DESK_TICKET_CLOSE_H

#include "intake/desk/ticket.h"

/* As ticket_move. With `nothing_to_record` the reason is the statement that there is no case to
 * link; said when resolving, the ticket can close by itself. */
enum status ticket_step(struct app *app, const struct who *who, uint32_t no, struct bytes event,
                        struct bytes reason, bool nothing_to_record, struct error *err) MUST_USE;

/* The same with "children" in the command (ticket_family.h), which is stolen; NULL: none. */
enum status ticket_step_with(struct app *app, const struct who *who, uint32_t no,
                             struct bytes event, struct bytes reason, bool nothing_to_record,
                             json_t *children, struct error *err) MUST_USE;

/* The customer says that it is solved; staff may enter it for him. It closes, or is held when the
 * library has nothing from it yet (the ticket says which). AF_CONFLICT: it is not resolved, or
 * confirmed already. */
enum status ticket_confirm(struct app *app, const struct who *who, uint32_t no, const char *key,
                           struct error *err) MUST_USE;

/* Of the sweep (timer_fn): the window for a no has passed. */
enum status ticket_window_passed(struct app *app, const struct who *who, uint32_t no,
                                 const char *what, const char *key, struct error *err) MUST_USE;

/* What a customer writes about his ticket, whatever has become of it: to one that is open it is a
 * reply, a closed one is reopened by it in time, and later it opens another that follows it (or
 * goes to the one that does already). Staff's words are ticket_reply's. */
struct ticket_said {
    uint32_t no;                  /* where the words are now */
    bool is_new;                  /* in a ticket of their own */
    char name[TICKET_NAME_BYTES]; /* of a ticket that follows; else "" */
    char follow_up[40];           /* its key, which the customer may have: it is his */
};
enum status ticket_say(struct app *app, const struct who *who, uint32_t no, struct bytes text,
                       const char *key, struct ticket_said *out, struct error *err) MUST_USE;
/* The same with files (ticket.h). */
enum status ticket_say_with(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_post *post, struct ticket_said *out,
                            struct error *err) MUST_USE;

#endif
