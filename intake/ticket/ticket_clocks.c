#include "intake/ticket/ticket_clocks.h"

#include "data/base/clock.h"
#include "intake/clock/service_clock.h"
#include "intake/party/entitlement.h"
#include "intake/ticket/ticket_ola.h"
#include "intake/ticket/ticket_task_flow.h"

#define MINUTE_MS INT64_C(60000)

enum effect { NOTHING, STOP, PAUSE, RESUME, CANCEL, AGAIN };
enum { RESPOND, RESTORE, RESOLVE, OLA, KINDS };

#define PROMISES OLA /* the kinds before it are promises to the customer */

static const char *const kinds[PROMISES] = {"respond", "restore", "resolve"};

static const uint8_t effects[TICKET_MOMENTS][KINDS] = {
    [MOMENT_STAFF_REPLY] = {STOP,    NOTHING, NOTHING, NOTHING},
    [EVENT_WAIT_CUSTOMER] = {PAUSE,   PAUSE,   PAUSE,   PAUSE  },
    [EVENT_RESUME] = {RESUME,  RESUME,  RESUME,  RESUME },
    [MOMENT_CUSTOMER_REPLY] = {RESUME,  RESUME,  RESUME,  RESUME },
    [EVENT_RESTORE] = {STOP,    STOP,    NOTHING, NOTHING},
    [EVENT_RESOLVE] = {STOP,    STOP,    PAUSE,   STOP   },
    [EVENT_CLOSE] = {NOTHING, NOTHING, STOP,    STOP   },
    [EVENT_REOPEN] = {NOTHING, NOTHING, AGAIN,   NOTHING},
    [EVENT_REJECT] = {CANCEL,  CANCEL,  CANCEL,  CANCEL },
    [EVENT_CANCEL] = {CANCEL,  CANCEL,  CANCEL,  CANCEL },
    [EVENT_SPAM] = {CANCEL,  CANCEL,  CANCEL,  CANCEL },
    [EVENT_MERGE] = {CANCEL,  CANCEL,  CANCEL,  CANCEL }, /* kept beside: unmerge gives them back */
};

/* --- opening --------------------------------------------------------------------------------- */

static enum status add_clock(json_t *clocks, const struct service_clock *clock, struct error *err)
{
    if (json_array_append_new(clocks, service_clock_json(clock)) == 0)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
}

/* What a level promises of one kind to one severity; target_ms 0: nothing. */
struct promise {
    int64_t target_ms;
    unsigned warn_percent;
    const char *calendar;
};

/* Who is entitled to nothing has an outage restored all the same (DOMAIN.md 1.1). */
static bool is_owed(const json_t *ticket, const char *severity, const char *kind)
{
    return !entitlement_is_none(json_object_get(ticket, "entitlement")) ||
           (strcmp(severity, "S1") == 0 && strcmp(kind, "restore") == 0);
}

static struct promise promise_of(const struct rules *rules, const json_t *ticket,
                                 const char *severity, const char *kind)
{
    const json_t *level = rules_find(rules, RULES_LEVELS, json_get_str(ticket, "level"));
    const json_t *target = json_object_get(json_object_get(level, "targets"), severity);
    const char *own = json_get_str(target, "calendar");

    if (!is_owed(ticket, severity, kind))
        return (struct promise){0, 0, ""};
    return (struct promise){(int64_t)json_get_u64(target, kind) * MINUTE_MS,
                            (unsigned)json_get_u64(level, "warn_percent"),
                            own[0] != '\0' ? own : json_get_str(level, "calendar")};
}

static enum status start(struct ticket_calendars *shelf, const json_t *ticket, const char *severity,
                         const char *kind, int64_t at_ms, json_t *clocks, struct error *err)
{
    struct promise promise = promise_of(shelf->rules, ticket, severity, kind);
    struct service_clock clock;
    struct calendar *calendar;
    enum status status;

    if (promise.target_ms == 0)
        return AF_OK;
    status = ticket_calendars_find(shelf, promise.calendar, &calendar, err);
    if (status == AF_OK)
        status = service_clock_start(&clock, kind, promise.target_ms, promise.warn_percent,
                                     calendar, at_ms, err);
    if (status != AF_OK)
        return status;
    status = add_clock(clocks, &clock, err);
    service_clock_release(&clock);
    return status;
}

