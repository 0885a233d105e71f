#include "intake/ticket/ticket_tasks.h"

#include "data/base/limits.h"
#include "intake/body.h"
#include "intake/ticket/ticket_turn.h"

/* --- one task -------------------------------------------------------------------------------- */

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket's task");
}

/* Work lists follow the last task. */
static enum status follow_task(json_t *ticket, const json_t *task, struct error *err)
{
    static const char *const members[] = {"group", "person"};
    bool ok = true;

    for (unsigned i = 0; i < 2; i++) {
        if (json_get_str(task, members[i])[0] != '\0')
            json_put(ticket, members[i], json_string(json_get_str(task, members[i])), &ok);
        else
            (void)json_object_del(ticket, members[i]);
    }
    return ok ? AF_OK : no_memory(err);
}

static enum status set_person(json_t *ticket, json_t *task, const char *person, struct error *err)
{
    bool ok = true;

    (void)json_object_del(task, "owned");
    if (person[0] != '\0')
        json_put(task, "person", json_string(person), &ok);
    else
        (void)json_object_del(task, "person");
    return ok ? follow_task(ticket, task, err) : no_memory(err);
}

/* The event of the table; a task that ends says when. */
static enum status step(json_t *task, enum task_event event, const struct command *command,
                        struct error *err)
{
    enum task_state from, to;
    bool ok = true;
    enum status status;

    if (!task_state_parse(json_get_str(task, "state"), &from))
        return error_set(err, AF_CORRUPT, "damaged: table ticket: a task has no known state");
    if ((status = task_flow_step(from, event, &to, err)) != AF_OK)
        return status;
    json_put(task, "state", json_string(task_state_name(to)), &ok);
    if (to != TASK_OFFERED && to != TASK_OWNED)
        json_put(task, "ended", json_from_time(command->at_ms), &ok);
    return ok ? AF_OK : no_memory(err);
}

/* He was given it: written down where rotation looks. */
static enum status give(struct txn *txn, json_t *ticket, const json_t *task,
                        const struct command *command, struct error *err)
{
    const char *group = json_get_str(task, "group"), *person = json_get_str(task, "person");
    enum status status =
        ticket_add_event(ticket, command, "assign",
                         json_pack("{s:O,s:s,s:s}", "task", json_object_get(task, "no"), "group",
                                   group, "person", person),
                         err);

    if (status != AF_OK || person[0] == '\0' || group[0] == '\0')
        return status;
    return ticket_turn_put(txn, group, person, command->at_ms, (uint32_t)json_get_u64(ticket, "n"),
                           err);
}

static enum status check_name(const char *field, const char *name, bool required, struct error *err)
{
    if (required && name[0] == '\0')
        return error_set(err, AF_INVALID, "\"%s\" is missing", field);
    if (strlen(name) > RULES_ID_BYTES_MAX)
        return error_set(err, AF_INVALID, "\"%s\" is longer than %d bytes", field,
                         RULES_ID_BYTES_MAX);
    return AF_OK;
}

/* --- another task ---------------------------------------------------------------------------- */

struct task_new {
    const char *group, *person;
    uint64_t ring, from; /* 0: not known; nobody */
};

static json_t *make_task(const json_t *ticket, const struct task_new *new,
                         const struct command *command)
{
    const size_t no = json_array_size(json_object_get(ticket, "tasks")) + 1;
    json_t *task =
        json_pack("{s:I,s:s,s:s,s:o,s:s}", "no", (json_int_t)no, "group", new->group, "state",
                  task_state_name(TASK_OFFERED), "at", json_from_time(command->at_ms), "by",
                  json_get_str(command->body, "by"));
    const char *fault = json_get_str(command->body, "clock_fault");
    bool ok = task != NULL;

    if (ok && new->person[0] != '\0')
        json_put(task, "person", json_string(new->person), &ok);
    if (ok && new->ring > 0)
        json_put(task, "ring", json_integer((json_int_t) new->ring), &ok);
    if (ok && new->from > 0)
        json_put(task, "from", json_integer((json_int_t) new->from), &ok);
    if (ok && fault[0] != '\0' && no > 1)
        json_put(task, "clock_fault", json_string(fault), &ok);
    if (ok)
        return task;
    json_decref(task);
    return NULL;
}

