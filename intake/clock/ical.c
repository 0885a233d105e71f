#include "intake/clock/ical.h"

#include "data/base/limits.h"

#include <libical/ical.h>
#include <stdio.h>

#define NAME_BYTES 64 /* of a SUMMARY that is kept */

/* In the middle of a word 班 is also a class or a shift: but in a calendar of holidays it stands for
 * a day of work. Lower case; compared with the SUMMARY in lower ASCII case. */
static const char *const work_marks[] = {"班", "workday", "working day", "make-up", "makeup day"};

struct reading {
    struct ical_days days;
    int first_year, last_year;
    unsigned count; /* days so far */
};

static bool is_work(const char *summary)
{
    char lower[NAME_BYTES * 4];
    size_t i;

    for (i = 0; summary[i] != '\0' && i + 1 < sizeof lower; i++)
        lower[i] = (char)(summary[i] >= 'A' && summary[i] <= 'Z' ? summary[i] + 32 : summary[i]);
    lower[i] = '\0';
    for (i = 0; i < sizeof work_marks / sizeof work_marks[0]; i++)
        if (strstr(lower, work_marks[i]) != NULL)
            return true;
    return false;
}

static const char *date_text(struct icaltimetype date, char text[16])
{
    (void)snprintf(text, 16, "%04u-%02u-%02u", (unsigned)date.year % 10000,
                   (unsigned)date.month % 100, (unsigned)date.day % 100);
    return text;
}

/* A name that is cut ends at a character. */
static json_t *name_of(const char *summary)
{
    size_t len = strlen(summary);

    if (len > NAME_BYTES)
        for (len = NAME_BYTES; len > 0 && ((unsigned char)summary[len] & 0xC0) == 0x80;)
            len--;
    return json_stringn(summary, len);
}

static enum status add_days(struct reading *reading, struct icaltimetype first, int days,
                            const char *summary, struct error *err)
{
    char text[16];
    bool is_open = is_work(summary), ok = true;

    reading->count += (unsigned)days;
    if (days > CALENDAR_DAYS_MAX || reading->count > CALENDAR_DAYS_MAX)
        return error_set(err, AF_TOO_LARGE, "the file has more than %d days off",
                         CALENDAR_DAYS_MAX);
    for (int d = 0; is_open && d < days; d++, icaltime_adjust(&first, 1, 0, 0, 0))
        ok = ok && json_array_append_new(reading->days.open,
                                         json_pack("{s:s,s:o}", "date", date_text(first, text),
                                                   "name", name_of(summary))) == 0;
    if (!is_open) {
        struct icaltimetype last = first;
        char to[16];

        icaltime_adjust(&last, days - 1, 0, 0, 0);
        ok = json_array_append_new(reading->days.closed,
                                   json_pack("{s:s,s:s,s:o}", "from", date_text(first, text), "to",
                                             date_text(last, to), "name", name_of(summary))) == 0;
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a calendar's days");
}

static bool is_left_out(icalcomponent *event, struct icaltimetype date)
{
    icalproperty *p = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);

    for (; p != NULL; p = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
        if (icaltime_compare_date_only(icalproperty_get_exdate(p), date) == 0)
            return true;
    return false;
}

static enum status add_repeats(struct reading *reading, icalcomponent *event,
                               struct icalrecurrencetype rule, struct icaltimetype first, int days,
                               const char *summary, struct error *err)
{
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, first);
    struct icaltimetype date;
    enum status status = AF_OK;

    if (iterator == NULL)
        return error_set(err, AF_INVALID, "event \"%.60s\": its RRULE cannot be followed", summary);
    for (unsigned n = 0; status == AF_OK; n++) {
        date = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(date) || date.year > reading->last_year)
            break;
        if (n == ICAL_REPEATS_MAX)
            status = error_set(err, AF_TOO_LARGE, "event \"%.60s\" repeats more than %d times",
                               summary, ICAL_REPEATS_MAX);
        else if (date.year >= reading->first_year && !is_left_out(event, date))
            status = add_days(reading, date, days, summary, err);
    }
    icalrecur_iterator_free(iterator);
    return status;
}