enum status ticket_clocks_open(const struct rules *rules, const json_t *ticket, int64_t reported_ms,
                               json_t **out, struct error *err)
{
    struct ticket_calendars shelf = {.rules = rules};
    json_t *clocks = json_array();
    enum status status =
        clocks != NULL ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");

    for (unsigned i = 0; i < PROMISES && status == AF_OK; i++)
        status = start(&shelf, ticket, json_get_str(ticket, "severity"), kinds[i], reported_ms,
                       clocks, err);
    ticket_calendars_clear(&shelf);
    if (status == AF_OK)
        *out = clocks;
    else
        json_decref(clocks);
    return status;
}

/* --- what happens to them -------------------------------------------------------------------- */

static enum effect effect_on(enum ticket_moment moment, const struct service_clock *clock)
{
    for (unsigned i = 0; i < PROMISES; i++)
        if (strcmp(clock->kind, kinds[i]) == 0)
            return (enum effect)effects[moment][i];
    return ticket_ola_is(clock->kind) ? (enum effect)effects[moment][OLA] : NOTHING;
}

static enum status take_effect(struct ticket_calendars *shelf, struct service_clock *clock,
                               enum effect effect, int64_t at_ms, struct error *err)
{
    struct calendar *calendar;
    enum status status =
        ticket_calendars_find(shelf, service_clock_calendar(clock), &calendar, err);

    if (status != AF_OK)
        return status;
    switch (effect) {
    case STOP:
        return service_clock_stop(clock, calendar, at_ms, err);
    case PAUSE:
        return service_clock_pause(clock, calendar, at_ms, err);
    case RESUME:
        return service_clock_resume(clock, calendar, at_ms, err);
    case CANCEL:
        service_clock_cancel(clock, at_ms);
        return AF_OK;
    case NOTHING:
    case AGAIN:
        break;
    }
    return AF_OK;
}

/* One clock after the moment, appended. */
static enum status change(struct ticket_calendars *shelf, const json_t *json,
                          enum ticket_moment moment, int64_t at_ms, json_t *clocks,
                          struct error *err)
{
    struct service_clock clock;
    enum status status = service_clock_read(json, &clock, err);
    enum effect effect;

    if (status != AF_OK)
        return status;
    effect = effect_on(moment, &clock);
    if (effect != NOTHING && effect != AGAIN)
        status = take_effect(shelf, &clock, effect, at_ms, err);
    if (status == AF_OK)
        status = add_clock(clocks, &clock, err);
    service_clock_release(&clock);
    return status;
}

static bool is_waiting(const json_t *ticket)
{
    return strcmp(json_get_str(ticket, "state"), ticket_state_name(TICKET_PENDING_CUSTOMER)) == 0;
}

/* What was over is work again: the last group has another task (ticket_tasks_entered). */
static bool begins_again(const json_t *ticket, enum ticket_moment moment)
{
    const char *state = json_get_str(ticket, "state");

    if (strcmp(state, ticket_state_name(TICKET_RESOLVED)) == 0)
        return moment == (enum ticket_moment)EVENT_RESUME || moment == MOMENT_CUSTOMER_REPLY;
    return moment == (enum ticket_moment)EVENT_REOPEN;
}

static enum status begin_again(struct ticket_calendars *shelf, const json_t *ticket, int64_t at_ms,
                               json_t *clocks, struct error *err)
{
    struct error fault;
    enum status status = ticket_ola_start(
        shelf,
        &(struct ticket_ola){json_get_str(ticket, "group"), json_get_str(ticket, "severity"),
                             ticket_task_next_no(ticket), at_ms, false},
        clocks, &fault);

    /* A calendar out of hours: the task has no clock. */
    return status == AF_OK || status == AF_NOT_FOUND ? AF_OK
                                                     : error_set(err, status, "%s", fault.text);
}

static bool changes_any(enum ticket_moment moment)
{
    for (unsigned i = 0; i < KINDS; i++)
        if (effects[moment][i] != NOTHING)
            return true;
    return false;
}

enum status ticket_clocks_after(const struct rules *rules, const json_t *ticket,
                                enum ticket_moment moment, int64_t at_ms, json_t **out,
                                struct error *err)
{
    const json_t *clocks = json_object_get(ticket, "clocks"), *clock;
    struct ticket_calendars shelf = {.rules = rules};
    json_t *changed;
    enum status status = AF_OK;
    size_t i;