static enum status add_task(struct txn *txn, json_t *ticket, const struct task_new *new,
                            const struct command *command, json_t **out, struct error *err)
{
    json_t *list = json_object_get(ticket, "tasks"), *task;
    bool ok = true;
    enum status status;

    if (list == NULL)
        json_put(ticket, "tasks", list = json_array(), &ok);
    if (json_array_size(list) >= TICKET_TASKS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket has at most %d tasks", TICKET_TASKS_MAX);
    task = make_task(ticket, new, command);
    if (!ok || json_array_append_new(list, task) != 0)
        return no_memory(err);
    status = follow_task(ticket, task, err);
    if (status == AF_OK && new->person[0] != '\0')
        status = give(txn, ticket, task, command, err);
    if (out != NULL)
        *out = task;
    return status;
}

/* A ticket of before there were tasks gets the one it would have had. */
static enum status ensure_first(json_t *ticket, enum ticket_state state,
                                const struct command *command, struct error *err)
{
    const char *person = json_get_str(ticket, "person");
    const bool is_over = state >= TICKET_RESOLVED;
    json_t *task;
    bool ok = true;

    if (json_object_get(ticket, "tasks") != NULL)
        return AF_OK;
    task =
        make_task(ticket, &(struct task_new){json_get_str(ticket, "group"), person, 0, 0}, command);
    if (task == NULL)
        return no_memory(err);
    json_put(task, "at", json_incref(json_object_get(ticket, "at")), &ok);
    json_put(task, "by", json_string("system"), &ok);
    json_put(task, "state",
             json_string(task_state_name(is_over             ? TASK_DONE
                                         : person[0] != '\0' ? TASK_OWNED
                                                             : TASK_OFFERED)),
             &ok);
    if (is_over)
        json_put(task, "ended", json_incref(json_object_get(ticket, "updated")), &ok);
    json_put(ticket, "tasks", json_pack("[o]", task), &ok);
    return ok ? AF_OK : no_memory(err);
}

static enum status find_in_hand(json_t *ticket, const struct command *command, json_t **out,
                                struct error *err)
{
    enum status status = ensure_first(ticket, ticket_state_of(ticket), command, err);

    if (status != AF_OK)
        return status;
    *out = ticket_task_in_hand(ticket);
    if (*out != NULL)
        return AF_OK;
    return error_set(err, AF_CONFLICT, "nobody works on this ticket now: it is %s",
                     json_get_str(ticket, "state"));
}

enum status ticket_task_first(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err)
{
    const struct task_new first = {json_get_str(ticket, "group"), json_get_str(ticket, "person"),
                                   json_get_u64(command->body, "ring"), 0};
    json_t *task;
    bool ok = true;
    enum status status = check_name("group", first.group, false, err);

    if (status != AF_OK || (status = check_name("person", first.person, false, err)) != AF_OK ||
        first.group[0] == '\0')
        return status;
    status = add_task(txn, ticket, &first, command, &task, err);
    if (status != AF_OK)
        return status;
    json_put(task, "by", json_string("system"), &ok); /* the rules sent it there */
    return ok ? AF_OK : no_memory(err);
}

/* --- to a person ------------------------------------------------------------------------------ */

static enum status assign(struct txn *txn, json_t *ticket, const struct command *command,
                          json_t *result, struct error *err)
{
    const char *person = json_get_str(command->body, "person");
    json_t *task;
    enum status status = check_name("person", person, false, err);

    (void)result;
    if (status != AF_OK || (status = find_in_hand(ticket, command, &task, err)) != AF_OK)
        return status;
    if (strcmp(person, json_get_str(task, "person")) == 0)
        return person[0] != '\0' ? error_set(err, AF_CONFLICT, "it is %.60s's already", person)
                                 : error_set(err, AF_CONFLICT, "it is nobody's already");
    status = step(task, person[0] != '\0' ? TASK_ASSIGN : TASK_RELEASE, command, err);
    if (status == AF_OK)
        status = set_person(ticket, task, person, err);
    return status == AF_OK ? give(txn, ticket, task, command, err) : status;
}

enum status ticket_apply_assign(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, assign, result, err);
}

