#include "intake/clock/calendar.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

#include <stdlib.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define MINUTE_MS 60000
#define DAY_MINUTES 1440
#define DAY_MS ((int64_t)DAY_MINUTES * MINUTE_MS)
#define ZONE_UNITS (CALENDAR_NAME_BYTES_MAX + 1)

/* Minutes of the local day it begins on; `end` may be up to a day and a half later. */
struct stretch {
    uint16_t start, end;
};

struct hours {
    uint8_t count;
    struct stretch stretches[CALENDAR_DAY_STRETCHES_MAX];
};

/* A date that is not as its day of the week: sorted by day, one for each. */
struct exception {
    int32_t day; /* since 1970-01-01, of the local calendar */
    bool is_open;
    struct hours hours;
};

struct calendar {
    char name[CALENDAR_NAME_BYTES_MAX + 1];
    UCalendar *zone;
    struct hours week[7]; /* from Monday */
    struct exception *exceptions;
    size_t exceptions_count, exceptions_room;
};

static const char *const weekdays[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* --- reading what the administrator wrote --------------------------------------------------- */

/* "09:30"; 24:00 is the end of the day. */
static bool take_time(struct reader *r, uint16_t *minutes)
{
    struct bytes text;
    unsigned hour, minute;

    if (!reader_take(r, 5, &text) || text.data[2] != ':')
        return false;
    for (unsigned i = 0; i < 5; i++)
        if (i != 2 && (text.data[i] < '0' || text.data[i] > '9'))
            return false;
    hour = (unsigned)(text.data[0] - '0') * 10 + (unsigned)(text.data[1] - '0');
    minute = (unsigned)(text.data[3] - '0') * 10 + (unsigned)(text.data[4] - '0');
    if (minute > 59 || hour * 60 + minute > DAY_MINUTES)
        return false;
    *minutes = (uint16_t)(hour * 60 + minute);
    return true;
}

static bool parse_stretch(const char *text, struct stretch *out)
{
    struct reader r = reader_of(bytes_str(text));
    uint8_t dash;

    if (!take_time(&r, &out->start) || !reader_u8(&r, &dash) || dash != '-' ||
        !take_time(&r, &out->end) || reader_left(&r) > 0 || out->start == out->end ||
        out->start == DAY_MINUTES)
        return false;
    if (out->end < out->start)
        out->end = (uint16_t)(out->end + DAY_MINUTES);
    return true;
}

/* In order and apart, so that no minute counts twice. */
static enum status check_order(const struct hours *hours, const char *where, struct error *err)
{
    for (unsigned i = 1; i < hours->count; i++)
        if (hours->stretches[i].start < hours->stretches[i - 1].end)
            return error_set(err, AF_INVALID, "%s: hours follow one another and do not overlap",
                             where);
    return AF_OK;
}

static enum status read_hours(const json_t *list, const char *where, struct hours *out,
                              struct error *err)
{
    const json_t *item;
    size_t i;

    *out = (struct hours){0};
    if (!json_is_array(list))
        return error_set(err, AF_INVALID, "%s is a list like [\"09:00-12:00\",\"13:30-18:00\"]",
                         where);
    if (json_array_size(list) > CALENDAR_DAY_STRETCHES_MAX)
        return error_set(err, AF_TOO_LARGE, "%s: a day has at most %d stretches of hours", where,
                         CALENDAR_DAY_STRETCHES_MAX);
    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item) ||
            !parse_stretch(json_string_value(item), &out->stretches[out->count]))
            return error_set(err, AF_INVALID, "%s: \"%.24s\" is not a time like 09:00-12:00", where,
                             json_is_string(item) ? json_string_value(item) : "?");
        out->count++;
    }
    return check_order(out, where, err);
}

/* The night shift of one day may not reach into the hours of the next. */
static enum status check_nights(const struct calendar *calendar, struct error *err)
{
    for (unsigned d = 0; d < 7; d++) {
        const struct hours *today = &calendar->week[d], *next = &calendar->week[(d + 1) % 7];

        if (today->count > 0 && next->count > 0 &&
            today->stretches[today->count - 1].end > next->stretches[0].start + DAY_MINUTES)
            return error_set(err, AF_INVALID, "\"week\": the hours of %s reach into those of %s",
                             weekdays[d], weekdays[(d + 1) % 7]);
    }
    return AF_OK;
}

static enum status read_week(struct calendar *calendar, const json_t *week, struct error *err)
{
    const char *key;
    json_t *list;
    unsigned known = 0;