    *out = NULL;
    if (!changes_any(moment) || (json_array_size(clocks) == 0 && !begins_again(ticket, moment)))
        return AF_OK;
    if ((changed = json_array()) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
    json_array_foreach(clocks, i, clock)
    {
        status = change(&shelf, clock, moment, at_ms, changed, err);
        if (status != AF_OK)
            break;
    }
    for (unsigned k = 0; k < PROMISES && status == AF_OK; k++)
        if (effects[moment][k] == AGAIN)
            status = start(&shelf, ticket, json_get_str(ticket, "severity"), kinds[k], at_ms,
                           changed, err);
    if (status == AF_OK && begins_again(ticket, moment))
        status = begin_again(&shelf, ticket, at_ms, changed, err);
    ticket_calendars_clear(&shelf);
    if (status == AF_OK)
        *out = changed;
    else
        json_decref(changed);
    return status;
}

/* --- another severity ------------------------------------------------------------------------ */

/* Of the task in hand: the only one whose clock has not ended. */
static struct promise promise_of_group(const struct rules *rules, const char *group,
                                       const char *severity)
{
    return (struct promise){.target_ms = ticket_ola_target_ms(rules, group, severity),
                            .calendar =
                                json_get_str(rules_find(rules, RULES_GROUPS, group), "calendar")};
}

static enum status regrade(struct ticket_calendars *shelf, const json_t *ticket,
                           const char *severity, struct service_clock *clock, int64_t at_ms,
                           struct error *err)
{
    struct promise promise =
        ticket_ola_is(clock->kind)
            ? promise_of_group(shelf->rules, json_get_str(ticket, "group"), severity)
            : promise_of(shelf->rules, ticket, severity, clock->kind);
    struct calendar *old, *calendar;
    enum status status;

    if (clock->state == CLOCK_STOPPED || clock->state == CLOCK_CANCELLED)
        return AF_OK;
    if (promise.target_ms == 0) {
        service_clock_cancel(clock, at_ms);
        return AF_OK;
    }
    if ((status = ticket_calendars_find(shelf, service_clock_calendar(clock), &old, err)) !=
            AF_OK ||
        (status = ticket_calendars_find(shelf, promise.calendar, &calendar, err)) != AF_OK)
        return status;
    return service_clock_retarget(clock, old, calendar, promise.target_ms, at_ms, err);
}

static bool has_kind(const json_t *clocks, const char *kind)
{
    const json_t *clock;
    size_t i;

    json_array_foreach(clocks, i, clock)
    {
        if (strcmp(json_get_str(clock, "kind"), kind) == 0)
            return true;
    }
    return false;
}

/* A task whose group promises something for this severity only: since it has it. */
static enum status start_ola(struct ticket_calendars *shelf, const json_t *ticket,
                             const char *severity, int64_t at_ms, json_t *changed,
                             struct error *err)
{
    const json_t *task = ticket_task_in_hand(ticket);
    struct ticket_ola ola = {.group = json_get_str(ticket, "group"),
                             .severity = severity,
                             .no = (uint32_t)json_get_u64(task, "no"),
                             .at_ms = at_ms,
                             .is_waiting = is_waiting(ticket)};
    char kind[TASK_CLOCK_BYTES];

    task_clock_name(ola.no, kind);
    if (task == NULL || has_kind(changed, kind))
        return AF_OK;
    if (!ola.is_waiting)
        (void)clock_parse(bytes_str(json_get_str(task, "at")), &ola.at_ms);
    return ticket_ola_start(shelf, &ola, changed, err);
}

static enum status regrade_all(struct ticket_calendars *shelf, const json_t *ticket,
                               const char *severity, int64_t at_ms, json_t *changed,
                               struct error *err)
{
    const json_t *clocks = json_object_get(ticket, "clocks"), *json;
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(clocks, i, json)
    {
        struct service_clock clock;

        if ((status = service_clock_read(json, &clock, err)) != AF_OK)
            return status;
        status = regrade(shelf, ticket, severity, &clock, at_ms, err);
        if (status == AF_OK)
            status = add_clock(changed, &clock, err);
        service_clock_release(&clock);
        if (status != AF_OK)
            return status;
    }
    return status;
}

enum status ticket_clocks_regrade(const struct rules *rules, const json_t *ticket,
                                  const char *severity, int64_t at_ms, json_t **out,
                                  struct error *err)
{
    struct ticket_calendars shelf = {.rules = rules};
    json_t *changed = json_array();
    int64_t reported_ms = at_ms;
    enum status status =
        changed != NULL ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");

