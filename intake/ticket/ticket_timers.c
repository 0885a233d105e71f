#include "intake/ticket/ticket_timers.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/clock/service_clock.h"

#include <assert.h>

static const json_t *list_of(const json_t *ticket)
{
    return json_object_get(ticket, "timers");
}

/* CLOCK_NEVER for what is none: damage, which check names. */
static int64_t instant_of(const json_t *timer)
{
    int64_t at_ms;

    return clock_parse(bytes_str(json_get_str(timer, "at")), &at_ms) ? at_ms : CLOCK_NEVER;
}

static size_t find(const json_t *list, const char *what)
{
    size_t i = 0;

    while (i < json_array_size(list) &&
           strcmp(json_get_str(json_array_get(list, i), "what"), what) != 0)
        i++;
    return i;
}

enum status ticket_timer_set(json_t *ticket, const char *what, int64_t at_ms, struct error *err)
{
    json_t *list = json_object_get(ticket, "timers");
    bool ok = true;

    assert(strlen(what) <= TICKET_TIMER_WHAT_BYTES_MAX);
    if (list == NULL)
        json_put(ticket, "timers", list = json_array(), &ok);
    if (ok && find(list, what) == json_array_size(list)) {
        if (json_array_size(list) >= TICKET_TIMERS_MAX)
            return error_set(err, AF_TOO_LARGE, "a ticket waits for at most %d things",
                             TICKET_TIMERS_MAX);
        ok = json_array_append_new(list, json_pack("{s:s}", "what", what)) == 0;
    }
    if (ok)
        json_put(json_array_get(list, find(list, what)), "at", json_from_time(at_ms), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

void ticket_timer_clear(json_t *ticket, const char *what)
{
    json_t *list = json_object_get(ticket, "timers");
    size_t i = find(list, what);

    if (i < json_array_size(list))
        (void)json_array_remove(list, i);
    if (list != NULL && json_array_size(list) == 0)
        (void)json_object_del(ticket, "timers");
}

void ticket_timers_clear(json_t *ticket)
{
    (void)json_object_del(ticket, "timers");
}

static const json_t *first(const json_t *ticket, int64_t *at_ms)
{
    const json_t *timer, *best = NULL;
    size_t i;

    *at_ms = CLOCK_NEVER;
    json_array_foreach(list_of(ticket), i, timer)
    {
        int64_t its_ms = instant_of(timer);

        if (its_ms != CLOCK_NEVER && (best == NULL || its_ms < *at_ms)) {
            best = timer;
            *at_ms = its_ms;
        }
    }
    return best;
}

int64_t ticket_timers_next_ms(const json_t *ticket)
{
    int64_t at_ms;

    (void)first(ticket, &at_ms);
    return at_ms;
}

bool ticket_timers_due(const json_t *ticket, int64_t now_ms, const char **what, int64_t *at_ms)
{
    const json_t *timer = first(ticket, at_ms);

    if (timer == NULL || *at_ms >= now_ms)
        return false;
    *what = json_get_str(timer, "what");
    return true;
}

bool ticket_timers_are_sound(const json_t *ticket)
{
    const json_t *list = list_of(ticket), *timer;
    size_t i;

    if (list == NULL)
        return true;
    if (!json_is_array(list) || json_array_size(list) > TICKET_TIMERS_MAX)
        return false;
    json_array_foreach(list, i, timer)
    {
        const char *what = json_get_str(timer, "what");

        if (what[0] == '\0' || strlen(what) > TICKET_TIMER_WHAT_BYTES_MAX ||
            instant_of(timer) == CLOCK_NEVER || find(list, what) != i)
            return false;
    }
    return true;
}
