#include "intake/ticket/ticket_end.h"

#include "data/base/clock.h"
#include "intake/ticket/ticket_notices.h"
#include "intake/ticket/ticket_survey.h"
#include "intake/ticket/ticket_timers.h"
#include "intake/ticket/ticket_visit.h"

/* --- the statement -------------------------------------------------------------------------- */

static bool has_case(const json_t *ticket)
{
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(ticket, "links"), i, link)
    {
        if (strcmp(json_get_str(link, "role"), "resolved_by") == 0)
            return true;
    }
    return false;
}

/* Who closes without a case has to say why, and has then said it. */
static bool is_stated(const json_t *ticket, const json_t *body, enum ticket_event event)
{
    return json_get_bool(body, "nothing_to_record") ||
           (event == EVENT_CLOSE && json_get_str(body, "reason")[0] != '\0' && !has_case(ticket) &&
            json_object_get(ticket, "nothing_to_record") == NULL);
}

enum status ticket_end_state(json_t *ticket, const struct command *command, enum ticket_event event,
                             struct error *err)
{
    const json_t *body = command->body;
    bool ok = true;

    if (!is_stated(ticket, body, event))
        return AF_OK;
    if (event != EVENT_RESOLVE && event != EVENT_CLOSE)
        return error_set(err, AF_INVALID,
                         "\"nothing_to_record\" is said when resolving or closing");
    if (json_get_str(body, "reason")[0] == '\0')
        return error_set(err, AF_INVALID,
                         "\"reason\" is missing: say why there is nothing to record");
    json_put(ticket, "nothing_to_record",
             json_pack("{s:s,s:s,s:o}", "reason", json_get_str(body, "reason"), "by",
                       json_get_str(body, "by"), "at", json_from_time(command->at_ms)),
             &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- confirmation --------------------------------------------------------------------------- */

static bool is_window(const struct command *command)
{
    return strcmp(json_get_str(command->body, "how"), "window") == 0;
}

static enum status put_confirmed(json_t *ticket, const struct command *command, struct error *err)
{
    bool ok = true;

    if (is_window(command))
        return AF_OK;
    json_put(ticket, "confirmed",
             json_pack("{s:o,s:s}", "at", json_from_time(command->at_ms), "by",
                       json_get_str(command->body, "by")),
             &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* A full list of notices is no reason to do nothing. */
static enum status tell_owner(json_t *ticket, const char *what, int64_t at_ms, const char *text,
                              struct error *err)
{
    const char *person = json_get_str(ticket, "person");
    enum status status = ticket_notice_add(
        ticket, what, person[0] != '\0' ? person : json_get_str(ticket, "group"), at_ms, text, err);

    return status == AF_TOO_LARGE ? AF_OK : status;
}

static enum status hold(json_t *ticket, const struct command *command, const char *why,
                        struct error *err)
{
    const char *event = is_window(command) ? "window_passed" : "confirm";
    bool ok = true;
    enum status status;

    ticket_timer_clear(ticket, TICKET_TIMER_CONFIRM);
    json_put(ticket, "held",
             json_pack("{s:o,s:s}", "at", json_from_time(command->at_ms), "why", why), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if ((status = tell_owner(ticket, "held", command->at_ms, why, err)) != AF_OK)
        return status;
    return ticket_add_event(ticket, command, event, json_pack("{s:s}", "held", why), err);
}

static enum status confirm(struct txn *txn, json_t *ticket, const struct command *command,
                           json_t *result, struct error *err)
{
    struct error why = {0};
    enum ticket_state to = TICKET_CLOSED;
    bool ok = true;
    enum status status;

    if (ticket_state_of(ticket) != TICKET_RESOLVED)
        return error_set(err, AF_CONFLICT, "a ticket that is %s waits for nobody's confirmation",
                         json_get_str(ticket, "state"));
    if (json_object_get(ticket, "confirmed") != NULL && !is_window(command))
        return error_set(err, AF_CONFLICT, "this ticket is confirmed already");
    status = put_confirmed(ticket, command, err);
    if (status != AF_OK)
        return status;
    /* The words with it are no statement: time that passed has nothing to say about the library. */
    status = ticket_flow_step(TICKET_RESOLVED, EVENT_CLOSE, ticket, "", &to, &why);
    if (status == AF_OK)
        status = ticket_set_state(txn, ticket, command, is_window(command) ? "close" : "confirm",
                                  to, err);
    else
        status = hold(ticket, command, why.text, err);
    json_put(result, "state", json_incref(json_object_get(ticket, "state")), &ok);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory");
}

enum status ticket_apply_confirm(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err)
{
    return ticket_apply_change(txn, command, confirm, result, err);
}

/* --- what follows from a state --------------------------------------------------------------- */

static enum status resolved(json_t *ticket, const struct command *command, struct error *err)
{
    int64_t by_ms;

    if (!clock_parse(bytes_str(json_get_str(command->body, "confirm_by")), &by_ms))
        return AF_OK; /* a command of before there were windows */
    return ticket_timer_set(ticket, TICKET_TIMER_CONFIRM, by_ms, err);
}

static enum status closed(struct txn *txn, json_t *ticket, const struct command *command,
                          struct error *err)
{
    const json_t *closing = json_object_get(command->body, "closing");
    const json_t *until = json_object_get(closing, "reopen_until");
    const char *how = json_get_str(command->body, "how");
    json_t *end =
        json_pack("{s:o,s:s,s:s}", "at", json_from_time(command->at_ms), "how",
                  how[0] != '\0' ? how : "staff", "by", json_get_str(command->body, "by"));
    bool ok = end != NULL;
    enum status status;

    if (ok && until != NULL)
        json_put(end, "reopen_until", json_deep_copy(until), &ok);
    if (!ok) {
        json_decref(end);
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    }
    json_put(ticket, "closed", end, &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    status =
        ticket_survey_send(txn, ticket, json_object_get(closing, "survey"), command->at_ms, err);
    if (status == AF_OK)
        status = ticket_visits_ask(txn, ticket, json_object_get(closing, "visits"), err);
    return status;
}

static void forget_end(json_t *ticket)
{
    static const char *const members[] = {"closed", "confirmed", "held", "nothing_to_record"};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        (void)json_object_del(ticket, members[i]);
}

static const char *reopen_until(const json_t *ticket)
{
    return json_get_str(json_object_get(ticket, "closed"), "reopen_until");
}

static enum status check_reopen(const json_t *ticket, int64_t at_ms, struct error *err)
{
    int64_t until_ms;

    if (!clock_parse(bytes_str(reopen_until(ticket)), &until_ms) || at_ms < until_ms)
        return AF_OK;
    return error_set(err, AF_CONFLICT,
                     "this ticket could be reopened until %s: what comes now is a new one that "
                     "follows it",
                     reopen_until(ticket));
}

bool ticket_end_may_reopen(const json_t *ticket, int64_t at_ms)
{
    int64_t until_ms;

    return ticket_state_of(ticket) == TICKET_CLOSED &&
           clock_parse(bytes_str(reopen_until(ticket)), &until_ms) && at_ms < until_ms;
}

/* What it waited for was let go of when it was merged; how it was closed was not. */
static enum status unmerged(json_t *ticket, const struct command *command, enum ticket_state to,
                            struct error *err)
{
    bool ok = true;

    if (to == TICKET_RESOLVED)
        json_put(ticket, "held",
                 json_pack("{s:o,s:s}", "at", json_from_time(command->at_ms), "why",
                           "it was merged while the customer could say no"),
                 &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

enum status ticket_end_entered(struct txn *txn, json_t *ticket, const struct command *command,
                               enum ticket_state from, enum ticket_state to, struct error *err)
{
    enum status status = AF_OK;

    if (from == TICKET_MERGED)
        return unmerged(ticket, command, to, err);
    if (from == TICKET_CLOSED && ticket_state_is_open(to) &&
        (status = check_reopen(ticket, command->at_ms, err)) != AF_OK)
        return status;
    if (from == TICKET_RESOLVED) {
        ticket_timer_clear(ticket, TICKET_TIMER_CONFIRM);
        (void)json_object_del(ticket, "held");
    }
    if (ticket_state_is_open(to) && (from == TICKET_RESOLVED || from == TICKET_CLOSED))
        forget_end(ticket);
    /* Whom nobody has asked yet need not be asked about what is not over, or never was. */
    if (to != TICKET_CLOSED && (from == TICKET_CLOSED || !ticket_state_is_open(to)))
        status = ticket_visits_end(txn, ticket, command, ticket_state_name(to), err);
    if (status == AF_OK && to == TICKET_RESOLVED)
        status = resolved(ticket, command, err);
    if (status == AF_OK && to == TICKET_CLOSED)
        status = closed(txn, ticket, command, err);
    return status;
}

/* --- the ticket after it --------------------------------------------------------------------- */

bool ticket_end_may_be_followed(const json_t *ticket)
{
    enum ticket_state state = ticket_state_of(ticket);

    return !ticket_state_is_open(state) && state != TICKET_SPAM && state != TICKET_MERGED;
}

static enum status add_follower(json_t *ticket, uint32_t no, struct error *err)
{
    bool ok = true;

    if (!ticket_end_may_be_followed(ticket))
        return error_set(err, AF_CONFLICT, "ticket %llu is %s: nothing follows it",
                         (unsigned long long)json_get_u64(ticket, "n"),
                         json_get_str(ticket, "state"));
    if (json_object_get(ticket, "followed_by") == NULL)
        json_put(ticket, "followed_by", json_array(), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (json_array_size(json_object_get(ticket, "followed_by")) >= TICKET_FOLLOWED_MAX)
        return error_set(err, AF_TOO_LARGE, "at most %d tickets follow one", TICKET_FOLLOWED_MAX);
    return ticket_append(ticket, "followed_by", json_integer(no), err);
}

enum status ticket_end_follow(struct txn *txn, const struct command *command, uint32_t old,
                              uint32_t no, struct error *err)
{
    json_t *ticket;
    enum status status = ticket_load(txn, old, &ticket, err);

    if (status != AF_OK)
        return status;
    status = add_follower(ticket, no, err);
    if (status == AF_OK)
        status = ticket_add_event(ticket, command, "followed",
                                  json_pack("{s:i}", "ticket", (int)no), err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command, err);
    json_decref(ticket);
    return status;
}

/* --- showing it ------------------------------------------------------------------------------ */

static void show_to_customer(json_t *ticket)
{
    static const char *const parts[] = {"closed", "confirmed", "survey"};
    static const char *const ours[] = {"nothing_to_record", "held", "visits"};
    json_t *item;
    size_t i;

    for (i = 0; i < sizeof parts / sizeof parts[0]; i++)
        (void)json_object_del(json_object_get(ticket, parts[i]), "by");
    (void)json_object_del(json_object_get(ticket, "survey"), "via");
    for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
        (void)json_object_del(ticket, ours[i]);
    json_array_foreach(json_object_get(ticket, "history"), i, item)
    {
        (void)json_object_del(item, "held");
    }
}

void ticket_end_show(json_t *ticket, bool for_customer)
{
    const json_t *timer;
    size_t i;

    json_array_foreach(json_object_get(ticket, "timers"), i, timer)
    {
        if (strcmp(json_get_str(timer, "what"), TICKET_TIMER_CONFIRM) == 0)
            (void)json_object_set(ticket, "confirm_by", json_object_get(timer, "at"));
    }
    (void)json_object_del(json_object_get(ticket, "survey"), "key_hash");
    if (for_customer)
        show_to_customer(ticket);
}