static enum status add_event(struct reading *reading, icalcomponent *event, struct error *err)
{
    const char *summary = icalcomponent_get_summary(event);
    struct icaltimetype first = icalcomponent_get_dtstart(event);
    struct icaltimetype end = icalcomponent_get_dtend(event);
    icalproperty *rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    int days = 1;

    if (summary == NULL)
        summary = "";
    if (icaltime_is_null_time(first) ||
        icaltime_compare_date_only(icaltime_normalize(first), first) != 0) /* 31 February */
        return error_set(err, AF_INVALID, "event \"%.60s\" has no date that can be read", summary);
    if (!icaltime_is_date(first)) {
        reading->days.ignored++;
        return AF_OK;
    }
    if (!icaltime_is_null_time(end) && icaltime_compare_date_only(end, first) > 0)
        days = (int)((icaltime_as_timet(end) - icaltime_as_timet(first)) / 86400);
    if (rule == NULL)
        return add_days(reading, first, days, summary, err);
    return add_repeats(reading, event, icalproperty_get_rrule(rule), first, days, summary, err);
}

static enum status add_events(struct reading *reading, icalcomponent *root, struct error *err)
{
    icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    enum status status = AF_OK;

    for (; event != NULL && status == AF_OK;
         event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT))
        status = add_event(reading, event, err);
    return status;
}

/* libical wants a string of its own; a NUL in the file would cut it. */
static enum status parse(struct bytes text, icalcomponent **out, struct error *err)
{
    char *copy;

    if (text.len > ICAL_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "an iCalendar file has at most %u bytes",
                         (unsigned)ICAL_BYTES_MAX);
    if (memchr(text.data == NULL ? (const void *)"" : text.data, 0, text.len) != NULL)
        return error_set(err, AF_INVALID, "the file is no iCalendar: it has a NUL byte");
    if ((copy = strndup((const char *)text.data, text.len)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for an iCalendar file");
    icalerror_set_errors_are_fatal(false);
    *out = icalparser_parse_string(copy);
    free(copy);
    if (*out != NULL && icalcomponent_isa(*out) == ICAL_VCALENDAR_COMPONENT)
        return AF_OK;
    if (*out != NULL)
        icalcomponent_free(*out);
    return error_set(err, AF_INVALID, "the file is no iCalendar: it has no VCALENDAR");
}

static void release(struct ical_days *days)
{
    json_decref(days->closed);
    json_decref(days->open);
}

enum status ical_read(struct bytes text, int first_year, int last_year, struct ical_days *out,
                      struct error *err)
{
    struct reading reading = {.first_year = first_year, .last_year = last_year};
    icalcomponent *root = NULL;
    enum status status;

    if (text.len == 0)
        return error_set(err, AF_INVALID, "the file is empty");
    if ((status = parse(text, &root, err)) != AF_OK)
        return status;
    reading.days.closed = json_array();
    reading.days.open = json_array();
    if (reading.days.closed == NULL || reading.days.open == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a calendar's days");
    else
        status = add_events(&reading, root, err);
    icalcomponent_free(root);
    if (status == AF_OK)
        *out = reading.days;
    else
        release(&reading.days);
    return status;
}

/* --- into a calendar ------------------------------------------------------------------------ */

/* Appends the days; calendar.h lets the later entry about a date hold, and an open day beat a
 * closed one: so a date that the file closes is first taken out of "open". */
bool ical_merge(json_t *calendar, const struct ical_days *days)
{
    json_t *closed = json_object_get(calendar, "closed"), *open = json_object_get(calendar, "open");
    const json_t *day;
    bool ok = true;
    size_t i;

    if (closed == NULL)
        json_put(calendar, "closed", closed = json_array(), &ok);
    if (open == NULL)
        json_put(calendar, "open", open = json_array(), &ok);
    for (i = json_array_size(open); i-- > 0;) {
        const char *date = json_get_str(json_array_get(open, i), "date");
        size_t n;

        json_array_foreach(days->closed, n, day)
        {
            if (strcmp(date, json_get_str(day, "from")) >= 0 &&
                strcmp(date, json_get_str(day, "to")) <= 0) {
                (void)json_array_remove(open, i);
                break;
            }
        }
    }
    return ok && json_array_extend(closed, days->closed) == 0 &&
           json_array_extend(open, days->open) == 0;
}
