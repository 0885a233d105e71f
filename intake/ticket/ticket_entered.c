#include "intake/ticket/ticket_entered.h"

#include "intake/ticket/ticket_children.h"
#include "intake/ticket/ticket_emergency.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_handoffs.h"
#include "intake/ticket/ticket_parts.h"
#include "intake/ticket/ticket_tasks.h"
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

/* Nobody goes on working for a ticket that is cancelled. */
static enum status stop_others(struct txn *txn, json_t *ticket, const struct command *command,
                               enum ticket_state from, enum ticket_state to, struct error *err)
{
    enum status status = AF_OK;

    (void)from;
    if (to == TICKET_CANCELLED)
        status = ticket_handoffs_withdraw(txn, ticket, command, err);
    if (to == TICKET_CANCELLED && status == AF_OK)
        status = ticket_parts_cancel(txn, ticket, command, err);
    return status;
}

/* In this order. */
static enum status (*const follow[])(struct txn *txn, json_t *ticket, const struct command *command,
                                     enum ticket_state from, enum ticket_state to,
                                     struct error *err) = {
    stop_others,
    ticket_tasks_entered,
    ticket_emergency_entered,
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
