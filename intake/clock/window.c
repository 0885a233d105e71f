#include "intake/clock/window.h"

#include "data/base/limits.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_TEXT_BYTES 10 /* "2026-10-10" */

struct window window_read(const json_t *json)
{
    const uint64_t hours = json_get_u64(json, "hours"), days = json_get_u64(json, "days");

    return (struct window){.hours = hours <= WINDOW_HOURS_MAX ? (uint32_t)hours : WINDOW_HOURS_MAX,
                           .days = days <= WINDOW_DAYS_MAX ? (uint32_t)days : WINDOW_DAYS_MAX};
}

/* Walks the stretches of work; each that begins on a later date than the one before begins another
 * day, also of a night shift, which belongs to the evening it begins on. */
static enum status add_days(struct calendar *calendar, uint32_t days, int64_t from_ms,
                            int64_t *end_ms, struct error *err)
{
    char day[CALENDAR_TEXT_BYTES], begins[CALENDAR_TEXT_BYTES];
    int64_t at_ms = from_ms, start_ms, stop_ms;
    uint32_t counted = 0;
    enum status status;

    calendar_text(calendar, from_ms, day);
    *end_ms = from_ms;
    while ((status = calendar_next(calendar, at_ms, &start_ms, &stop_ms, err)) == AF_OK) {
        calendar_text(calendar, start_ms, begins);
        if (strncmp(begins, day, DAY_TEXT_BYTES) > 0) {
            if (counted == days)
                return AF_OK;
            counted++;
            memcpy(day, begins, sizeof day);
        }
        at_ms = stop_ms;
        if (counted == days)
            *end_ms = stop_ms;
    }
    return status == AF_NOT_FOUND && counted == days ? AF_OK : status;
}

enum status window_end(struct calendar *calendar, const struct window *window, int64_t from_ms,
                       int64_t *end_ms, struct error *err)
{
    if (window->days > 0)
        return add_days(calendar, window->days, from_ms, end_ms, err);
    return calendar_add(calendar, from_ms, window->hours * HOUR_MS, end_ms, err);
}

int64_t window_end_plain(const struct window *window, int64_t from_ms)
{
    return from_ms + window->hours * HOUR_MS + window->days * 24 * HOUR_MS;
}
