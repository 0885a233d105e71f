/* To another group, to the next ring, and back with a result. */
#include "intake/desk/ticket_assign.h"

#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_pick.h"
#include "intake/route/duty.h"
#include "intake/ticket/ticket_ola.h"
#include "intake/ticket/ticket_tasks.h"

#include <stdio.h>

#define HAND_ON_ARENA_BYTES (4u << 20) /* a group may have 10,000 people */

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory to hand a ticket on");
}

static enum status find_group(const struct rules *rules, const char *id, const json_t **out,
                              struct error *err)
{
    *out = rules_find(rules, RULES_GROUPS, id);
    if (*out != NULL)
        return AF_OK;
    return error_set(err, AF_INVALID, "\"group\": there is no group %.60s", id);
}

/* --- what the next task is ------------------------------------------------------------------- */

/* Its group and ring; the person, when one is chosen by itself; and the clocks. */
static enum status add_next(struct app *app, const struct rules *rules, const json_t *ticket,
                            const json_t *group, const char *person, int64_t now_ms, json_t *body,
                            json_t **clocks, struct error *err)
{
    const struct route_question question = ticket_route_question(ticket, now_ms);
    struct route_answer answer = {.group = group};
    struct ticket_picked picked = {.person = person};
    struct arena *arena = arena_new(HAND_ON_ARENA_BYTES);
    struct error fault;
    enum pick_mode mode;
    bool ok = true;
    enum status status = arena != NULL ? AF_OK : no_memory(err);

    if (status == AF_OK && person[0] == '\0' && ticket_pick_mode(NULL, group, &mode)) {
        status = duty_find(rules, &question, arena, &answer, err);
        /* When nobody is there it waits in the group's list. */
        if (status == AF_OK && !answer.are_off_duty)
            status = ticket_pick(app, mode, &answer, arena, &picked, err);
    }
    if (status == AF_OK)
        status =
            ticket_ola_next(rules, ticket, json_get_str(group, "id"), now_ms, clocks, &fault, err);
    if (status == AF_OK) {
        json_put(body, "group", json_string(json_get_str(group, "id")), &ok);
        json_put(body, "ring", json_integer((json_int_t)json_get_u64(group, "ring")), &ok);
        json_put(body, "person", json_string(picked.person != NULL ? picked.person : ""), &ok);
        json_put(body, "clock_fault", json_string(fault.text), &ok);
    }
    arena_free(arena);
    return status != AF_OK || ok ? status : no_memory(err);
}

/* --- transfer -------------------------------------------------------------------------------- */

struct transferring {
    struct app *app;
    const struct who *who;
    const char *group; /* as asked */
    struct ticket_told *told;
};

/* The lead of the triage group, unless he is away: then his group. */
static enum status find_lead(const struct rules *rules, const json_t *group, int64_t now_ms,
                             const char **lead, struct error *err)
{
    const json_t *member;
    enum duty_state duty = DUTY_ON;
    enum status status = AF_OK;

    *lead = json_get_str(group, "lead");
    if ((member = duty_member(group, *lead)) != NULL)
        status = duty_state_of(rules, group, member, now_ms, &duty, err);
    if (duty == DUTY_AWAY)
        *lead = "";
    return status;
}

static enum status to_triage(struct transferring *it, const struct rules *rules,
                             const json_t *ticket, int64_t now_ms, json_t *body, json_t **clocks,
                             struct error *err)
{
    const json_t *triage = route_triage_group(rules, json_get_str(ticket, "product"));
    const char *id = json_get_str(triage, "id"), *lead = "";
    bool ok = true;
    enum status status = triage != NULL
                             ? find_lead(rules, triage, now_ms, &lead, err)
                             : error_set(err, AF_CORRUPT, "damaged: table rules: no triage group");

    if (status != AF_OK)
        return status;
    (void)snprintf(it->told->text, sizeof it->told->text,
                   "%s: the triage lead decides (group %.60s%s%.60s).",
                   ticket_is_former_group(ticket, it->group) ? "That group had it already"
                                                             : "It was handed on twice already",
                   id, lead[0] != '\0' ? ", " : "", lead);
    json_put(body, "triage", json_true(), &ok);
    json_put(body, "wanted", json_string(it->group), &ok);
    if (!ok)
        return no_memory(err);
    return add_next(it->app, rules, ticket, triage, lead, now_ms, body, clocks, err);
}