/* He has it now. A task that was given to him, or to nobody, or to one who has not begun. */
static enum status own(json_t *ticket, json_t *task, const char *person,
                       const struct command *command, struct error *err)
{
    bool ok = true;
    enum status status = check_name("person", person, true, err);

    if (status == AF_OK && strcmp(json_get_str(task, "state"), task_state_name(TASK_OWNED)) == 0)
        return error_set(err, AF_CONFLICT, "%.60s has taken it already",
                         json_get_str(task, "person"));
    if (status == AF_OK)
        status = step(task, TASK_TAKE, command, err);
    if (status == AF_OK)
        status = set_person(ticket, task, person, err);
    if (status != AF_OK)
        return status;
    json_put(task, "owned", json_from_time(command->at_ms), &ok);
    return ok ? AF_OK : no_memory(err);
}

static enum status take(struct txn *txn, json_t *ticket, const struct command *command,
                        json_t *result, struct error *err)
{
    const enum ticket_state state = ticket_state_of(ticket);
    const char *person = json_get_str(command->body, "person");
    json_t *task;
    enum status status = find_in_hand(ticket, command, &task, err);

    (void)result;
    if (status != AF_OK)
        return status;
    /* A ticket that nobody had begun with is begun with: ticket_tasks_entered makes it his. */
    if (state < TICKET_IN_PROGRESS && (status = check_name("person", person, true, err)) == AF_OK)
        return ticket_set_state(txn, ticket, command, "take", TICKET_IN_PROGRESS, err);
    if (status == AF_OK)
        status = own(ticket, task, person, command, err);
    if (status == AF_OK)
        status = ticket_add_event(
            ticket, command, "take",
            json_pack("{s:O,s:s}", "task", json_object_get(task, "no"), "person", person), err);
    return status;
}

enum status ticket_apply_take(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    return ticket_apply_change(txn, command, take, result, err);
}

/* --- to another group ------------------------------------------------------------------------ */

/* Copies members of the command's body that are there. */
static bool copy(json_t *to, const struct command *command, const char *const members[])
{
    bool ok = true;

    for (; *members != NULL; members++) {
        const json_t *value = json_object_get(command->body, *members);

        if (json_is_true(value) || json_string_length(value) > 0)
            json_put(to, *members, json_deep_copy(value), &ok);
    }
    return ok;
}

/* The task in hand ends by `event`, and the next is for the command's group. */
static enum status hand_on(struct txn *txn, json_t *ticket, json_t *task, enum task_event event,
                           uint64_t from, const struct command *command, json_t **next,
                           struct error *err)
{
    static const char *const kept[] = {"reason", "ruled_out", NULL};
    const json_t *body = command->body;
    const struct task_new new = {json_get_str(body, "group"), json_get_str(body, "person"),
                                 json_get_u64(body, "ring"), from};
    const uint64_t no = json_get_u64(task, "no");
    bool ok = true;
    enum status status = step(task, event, command, err);

    if (status != AF_OK)
        return status;
    json_put(task, "to", json_string(new.group), &ok);
    if (!copy(task, command, kept) || !ok)
        return no_memory(err);
    status = ticket_add_event(ticket, command, task_event_name(event),
                              json_pack("{s:I,s:s,s:s}", "task", (json_int_t)no, "group",
                                        json_get_str(task, "group"), "to_group", new.group),
                              err);
    return status == AF_OK ? add_task(txn, ticket, &new, command, next, err) : status;
}

static enum status check_handing_on(const json_t *body, struct error *err)
{
    enum status status = check_name("group", json_get_str(body, "group"), true, err);

