#include "intake/clock/service_clock.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* --- runs ----------------------------------------------------------------------------------- */

static struct clock_run *last_run(const struct service_clock *clock)
{
    assert(clock->runs_count > 0);
    return &clock->runs[clock->runs_count - 1];
}

int64_t service_clock_spent_ms(const struct service_clock *clock)
{
    int64_t sum = 0;

    for (size_t i = 0; i < clock->runs_count; i++)
        sum += clock->runs[i].spent_ms;
    return sum;
}

int64_t service_clock_target_ms(const struct service_clock *clock)
{
    return last_run(clock)->target_ms;
}

const char *service_clock_calendar(const struct service_clock *clock)
{
    return last_run(clock)->calendar;
}

static bool has_ended(const struct service_clock *clock)
{
    return clock->state == CLOCK_STOPPED || clock->state == CLOCK_CANCELLED;
}

/* When to warn and when it is over, for a run from `at_ms`. What has passed already is now. */
struct instants {
    int64_t warn_ms, due_ms;
};

static enum status find_instants(const struct service_clock *clock, struct calendar *calendar,
                                 int64_t target_ms, int64_t at_ms, struct instants *out,
                                 struct error *err)
{
    int64_t left = target_ms - service_clock_spent_ms(clock);
    int64_t before_warning = left - target_ms * (100 - (int64_t)clock->warn_percent) / 100;
    enum status status = calendar_add(calendar, at_ms, left > 0 ? left : 0, &out->due_ms, err);

    out->warn_ms = CLOCK_NEVER;
    if (status != AF_OK || clock->warn_percent == 0 || clock->warned_ms != CLOCK_NEVER)
        return status;
    return calendar_add(calendar, at_ms, before_warning > 0 ? before_warning : 0, &out->warn_ms,
                        err);
}

static enum status begin_run(struct service_clock *clock, struct calendar *calendar,
                             int64_t target_ms, int64_t at_ms, const struct instants *instants,
                             struct error *err)
{
    struct clock_run *runs, *run;

    if (clock->runs_count == CLOCK_RUNS_MAX)
        return error_set(err, AF_TOO_LARGE, "clock %s was paused or changed %d times already",
                         clock->kind, CLOCK_RUNS_MAX);
    runs = realloc(clock->runs, (clock->runs_count + 1) * sizeof *runs);
    if (runs == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a clock");
    clock->runs = runs;
    run = &runs[clock->runs_count++];
    *run = (struct clock_run){.from_ms = at_ms, .to_ms = CLOCK_NEVER, .target_ms = target_ms};
    (void)snprintf(run->calendar, sizeof run->calendar, "%s", calendar_name(calendar));
    clock->state = CLOCK_RUNNING;
    clock->warn_ms = instants->warn_ms;
    clock->due_ms = instants->due_ms;
    return AF_OK;
}

static void end_run(struct service_clock *clock, int64_t spent_ms, int64_t at_ms)
{
    struct clock_run *run = last_run(clock);

    run->to_ms = at_ms;
    run->spent_ms = spent_ms;
}

/* --- what happens to it --------------------------------------------------------------------- */

enum status service_clock_start(struct service_clock *clock, const char *kind, int64_t target_ms,
                                unsigned warn_percent, struct calendar *calendar, int64_t at_ms,
                                struct error *err)
{
    struct service_clock made = {.warn_percent = warn_percent,
                                 .started_ms = at_ms,
                                 .stopped_ms = CLOCK_NEVER,
                                 .warned_ms = CLOCK_NEVER,
                                 .breached_ms = CLOCK_NEVER};
    struct instants instants;
    enum status status;

