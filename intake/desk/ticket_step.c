#include "intake/desk/ticket_step.h"

#include "intake/desk/ticket_assign.h"
#include "intake/desk/ticket_emergency.h"
#include "intake/route/route.h"
#include "intake/ticket/ticket_ola.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_steps.h"

#include <stdio.h>
#include <stdlib.h>

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket's steps");
}

/* --- which ones a clock gets ----------------------------------------------------------------- */

/* A member as it will be: what the command says, else what the record has. */
static const char *after(const json_t *body, const json_t *ticket, const char *member)
{
    const char *said = json_get_str(body, member);

    return said[0] != '\0' ? said : json_get_str(ticket, member);
}

static bool is_for(const json_t *step, const char *kind, const char *severity)
{
    const char *clock = json_get_str(step, "clock"), *only = json_get_str(step, "severity");

    return (clock[0] == '\0' || strcmp(clock, kind) == 0) &&
           (only[0] == '\0' || strcmp(only, severity) == 0);
}

static bool add_plans(json_t *plans, const json_t *steps, const char *kind, const char *severity)
{
    const json_t *step;
    bool ok = true;
    size_t i;

    json_array_foreach(steps, i, step)
    {
        if (is_for(step, kind, severity))
            ok &= json_array_append_new(plans, json_pack("{s:s,s:s,s:s,s:s}", "clock", kind, "when",
                                                         json_get_str(step, "when"), "do",
                                                         json_get_str(step, "do"), "to",
                                                         json_get_str(step, "to"))) == 0;
    }
    return ok;
}

static bool has_ended(const json_t *clock)
{
    const char *state = json_get_str(clock, "state");

    return strcmp(state, "stopped") == 0 || strcmp(state, "cancelled") == 0;
}

enum status ticket_steps_add(const struct rules *rules, const json_t *ticket, const json_t *clocks,
                             json_t *body, struct error *err)
{
    const char *severity = after(body, ticket, "severity");
    const bool is_regraded = strcmp(severity, json_get_str(ticket, "severity")) != 0;
    const json_t *level = rules_find(rules, RULES_LEVELS, after(body, ticket, "level"));
    const json_t *group = rules_find(rules, RULES_GROUPS, after(body, ticket, "group")), *clock;
    const size_t before = json_array_size(json_object_get(ticket, "clocks"));
    json_t *plans = json_array();
    bool ok = plans != NULL;
    size_t i;

    (void)json_object_del(body, "steps");
    json_array_foreach(clocks, i, clock)
    {
        const char *kind = json_get_str(clock, "kind");
        const json_t *owner = ticket_ola_is(kind) ? group : level;

        if (ok && !has_ended(clock) && (i >= before || is_regraded))
            ok = add_plans(plans, json_object_get(owner, "steps"), kind, severity);
    }
    if (ok && json_array_size(plans) > 0)
        json_put(body, "steps", json_incref(plans), &ok);
    json_decref(plans);
    return ok ? AF_OK : no_memory(err);
}

/* --- doing one ------------------------------------------------------------------------------- */

static const char *lead_of(const json_t *group)
{
    const char *lead = json_get_str(group, "lead");

    return lead[0] != '\0' ? lead : json_get_str(group, "id");
}

const char *ticket_whom(const struct rules *rules, const json_t *ticket, const char *to)
{
    const json_t *group = rules_find(rules, RULES_GROUPS, json_get_str(ticket, "group"));
    const char *person = json_get_str(ticket, "person");

    if (strcmp(to, "person") == 0)
        return person[0] != '\0' ? person : lead_of(group);
    if (strcmp(to, "lead") == 0)
        return lead_of(group);
    if (strcmp(to, "triage") == 0)
        return lead_of(route_triage_group(rules, json_get_str(ticket, "product")));
    return to;
}

struct stepping {
    struct app *app;
    uint64_t no;
};

static bool is_running(const json_t *ticket, const char *kind)
{
    const json_t *clock;
    size_t i;

    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
    {
        if (strcmp(json_get_str(clock, "kind"), kind) == 0 && !has_ended(clock))
            return true;
    }
    return false;
}

static enum status raise_it(const struct rules *rules, const json_t *ticket, int64_t now_ms,
                            json_t *body, json_t **clocks, struct error *err)
{
    const unsigned rank = ticket_severity_rank(bytes_str(json_get_str(ticket, "severity")));
    char severity[] = "S1";
    json_t *changed;
    bool ok = true;
    enum status status;

    if (rank == 0 || rank >= 4)
        return error_set(err, AF_CONFLICT, "nothing is more urgent than S1");
    severity[1] = (char)('4' - (int)rank);
    status = ticket_clocks_regrade(rules, ticket, severity, now_ms, &changed, err);
    if (status != AF_OK)
        return status;
    json_decref(*clocks);
    *clocks = changed;
    json_put(body, "severity", json_string(severity), &ok);
    return ok ? ticket_emergency_add(rules, ticket, body, err) : no_memory(err);
}

static enum status prepare(const struct stepping *it, const struct rules *rules,
                           const json_t *ticket, const json_t *step, int64_t now_ms, json_t *body,
                           json_t **clocks, struct error *err)
{
    const char *what = json_get_str(step, "do");
    bool ok = true;

    if (strcmp(what, "escalate_functional") == 0) {
        json_put(body, "maturity", json_string("unknown"), &ok);
        return ok ? ticket_escalate_decide(it->app, rules, ticket, "", now_ms, body, clocks, err)
                  : no_memory(err);
    }
    if (strcmp(what, "raise") == 0)
        return raise_it(rules, ticket, now_ms, body, clocks, err);
    json_put(body, "to", json_pack("[s]", ticket_whom(rules, ticket, json_get_str(step, "to"))),
             &ok);
    return ok ? AF_OK : no_memory(err);
}

static bool is_refusal(enum status status)
{
    return status == AF_CONFLICT || status == AF_INVALID || status == AF_NOT_FOUND;
}

/* What cannot be done is written down as that, with the reason. */
static enum status decide(void *context, const struct rules *rules, const json_t *ticket,
                          int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct stepping *it = context;
    const json_t *step = ticket_step_no(ticket, it->no);
    const char *clock = json_get_str(step, "clock");
    struct error why;
    bool ok = true;
    enum status status;

    (void)json_object_del(body, "skip");
    (void)json_object_del(body, "failed");
    if (!is_running(ticket, clock)) {
        json_put(body, "skip", json_true(), &ok);
        return ok ? AF_OK : no_memory(err);
    }
    json_put(body, "reason", json_sprintf("%s %s", clock, json_get_str(step, "when")), &ok);
    if (!ok)
        return no_memory(err);
    status = prepare(it, rules, ticket, step, now_ms, body, clocks, &why);
    if (status == AF_OK)
        return AF_OK;
    if (!is_refusal(status))
        return error_set(err, status, "%s", why.text);
    json_put(body, "failed", json_string(why.text), &ok);
    return ok ? AF_OK : no_memory(err);
}

enum status ticket_step_do(struct app *app, const struct who *who, uint32_t no, const char *what,
                           const char *key, struct error *err)
{
    const char *colon = strchr(what, ':');
    struct stepping it = {app, colon != NULL ? strtoull(colon + 1, NULL, 10) : 0};

    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.step",
                                                 .key = key,
                                                 .print = 1 + it.no,
                                                 .moment = MOMENT_NOTE,
                                                 .decide = decide,
                                                 .context = &it},
                         json_pack("{s:I,s:I,s:s}", "ticket", (json_int_t)no, "step",
                                   (json_int_t)it.no, "by", who_by(who)),
                         NULL, err);
}
