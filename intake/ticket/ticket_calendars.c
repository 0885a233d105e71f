#include "intake/ticket/ticket_calendars.h"

#include "intake/clock/calendar.h"

struct calendar *ticket_calendars_get(void *context, const char *name)
{
    struct ticket_calendars *shelf = context;
    struct error ignored;

    for (unsigned i = 0; i < shelf->count; i++)
        if (strcmp(calendar_name(shelf->calendars[i]), name) == 0)
            return shelf->calendars[i];
    if (shelf->count == TICKET_CALENDARS_MAX ||
        calendar_new(rules_calendar(shelf->rules, name), &shelf->calendars[shelf->count],
                     &ignored) != AF_OK)
        return NULL;
    return shelf->calendars[shelf->count++];
}

enum status ticket_calendars_find(struct ticket_calendars *shelf, const char *name,
                                  struct calendar **out, struct error *err)
{
    *out = ticket_calendars_get(shelf, name);
    if (*out != NULL)
        return AF_OK;
    return error_set(err, AF_NOT_FOUND, "calendar %.60s, on which a clock runs, cannot be used",
                     name);
}

void ticket_calendars_clear(struct ticket_calendars *shelf)
{
    while (shelf->count > 0)
        calendar_free(shelf->calendars[--shelf->count]);
}