    (void)clock_parse(bytes_str(json_get_str(ticket, "reported")), &reported_ms);
    if (status == AF_OK)
        status = regrade_all(&shelf, ticket, severity, at_ms, changed, err);
    for (unsigned i = 0; i < PROMISES && status == AF_OK; i++)
        if (!has_kind(changed, kinds[i]))
            status = start(&shelf, ticket, severity, kinds[i], reported_ms, changed, err);
    if (status == AF_OK)
        status = start_ola(&shelf, ticket, severity, at_ms, changed, err);
    ticket_calendars_clear(&shelf);
    if (status == AF_OK)
        *out = changed;
    else
        json_decref(changed);
    return status;
}

/* --- stored, and read back ------------------------------------------------------------------- */

enum status ticket_clocks_check(const json_t *clocks, struct error *err)
{
    if (clocks != NULL && !json_is_array(clocks))
        return error_set(err, AF_INVALID, "\"clocks\" is a list");
    if (json_array_size(clocks) > TICKET_CLOCKS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket has at most %d clocks", TICKET_CLOCKS_MAX);
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        struct service_clock clock;

        if (service_clock_read(json_array_get(clocks, i), &clock, NULL) != AF_OK)
            return error_set(err, AF_INVALID, "\"clocks\": entry %zu is no clock", i);
        service_clock_release(&clock);
    }
    return AF_OK;
}

/* --- time passes ----------------------------------------------------------------------------- */

int64_t ticket_clocks_next_ms(const json_t *clocks)
{
    int64_t next_ms = CLOCK_NEVER;
    const json_t *json;
    size_t i;

    json_array_foreach(clocks, i, json)
    {
        struct service_clock clock;
        int64_t at_ms;

        if (service_clock_read(json, &clock, NULL) != AF_OK)
            continue; /* damage, which check names */
        at_ms = service_clock_next_ms(&clock);
        if (at_ms != CLOCK_NEVER && (next_ms == CLOCK_NEVER || at_ms < next_ms))
            next_ms = at_ms;
        service_clock_release(&clock);
    }
    return next_ms;
}

static enum status advance(struct service_clock *clock, int64_t at_ms, ticket_clock_fn fn,
                           void *context, bool *has_changed, struct error *err)
{
    int64_t warned_ms = clock->warned_ms, breached_ms = clock->breached_ms;
    enum status status = AF_OK;

    *has_changed = service_clock_advance(clock, at_ms);
    if (clock->warned_ms != warned_ms)
        status = fn(context, clock->kind, "clock_warned", clock->warned_ms, err);
    if (status == AF_OK && clock->breached_ms != breached_ms)
        status = fn(context, clock->kind, "clock_breached", clock->breached_ms, err);
    return status;
}

enum status ticket_clocks_advance(json_t *clocks, int64_t at_ms, ticket_clock_fn fn, void *context,
                                  struct error *err)
{
    enum status status = AF_OK;

    for (size_t i = 0; i < json_array_size(clocks) && status == AF_OK; i++) {
        struct service_clock clock;
        bool has_changed;

        if ((status = service_clock_read(json_array_get(clocks, i), &clock, err)) != AF_OK)
            break;
        status = advance(&clock, at_ms, fn, context, &has_changed, err);
        if (status == AF_OK && has_changed &&
            json_array_set_new(clocks, i, service_clock_json(&clock)) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
        service_clock_release(&clock);
    }
    return status;
}

enum status ticket_clocks_explain(const struct rules *rules, const json_t *clocks, int64_t now_ms,
                                  struct buf *out, struct error *err)
{
    struct ticket_calendars shelf = {.rules = rules};
    const json_t *json;
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(clocks, i, json)
    {
        struct service_clock clock;

        if ((status = service_clock_read(json, &clock, err)) != AF_OK)
            break;
        status = service_clock_explain(&clock, now_ms, ticket_calendars_get, &shelf, out, err);
        service_clock_release(&clock);
        if (status != AF_OK)
            break;
    }
    ticket_calendars_clear(&shelf);
    return status;
}
