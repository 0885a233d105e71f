/* What the rules say of a new ticket: its service level and clocks, who gets it. */
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_party.h"

#include "intake/route/route.h"
#include "intake/rules/rules.h"
#include "intake/ticket/ticket_clocks.h"

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

static enum status add_group(const struct rules *rules, int64_t now_ms, struct arena *arena,
                             json_t *body, struct error *err)
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
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
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
        status = add_group(&rules, now_ms, arena, body, err);
    rules_release(&rules);
    return status;
}
