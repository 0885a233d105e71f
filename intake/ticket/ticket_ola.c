#include "intake/ticket/ticket_ola.h"

#include "intake/clock/service_clock.h"
#include "intake/ticket/ticket_task_flow.h"

#define MINUTE_MS INT64_C(60000)

bool ticket_ola_is(const char *kind)
{
    return strncmp(kind, "ola:", 4) == 0;
}

int64_t ticket_ola_target_ms(const struct rules *rules, const char *group, const char *severity)
{
    const json_t *ola = json_object_get(rules_find(rules, RULES_GROUPS, group), "ola");

    return (int64_t)json_get_u64(ola, severity) * MINUTE_MS;
}

static enum status add_clock(json_t *clocks, const struct service_clock *clock, struct error *err)
{
    if (json_array_append_new(clocks, service_clock_json(clock)) == 0)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
}

enum status ticket_ola_start(struct ticket_calendars *shelf, const struct ticket_ola *ola,
                             json_t *clocks, struct error *err)
{
    const json_t *group = rules_find(shelf->rules, RULES_GROUPS, ola->group);
    const int64_t target_ms = ticket_ola_target_ms(shelf->rules, ola->group, ola->severity);
    char kind[TASK_CLOCK_BYTES];
    struct service_clock clock;
    struct calendar *calendar;
    enum status status;

    if (target_ms == 0)
        return AF_OK;
    status = ticket_calendars_find(shelf, json_get_str(group, "calendar"), &calendar, err);
    if (status != AF_OK)
        return status;
    task_clock_name(ola->no, kind);
    status =
        service_clock_start(&clock, kind, target_ms, (unsigned)json_get_u64(group, "warn_percent"),
                            calendar, ola->at_ms, err);
    if (status != AF_OK)
        return status;
    if (ola->is_waiting)
        status = service_clock_pause(&clock, calendar, ola->at_ms, err);
    if (status == AF_OK)
        status = add_clock(clocks, &clock, err);
    service_clock_release(&clock);
    return status;
}

/* The clock as it is when its task ends: one whose calendar is gone is cancelled instead. */
static enum status end(struct ticket_calendars *shelf, json_t *clocks, size_t i, int64_t at_ms,
                       struct error *err)
{
    struct service_clock clock;
    struct calendar *calendar;
    enum status status = service_clock_read(json_array_get(clocks, i), &clock, err);

    if (status != AF_OK)
        return status;
    calendar = ticket_calendars_get(shelf, service_clock_calendar(&clock));
    if (calendar == NULL)
        service_clock_cancel(&clock, at_ms);
    else
        status = service_clock_stop(&clock, calendar, at_ms, err);
    if (status == AF_OK && json_array_set_new(clocks, i, service_clock_json(&clock)) != 0)
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
    service_clock_release(&clock);
    return status;
}

enum status ticket_ola_next(const struct rules *rules, const json_t *ticket, const char *group,
                            int64_t at_ms, json_t **out, struct error *fault, struct error *err)
{
    const json_t *before = json_object_get(ticket, "clocks");
    const struct ticket_ola next = {group, json_get_str(ticket, "severity"),
                                    ticket_task_next_no(ticket), at_ms,
                                    strcmp(json_get_str(ticket, "state"), "pending_customer") == 0};
    struct ticket_calendars shelf = {.rules = rules};
    json_t *clocks = before != NULL ? json_deep_copy(before) : json_array();
    enum status status =
        clocks != NULL ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");

    fault->text[0] = '\0';
    for (size_t i = 0; i < json_array_size(clocks) && status == AF_OK; i++)
        if (ticket_ola_is(json_get_str(json_array_get(clocks, i), "kind")))
            status = end(&shelf, clocks, i, at_ms, err);
    if (status == AF_OK) {
        status = ticket_ola_start(&shelf, &next, clocks, fault);
        if (status == AF_NOT_FOUND)
            status = AF_OK;
        else if (status != AF_OK)
            status = error_set(err, status, "%s", fault->text);
        else
            fault->text[0] = '\0';
    }
    ticket_calendars_clear(&shelf);
    if (status == AF_OK && json_array_size(clocks) > 0)
        *out = clocks;
    else
        json_decref(clocks);
    return status;
}
