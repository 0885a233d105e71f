#include "intake/ticket/ticket_steps.h"

#include "data/base/limits.h"
#include "intake/ticket/ticket_escalations.h"
#include "intake/ticket/ticket_notices.h"
#include "intake/ticket/ticket_tasks.h"
#include "intake/ticket/ticket_timers.h"

#include <stdio.h>
#include <stdlib.h>

#define MINUTE_MS INT64_C(60000)

static bool is_state(const json_t *step, const char *state)
{
    return strcmp(json_get_str(step, "state"), state) == 0;
}

static bool is_word(const char *text, const char *const words[])
{
    for (; *words != NULL; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static void timer_name(const json_t *step, char name[TICKET_TIMER_WHAT_BYTES_MAX + 1])
{
    (void)snprintf(name, TICKET_TIMER_WHAT_BYTES_MAX + 1, STEP_TIMER ":%llu",
                   (unsigned long long)json_get_u64(step, "no"));
}

static enum status end(json_t *ticket, json_t *step, const char *state,
                       const struct command *command, struct error *err)
{
    char name[TICKET_TIMER_WHAT_BYTES_MAX + 1];
    bool ok = true;

    timer_name(step, name);
    ticket_timer_clear(ticket, name);
    json_put(step, "state", json_string(state), &ok);
    json_put(step, "done", json_from_time(command->at_ms), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a step");
}

/* --- coming ---------------------------------------------------------------------------------- */

static const char *const acts[] = {"notify", "escalate_management", "escalate_functional", "raise",
                                   NULL};

/* warned, breached, or minutes after the latter. */
static bool take_when(const char *when, const char **event, int64_t *after_ms)
{
    char *rest;
    unsigned long minutes;

    *event = strcmp(when, "warned") == 0 ? "clock_warned" : "clock_breached";
    *after_ms = 0;
    if (when[0] != '+')
        return strcmp(when, "warned") == 0 || strcmp(when, "breached") == 0;
    minutes = strtoul(when + 1, &rest, 10);
    *after_ms = (int64_t)minutes * MINUTE_MS;
    return when[1] >= '0' && when[1] <= '9' && *rest == '\0' && minutes <= RULES_TARGET_MINUTES_MAX;
}

static bool is_plan(const json_t *plan)
{
    const char *event;
    int64_t after_ms;

    return json_get_str(plan, "clock")[0] != '\0' &&
           take_when(json_get_str(plan, "when"), &event, &after_ms) &&
           is_word(json_get_str(plan, "do"), acts);
}

static bool has_plan_for(const json_t *plans, const char *clock)
{
    const json_t *plan;
    size_t i;

    json_array_foreach(plans, i, plan)
    {
        if (strcmp(json_get_str(plan, "clock"), clock) == 0)
            return true;
    }
    return false;
}

/* A promise that was kept or let go of needs nobody's help. */
static bool has_clock(const json_t *ticket, const char *kind)
{
    const json_t *clock;
    size_t i;

    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
    {
        if (strcmp(json_get_str(clock, "kind"), kind) == 0 &&
            (is_state(clock, "running") || is_state(clock, "paused")))
            return true;
    }
    return false;
}

/* Those that wait for a clock that gets others, or has ended. */
static enum status skip_waiting(json_t *ticket, const json_t *plans, const struct command *command,
                                struct error *err)
{
    json_t *step;
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(json_object_get(ticket, "steps"), i, step)
    {
        const char *clock = json_get_str(step, "clock");

        if (is_state(step, "waiting") && status == AF_OK &&
            (has_plan_for(plans, clock) || !has_clock(ticket, clock)))
            status = end(ticket, step, "skipped", command, err);
    }
    return status;
}

static void forget_oldest(json_t *list)
{
    for (size_t i = 0; i < json_array_size(list) && json_array_size(list) >= TICKET_STEPS_MAX;) {
        const json_t *step = json_array_get(list, i);

        if (is_state(step, "waiting") || is_state(step, "due"))
            i++;
        else
            (void)json_array_remove(list, i);
    }
}

static enum status add(json_t *ticket, const json_t *plan, uint64_t no, struct error *err)
{
    json_t *list = json_object_get(ticket, "steps"), *step;
    const char *to = json_get_str(plan, "to");
    bool ok = true;

    if (!is_plan(plan))
        return error_set(err, AF_INVALID, "\"steps\" has one that is none");
    forget_oldest(list);
    if (json_array_size(list) >= TICKET_STEPS_MAX)
        return error_set(err, AF_TOO_LARGE, "at most %d steps wait for one ticket's clocks",
                         TICKET_STEPS_MAX);
    step = json_pack("{s:I,s:s,s:s,s:s,s:s}", "no", (json_int_t)no, "clock",
                     json_get_str(plan, "clock"), "when", json_get_str(plan, "when"), "do",
                     json_get_str(plan, "do"), "state", "waiting");
    if (step != NULL && to[0] != '\0')
        json_put(step, "to", json_string(to), &ok);
    if (json_array_append_new(list, step) == 0 && ok)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a step");
}

enum status ticket_steps_take(json_t *ticket, const struct command *command, struct error *err)
{
    const json_t *plans = json_object_get(command->body, "steps"), *plan;
    json_t *list = json_object_get(ticket, "steps");
    const json_t *last;
    bool ok = true;
    uint64_t no;
    enum status status;
    size_t i;

    if ((status = skip_waiting(ticket, plans, command, err)) != AF_OK ||
        json_array_size(plans) == 0)
        return status;
    if (list == NULL)
        json_put(ticket, "steps", list = json_array(), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a step");
    last = json_array_size(list) > 0 ? json_array_get(list, json_array_size(list) - 1) : NULL;
    no = json_get_u64(last, "no");
    json_array_foreach(plans, i, plan)
    {
        if ((status = add(ticket, plan, ++no, err)) != AF_OK)
            return status;
    }
    return AF_OK;
}

enum status ticket_steps_passed(json_t *ticket, const char *kind, const char *event,
                                int64_t since_ms, struct error *err)
{
    json_t *step;
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(json_object_get(ticket, "steps"), i, step)
    {
        char name[TICKET_TIMER_WHAT_BYTES_MAX + 1];
        const char *its_event;
        int64_t after_ms;
        bool ok = true;

        if (!is_state(step, "waiting") || strcmp(json_get_str(step, "clock"), kind) != 0 ||
            !take_when(json_get_str(step, "when"), &its_event, &after_ms) ||
            strcmp(its_event, event) != 0)
            continue;
        timer_name(step, name);
        json_put(step, "state", json_string("due"), &ok);
        if (!ok)
            return error_set(err, AF_NO_MEMORY, "no memory for a step");
        if ((status = ticket_timer_set(ticket, name, since_ms + after_ms, err)) != AF_OK)
            return status;
    }
    return AF_OK;
}

json_t *ticket_step_no(const json_t *ticket, uint64_t no)
{
    json_t *step;
    size_t i;

    json_array_foreach(json_object_get(ticket, "steps"), i, step)
    {
        if (json_get_u64(step, "no") == no)
            return step;
    }
    return NULL;
}

/* --- doing it -------------------------------------------------------------------------------- */

static enum status notify(json_t *ticket, const json_t *step, const struct command *command,
                          struct error *err)
{
    const json_t *name;
    char text[128];
    enum status status = AF_OK;
    size_t i;

    (void)snprintf(text, sizeof text, "%.32s %.16s", json_get_str(step, "clock"),
                   json_get_str(step, "when"));
    json_array_foreach(json_object_get(command->body, "to"), i, name)
    {
        if (json_is_string(name) && status == AF_OK)
            status = ticket_notice_add(ticket, "step", json_string_value(name), command->at_ms,
                                       text, err);
    }
    return status;
}

static enum status act(struct txn *txn, json_t *ticket, const json_t *step,
                       const struct command *command, json_t *result, struct error *err)
{
    const char *what = json_get_str(step, "do");
    const json_t *body = command->body;

    if (strcmp(what, "notify") == 0)
        return notify(ticket, step, command, err);
    if (strcmp(what, "escalate_functional") == 0)
        return ticket_escalate_task(txn, ticket, command, result, err);
    if (strcmp(what, "raise") == 0)
        return ticket_set_severity(txn, ticket, command, result, err);
    return ticket_escalation_add(
        ticket, command, "progress",
        json_string_length(json_array_get(json_object_get(body, "to"), 0)) > 0
            ? json_string_value(json_array_get(json_object_get(body, "to"), 0))
            : "",
        json_get_str(body, "reason"), err);
}

static enum status fail(json_t *ticket, json_t *step, const char *why,
                        const struct command *command, struct error *err)
{
    bool ok = true;
    enum status status = end(ticket, step, "failed", command, err);

    json_put(step, "why", json_string(why), &ok);
    if (status != AF_OK || !ok)
        return ok ? status : error_set(err, AF_NO_MEMORY, "no memory for a step");
    return ticket_add_event(ticket, command, "step_failed",
                            json_pack("{s:O,s:s}", "step", json_object_get(step, "no"), "why", why),
                            err);
}

static enum status do_step(struct txn *txn, json_t *ticket, const struct command *command,
                           json_t *result, struct error *err)
{
    const uint64_t no = json_get_u64(command->body, "step");
    const char *why = json_get_str(command->body, "failed");
    json_t *step = ticket_step_no(ticket, no);
    enum status status;

    if (step == NULL || !is_state(step, "due"))
        return error_set(err, AF_CONFLICT, "step %llu is not due", (unsigned long long)no);
    if (json_get_bool(command->body, "skip"))
        return end(ticket, step, "skipped", command, err);
    if (why[0] != '\0')
        return fail(ticket, step, why, command, err);
    status = ticket_add_event(ticket, command, "step",
                              json_pack("{s:O,s:O}", "step", json_object_get(step, "no"), "do",
                                        json_object_get(step, "do")),
                              err);
    if (status == AF_OK)
        status = end(ticket, step, "done", command, err);
    return status == AF_OK ? act(txn, ticket, step, command, result, err) : status;
}

enum status ticket_apply_step(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    return ticket_apply_change(txn, command, do_step, result, err);
}

/* --- check ----------------------------------------------------------------------------------- */

bool ticket_steps_are_sound(const json_t *ticket)
{
    static const char *const states[] = {"waiting", "due", "done", "skipped", "failed", NULL};
    const json_t *list = json_object_get(ticket, "steps"), *step;
    uint64_t before = 0;
    size_t i;

    if (list == NULL)
        return true;
    if (!json_is_array(list) || json_array_size(list) > TICKET_STEPS_MAX)
        return false;
    json_array_foreach(list, i, step)
    {
        if (json_get_u64(step, "no") <= before || !is_plan(step) ||
            !is_word(json_get_str(step, "state"), states))
            return false;
        before = json_get_u64(step, "no");
    }
    return true;
}