    if (status != AF_OK ||
        (status = check_name("person", json_get_str(body, "person"), false, err)) != AF_OK)
        return status;
    if (json_get_str(body, "reason")[0] == '\0')
        return error_set(err, AF_INVALID, "\"reason\" is missing: say why it goes to others");
    return AF_OK;
}

static enum status check_transfer(const json_t *ticket, const json_t *task, const json_t *body,
                                  struct error *err)
{
    const char *group = json_get_str(body, "group");
    const bool is_triage = json_get_bool(body, "triage");
    enum status status = check_handing_on(body, err);

    if (status != AF_OK)
        return status;
    if (json_get_str(body, "ruled_out")[0] == '\0')
        return error_set(err, AF_INVALID,
                         "\"ruled_out\" is missing: say what it is not, so that the next need not "
                         "look there again");
    if (!is_triage && strcmp(group, json_get_str(task, "group")) == 0)
        return error_set(err, AF_CONFLICT, "the ticket is with group %.60s already", group);
    if (!is_triage && ticket_needs_triage(ticket, group))
        return error_set(err, AF_CONFLICT,
                         "the ticket goes round: the triage lead decides where it belongs");
    return AF_OK;
}

static enum status transfer(struct txn *txn, json_t *ticket, const struct command *command,
                            json_t *result, struct error *err)
{
    static const char *const shown[] = {"triage", "wanted", NULL};
    json_t *task, *next;
    enum status status = find_in_hand(ticket, command, &task, err);

    if (status != AF_OK || (status = check_transfer(ticket, task, command->body, err)) != AF_OK)
        return status;
    /* Who sent it up still waits for an answer, wherever it goes meanwhile. */
    status =
        hand_on(txn, ticket, task, TASK_TRANSFER, json_get_u64(task, "from"), command, &next, err);
    if (status == AF_OK && (!copy(next, command, shown) || !copy(result, command, shown)))
        return no_memory(err);
    return status;
}

enum status ticket_apply_transfer(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err)
{
    return ticket_apply_change(txn, command, transfer, result, err);
}

/* --- to the next ring, and back -------------------------------------------------------------- */

#define RING_LAST 3 /* R&D */

static enum status check_rings(const json_t *task, const json_t *body, struct error *err)
{
    const uint64_t from = json_get_u64(task, "ring"), to = json_get_u64(body, "ring");
    enum status status = check_handing_on(body, err);

    if (status != AF_OK)
        return status;
    if (from == RING_LAST)
        return error_set(err, AF_CONFLICT, "ring %d is the last: nobody knows more", RING_LAST);
    if (to < 2 || to > RING_LAST || (from > 0 && to != from + 1))
        return error_set(err, AF_CONFLICT,
                         "an escalation goes to ring %llu, and group %.60s is of "
                         "ring %llu",
                         (unsigned long long)(from > 0 ? from + 1 : 2), json_get_str(body, "group"),
                         (unsigned long long)to);
    if (to == RING_LAST && json_get_str(body, "maturity")[0] == '\0')
        return error_set(err, AF_INVALID,
                         "\"maturity\" is missing: R&D is told how mature the product is");
    if (json_get_bool(body, "grey") && json_get_str(body, "grey_reason")[0] == '\0')
        return error_set(err, AF_INVALID,
                         "\"grey_reason\" is missing: say why reports are to leave it out");
    return AF_OK;
}

enum status ticket_escalate_task(struct txn *txn, json_t *ticket, const struct command *command,
                                 json_t *result, struct error *err)
{
    static const char *const told[] = {"maturity", "grey", "grey_reason", NULL};
    json_t *task, *next;
    enum status status = find_in_hand(ticket, command, &task, err);

    (void)result;
    if (status != AF_OK || (status = check_rings(task, command->body, err)) != AF_OK)
        return status;
    status =
        hand_on(txn, ticket, task, TASK_ESCALATE, json_get_u64(task, "no"), command, &next, err);
    return status != AF_OK || copy(next, command, told) ? status : no_memory(err);
}

enum status ticket_apply_escalate(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err)
{
    return ticket_apply_change(txn, command, ticket_escalate_task, result, err);
}

