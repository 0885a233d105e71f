/* calendars: {"calendars":[{"name","zone","week","closed"?,"open"?}]} as in clock/calendar.h. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"
#include "intake/clock/calendar.h"

static void check_calendar(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"name", "zone", "week", "closed", "open", NULL};
    struct doc_list *list = context;
    struct calendar *calendar;
    struct error err;

    want_only(list->check->complaints, at, item, members);
    (void)doc_want_id(list, at, item, "name");
    if (calendar_new(item, &calendar, &err) != AF_OK)
        complain(list->check->complaints, at, "%s", err.text);
    else
        calendar_free(calendar);
}

void doc_calendars_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"calendars", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "calendars", RULES_CALENDARS_MAX, check_calendar);
}
