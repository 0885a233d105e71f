#include "intake/report/measure_work.h"

#include "intake/clock/service_clock.h"

#include <stdlib.h>

/* --- tasks ----------------------------------------------------------------------------------- */

static const json_t *tasks_of(const json_t *ticket)
{
    return json_object_get(ticket, "tasks");
}

void measure_ring(const json_t *ticket, int64_t resolved_ms, struct figures *figures)
{
    const json_t *task;
    uint64_t ring = 0;
    size_t i;

    json_array_foreach(tasks_of(ticket), i, task)
    {
        if (member_instant(task, "at") <= resolved_ms)
            ring = json_get_u64(task, "ring");
    }
    figures_ratio(figures, FIGURE_RESOLVED_RING_1, ring == 1);
    figures_ratio(figures, FIGURE_RESOLVED_RING_2, ring == 2);
    figures_ratio(figures, FIGURE_RESOLVED_RING_3, ring == 3);
}

/* A transfer to a group that had it before somebody else had. */
static bool bounces(const json_t *tasks, size_t i)
{
    const char *group = json_get_str(json_array_get(tasks, i), "group");

    if (i < 2 || !member_is(json_array_get(tasks, i - 1), "state", "transferred"))
        return false;
    for (size_t k = 0; k + 1 < i; k++)
        if (member_is(json_array_get(tasks, k), "group", group))
            return true;
    return false;
}

void measure_way(const json_t *ticket, struct figures *figures)
{
    const json_t *tasks = tasks_of(ticket), *task;
    bool is_transferred = false, is_bounced = false, is_escalated = false;
    size_t i;

    json_array_foreach(tasks, i, task)
    {
        is_transferred |= member_is(task, "state", "transferred");
        is_escalated |= member_is(task, "state", "escalated");
        is_bounced |= bounces(tasks, i);
    }
    figures_ratio(figures, FIGURE_TRANSFERRED, is_transferred);
    figures_ratio(figures, FIGURE_BOUNCED, is_bounced);
    figures_ratio(figures, FIGURE_ESCALATED, is_escalated);
}

bool measure_is_grey(const json_t *ticket, const char *kind)
{
    const char *colon = strchr(kind, ':');
    const json_t *task;
    size_t i;

    if (colon == NULL)
        return false;
    json_array_foreach(tasks_of(ticket), i, task)
    {
        if (json_get_u64(task, "no") == strtoull(colon + 1, NULL, 10))
            return json_get_bool(task, "grey");
    }
    return false;
}

/* --- handoffs -------------------------------------------------------------------------------- */

/* One time of sending, from place `i` of the history: until it is answered, declined, withdrawn or
 * sent again. */
static void measure_sending(const json_t *history, size_t i, const struct period *period,
                            struct figures *figures)
{
    const int64_t due_ms = member_instant(json_array_get(history, i), "due");
    int64_t ended_ms = CLOCK_NEVER;
    bool is_withdrawn = false;

    for (size_t k = i + 1; k < json_array_size(history) && ended_ms == CLOCK_NEVER; k++) {
        const json_t *entry = json_array_get(history, k);

        is_withdrawn = member_is(entry, "event", "withdraw");
        if (is_withdrawn || member_is(entry, "event", "answer") ||
            member_is(entry, "event", "decline") || member_is(entry, "event", "send"))
            ended_ms = member_instant(entry, "at");
    }
    if (ended_ms != CLOCK_NEVER && ended_ms <= due_ms) {
        if (!is_withdrawn && period_has(period, ended_ms))
            figures_ratio(figures, FIGURE_HANDOFFS_IN_TIME, true);
    } else if (period_has(period, due_ms) && due_ms < period->now_ms) {
        figures_ratio(figures, FIGURE_HANDOFFS_IN_TIME, false);
    }
}

void measure_handoffs(const json_t *ticket, const struct period *period, struct figures *figures)
{
    const json_t *handoff, *entry;
    size_t i, k;

    json_array_foreach(json_object_get(ticket, "handoffs"), i, handoff)
    {
        const json_t *history = json_object_get(handoff, "history");

        json_array_foreach(history, k, entry)
        {
            if (member_is(entry, "event", "send"))
                measure_sending(history, k, period, figures);
        }
    }
}

/* --- spare parts ----------------------------------------------------------------------------- */

void measure_parts(const json_t *ticket, const struct period *period, struct figures *figures)
{
    const json_t *part;
    size_t i;

    json_array_foreach(json_object_get(ticket, "parts"), i, part)
    {
        const int64_t promise_ms = member_instant(part, "first_promise");
        const int64_t shipped_ms = member_instant(part, "all_shipped");

        if (member_is(part, "state", "cancelled"))
            continue;
        if (period_has(period, member_instant(part, "at")))
            figures_ratio(figures, FIGURE_PARTS_FROM_STOCK, json_get_bool(part, "from_stock"));
        if (shipped_ms != CLOCK_NEVER && shipped_ms <= promise_ms) {
            if (period_has(period, shipped_ms))
                figures_ratio(figures, FIGURE_PARTS_IN_TIME, true);
        } else if (period_has(period, promise_ms) && promise_ms < period->now_ms) {
            figures_ratio(figures, FIGURE_PARTS_IN_TIME, false);
        }
    }
}
