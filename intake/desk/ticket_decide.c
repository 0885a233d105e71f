/* What the rules say of a new ticket: its service level and clocks, who gets it. */
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_party.h"

#include "intake/desk/ticket_emergency.h"
#include "intake/desk/ticket_pick.h"
#include "intake/desk/ticket_step.h"
#include "intake/route/route.h"
#include "intake/rules/rules.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_ola.h"

/* A promise whose calendar has run out of hours is no reason to turn a customer away: the ticket is
 * opened without clocks and says why. */
static enum status add_clocks(const struct rules *rules, int64_t reported_ms, json_t *body,
                              struct error *err)
{
    struct error why;
    json_t *clocks;
    bool ok = true;
    enum status status = ticket_clocks_open(rules, body, reported_ms, &clocks, &why);

    if (status == AF_OK)
        json_put(body, "clocks", clocks, &ok);
    else if (status == AF_NOT_FOUND)
        json_put(body, "clock_fault", json_string(why.text), &ok);
    else
        return error_set(err, status, "%s", why.text);
    json_put(body, "reported", json_from_time(reported_ms), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

struct route_question ticket_route_question(const json_t *ticket, int64_t at_ms)
{
    return (struct route_question){
        .product = json_get_str(ticket, "product"),
        .type = json_get_str(ticket, "type"),
        .severity = json_get_str(ticket, "severity"),
        .region = json_get_str(json_object_get(ticket, "contact"), "region"),
        .lang = json_get_str(ticket, "lang"),
        .class = json_get_str(ticket, "class"),
        .channel = json_get_str(ticket, "channel"),
        .at_ms = at_ms,
    };
}

/* The group's own promise for the first task begins now, whenever the customer reported. */
static enum status add_task_clock(const struct rules *rules, const json_t *group, int64_t now_ms,
                                  json_t *body, struct error *err)
{
    struct ticket_calendars shelf = {.rules = rules};
    json_t *clocks = json_object_get(body, "clocks");
    bool ok = true;
    struct error why;
    enum status status;

    if (clocks == NULL)
        json_put(body, "clocks", clocks = json_array(), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
    status =
        ticket_ola_start(&shelf,
                         &(struct ticket_ola){json_get_str(group, "id"),
                                              json_get_str(body, "severity"), 1, now_ms, false},
                         clocks, &why);
    ticket_calendars_clear(&shelf);
    if (status == AF_NOT_FOUND && json_object_get(body, "clock_fault") == NULL)
        json_put(body, "clock_fault", json_string(why.text), &ok);
    else if (status != AF_OK && status != AF_NOT_FOUND)
        return error_set(err, status, "%s", why.text);
    json_put(body, "ring", json_integer((json_int_t)json_get_u64(group, "ring")), &ok);
    json_put(body, "by", json_string("system"), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* Whose turn it is, when the rule or the group says so and somebody is on duty. */
static enum status add_picked(struct app *app, const struct route_answer *answer,
                              struct arena *arena, json_t *body, struct error *err)
{
    struct ticket_picked picked;
    enum pick_mode mode;
    bool ok = true;
    enum status status;

    if (answer->are_off_duty || !ticket_pick_mode(answer->rule, answer->group, &mode))
        return AF_OK;
    status = ticket_pick(app, mode, answer, arena, &picked, err);
    if (status == AF_OK && picked.person != NULL)
        json_put(body, "person", json_string(picked.person), &ok);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

static enum status add_group(struct app *app, const struct rules *rules, int64_t now_ms,
                             struct arena *arena, json_t *body, struct error *err)
{
    const struct route_question question = ticket_route_question(body, now_ms);
    struct route_answer answer;
    bool ok = true;
    enum status status;

    if (rules_find(rules, RULES_GROUPS, json_get_str(body, "group")) != NULL)
        return AF_OK; /* that of the ticket it follows */
    if ((status = route_find(rules, &question, arena, &answer, err)) != AF_OK)
        return status;
    json_put(body, "group", json_string(json_get_str(answer.group, "id")), &ok);
    if (answer.rule != NULL)
        json_put(body, "rule", json_string(json_get_str(answer.rule, "id")), &ok);
    if (answer.named != NULL)
        json_put(body, "person", json_string(json_get_str(answer.named, "name")), &ok);
    else if ((status = add_picked(app, &answer, arena, body, err)) != AF_OK)
        return status;
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if ((status = add_task_clock(rules, answer.group, now_ms, body, err)) != AF_OK ||
        (status = ticket_steps_add(rules, NULL, json_object_get(body, "clocks"), body, err)) !=
            AF_OK)
        return status;
    return ticket_emergency_add(rules, NULL, body, err);
}

enum status ticket_decide(struct app *app, const struct who *who, struct bytes serial,
                          int64_t reported_ms, int64_t now_ms, struct arena *arena, json_t *body,
                          struct error *err)
{
    struct rules rules;
    enum status status = rules_load_now(app, &rules, err);

    if (status != AF_OK)
        return status;
    status = ticket_decide_party(app, &rules, who, serial, reported_ms, now_ms, body, err);
    if (status == AF_OK)
        status = add_clocks(&rules, reported_ms, body, err);
    if (status == AF_OK)
        status = add_group(app, &rules, now_ms, arena, body, err);
    rules_release(&rules);
    return status;
}