    if (!json_is_object(week))
        return error_set(err, AF_INVALID, "\"week\" is missing: the hours of mon, tue … sun");
    for (unsigned d = 0; d < 7; d++) {
        char where[24];
        enum status status;

        if ((list = json_object_get(week, weekdays[d])) == NULL)
            continue;
        known++;
        (void)snprintf(where, sizeof where, "\"week\", %s", weekdays[d]);
        if ((status = read_hours(list, where, &calendar->week[d], err)) != AF_OK)
            return status;
    }
    if (known != json_object_size(week))
        json_object_foreach((json_t *)week, key, list)
        {
            for (unsigned d = 0; d <= 7; d++) {
                if (d == 7)
                    return error_set(err, AF_INVALID, "\"week\": \"%.24s\" is no day of mon … sun",
                                     key);
                if (strcmp(key, weekdays[d]) == 0)
                    break;
            }
        }
    return check_nights(calendar, err);
}

static enum status read_date(const json_t *entry, const char *member, int32_t *day,
                             struct error *err)
{
    const char *text = json_string_value(json_object_get(entry, member));
    int64_t at_ms;

    if (text == NULL || strlen(text) != 10 || !clock_parse(bytes_str(text), &at_ms) || at_ms < 0)
        return error_set(err, AF_INVALID, "\"%s\": \"%.24s\" is not a date like 2026-10-01", member,
                         text == NULL ? "" : text);
    *day = (int32_t)(at_ms / DAY_MS);
    return AF_OK;
}

static enum status make_room(struct calendar *calendar, struct error *err)
{
    const size_t room = calendar->exceptions_room == 0 ? 32 : 2 * calendar->exceptions_room;
    struct exception *more;

    if (calendar->exceptions_count == CALENDAR_DAYS_MAX)
        return error_set(err, AF_TOO_LARGE, "a calendar has at most %d days that differ",
                         CALENDAR_DAYS_MAX);
    if (calendar->exceptions_count < calendar->exceptions_room)
        return AF_OK;
    more = realloc(calendar->exceptions, room * sizeof *more);
    if (more == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a calendar");
    calendar->exceptions = more;
    calendar->exceptions_room = room;
    return AF_OK;
}

/* Replaces what was said of the date before, but a closed day does not replace an open one. */
static enum status add_exception(struct calendar *calendar, const struct exception *exception,
                                 struct error *err)
{
    size_t i = calendar->exceptions_count;
    enum status status;

    while (i > 0 && calendar->exceptions[i - 1].day > exception->day)
        i--;
    if (i > 0 && calendar->exceptions[i - 1].day == exception->day) {
        if (exception->is_open || !calendar->exceptions[i - 1].is_open)
            calendar->exceptions[i - 1] = *exception;
        return AF_OK;
    }
    if ((status = make_room(calendar, err)) != AF_OK)
        return status;
    memmove(&calendar->exceptions[i + 1], &calendar->exceptions[i],
            (calendar->exceptions_count - i) * sizeof *exception);
    calendar->exceptions[i] = *exception;
    calendar->exceptions_count++;
    return AF_OK;
}

static enum status read_closed(struct calendar *calendar, const json_t *entry, struct error *err)
{
    struct exception exception = {0};
    int32_t last;
    enum status status = read_date(entry, "from", &exception.day, err);

    if (status != AF_OK || (status = read_date(entry, "to", &last, err)) != AF_OK)
        return status;
    if (last < exception.day || last - exception.day >= CALENDAR_DAYS_MAX)
        return error_set(err, AF_INVALID, "\"closed\": \"to\" %.24s is before \"from\", or too far",
                         json_get_str(entry, "to"));
    for (; status == AF_OK && exception.day <= last; exception.day++)
        status = add_exception(calendar, &exception, err);
    return status;
}

static enum status read_open(struct calendar *calendar, const json_t *entry, struct error *err)
{
    struct exception exception = {.is_open = true, .hours = calendar->week[0]};
    const json_t *hours = json_object_get(entry, "hours");
    enum status status = read_date(entry, "date", &exception.day, err);

    if (status == AF_OK && hours != NULL)
        status = read_hours(hours, "\"open\", hours", &exception.hours, err);
    return status == AF_OK ? add_exception(calendar, &exception, err) : status;
}

static enum status read_days(struct calendar *calendar, const json_t *json, const char *member,
                             enum status (*read)(struct calendar *, const json_t *, struct error *),
                             struct error *err)
{
    const json_t *list = json_object_get(json, member), *entry;
    size_t i;