    assert(strlen(kind) <= CLOCK_KIND_BYTES_MAX && target_ms >= 1 && warn_percent < 100);
    (void)snprintf(made.kind, sizeof made.kind, "%s", kind);
    status = find_instants(&made, calendar, target_ms, at_ms, &instants, err);
    if (status == AF_OK)
        status = begin_run(&made, calendar, target_ms, at_ms, &instants, err);
    if (status == AF_OK)
        *clock = made;
    return status;
}

void service_clock_release(struct service_clock *clock)
{
    free(clock->runs);
    *clock = (struct service_clock){0};
}

enum status service_clock_pause(struct service_clock *clock, struct calendar *calendar,
                                int64_t at_ms, struct error *err)
{
    int64_t spent_ms;
    enum status status;

    if (clock->state != CLOCK_RUNNING)
        return AF_OK;
    status = calendar_between(calendar, last_run(clock)->from_ms, at_ms, &spent_ms, err);
    if (status != AF_OK)
        return status;
    (void)service_clock_advance(clock, at_ms);
    end_run(clock, spent_ms, at_ms);
    clock->state = CLOCK_PAUSED;
    clock->warn_ms = clock->due_ms = CLOCK_NEVER;
    return AF_OK;
}

enum status service_clock_resume(struct service_clock *clock, struct calendar *calendar,
                                 int64_t at_ms, struct error *err)
{
    int64_t target_ms = service_clock_target_ms(clock);
    struct instants instants;
    enum status status;

    if (clock->state != CLOCK_PAUSED)
        return AF_OK;
    status = find_instants(clock, calendar, target_ms, at_ms, &instants, err);
    if (status == AF_OK)
        status = begin_run(clock, calendar, target_ms, at_ms, &instants, err);
    return status;
}

/* A paused clock only gets its new target: a run of no length, so that explain shows it. */
enum status service_clock_retarget(struct service_clock *clock, struct calendar *old,
                                   struct calendar *calendar, int64_t target_ms, int64_t at_ms,
                                   struct error *err)
{
    bool was_running = clock->state == CLOCK_RUNNING;
    struct service_clock saved = *clock;
    struct clock_run saved_run;
    struct instants instants;
    enum status status;

    assert(target_ms >= 1);
    if (has_ended(clock))
        return AF_OK;
    saved_run = *last_run(clock);
    status = service_clock_pause(clock, old, at_ms, err);
    if (status == AF_OK)
        status = find_instants(clock, calendar, target_ms, at_ms, &instants, err);
    if (status == AF_OK)
        status = begin_run(clock, calendar, target_ms, at_ms, &instants, err);
    if (status != AF_OK) {
        saved.runs = clock->runs;
        *clock = saved;
        *last_run(clock) = saved_run;
        return status;
    }
    return was_running ? AF_OK : service_clock_pause(clock, calendar, at_ms, err);
}

enum status service_clock_stop(struct service_clock *clock, struct calendar *calendar,
                               int64_t at_ms, struct error *err)
{
    int64_t due_ms = clock->due_ms;
    enum status status;

    if (has_ended(clock))
        return AF_OK;
    if ((status = service_clock_pause(clock, calendar, at_ms, err)) != AF_OK)
        return status;
    clock->state = CLOCK_STOPPED;
    clock->stopped_ms = at_ms;
    clock->due_ms = due_ms;
    return AF_OK;
}

void service_clock_cancel(struct service_clock *clock, int64_t at_ms)
{
    if (has_ended(clock))
        return;
    (void)service_clock_advance(clock, at_ms);
    if (clock->state == CLOCK_RUNNING)
        end_run(clock, 0, at_ms);
    clock->state = CLOCK_CANCELLED;
    clock->stopped_ms = at_ms;
    clock->warn_ms = clock->due_ms = CLOCK_NEVER;
}

/* A promise is kept until its last instant: due at 10:00 and stopped at 10:00 is met. */
bool service_clock_advance(struct service_clock *clock, int64_t at_ms)
{
    bool has_changed = false;

    if (clock->state != CLOCK_RUNNING)
        return false;
    if (clock->warn_ms != CLOCK_NEVER && at_ms > clock->warn_ms) {
        clock->warned_ms = clock->warn_ms;
        clock->warn_ms = CLOCK_NEVER;
        has_changed = true;
    }
    if (clock->breached_ms == CLOCK_NEVER && at_ms > clock->due_ms) {
        clock->breached_ms = clock->due_ms;
        has_changed = true;
    }
    return has_changed;
}

int64_t service_clock_next_ms(const struct service_clock *clock)
{
    if (clock->state != CLOCK_RUNNING)
        return CLOCK_NEVER;
    if (clock->warn_ms != CLOCK_NEVER)
        return clock->warn_ms;
    return clock->breached_ms == CLOCK_NEVER ? clock->due_ms : CLOCK_NEVER;
}
