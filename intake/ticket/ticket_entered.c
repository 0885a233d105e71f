#include "intake/ticket/ticket_entered.h"

#include "intake/ticket/ticket_children.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_timers.h"

/* Nothing is waited for on a ticket that is over. */
static enum status end_timers(struct txn *txn, json_t *ticket, const struct command *command,
                              enum ticket_state from, enum ticket_state to, struct error *err)
{
    (void)txn;
    (void)command;
    (void)from;
    (void)err;
    if (!ticket_state_is_open(to))
        ticket_timers_clear(ticket);
    return AF_OK;
}

/* In this order. */
static enum status (*const follow[])(struct txn *txn, json_t *ticket, const struct command *command,
                                     enum ticket_state from, enum ticket_state to,
                                     struct error *err) = {
    end_timers,
    ticket_end_entered, /* after end_timers: visits are waited for when a ticket is over */
    ticket_children_entered,
};

enum status ticket_entered(struct txn *txn, json_t *ticket, const struct command *command,
                           enum ticket_state from, enum ticket_state to, struct error *err)
{
    enum status status = AF_OK;

    for (size_t i = 0; i < sizeof follow / sizeof follow[0] && status == AF_OK; i++)
        status = follow[i](txn, ticket, command, from, to, err);
    return status;
}
