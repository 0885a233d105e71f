#include "intake/ticket/ticket_task_flow.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

#include <assert.h>
#include <stdio.h>

static const char *const states[TASK_STATES] = {
    "offered", "owned", "done", "transferred", "escalated", "withdrawn",
};

static const char *const events[TASK_EVENTS] = {
    "assign", "release", "take", "transfer", "escalate", "finish", "withdraw", "revive",
};

#define NO TASK_STATES /* it cannot */

/* clang-format off */
static const enum task_state steps[TASK_STATES][TASK_EVENTS] = {
    /* in the order of enum task_event */
    [TASK_OFFERED] = {TASK_OFFERED, TASK_OFFERED, TASK_OWNED, TASK_TRANSFERRED, TASK_ESCALATED,
                      TASK_DONE, TASK_WITHDRAWN, NO},
    [TASK_OWNED] = {TASK_OFFERED, TASK_OFFERED, NO, TASK_TRANSFERRED, TASK_ESCALATED,
                    TASK_DONE, TASK_WITHDRAWN, NO},
    [TASK_DONE] = {NO, NO, NO, NO, NO, NO, NO, NO},
    [TASK_TRANSFERRED] = {NO, NO, NO, NO, NO, NO, NO, NO},
    [TASK_ESCALATED] = {NO, NO, NO, NO, NO, NO, NO, NO},
    [TASK_WITHDRAWN] = {NO, NO, NO, NO, NO, NO, NO, TASK_OFFERED},
};
/* clang-format on */

enum status task_flow_step(enum task_state from, enum task_event event, enum task_state *to,
                           struct error *err)
{
    assert((unsigned)from < TASK_STATES && (unsigned)event < TASK_EVENTS);
    if (steps[from][event] == NO)
        return error_set(err, AF_CONFLICT, "a task that is %s cannot be the object of %s",
                         states[from], events[event]);
    *to = steps[from][event];
    return AF_OK;
}

/* --- names --------------------------------------------------------------------------------- */

const char *task_state_name(enum task_state state)
{
    assert((unsigned)state < TASK_STATES);
    return states[state];
}

const char *task_event_name(enum task_event event)
{
    assert((unsigned)event < TASK_EVENTS);
    return events[event];
}

bool task_state_parse(const char *name, enum task_state *out)
{
    for (unsigned i = 0; i < TASK_STATES; i++)
        if (strcmp(states[i], name) == 0) {
            *out = (enum task_state)i;
            return true;
        }
    return false;
}

void task_clock_name(uint32_t no, char name[TASK_CLOCK_BYTES])
{
    (void)snprintf(name, TASK_CLOCK_BYTES, "ola:%u", no);
}

/* --- what a record says ---------------------------------------------------------------------- */

static const json_t *tasks_of(const json_t *ticket)
{
    return json_object_get(ticket, "tasks");
}

static bool is_in_hand(const json_t *task)
{
    enum task_state state;

    return task_state_parse(json_get_str(task, "state"), &state) &&
           (state == TASK_OFFERED || state == TASK_OWNED);
}

json_t *ticket_task_last(const json_t *ticket)
{
    const json_t *tasks = tasks_of(ticket);
    const size_t count = json_array_size(tasks);

    return count > 0 ? json_array_get(tasks, count - 1) : NULL;
}

json_t *ticket_task_in_hand(const json_t *ticket)
{
    json_t *last = ticket_task_last(ticket);

    return last != NULL && is_in_hand(last) ? last : NULL;
}

json_t *ticket_task_no(const json_t *ticket, uint64_t no)
{
    return no > 0 ? json_array_get(tasks_of(ticket), (size_t)no - 1) : NULL;
}

uint32_t ticket_task_next_no(const json_t *ticket)
{
    const size_t count = json_array_size(tasks_of(ticket));

    return count > 0 ? (uint32_t)count + 1 : 2;
}

size_t ticket_transfers(const json_t *ticket)
{
    const json_t *task;
    size_t count = 0, i;

    json_array_foreach(tasks_of(ticket), i, task)
    {
        count += strcmp(json_get_str(task, "state"), states[TASK_TRANSFERRED]) == 0;
    }
    return count;
}

bool ticket_is_former_group(const json_t *ticket, const char *group)
{
    const json_t *task, *last = ticket_task_last(ticket);
    size_t i;

    if (strcmp(json_get_str(last, "group"), group) == 0)
        return false;
    json_array_foreach(tasks_of(ticket), i, task)
    {
        if (strcmp(json_get_str(task, "group"), group) == 0)
            return true;
    }
    return false;
}

bool ticket_needs_triage(const json_t *ticket, const char *group)
{
    if (json_get_bool(ticket_task_in_hand(ticket), "triage"))
        return false;
    return ticket_transfers(ticket) >= TICKET_TRANSFERS_FREE ||
           ticket_is_former_group(ticket, group);
}

/* --- check ----------------------------------------------------------------------------------- */

static bool is_time_or_absent(const json_t *task, const char *member)
{
    int64_t at_ms;

    return json_object_get(task, member) == NULL ||
           clock_parse(bytes_str(json_get_str(task, member)), &at_ms);
}

static bool is_sound(const json_t *task, size_t no, bool is_last)
{
    enum task_state state;

    if (json_get_u64(task, "no") != no || !task_state_parse(json_get_str(task, "state"), &state) ||
        json_get_u64(task, "from") >= no)
        return false;
    /* Only the last is in hand; one that ended says when. */
    return (is_last || !is_in_hand(task)) &&
           is_in_hand(task) == (json_object_get(task, "ended") == NULL) &&
           json_object_get(task, "at") != NULL && is_time_or_absent(task, "at") &&
           is_time_or_absent(task, "owned") && is_time_or_absent(task, "ended");
}

bool ticket_tasks_are_sound(const json_t *ticket)
{
    const json_t *tasks = tasks_of(ticket), *task, *last = ticket_task_last(ticket);
    const size_t count = json_array_size(tasks);
    size_t i;

    if (tasks == NULL)
        return true;
    if (count == 0 || count > TICKET_TASKS_MAX)
        return false;
    json_array_foreach(tasks, i, task)
    {
        if (!is_sound(task, i + 1, i + 1 == count))
            return false;
    }
    return strcmp(json_get_str(last, "group"), json_get_str(ticket, "group")) == 0 &&
           strcmp(json_get_str(last, "person"), json_get_str(ticket, "person")) == 0;
}
