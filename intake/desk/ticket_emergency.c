#include "intake/desk/ticket_emergency.h"

#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_step.h"
#include "intake/route/duty.h"
#include "intake/staff.h"
#include "intake/ticket/ticket_emergency.h"

#include <stdio.h>

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for an emergency");
}

/* --- the team -------------------------------------------------------------------------------- */

static const char *after(const json_t *body, const json_t *ticket, const char *member)
{
    const char *said = json_get_str(body, member);

    return said[0] != '\0' ? said : json_get_str(ticket, member);
}

static bool has_name(const json_t *names, const char *name)
{
    const json_t *item;
    size_t i;

    json_array_foreach(names, i, item)
    {
        if (strcmp(json_string_value(item), name) == 0)
            return true;
    }
    return false;
}

/* Those of the rules, and who has the ticket. */
static json_t *people_of(const json_t *rule, const char *person)
{
    const json_t *named = json_object_get(rule, "people");
    json_t *people = json_is_array(named) ? json_deep_copy(named) : json_array();

    if (people != NULL && person[0] != '\0' && !has_name(people, person) &&
        json_array_append_new(people, json_string(person)) != 0) {
        json_decref(people);
        return NULL;
    }
    return people;
}

enum status ticket_emergency_add(const struct rules *rules, const json_t *ticket, json_t *body,
                                 struct error *err)
{
    const json_t *rule = json_object_get(rules->docs[RULES_SEVERITIES], "emergency");
    const json_t *group = rules_find(rules, RULES_GROUPS, after(body, ticket, "group"));
    const char *lead = json_get_str(rule, "lead");
    bool ok = true;

    (void)json_object_del(body, "emergency");
    if (rule == NULL || strcmp(json_get_str(body, "severity"), "S1") != 0)
        return AF_OK;
    if (lead[0] == '\0')
        lead = json_get_str(group, "lead");
    json_put(body, "emergency",
             json_pack("{s:s,s:o,s:I}", "lead", lead, "people",
                       people_of(rule, after(body, ticket, "person")), "beat_minutes",
                       (json_int_t)json_get_u64(rule, "beat_minutes")),
             &ok);
    return ok ? AF_OK : no_memory(err);
}

/* --- notices --------------------------------------------------------------------------------- */

enum status ticket_notice(struct app *app, const struct who *who, uint32_t no, struct bytes stage,
                          struct bytes text, bool is_public, struct error *err)
{
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = ticket_check_text("stage", stage, 32, err)) != AF_OK ||
        (status = ticket_check_text("text", text, TICKET_TEXT_BYTES_MAX, err)) != AF_OK)
        return status;
    if (bytes_is_blank(text))
        return error_set(err, AF_INVALID, "\"text\" is missing: say how things are");
    return ticket_change(
        app, who, no,
        &(struct ticket_change){.kind = "ticket.notice",
                                .moment = is_public ? MOMENT_STAFF_REPLY : MOMENT_NOTE},
        json_pack("{s:I,s:o,s:o,s:b,s:s}", "ticket", (json_int_t)no, "stage",
                  json_from_bytes(stage), "text", json_from_bytes(text), "public", is_public, "by",
                  who_by(who)),
        NULL, err);
}

enum status ticket_beat(struct app *app, const struct who *who, uint32_t no, const char *what,
                        const char *key, struct error *err)
{
    (void)what;
    return ticket_change(app, who, no,
                         &(struct ticket_change){
                             .kind = "ticket.beat", .key = key, .print = 1, .moment = MOMENT_NOTE},
                         json_pack("{s:I,s:s}", "ticket", (json_int_t)no, "by", who_by(who)), NULL,
                         err);
}

/* --- management ------------------------------------------------------------------------------ */

/* Somebody of a group, its lead, or an account: a name with a slip in it would be told nobody. */
static enum status require_known(struct app *app, const struct rules *rules, const char *name,
                                 struct error *err)
{
    const json_t *group;
    size_t i;

    json_array_foreach(json_object_get(rules->docs[RULES_GROUPS], "groups"), i, group)
    {
        if (strcmp(json_get_str(group, "id"), name) == 0 ||
            strcmp(json_get_str(group, "lead"), name) == 0 || duty_member(group, name) != NULL)
            return AF_OK;
    }
    if (staff_is_known(app, name))
        return AF_OK;
    return error_set(err, AF_INVALID, "nobody here is called %.60s", name);
}

struct managing {
    struct app *app;
    const char *to;
};

static enum status decide(void *context, const struct rules *rules, const json_t *ticket,
                          int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct managing *it = context;
    const char *to = ticket_whom(rules, ticket, it->to[0] != '\0' ? it->to : "lead");
    bool ok = true;
    enum status status = require_known(it->app, rules, to, err);

    (void)now_ms;
    (void)clocks;
    if (status != AF_OK)
        return status;
    json_put(body, "to", json_string(to), &ok);
    return ok ? AF_OK : no_memory(err);
}

enum status ticket_manage(struct app *app, const struct who *who, uint32_t no, struct bytes about,
                          struct bytes to, struct bytes why, struct error *err)
{
    char name[RULES_ID_BYTES_MAX + 1];
    struct managing it = {app, name};
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = ticket_check_text("about", about, 32, err)) != AF_OK ||
        (status = ticket_check_text("to", to, RULES_ID_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("why", why, TICKET_TITLE_BYTES_MAX, err)) != AF_OK)
        return status;
    (void)snprintf(name, sizeof name, "%.*s", (int)to.len, to.len > 0 ? (const char *)to.data : "");
    return ticket_change(
        app, who, no,
        &(struct ticket_change){
            .kind = "ticket.manage", .moment = MOMENT_NOTE, .decide = decide, .context = &it},
        json_pack("{s:I,s:o,s:o,s:s}", "ticket", (json_int_t)no, "about", json_from_bytes(about),
                  "why", json_from_bytes(why), "by", who_by(who)),
        NULL, err);
}

enum status ticket_answer(struct app *app, const struct who *who, uint32_t no, uint32_t escalation,
                          struct bytes answer, struct error *err)
{
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("answer", answer, TICKET_TEXT_BYTES_MAX, err)) != AF_OK)
        return status;
    return ticket_change(
        app, who, no, &(struct ticket_change){.kind = "ticket.answer", .moment = MOMENT_NOTE},
        json_pack("{s:I,s:I,s:o,s:s}", "ticket", (json_int_t)no, "no", (json_int_t)escalation,
                  "answer", json_from_bytes(answer), "by", who_by(who)),
        NULL, err);
}