    if (list != NULL && !json_is_array(list))
        return error_set(err, AF_INVALID, "\"%s\" is a list of days", member);
    json_array_foreach(list, i, entry)
    {
        enum status status = read(calendar, entry, err);

        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}

/* ICU takes any name for GMT; only what it knows itself is a zone. */
static enum status open_zone(struct calendar *calendar, struct bytes name, struct error *err)
{
    UChar zone[ZONE_UNITS], known[ZONE_UNITS];
    UErrorCode code = U_ZERO_ERROR;
    int32_t len;
    UBool is_system = 0;

    u_strFromUTF8(zone, ZONE_UNITS, &len, (const char *)name.data, (int32_t)name.len, &code);
    if (U_SUCCESS(code))
        (void)ucal_getCanonicalTimeZoneID(zone, len, known, ZONE_UNITS, &is_system, &code);
    if (U_FAILURE(code) || !is_system)
        return error_set(err, AF_INVALID, "\"zone\" %.*s is not a time zone like Asia/Shanghai",
                         (int)name.len, (const char *)name.data);
    calendar->zone = ucal_open(zone, len, "en", UCAL_GREGORIAN, &code);
    if (U_FAILURE(code) || calendar->zone == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a calendar");
    ucal_setAttribute(calendar->zone, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    ucal_setAttribute(calendar->zone, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
    return AF_OK;
}

static enum status read_all(struct calendar *calendar, const json_t *json, struct error *err)
{
    struct bytes name, zone;
    enum status status;

    if ((status = json_text(json, "name", CALENDAR_NAME_BYTES_MAX, true, &name, err)) != AF_OK ||
        (status = json_text(json, "zone", CALENDAR_NAME_BYTES_MAX, true, &zone, err)) != AF_OK ||
        (status = open_zone(calendar, zone, err)) != AF_OK)
        return status;
    memcpy(calendar->name, name.data, name.len);
    if ((status = read_week(calendar, json_object_get(json, "week"), err)) != AF_OK ||
        (status = read_days(calendar, json, "closed", read_closed, err)) != AF_OK)
        return status;
    return read_days(calendar, json, "open", read_open, err);
}

enum status calendar_new(const json_t *json, struct calendar **out, struct error *err)
{
    struct calendar *calendar = calloc(1, sizeof *calendar);
    enum status status = AF_NO_MEMORY;

    if (calendar == NULL)
        (void)error_set(err, AF_NO_MEMORY, "no memory for a calendar");
    else
        status = read_all(calendar, json, err);
    if (status == AF_OK)
        *out = calendar;
    else
        calendar_free(calendar);
    return status;
}

void calendar_free(struct calendar *calendar)
{
    if (calendar == NULL)
        return;
    if (calendar->zone != NULL)
        ucal_close(calendar->zone);
    free(calendar->exceptions);
    free(calendar);
}

const char *calendar_name(const struct calendar *calendar)
{
    return calendar->name;
}

/* --- days and instants ---------------------------------------------------------------------- */

/* 1970-01-01 was a Thursday. */
static unsigned weekday_of(int32_t day)
{
    int32_t d = (day + 3) % 7;

    return (unsigned)(d < 0 ? d + 7 : d);
}

static const struct hours *hours_of(const struct calendar *calendar, int32_t day)
{
    size_t low = 0, high = calendar->exceptions_count;

    while (low < high) {
        size_t mid = (low + high) / 2;

        if (calendar->exceptions[mid].day < day)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < calendar->exceptions_count && calendar->exceptions[low].day == day)
        return &calendar->exceptions[low].hours;
    return &calendar->week[weekday_of(day)];
}

static enum status icu_failed(const struct calendar *calendar, struct error *err)
{
    return error_set(err, AF_IO, "calendar %s: the time zone's rules cannot be read",
                     calendar->name);
}

/* The first instant at which the local clock shows that minute of that day, or later. */
static enum status instant_of(struct calendar *calendar, int32_t day, unsigned minute,
                              int64_t *at_ms, struct error *err)
{
    UErrorCode code = U_ZERO_ERROR;

    day += (int32_t)(minute / DAY_MINUTES);
    minute %= DAY_MINUTES;
    ucal_clear(calendar->zone);
    ucal_setDateTime(calendar->zone, 1970, UCAL_JANUARY, 1 + day, (int32_t)(minute / 60),
                     (int32_t)(minute % 60), 0, &code);
    *at_ms = (int64_t)ucal_getMillis(calendar->zone, &code);
    return U_SUCCESS(code) ? AF_OK : icu_failed(calendar, err);
}

/* What the local clock shows, as if it were UTC. */
static int64_t local_of(struct calendar *calendar, int64_t at_ms, UErrorCode *code)
{
    ucal_setMillis(calendar->zone, (UDate)at_ms, code);
    return at_ms + ucal_get(calendar->zone, UCAL_ZONE_OFFSET, code) +
           ucal_get(calendar->zone, UCAL_DST_OFFSET, code);
}

static enum status day_of(struct calendar *calendar, int64_t at_ms, int32_t *day, struct error *err)
{
    UErrorCode code = U_ZERO_ERROR;
    int64_t local = local_of(calendar, at_ms, &code);

    *day = (int32_t)(local >= 0 ? local / DAY_MS : -((DAY_MS - 1 - local) / DAY_MS));
    return U_SUCCESS(code) ? AF_OK : icu_failed(calendar, err);
}

void calendar_text(struct calendar *calendar, int64_t at_ms, char text[CALENDAR_TEXT_BYTES])
{
    UErrorCode code = U_ZERO_ERROR;
    char utc[CLOCK_TEXT_BYTES];

    clock_format(local_of(calendar, at_ms, &code), utc);
    (void)snprintf(text, CALENDAR_TEXT_BYTES, "%.10s %.5s", utc, utc + 11);
}

/* --- worked time ---------------------------------------------------------------------------- */

enum status calendar_next(struct calendar *calendar, int64_t from_ms, int64_t *start_ms,
                          int64_t *end_ms, struct error *err)
{
    int64_t start, end;
    int32_t first;
    enum status status = day_of(calendar, from_ms, &first, err);

    /* Yesterday's night shift may last until today. */
    for (int32_t day = first - 1; status == AF_OK && day <= first + CALENDAR_WALK_DAYS; day++) {
        const struct hours *hours = hours_of(calendar, day);

        for (unsigned i = 0; i < hours->count; i++) {
            if ((status = instant_of(calendar, day, hours->stretches[i].start, &start, err)) !=
                    AF_OK ||
                (status = instant_of(calendar, day, hours->stretches[i].end, &end, err)) != AF_OK)
                return status;
            if (end <= from_ms || end <= start)
                continue;
            *start_ms = start;
            *end_ms = end;
            return AF_OK;
        }
    }
    if (status != AF_OK)
        return status;
    return error_set(err, AF_NOT_FOUND, "calendar %s has no working hours in %d days",
                     calendar->name, CALENDAR_WALK_DAYS);
}

/* A make-up day's hours may begin before the night shift of its eve has ended: what was counted is
 * not counted again, so each look begins where the last stretch ended. */
enum status calendar_add(struct calendar *calendar, int64_t from_ms, int64_t work_ms,
                         int64_t *due_ms, struct error *err)
{
    const int64_t limit_ms = from_ms + CALENDAR_ADD_DAYS * DAY_MS;
    int64_t at_ms = from_ms;

    while (work_ms > 0) {
        int64_t start, end;
        enum status status = calendar_next(calendar, at_ms, &start, &end, err);

        if (status != AF_OK)
            return status;
        if (start < at_ms)
            start = at_ms;
        if (end - start >= work_ms)
            end = start + work_ms;
        work_ms -= end - start;
        at_ms = end;
        if (at_ms > limit_ms)
            return error_set(err, AF_NOT_FOUND,
                             "calendar %s does not have so many hours in %d days", calendar->name,
                             CALENDAR_ADD_DAYS);
    }
    *due_ms = at_ms;
    return AF_OK;
}

enum status calendar_between(struct calendar *calendar, int64_t from_ms, int64_t to_ms,
                             int64_t *work_ms, struct error *err)
{
    int64_t sum = 0;

    for (int64_t at_ms = from_ms; at_ms < to_ms;) {
        int64_t start, end;
        struct error why;
        enum status status = calendar_next(calendar, at_ms, &start, &end, &why);

        if (status == AF_NOT_FOUND)
            break; /* no hours any more: nothing is added */
        if (status != AF_OK)
            return error_set(err, status, "%s", why.text);
        if (start < at_ms)
            start = at_ms;
        if (end > to_ms)
            end = to_ms;
        if (start < end)
            sum += end - start;
        at_ms = end > at_ms ? end : to_ms;
    }
    *work_ms = sum;
    return AF_OK;
}

int64_t calendar_known_until(struct calendar *calendar)
{
    int64_t at_ms;

    if (calendar->exceptions_count == 0)
        return 0;
    if (instant_of(calendar, calendar->exceptions[calendar->exceptions_count - 1].day, DAY_MINUTES,
                   &at_ms, NULL) != AF_OK)
        return 0;
    return at_ms;
}
