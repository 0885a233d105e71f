/* The commands of handoffs: to send one, and its steps. */
#include "intake/ticket/ticket_handoffs.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "intake/body.h"
#include "intake/ticket/ticket_notices.h"
#include "intake/ticket/ticket_timers.h"

#include <stdio.h>

/* --- what a step does to the record ---------------------------------------------------------- */

static const struct body_member send_members[] = {
    {"target", BODY_TEXT},
    {"side",   BODY_TEXT},
    {"kind",   BODY_TEXT},
    {"due",    BODY_TEXT},
    {"key",    BODY_TEXT},
    {"by",     BODY_TEXT},
    {NULL,     BODY_TEXT},
};

static const struct body_member text_members[] = {
    {"title", BODY_TEXT},
    {"text",  BODY_TEXT},
    {"ref",   BODY_TEXT},
    {NULL,    BODY_TEXT},
};

static enum status check_ref(const json_t *body, struct error *err)
{
    if (strlen(json_get_str(body, "ref")) > HANDOFF_REF_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "\"ref\" is longer than %d bytes",
                         HANDOFF_REF_BYTES_MAX);
    return AF_OK;
}

/* To whom and until when, of a first and of a later time. */
static enum status take_send(json_t *handoff, const json_t *body, struct error *err)
{
    static const char *const taken[] = {"target", "side", "kind", "due", "key"};
    const size_t target_len = strlen(json_get_str(body, "target"));
    int64_t due_ms;
    bool ok = true;
    enum status status = body_check(body, send_members, err);

