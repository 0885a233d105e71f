/* A clock as it is stored with its ticket, and back. */
#include "data/base/clock.h"
#include "intake/clock/service_clock.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const states[] = {"running", "paused", "stopped", "cancelled"};

static void put_time(json_t *json, const char *member, int64_t at_ms, bool *ok)
{
    if (at_ms != CLOCK_NEVER)
        json_put(json, member, json_from_time(at_ms), ok);
}

static json_t *run_json(const struct clock_run *run, bool *ok)
{
    json_t *json = json_pack("{s:o,s:I,s:I,s:s}", "from", json_from_time(run->from_ms), "spent_ms",
                             (json_int_t)run->spent_ms, "target_ms", (json_int_t)run->target_ms,
                             "calendar", run->calendar);

    put_time(json, "to", run->to_ms, ok);
    return json;
}

json_t *service_clock_json(const struct service_clock *clock)
{
    json_t *json = json_pack("{s:s,s:s,s:i,s:o,s:[]}", "kind", clock->kind, "state",
                             states[clock->state], "warn_percent", (int)clock->warn_percent,
                             "started", json_from_time(clock->started_ms), "runs");
    bool ok = json != NULL;

    put_time(json, "due", clock->due_ms, &ok);
    put_time(json, "warn", clock->warn_ms, &ok);
    put_time(json, "warned", clock->warned_ms, &ok);
    put_time(json, "breached", clock->breached_ms, &ok);
    put_time(json, "stopped", clock->stopped_ms, &ok);
    for (size_t i = 0; ok && i < clock->runs_count; i++)
        ok = json_array_append_new(json_object_get(json, "runs"), run_json(&clock->runs[i], &ok)) ==
                 0 &&
             ok;
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

/* False when the member is there and no time. */
static bool take_time(const json_t *json, const char *member, int64_t *at_ms)
{
    const json_t *text = json_object_get(json, member);

    *at_ms = CLOCK_NEVER;
    return text == NULL ||
           (json_is_string(text) && clock_parse(bytes_str(json_string_value(text)), at_ms));
}

static bool take_run(const json_t *json, struct clock_run *run)
{
    const char *calendar = json_get_str(json, "calendar");

    run->spent_ms = json_integer_value(json_object_get(json, "spent_ms"));
    run->target_ms = json_integer_value(json_object_get(json, "target_ms"));
    if (strlen(calendar) > CALENDAR_NAME_BYTES_MAX)
        return false;
    (void)snprintf(run->calendar, sizeof run->calendar, "%s", calendar);
    return take_time(json, "from", &run->from_ms) && run->from_ms != CLOCK_NEVER &&
           take_time(json, "to", &run->to_ms) && run->spent_ms >= 0 && run->target_ms >= 1;
}

static bool take_state(const json_t *json, enum service_clock_state *state)
{
    for (unsigned i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strcmp(states[i], json_get_str(json, "state")) == 0) {
            *state = (enum service_clock_state)i;
            return true;
        }
    return false;
}

static bool take_head(const json_t *json, struct service_clock *clock)
{
    const char *kind = json_get_str(json, "kind");
    uint64_t percent = json_get_u64(json, "warn_percent");

    if (strlen(kind) > CLOCK_KIND_BYTES_MAX || percent > 99)
        return false;
    (void)snprintf(clock->kind, sizeof clock->kind, "%s", kind);
    clock->warn_percent = (unsigned)percent;
    return take_state(json, &clock->state) && take_time(json, "started", &clock->started_ms) &&
           clock->started_ms != CLOCK_NEVER && take_time(json, "due", &clock->due_ms) &&
           take_time(json, "warn", &clock->warn_ms) &&
           take_time(json, "warned", &clock->warned_ms) &&
           take_time(json, "breached", &clock->breached_ms) &&
           take_time(json, "stopped", &clock->stopped_ms) &&
           (clock->state != CLOCK_RUNNING || clock->due_ms != CLOCK_NEVER);
}

enum status service_clock_read(const json_t *json, struct service_clock *out, struct error *err)
{
    const json_t *runs = json_object_get(json, "runs");
    struct service_clock clock = {0};
    bool ok = take_head(json, &clock);
    size_t count = json_array_size(runs);

    if (!ok || count == 0 || count > CLOCK_RUNS_MAX)
        return error_set(err, AF_CORRUPT, "damaged: a ticket's clock cannot be read");
    if ((clock.runs = calloc(count, sizeof *clock.runs)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a clock");
    for (clock.runs_count = 0; ok && clock.runs_count < count; clock.runs_count++)
        ok = take_run(json_array_get(runs, clock.runs_count), &clock.runs[clock.runs_count]);
    if (!ok) {
        service_clock_release(&clock);
        return error_set(err, AF_CORRUPT, "damaged: a run of a ticket's clock cannot be read");
    }
    *out = clock;
    return AF_OK;
}
