/* ticket_task_flow.h: the life of a task (任务单), as one table, and what a record's tasks say.
 *
 * A ticket is one group's work at a time: its last task, while that one is offered or owned.
 *
 *            ┌─assign──┐        ┌─assign (to another), release─┐
 *            ▼         │        ▼                              │
 *   (new) ► offered ───┘     offered ─────────take─────────► owned
 *              └───────────────┴──┬──────────────────────────┘
 *                                 ├─transfer──► transferred   to another group
 *                                 ├─escalate──► escalated     to the next ring
 *                                 ├─finish────► done          handed back, or the ticket resolved
 *                                 └─withdraw──► withdrawn     the ticket left by a side exit;
 *                                                  └─revive─► offered again, with it (unmerged)
 *
 * In the record: "tasks":[{"no":2,"group":"experts","ring"?:2,"person"?:"ann","state":"owned",
 *   "at","by","owned"?,"ended"?,
 *   "from"?:1          whom its result is handed back to: the task that escalated
 *   "triage"?:true     its lead decides where the ticket goes (and "wanted": where it would have)
 *   "maturity"?,"grey"?,"grey_reason"?   what R&D is told; grey: left out of the figures (灰度)
 *   "reason"?,"ruled_out"?,"to"?         why it was transferred or escalated, and to which group
 *   "result"?,"clock_fault"?}]
 *
 * Its clock is the ticket's clock of kind "ola:2" (ticket_clocks.h). */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_TASK_FLOW_H
#define ASKFIRST_INTAKE_TICKET_TICKET_TASK_FLOW_H

#include "data/base/json.h"

enum task_state {
    TASK_OFFERED,
    TASK_OWNED,
    TASK_DONE,
    TASK_TRANSFERRED,
    TASK_ESCALATED,
    TASK_WITHDRAWN,
    TASK_STATES
};

enum task_event {
    TASK_ASSIGN,
    TASK_RELEASE,
    TASK_TAKE,
    TASK_TRANSFER,
    TASK_ESCALATE,
    TASK_FINISH,
    TASK_WITHDRAW,
    TASK_REVIVE,
    TASK_EVENTS
};

const char *task_state_name(enum task_state state);
bool task_state_parse(const char *name, enum task_state *out);
const char *task_event_name(enum task_event event);

/* Where the event leads; AF_CONFLICT with a sentence when it is not in the table from here. */
enum status task_flow_step(enum task_state from, enum task_event event, enum task_state *to,
                           struct error *err) MUST_USE;

/* The task that is being worked on, or NULL: none is, or there are none. */
json_t *ticket_task_in_hand(const json_t *ticket);
json_t *ticket_task_last(const json_t *ticket);            /* whatever its state; NULL: none */
json_t *ticket_task_no(const json_t *ticket, uint64_t no); /* NULL: no such task */
/* Of the one that comes next; a ticket without tasks gets its first before another. */
uint32_t ticket_task_next_no(const json_t *ticket);

/* Times it went to another group for another reason than an escalation or its answer. */
size_t ticket_transfers(const json_t *ticket);
/* Has the group had it, and has it no more? */
bool ticket_is_former_group(const json_t *ticket, const char *group);
/* Must a transfer to `group` go to the triage lead instead? The third, or a return; not when it is
 * he who sends it on. */
#define TICKET_TRANSFERS_FREE 2
bool ticket_needs_triage(const json_t *ticket, const char *group);

/* "ola:2". */
#define TASK_CLOCK_BYTES 16
void task_clock_name(uint32_t no, char name[TASK_CLOCK_BYTES]);

/* For `check`: are "tasks" what is drawn above, or not there, and do "group" and "person" of the
 * ticket follow the last? */
bool ticket_tasks_are_sound(const json_t *ticket);

#endif
