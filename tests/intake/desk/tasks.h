/* tasks.h: groups in three rings with their people, and what tests ask of a ticket's tasks. */
#ifndef ASKFIRST_TESTS_INTAKE_DESK_TASKS_H
#define ASKFIRST_TESTS_INTAKE_DESK_TASKS_H

#include "tests/intake/clock/calendars.h"
#include "tests/intake/desk/desk.h"

#include "intake/clock/service_clock.h"
#include "intake/desk/ticket_assign.h"
#include "intake/desk/ticket_emergency.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/rules/rules.h"
#include "intake/ticket/ticket_task_flow.h"

#include <stdio.h>

#define MONDAY_9 "2026-11-23T09:00:00+08:00"

/* clang-format off */
#define TASK_GROUPS(more)                                                                          \
    "{'groups':["                                                                                  \
    "{'id':'desk','name':'d','ring':1,'calendar':'cn-desk','lead':'lin.wei','warn_percent':50,"    \
    " 'ola':{'S1':30,'S3':60,'S4':120}" more ",'people':[{'name':'ann'},"                          \
    "  {'name':'bo','away':[{'from':'2026-11-24','to':'2026-11-24'}]},"                            \
    "  {'name':'cai','calendar':'nights'},"                                                        \
    "  {'name':'lin.wei','away':[{'from':'2026-11-25','to':'2026-11-25'}]}]},"                     \
    "{'id':'net','name':'n','ring':2,'calendar':'24x7','ola':{'S3':120},"                          \
    " 'people':[{'name':'dai'}]},"                                                                 \
    "{'id':'cloud','name':'c','ring':2,'calendar':'24x7',"                                         \
    " 'people':[{'name':'fay','skills':['Ledger']}]},"                                             \
    "{'id':'rd','name':'r','ring':3,'calendar':'24x7'},"                                           \
    "{'id':'open','name':'o','ring':1,'calendar':'24x7'}]}"
/* clang-format on */

static inline void set_rules(struct fixture *f, enum rules_kind kind, const char *text)
{
    const struct who admin = who_staff(ROLE_ADMIN, "boss");
    json_t *doc = test_json_quoted(text), *complaints = NULL;
    uint32_t version;
    struct error err;

    assert_ok(rules_set(f->app, &admin, kind, doc, RULES_ANY_VERSION, &version, &complaints, &err));
    json_decref(doc);
}

static inline int tasks_begin(void **state)
{
    struct fixture *f;

    if (fixture_begin(state) != 0)
        return -1;
    f = *state;
    clock_fix(at(MONDAY_9));
    set_rules(f, RULES_CALENDARS,
              "{'calendars':[" DESK "," ALWAYS "," NIGHTS
              ",{'name':'office','zone':'UTC','week':{" WORKDAYS("'09:00-17:00'") "}}]}");
    set_rules(f, RULES_GROUPS, TASK_GROUPS(""));
    set_rules(f, RULES_LEVELS,
              "{'default':'none','levels':[{'id':'none','calendar':'24x7','targets':{'S1':{},"
              "'S2':{},'S3':{},'S4':{}}}]}");
    return 0;
}

/* "desk bo transferred, net - owned (ring 2)": group, person, state of each task. */
static inline void demand_tasks(struct fixture *f, uint32_t no, const char *wanted)
{
    json_t *ticket = desk_record(f, no);
    const json_t *task;
    struct buf got = {0};
    size_t i;

    json_array_foreach(json_object_get(ticket, "tasks"), i, task)
    {
        const char *person = json_get_str(task, "person");

        buf_printf(&got, "%s%s %s %s%s", i > 0 ? ", " : "", json_get_str(task, "group"),
                   person[0] != '\0' ? person : "-", json_get_str(task, "state"),
                   json_get_bool(task, "triage") ? " triage" : "");
    }
    if (strcmp(wanted, buf_str(&got)) != 0)
        fail_msg("wanted %s\ngot    %s", wanted, buf_str(&got));
    buf_release(&got);
    assert_true(ticket_tasks_are_sound(ticket));
    json_decref(ticket);
}

/* "ola:1 stopped 20, ola:2 running 0": working minutes in the runs that ended. */
static inline void demand_clocks(struct fixture *f, uint32_t no, const char *wanted)
{
    json_t *ticket = desk_record(f, no);
    const json_t *json;
    struct buf got = {0};
    struct error err;
    size_t i;

    json_array_foreach(json_object_get(ticket, "clocks"), i, json)
    {
        struct service_clock clock;

        assert_ok(service_clock_read(json, &clock, &err));
        buf_printf(&got, "%s%s %s %lld%s", i > 0 ? ", " : "", clock.kind,
                   json_get_str(json, "state"),
                   (long long)(service_clock_spent_ms(&clock) / MINUTE_MS),
                   clock.breached_ms != CLOCK_NEVER ? " breached" : "");
        service_clock_release(&clock);
    }
    if (strcmp(wanted, buf_str(&got)) != 0)
        fail_msg("wanted %s\ngot    %s", wanted, buf_str(&got));
    buf_release(&got);
    json_decref(ticket);
}

static inline enum status assign_to(struct fixture *f, uint32_t no, const char *person,
                                    struct ticket_told *told, struct error *err)
{
    return ticket_assign(f->app, LIN, no, bytes_str(person), BYTES_NONE, told, err);
}

static inline enum status transfer_to(struct fixture *f, const struct who *who, uint32_t no,
                                      const char *group, struct ticket_told *told,
                                      struct error *err)
{
    return ticket_transfer(f->app, who, no,
                           &(struct ticket_transfer){bytes_str(group), BYTES_LIT("not ours"),
                                                     BYTES_LIT("power, cables")},
                           told, err);
}

static inline enum status escalate(struct fixture *f, uint32_t no, const char *group,
                                   const char *maturity, struct ticket_told *told,
                                   struct error *err)
{
    return ticket_escalate(f->app, LIN, no,
                           &(struct ticket_escalation){.group = bytes_str(group),
                                                       .reason = BYTES_LIT("deeper"),
                                                       .maturity = bytes_str(maturity)},
                           told, err);
}

static inline void sweep_at(struct fixture *f, const char *when)
{
    struct ticket_swept swept;
    struct error err;

    clock_fix(at(when));
    assert_ok(ticket_sweep(f->app, &swept, &err));
}

/* How often an event is in the history. */
static inline size_t count_events(const json_t *ticket, const char *event)
{
    const json_t *item;
    size_t count = 0, i;

    json_array_foreach(json_object_get(ticket, "history"), i, item)
    {
        count += strcmp(json_get_str(item, "event"), event) == 0;
    }
    return count;
}

#endif