/* What goes round is sent on by the triage lead, or by who may overrule him. */
static enum status require_lead(const json_t *ticket, const struct who *who, struct error *err)
{
    const json_t *task = ticket_task_in_hand(ticket);
    const char *lead = json_get_str(task, "person");

    if (!json_get_bool(task, "triage") || lead[0] == '\0' || strcmp(lead, who->name) == 0 ||
        who->role >= ROLE_SUPERVISOR)
        return AF_OK;
    return error_set(err, AF_DENIED, "the triage lead, %.60s, decides where this ticket belongs",
                     lead);
}

static enum status decide_transfer(void *context, const struct rules *rules, const json_t *ticket,
                                   int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    struct transferring *it = context;
    const json_t *group;
    enum status status = find_group(rules, it->group, &group, err);

    it->told->text[0] = '\0';
    (void)json_object_del(body, "triage");
    (void)json_object_del(body, "wanted");
    if (status != AF_OK || (status = require_lead(ticket, it->who, err)) != AF_OK)
        return status;
    if (strcmp(it->group, json_get_str(ticket, "group")) != 0 &&
        ticket_needs_triage(ticket, it->group))
        return to_triage(it, rules, ticket, now_ms, body, clocks, err);
    return add_next(it->app, rules, ticket, group, "", now_ms, body, clocks, err);
}

static void copy_name(char name[RULES_ID_BYTES_MAX + 1], struct bytes text)
{
    (void)snprintf(name, RULES_ID_BYTES_MAX + 1, "%.*s", (int)text.len,
                   text.len > 0 ? (const char *)text.data : "");
}

enum status ticket_transfer(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_transfer *transfer, struct ticket_told *told,
                            struct error *err)
{
    char name[RULES_ID_BYTES_MAX + 1];
    struct transferring it = {.app = app, .who = who, .group = name, .told = told};
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("group", transfer->group, RULES_ID_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("reason", transfer->reason, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = ticket_check_text("ruled_out", transfer->ruled_out, TICKET_TITLE_BYTES_MAX,
                                    err)) != AF_OK)
        return status;
    copy_name(name, transfer->group);
    body = json_pack("{s:I,s:o,s:o,s:s}", "ticket", (json_int_t)no, "reason",
                     json_from_bytes(transfer->reason), "ruled_out",
                     json_from_bytes(transfer->ruled_out), "by", who_by(who));
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.transfer",
                                                 .moment = MOMENT_NOTE,
                                                 .decide = decide_transfer,
                                                 .context = &it},
                         body, NULL, err);
}

/* --- escalation ------------------------------------------------------------------------------ */

static enum status find_next_ring(const struct rules *rules, const json_t *ticket, int64_t now_ms,
                                  const json_t **group, struct error *err)
{
    const struct route_question question = ticket_route_question(ticket, now_ms);
    const json_t *own = rules_find(rules, RULES_GROUPS, json_get_str(ticket, "group"));
    uint64_t ring = json_get_u64(ticket_task_in_hand(ticket), "ring");
    struct arena *arena = arena_new(HAND_ON_ARENA_BYTES);
    struct route_answer answer;
    enum status status;

    if (arena == NULL)
        return no_memory(err);
    if (ring == 0)
        ring = own != NULL ? json_get_u64(own, "ring") : 1;
    status = route_find_in_ring(rules, &question, (unsigned)ring + 1, arena, &answer, err);
    if (status == AF_NOT_FOUND)
        status = error_set(err, AF_CONFLICT, "no group is of ring %u: nobody knows more",
                           (unsigned)ring + 1);
    else if (status == AF_OK)
        *group = answer.group;
    arena_free(arena);
    return status;
}

enum status ticket_escalate_decide(struct app *app, const struct rules *rules, const json_t *ticket,
                                   const char *group, int64_t now_ms, json_t *body, json_t **clocks,
                                   struct error *err)
{
    const json_t *product = rules_find(rules, RULES_PRODUCTS, json_get_str(ticket, "product"));
    const char *maturity = json_get_str(product, "maturity");
    const json_t *found = NULL;
    bool ok = true;
    enum status status = group[0] != '\0' ? find_group(rules, group, &found, err)
                                          : find_next_ring(rules, ticket, now_ms, &found, err);

