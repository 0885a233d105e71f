/* To a person of the group that has it. */
#include "intake/desk/ticket_assign.h"

#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_pick.h"
#include "intake/route/duty.h"
#include "intake/ticket/ticket_tasks.h"

#include <stdio.h>

#define PICK_ARENA_BYTES (4u << 20) /* a group may have 10,000 people */

struct assigning {
    struct app *app;
    const char *person; /* NULL: to be chosen */
    struct bytes mode;
    struct ticket_told *told;
};

static const json_t *group_of(const struct rules *rules, const json_t *ticket)
{
    return rules_find(rules, RULES_GROUPS, json_get_str(ticket, "group"));
}

/* A group that lists nobody is everybody's; its lead is one of it. */
static bool may_have(const json_t *group, const char *person)
{
    return json_array_size(json_object_get(group, "people")) == 0 ||
           duty_member(group, person) != NULL || strcmp(json_get_str(group, "lead"), person) == 0;
}

static enum status require_member(const json_t *group, const json_t *ticket, const char *person,
                                  struct error *err)
{
    if (may_have(group, person))
        return AF_OK;
    return error_set(err, AF_INVALID,
                     "\"person\": %.60s is not of group %.60s, which has this ticket: transfer it "
                     "first",
                     person, json_get_str(ticket, "group"));
}

/* --- by name ---------------------------------------------------------------------------------- */

static enum status tell_duty(const struct rules *rules, const json_t *group, const char *person,
                             int64_t now_ms, struct ticket_told *told, struct error *err)
{
    static const char *const sentences[] = {
        [DUTY_OFF] = "%.60s is not on duty now.",
        [DUTY_AWAY] = "%.60s is away today.",
    };
    const json_t *member = duty_member(group, person);
    enum duty_state duty;
    enum status status;

    if (member == NULL)
        return AF_OK;
    status = duty_state_of(rules, group, member, now_ms, &duty, err);
    if (status == AF_OK && duty == DUTY_OFF)
        (void)snprintf(told->text, sizeof told->text, sentences[DUTY_OFF], person);
    else if (status == AF_OK && duty == DUTY_AWAY)
        (void)snprintf(told->text, sizeof told->text, sentences[DUTY_AWAY], person);
    return status;
}

/* --- by choice -------------------------------------------------------------------------------- */

static enum status choose(const struct assigning *it, const struct rules *rules,
                          const json_t *ticket, int64_t now_ms, struct arena *arena, json_t *body,
                          struct error *err)
{
    const struct route_question question = ticket_route_question(ticket, now_ms);
    struct route_answer answer = {.group = group_of(rules, ticket)};
    enum pick_mode mode = PICK_ROTATION;
    struct ticket_picked picked;
    bool ok = true;
    enum status status;

    if (it->mode.len > 0 && !pick_parse(it->mode, &mode))
        return error_set(err, AF_INVALID, "\"pick\" is rotation or least_loaded");
    if (it->mode.len == 0)
        (void)ticket_pick_mode(NULL, answer.group, &mode);
    if (answer.group == NULL)
        return error_set(err, AF_CONFLICT, "no group has this ticket: transfer it to one");
    status = duty_find(rules, &question, arena, &answer, err);
    if (status == AF_OK)
        status = ticket_pick(it->app, mode, &answer, arena, &picked, err);
    if (status != AF_OK)
        return status;
    if (picked.person == NULL)
        return error_set(err, AF_CONFLICT,
                         answer.people_count > 0
                             ? "everybody of group %.60s has as many tickets as he may have"
                             : "group %.60s has nobody who could be chosen",
                         json_get_str(answer.group, "id"));
    if (picked.are_off_duty)
        (void)snprintf(it->told->text, sizeof it->told->text,
                       "Nobody of group %.60s is on duty now.", json_get_str(answer.group, "id"));
    json_put(body, "person", json_string(picked.person), &ok);
    json_put(body, "pick", json_string(pick_name(mode)), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory to assign a ticket");
}

static enum status decide(void *context, const struct rules *rules, const json_t *ticket,
                          int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct assigning *it = context;
    const json_t *group = group_of(rules, ticket);
    struct arena *arena;
    enum status status;

    (void)clocks;
    it->told->text[0] = '\0';
    if (it->person == NULL) {
        if ((arena = arena_new(PICK_ARENA_BYTES)) == NULL)
            return error_set(err, AF_NO_MEMORY, "no memory to assign a ticket");
        status = choose(it, rules, ticket, now_ms, arena, body, err);
        arena_free(arena);
        return status;
    }
    if (it->person[0] == '\0')
        return AF_OK;
    status = require_member(group, ticket, it->person, err);
    return status == AF_OK ? tell_duty(rules, group, it->person, now_ms, it->told, err) : status;
}

/* --- services --------------------------------------------------------------------------------- */

enum status ticket_assign(struct app *app, const struct who *who, uint32_t no, struct bytes person,
                          struct bytes reason, struct ticket_told *told, struct error *err)
{
    char name[RULES_ID_BYTES_MAX + 1];
    struct assigning it = {.app = app, .person = name, .told = told};
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("person", person, RULES_ID_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err)) != AF_OK)
        return status;
    (void)snprintf(name, sizeof name, "%.*s", (int)person.len,
                   person.len > 0 ? (const char *)person.data : "");
    body = json_pack("{s:I,s:s,s:o,s:s}", "ticket", (json_int_t)no, "person", name, "reason",
                     json_from_bytes(reason), "by", who_by(who));
    return ticket_change(
        app, who, no,
        &(struct ticket_change){
            .kind = "ticket.assign", .moment = MOMENT_NOTE, .decide = decide, .context = &it},
        body, NULL, err);
}

enum status ticket_assign_auto(struct app *app, const struct who *who, uint32_t no,
                               struct bytes mode, struct ticket_told *told, struct error *err)
{
    struct assigning it = {.app = app, .mode = mode, .told = told};
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    return ticket_change(
        app, who, no,
        &(struct ticket_change){
            .kind = "ticket.assign", .moment = MOMENT_NOTE, .decide = decide, .context = &it},
        json_pack("{s:I,s:s}", "ticket", (json_int_t)no, "by", who_by(who)), NULL, err);
}

enum status ticket_take_decide(const struct who *who, const struct rules *rules,
                               const json_t *ticket, json_t *body, struct error *err)
{
    bool ok = true;
    enum status status;

    if (who->name[0] == '\0') /* the machine's operator: begun with, and nobody's */
        return AF_OK;
    status = require_member(group_of(rules, ticket), ticket, who->name, err);
    if (status != AF_OK)
        return status;
    json_put(body, "person", json_string(who->name), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory to take a ticket");
}

static enum status decide_take(void *context, const struct rules *rules, const json_t *ticket,
                               int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    (void)now_ms;
    (void)clocks;
    return ticket_take_decide(context, rules, ticket, body, err);
}

enum status ticket_take(struct app *app, const struct who *who, uint32_t no, struct error *err)
{
    struct who taker = *who;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (who->name[0] == '\0')
        return error_set(err, AF_INVALID, "\"person\" is missing: say who takes it (assign)");
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.take",
                                                 .moment = (enum ticket_moment)EVENT_TAKE,
                                                 .decide = decide_take,
                                                 .context = &taker},
                         json_pack("{s:I,s:s}", "ticket", (json_int_t)no, "by", who_by(who)), NULL,
                         err);
}