/* Back to whoever sent it up, with what was found. */
static enum status give_result(struct txn *txn, json_t *ticket, const struct command *command,
                               json_t *result, struct error *err)
{
    static const char *const kept[] = {"result", NULL};
    const json_t *origin;
    json_t *task;
    enum status status = find_in_hand(ticket, command, &task, err);

    (void)result;
    if (status != AF_OK)
        return status;
    origin = ticket_task_no(ticket, json_get_u64(task, "from"));
    if (origin == NULL)
        return error_set(err, AF_CONFLICT,
                         "nobody waits for this group's result: resolve the ticket, or transfer "
                         "it");
    if (json_get_str(command->body, "result")[0] == '\0')
        return error_set(err, AF_INVALID, "\"result\" is missing: say what was found");
    status = step(task, TASK_FINISH, command, err);
    if (status == AF_OK && !copy(task, command, kept))
        return no_memory(err);
    if (status == AF_OK)
        status = ticket_add_event(ticket, command, "result",
                                  json_pack("{s:O,s:O}", "task", json_object_get(task, "no"),
                                            "to_group", json_object_get(origin, "group")),
                                  err);
    if (status != AF_OK)
        return status;
    return add_task(txn, ticket,
                    &(struct task_new){json_get_str(origin, "group"),
                                       json_get_str(origin, "person"), json_get_u64(origin, "ring"),
                                       json_get_u64(origin, "from")},
                    command, NULL, err);
}

enum status ticket_apply_result(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, give_result, result, err);
}

/* --- another state of the ticket ------------------------------------------------------------- */

static enum status finish(json_t *task, const struct command *command, struct error *err)
{
    const char *reason = json_get_str(command->body, "reason");
    bool ok = true;
    enum status status = step(task, TASK_FINISH, command, err);

    if (status == AF_OK && reason[0] != '\0')
        json_put(task, "result", json_string(reason), &ok);
    return ok ? status : no_memory(err);
}

/* Unmerged: as it was before, and to be taken again. */
static enum status revive(json_t *task, const struct command *command, struct error *err)
{
    if (strcmp(json_get_str(task, "state"), task_state_name(TASK_WITHDRAWN)) != 0)
        return AF_OK; /* it was over before it was merged */
    (void)json_object_del(task, "ended");
    (void)json_object_del(task, "owned");
    return step(task, TASK_REVIVE, command, err);
}

static enum status begin_again(struct txn *txn, json_t *ticket, const struct command *command,
                               struct error *err)
{
    const json_t *last = ticket_task_last(ticket);

    return add_task(txn, ticket,
                    &(struct task_new){json_get_str(last, "group"), json_get_str(last, "person"),
                                       json_get_u64(last, "ring"), json_get_u64(last, "from")},
                    command, NULL, err);
}

enum status ticket_tasks_entered(struct txn *txn, json_t *ticket, const struct command *command,
                                 enum ticket_state from, enum ticket_state to, struct error *err)
{
    const char *person = json_get_str(command->body, "person");
    json_t *task;
    enum status status = ensure_first(ticket, from, command, err);

    if (status != AF_OK)
        return status;
    task = ticket_task_in_hand(ticket);
    if (task == NULL && from == TICKET_MERGED)
        return revive(ticket_task_last(ticket), command, err);
    if (task == NULL)
        return to == TICKET_IN_PROGRESS && from >= TICKET_RESOLVED
                   ? begin_again(txn, ticket, command, err)
                   : AF_OK;
    if (to == TICKET_IN_PROGRESS && from < TICKET_IN_PROGRESS && person[0] != '\0' &&
        strcmp(json_get_str(task, "state"), task_state_name(TASK_OFFERED)) == 0)
        return own(ticket, task, person, command, err);
    if (to == TICKET_RESOLVED || to == TICKET_CLOSED)
        return finish(task, command, err);
    return ticket_state_is_open(to) ? AF_OK : step(task, TASK_WITHDRAW, command, err);
}