    if (status != AF_OK)
        return status;
    if (json_get_str(body, "maturity")[0] == '\0' && maturity[0] != '\0')
        json_put(body, "maturity", json_string(maturity), &ok);
    if (!ok)
        return no_memory(err);
    return add_next(app, rules, ticket, found, "", now_ms, body, clocks, err);
}

struct escalating {
    struct app *app;
    const char *group;
    struct ticket_told *told;
};

static enum status decide_escalation(void *context, const struct rules *rules, const json_t *ticket,
                                     int64_t now_ms, json_t *body, json_t **clocks,
                                     struct error *err)
{
    const struct escalating *it = context;
    enum status status =
        ticket_escalate_decide(it->app, rules, ticket, it->group, now_ms, body, clocks, err);

    if (status == AF_OK)
        (void)snprintf(it->told->text, sizeof it->told->text, "Group %.60s, ring %llu, has it now.",
                       json_get_str(body, "group"), (unsigned long long)json_get_u64(body, "ring"));
    return status;
}

static enum status check_escalation(const struct ticket_escalation *escalation, struct error *err)
{
    const struct {
        const char *field;
        struct bytes text;
        size_t bytes_max;
    } texts[] = {
        {"group",       escalation->group,       RULES_ID_BYTES_MAX    },
        {"reason",      escalation->reason,      TICKET_TITLE_BYTES_MAX},
        {"maturity",    escalation->maturity,    16                    },
        {"grey_reason", escalation->grey_reason, TICKET_TITLE_BYTES_MAX},
    };
    static const char *const ages[] = {"", "new", "growing", "mature", "ending"};
    enum status status = AF_OK;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == AF_OK; i++)
        status = ticket_check_text(texts[i].field, texts[i].text, texts[i].bytes_max, err);
    for (size_t i = 0; i < sizeof ages / sizeof ages[0] && status == AF_OK; i++)
        if (bytes_equal(escalation->maturity, bytes_str(ages[i])))
            return AF_OK;
    return status != AF_OK
               ? status
               : error_set(err, AF_INVALID, "\"maturity\" is new, growing, mature or ending");
}

enum status ticket_escalate(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_escalation *escalation, struct ticket_told *told,
                            struct error *err)
{
    char name[RULES_ID_BYTES_MAX + 1];
    struct escalating it = {.app = app, .group = name, .told = told};
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    told->text[0] = '\0';
    if (status != AF_OK || (status = check_escalation(escalation, err)) != AF_OK)
        return status;
    copy_name(name, escalation->group);
    body = json_pack("{s:I,s:o,s:o,s:b,s:o,s:s}", "ticket", (json_int_t)no, "reason",
                     json_from_bytes(escalation->reason), "maturity",
                     json_from_bytes(escalation->maturity), "grey", escalation->is_grey,
                     "grey_reason", json_from_bytes(escalation->grey_reason), "by", who_by(who));
    status = ticket_change(app, who, no,
                           &(struct ticket_change){.kind = "ticket.escalate",
                                                   .moment = MOMENT_NOTE,
                                                   .decide = decide_escalation,
                                                   .context = &it},
                           body, NULL, err);
    if (status != AF_OK)
        told->text[0] = '\0';
    return status;
}

/* --- result ---------------------------------------------------------------------------------- */

static enum status decide_result(void *context, const struct rules *rules, const json_t *ticket,
                                 int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const json_t *task = ticket_task_in_hand(ticket);
    const json_t *origin = ticket_task_no(ticket, json_get_u64(task, "from"));
    struct error fault;
    bool ok = true;
    enum status status;

    (void)context;
    if (origin == NULL) /* the apply says so */
        return AF_OK;
    status =
        ticket_ola_next(rules, ticket, json_get_str(origin, "group"), now_ms, clocks, &fault, err);
    if (status == AF_OK)
        json_put(body, "clock_fault", json_string(fault.text), &ok);
    return status != AF_OK || ok ? status : no_memory(err);
}

enum status ticket_result(struct app *app, const struct who *who, uint32_t no, struct bytes result,
                          struct error *err)
{
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("result", result, TICKET_TEXT_BYTES_MAX, err)) != AF_OK)
        return status;
    body = json_pack("{s:I,s:o,s:s}", "ticket", (json_int_t)no, "result", json_from_bytes(result),
                     "by", who_by(who));
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.result",
                                                 .moment = MOMENT_NOTE,
                                                 .decide = decide_result},
                         body, NULL, err);
}
