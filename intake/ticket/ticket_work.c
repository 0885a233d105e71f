/* The commands of a ticket's work: reply, step, severity, and the clocks' own. */
#include "intake/ticket/ticket_apply.h"

#include "data/base/limits.h"
#include "intake/party/enquiry_record.h"
#include "intake/ticket/ticket_emergency.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_files.h"
#include "intake/ticket/ticket_timers.h"
#include "intake/ticket/ticket_watch.h"

/* --- thread and steps ---------------------------------------------------------------------- */

/* A customer's word on something that waits for him, or that was thought resolved or over, brings
 * it back to work. */
static enum status wake(struct txn *txn, json_t *ticket, const struct command *command,
                        struct error *err)
{
    enum ticket_state state = ticket_state_of(ticket);

    if (state == TICKET_CLOSED)
        return ticket_set_state(txn, ticket, command, "reopen", TICKET_IN_PROGRESS, err);
    if (state != TICKET_PENDING_CUSTOMER && state != TICKET_RESOLVED)
        return AF_OK;
    return ticket_set_state(txn, ticket, command, "reply", TICKET_IN_PROGRESS, err);
}

static json_t *post_of(const struct command *command)
{
    const json_t *body = command->body;
    json_t *post =
        json_pack("{s:o,s:s,s:s,s:s,s:b}", "at", json_from_time(command->at_ms), "by",
                  json_get_str(body, "by"), "from", json_get_str(body, "from"), "text",
                  json_get_str(body, "text"), "internal", json_get_bool(body, "internal"));
    bool ok = post != NULL;

    if (ok && json_get_u64(body, "via") != 0)
        json_put(post, "via", json_incref(json_object_get(body, "via")), &ok);
    if (ok)
        return post;
    json_decref(post);
    return NULL;
}

static enum status reply(struct txn *txn, json_t *ticket, const struct command *command,
                         json_t *result, struct error *err)
{
    bool is_customer = strcmp(json_get_str(command->body, "from"), "customer") == 0;
    json_t *post;
    enum status status;

    (void)result;
    if (json_array_size(json_object_get(ticket, "posts")) >= TICKET_POSTS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket's thread has at most %d entries",
                         TICKET_POSTS_MAX);
    if (ticket_state_of(ticket) == TICKET_MERGED)
        return error_set(err, AF_CONFLICT, "this ticket is merged: reply to the one that goes on");
    if (is_customer && !ticket_state_is_open(ticket_state_of(ticket)) &&
        !ticket_end_may_reopen(ticket, command->at_ms))
        return error_set(err, AF_CONFLICT, "this ticket is %s: please ask again, as a new one",
                         json_get_str(ticket, "state"));
    if ((status = ticket_files_check_body(ticket, command->body, err)) != AF_OK)
        return status;
    post = post_of(command);
    status = ticket_append(ticket, "posts", post, err);
    if (status == AF_OK)
        status = ticket_files_add(txn, ticket, command, post, err);
    if (status == AF_OK)
        status = ticket_watch_mentioned(txn, ticket, command, err);
    if (status == AF_OK && is_customer)
        status = wake(txn, ticket, command, err);
    return status;
}

enum status ticket_apply_reply(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_change(txn, command, reply, result, err);
}

static enum status move(struct txn *txn, json_t *ticket, const struct command *command,
                        json_t *result, struct error *err)
{
    const char *name = json_get_str(command->body, "event");
    enum ticket_event event;
    enum ticket_state to;
    bool ok = true;
    enum status status;

    if (!ticket_event_parse(bytes_str(name), &event))
        return error_set(err, AF_INVALID, "\"event\" %.40s is not one of a ticket's steps", name);
    status = ticket_end_state(ticket, command, event, err);
    if (status == AF_OK)
        status = ticket_flow_step(ticket_state_of(ticket), event, ticket,
                                  json_get_str(command->body, "reason"), &to, err);
    if (status == AF_OK)
        status = ticket_set_state(txn, ticket, command, name, to, err);
    if (status == AF_OK && event == EVENT_REJECT)
        status = enquiry_of_ticket(txn, ticket, command, err);
    json_put(result, "state", json_incref(json_object_get(ticket, "state")), &ok);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory");
}

enum status ticket_apply_move(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    return ticket_apply_change(txn, command, move, result, err);
}

/* --- severity ------------------------------------------------------------------------------- */

unsigned ticket_severity_rank(struct bytes severity)
{
    if (severity.len != 2 || severity.data[0] != 'S' || severity.data[1] < '1' ||
        severity.data[1] > '4')
        return 0;
    return (unsigned)('5' - severity.data[1]);
}

static enum status check_severity(const json_t *ticket, const json_t *body, struct error *err)
{
    unsigned old = ticket_severity_rank(bytes_str(json_get_str(ticket, "severity")));
    unsigned new = ticket_severity_rank(bytes_str(json_get_str(body, "severity")));

    if (new == 0)
        return error_set(err, AF_INVALID, "\"severity\" must be S1, S2, S3 or S4");
    if (!ticket_state_is_open(ticket_state_of(ticket)))
        return error_set(err, AF_CONFLICT, "this ticket is %s", json_get_str(ticket, "state"));
    if (new == old)
        return error_set(err, AF_CONFLICT, "the ticket is %s already",
                         json_get_str(ticket, "severity"));
    if (new > old && json_get_str(body, "reason")[0] == '\0')
        return error_set(err, AF_INVALID, "\"reason\" is missing: say why it is more severe now");
    if (new < old && !json_get_bool(body, "consent"))
        return error_set(err, AF_INVALID,
                         "\"consent\" is missing: the customer agrees before it is lowered");
    return AF_OK;
}

enum status ticket_set_severity(struct txn *txn, json_t *ticket, const struct command *command,
                                json_t *result, struct error *err)
{
    const char *severity = json_get_str(command->body, "severity");
    enum status status = check_severity(ticket, command->body, err);
    bool ok = true;

    (void)txn;
    (void)result;
    if (status == AF_OK)
        status = ticket_add_event(
            ticket, command, "severity",
            json_pack("{s:s,s:s}", "old", json_get_str(ticket, "severity"), "new", severity), err);
    if (status != AF_OK)
        return status;
    json_put(ticket, "severity", json_string(severity), &ok);
    return ok ? ticket_emergency_graded(ticket, command, err)
              : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

enum status ticket_apply_severity(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err)
{
    return ticket_apply_change(txn, command, ticket_set_severity, result, err);
}

/* --- time ---------------------------------------------------------------------------------- */

/* What has passed was written down before this is called. A timer whose work nobody could do is
 * let go of, and that is written down too. */
static enum status tick(struct txn *txn, json_t *ticket, const struct command *command,
                        json_t *result, struct error *err)
{
    const char *dropped = json_get_str(command->body, "drop");

    (void)txn;
    (void)result;
    if (dropped[0] == '\0')
        return AF_OK;
    ticket_timer_clear(ticket, dropped);
    return ticket_add_event(ticket, command, "timer_dropped", json_pack("{s:s}", "timer", dropped),
                            err);
}

enum status ticket_apply_tick(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    return ticket_apply_change(txn, command, tick, result, err);
}