    if (status != AF_OK)
        return status;
    if (target_len == 0 || target_len > RULES_ID_BYTES_MAX)
        return error_set(err, AF_INVALID, "\"target\" is not the id of a target");
    if (!clock_parse(bytes_str(json_get_str(body, "due")), &due_ms))
        return error_set(err, AF_INVALID, "\"due\" is not a time");
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        json_put(handoff, taken[i], json_incref(json_object_get(body, taken[i])), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a handoff");
}

static enum status add_turn(json_t *handoff, const struct command *command, const char *event,
                            const char *from, const char *to, struct error *err)
{
    static const char *const said[] = {"reason", "text"};
    static const char *const sent[] = {"target", "due"};
    const json_t *body = command->body;
    json_t *turns = json_object_get(handoff, "history"), *turn;
    const bool is_send = strcmp(event, "send") == 0;
    bool ok = true;

    /* What ends a handoff is always possible. */
    if (json_array_size(turns) >= HANDOFF_TURNS_MAX && strcmp(to, "confirmed") != 0 &&
        strcmp(to, "withdrawn") != 0)
        return error_set(err, AF_TOO_LARGE, "a handoff has at most %d steps", HANDOFF_TURNS_MAX);
    turn = json_pack("{s:o,s:s,s:s,s:s,s:s}", "at", json_from_time(command->at_ms), "by",
                     json_get_str(body, "by"), "event", event, "from", from, "to", to);
    if (turn == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a handoff");
    for (size_t i = 0; i < 2; i++)
        if (from[0] != '\0' && json_get_str(body, said[i])[0] != '\0')
            json_put(turn, said[i], json_string(json_get_str(body, said[i])), &ok);
    for (size_t i = 0; i < 2; i++)
        if (is_send)
            json_put(turn, sent[i], json_string(json_get_str(handoff, sent[i])), &ok);
    if (json_array_append_new(turns, turn) == 0 && ok)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a handoff");
}

static void timer_name(const json_t *handoff, char what[TICKET_TIMER_WHAT_BYTES_MAX + 1])
{
    (void)snprintf(what, TICKET_TIMER_WHAT_BYTES_MAX + 1, "handoff:%llu",
                   (unsigned long long)json_get_u64(handoff, "no"));
}

/* At `due` until it was said to be overdue; none when no answer is awaited. */
static enum status set_timer(json_t *ticket, const json_t *handoff, struct error *err)
{
    char what[TICKET_TIMER_WHAT_BYTES_MAX + 1];
    int64_t due_ms = 0;

    timer_name(handoff, what);
    if (handoff_is_awaited(handoff_state_of(handoff)) &&
        json_object_get(handoff, "overdue") == NULL) {
        (void)clock_parse(bytes_str(json_get_str(handoff, "due")), &due_ms);
        return ticket_timer_set(ticket, what, due_ms, err);
    }
    ticket_timer_clear(ticket, what);
    return AF_OK;
}

static enum status add_event(json_t *ticket, const struct command *command, const char *event,
                             const json_t *handoff, struct error *err)
{
    char name[48];

    (void)snprintf(name, sizeof name, "handoff_%s", event);
    return ticket_add_event(ticket, command, name,
                            json_pack("{s:O,s:O}", "handoff", json_object_get(handoff, "no"),
                                      "target", json_object_get(handoff, "target")),
                            err);
}

/* Whose work the ticket is hears what came back. */
static enum status tell_owner(json_t *ticket, const struct command *command, const char *event,
                              const json_t *handoff, struct error *err)
{
    const char *to = json_get_str(ticket, "person");
    char what[TICKET_NOTICE_WHAT_BYTES_MAX + 1];
    enum status status;

    if (to[0] == '\0')
        to = json_get_str(ticket, "group");
    if (to[0] == '\0')
        return AF_OK;
    (void)snprintf(what, sizeof what, "handoff_%s", event);
    status =
        ticket_notice_add(ticket, what, to, command->at_ms, json_get_str(handoff, "title"), err);
    /* An answer is not refused because people were told too much. */
    return status == AF_TOO_LARGE ? AF_OK : status;
}

/* --- handoff.send ----------------------------------------------------------------------------- */

static enum status check_texts(const json_t *body, struct error *err)
{
    enum status status = body_check(body, text_members, err);

    if (status != AF_OK || (status = check_ref(body, err)) != AF_OK)
        return status;
    if (json_get_str(body, "title")[0] == '\0')
        return error_set(err, AF_INVALID, "\"title\" is empty: say in a line what is asked");
    if (strlen(json_get_str(body, "title")) > TICKET_TITLE_BYTES_MAX ||
        strlen(json_get_str(body, "text")) > HANDOFF_TEXT_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "a handoff's text is longer than %d bytes",
                         HANDOFF_TEXT_BYTES_MAX);
    return AF_OK;
}

static json_t *list_of(json_t *ticket)
{
    json_t *list = json_object_get(ticket, "handoffs");
    bool ok = true;

    if (list == NULL)
        json_put(ticket, "handoffs", list = json_array(), &ok);
    return ok ? list : NULL;
}

static json_t *new_handoff(const struct command *command, size_t no)
{
    const json_t *body = command->body;
    const char *ref = json_get_str(body, "ref");
    json_t *handoff =
        json_pack("{s:I,s:s,s:s,s:o,s:s,s:s,s:[]}", "no", (json_int_t)no, "title",
                  json_get_str(body, "title"), "text", json_get_str(body, "text"), "at",
                  json_from_time(command->at_ms), "by", json_get_str(body, "by"), "state",
                  handoff_state_name(HANDOFF_SENT), "history");
    bool ok = handoff != NULL;

    if (ok && ref[0] != '\0')
        json_put(handoff, "ref", json_string(ref), &ok);
    if (ok)
        return handoff;
    json_decref(handoff);
    return NULL;
}

static enum status add_handoff(json_t *ticket, const struct command *command, json_t **out,
                               struct error *err)
{
    json_t *list = list_of(ticket), *handoff;
    enum status status = check_texts(command->body, err);

    if (status != AF_OK)
        return status;
    if (json_array_size(list) >= TICKET_HANDOFFS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket has at most %d handoffs",
                         TICKET_HANDOFFS_MAX);
    *out = handoff = new_handoff(command, json_array_size(list) + 1);
    if (list == NULL || handoff == NULL || json_array_append_new(list, handoff) != 0)
        return error_set(err, AF_NO_MEMORY, "no memory for a handoff");
    if ((status = take_send(handoff, command->body, err)) != AF_OK)
        return status;
    return add_turn(handoff, command, "send", "", handoff_state_name(HANDOFF_SENT), err);
}

static enum status send_one(struct txn *txn, json_t *ticket, const struct command *command,
                            json_t *result, struct error *err)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    const struct outside_row none = {0};
    struct outside_row row;
    json_t *handoff = NULL;
    bool ok = true;
    enum status status;

    if (!ticket_state_is_open(ticket_state_of(ticket)))
        return error_set(err, AF_CONFLICT, "this ticket is %s", json_get_str(ticket, "state"));
    if ((status = add_handoff(ticket, command, &handoff, err)) != AF_OK ||
        (status = set_timer(ticket, handoff, err)) != AF_OK ||
        (status = add_event(ticket, command, "send", handoff, err)) != AF_OK)
        return status;
    json_put(result, "handoff", json_incref(json_object_get(handoff, "no")), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a handoff");
    row = handoff_row(no, handoff);
    status = handoff_key_put(txn, no, handoff, err);
    return status == AF_OK ? outside_move(txn, &none, &row, err) : status;
}

enum status handoff_apply_send(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_change(txn, command, send_one, result, err);
}

/* --- handoff.step ----------------------------------------------------------------------------- */

/* What is of this time of sending only. */
static void begin_again(json_t *handoff)
{
    static const char *const its[] = {"accepted", "answered", "reply", "overdue"};

    for (size_t i = 0; i < sizeof its / sizeof its[0]; i++)
        (void)json_object_del(handoff, its[i]);
}

static enum status take_answer(json_t *handoff, const struct command *command, struct error *err)
{
    const char *text = json_get_str(command->body, "text");
    bool ok = true;

    if (text[0] == '\0')
        return error_set(err, AF_INVALID, "\"text\" is missing: what is the answer?");
    if (json_object_get(handoff, "accepted") == NULL)
        json_put(handoff, "accepted", json_from_time(command->at_ms), &ok);
    json_put(handoff, "answered", json_from_time(command->at_ms), &ok);
    json_put(handoff, "reply", json_string(text), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a handoff");
}

/* Nobody need be told twice: it is marked with when it was due. */
static enum status take_overdue(json_t *ticket, json_t *handoff, const struct command *command,
                                struct error *err)
{
    const char *to = json_get_str(command->body, "tell");
    bool ok = true;

    if (json_object_get(handoff, "overdue") != NULL)
        return error_set(err, AF_CONFLICT, "it was said already that the handoff is overdue");
    json_put(handoff, "overdue", json_incref(json_object_get(handoff, "due")), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a handoff");
    return to[0] == '\0' ? AF_OK
                         : ticket_notice_add(ticket, "handoff_overdue", to, command->at_ms,
                                             json_get_str(handoff, "title"), err);
}

/* What the event itself changes, before the state is another. */
static enum status take_event(struct txn *txn, json_t *ticket, json_t *handoff,
                              const struct command *command, enum handoff_event event,
                              struct error *err)
{
    bool ok = true;
    enum status status;

    switch (event) {
    case HANDOFF_ACCEPT:
        json_put(handoff, "accepted", json_from_time(command->at_ms), &ok);
        return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a handoff");
    case HANDOFF_ANSWER:
        return take_answer(handoff, command, err);
    case HANDOFF_SEND:
        if ((status = handoff_key_drop(txn, handoff, err)) != AF_OK)
            return status;
        begin_again(handoff);
        if ((status = take_send(handoff, command->body, err)) != AF_OK)
            return status;
        return handoff_key_put(txn, (uint32_t)json_get_u64(ticket, "n"), handoff, err);
    case HANDOFF_CONFIRM:
    case HANDOFF_WITHDRAW:
        return handoff_key_drop(txn, handoff, err);
    case HANDOFF_OVERDUE:
        return take_overdue(ticket, handoff, command, err);
    case HANDOFF_DECLINE:
    case HANDOFF_EVENTS:
        break;
    }
    return AF_OK;
}

static enum status set_state(json_t *handoff, const struct command *command,
                             enum handoff_event event, enum handoff_state to, struct error *err)
{
    const char *ref = json_get_str(command->body, "ref");
    bool ok = true;
    enum status status = add_turn(handoff, command, handoff_event_name(event),
                                  json_get_str(handoff, "state"), handoff_state_name(to), err);

    if (status != AF_OK)
        return status;
    json_put(handoff, "state", json_string(handoff_state_name(to)), &ok);
    if (ref[0] != '\0')
        json_put(handoff, "ref", json_string(ref), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a handoff");
}

static enum status take_step(struct txn *txn, json_t *ticket, json_t *handoff,
                             const struct command *command, enum handoff_event event,
                             const char *reason, struct error *err)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    const enum handoff_state from = handoff_state_of(handoff);
    const struct outside_row before = handoff_row(no, handoff);
    json_t *old_name = json_incref(json_object_get(handoff, "target")); /* `before` borrows it */
    struct outside_row after;
    enum handoff_state to;
    enum status status = handoff_flow_step(from, event, reason, &to, err);

    if (status == AF_OK)
        status = take_event(txn, ticket, handoff, command, event, err);
    if (status == AF_OK)
        status = set_state(handoff, command, event, to, err);
    if (status == AF_OK)
        status = set_timer(ticket, handoff, err);
    if (status == AF_OK)
        status = add_event(ticket, command, handoff_event_name(event), handoff, err);
    if (status == AF_OK && handoff_is_awaited(from) && !handoff_is_awaited(to) &&
        event != HANDOFF_WITHDRAW)
        status = tell_owner(ticket, command, handoff_event_name(event), handoff, err);
    after = handoff_row(no, handoff);
    if (status == AF_OK)
        status = outside_move(txn, &before, &after, err);
    json_decref(old_name);
    return status;
}

/* The last answer to come brings the ticket back to work. */
static enum status wake(struct txn *txn, json_t *ticket, const struct command *command,
                        struct error *err)
{
    if (ticket_state_of(ticket) != TICKET_PENDING_HANDOFF || ticket_handoff_awaited(ticket) != NULL)
        return AF_OK;
    return ticket_set_state(txn, ticket, command, "resume", TICKET_IN_PROGRESS, err);
}

static enum status check_said(const json_t *body, struct error *err)
{
    if (strlen(json_get_str(body, "reason")) > TICKET_TITLE_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "\"reason\" is longer than %d bytes",
                         TICKET_TITLE_BYTES_MAX);
    if (strlen(json_get_str(body, "text")) > HANDOFF_TEXT_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "\"text\" is longer than %d bytes",
                         HANDOFF_TEXT_BYTES_MAX);
    return check_ref(body, err);
}

static enum status step_one(struct txn *txn, json_t *ticket, const struct command *command,
                            json_t *result, struct error *err)
{
    const json_t *body = command->body;
    json_t *handoff = ticket_handoff(ticket, json_get_u64(body, "handoff"));
    const char *name = json_get_str(body, "event"), *link = json_get_str(body, "link");
    enum handoff_event event;
    bool ok = true;
    enum status status;

    if (handoff == NULL)
        return error_set(err, AF_NOT_FOUND, "ticket %s has no handoff %llu",
                         json_get_str(ticket, "ticket"),
                         (unsigned long long)json_get_u64(body, "handoff"));
    if (link[0] != '\0' && strcmp(json_get_str(handoff, "key"), link) != 0)
        return error_set(err, AF_NOT_FOUND, "this link leads to no open handoff");
    if (!handoff_event_parse(bytes_str(name), &event))
        return error_set(err, AF_INVALID, "\"event\" %.40s is not a step of a handoff", name);
    if ((status = check_said(body, err)) != AF_OK ||
        (status = take_step(txn, ticket, handoff, command, event, json_get_str(body, "reason"),
                            err)) != AF_OK ||
        (status = wake(txn, ticket, command, err)) != AF_OK)
        return status;
    json_put(result, "handoff", json_incref(json_object_get(handoff, "no")), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a handoff");
}

enum status handoff_apply_step(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_change(txn, command, step_one, result, err);
}

enum status ticket_handoffs_withdraw(struct txn *txn, json_t *ticket, const struct command *command,
                                     struct error *err)
{
    json_t *handoff;
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(json_object_get(ticket, "handoffs"), i, handoff)
    {
        if (status == AF_OK && handoff_is_open(handoff_state_of(handoff)))
            status = take_step(txn, ticket, handoff, command, HANDOFF_WITHDRAW, "cancelled", err);
    }
    return status;
}
