#include "intake/ticket/ticket_escalations.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/ticket/ticket_notices.h"

#define LEVEL_MAX 3

/* Slow, wrong, or a customer who matters complains. */
static bool is_about(const char *about)
{
    return strcmp(about, "progress") == 0 || strcmp(about, "solution") == 0 ||
           strcmp(about, "key_person") == 0;
}

static bool is_open(const json_t *escalation)
{
    return strcmp(json_get_str(escalation, "state"), "open") == 0;
}

static int next_level(const json_t *list)
{
    const json_t *escalation;
    int level = 1;
    size_t i;

    json_array_foreach(list, i, escalation)
    {
        level += is_open(escalation) && level < LEVEL_MAX;
    }
    return level;
}

static enum status check(const json_t *ticket, const char *about, const char *to, const char *why,
                         struct error *err)
{
    if (!is_about(about))
        return error_set(err, AF_INVALID, "\"about\" is progress, solution or key_person");
    if (to[0] == '\0' || strlen(to) > RULES_ID_BYTES_MAX)
        return error_set(err, AF_INVALID, "\"to\" is missing: say who is to answer");
    if (why[0] == '\0')
        return error_set(err, AF_INVALID, "\"why\" is missing: say what is wrong");
    if (!ticket_state_is_open(ticket_state_of(ticket)))
        return error_set(err, AF_CONFLICT, "this ticket is %s", json_get_str(ticket, "state"));
    if (json_array_size(json_object_get(ticket, "escalations")) >= TICKET_ESCALATIONS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket is escalated at most %d times",
                         TICKET_ESCALATIONS_MAX);
    return AF_OK;
}

enum status ticket_escalation_add(json_t *ticket, const struct command *command, const char *about,
                                  const char *to, const char *why, struct error *err)
{
    json_t *list = json_object_get(ticket, "escalations");
    json_int_t no = (json_int_t)json_array_size(list) + 1;
    bool ok = true;
    int level;
    enum status status = check(ticket, about, to, why, err);

    if (status != AF_OK)
        return status;
    if (list == NULL)
        json_put(ticket, "escalations", list = json_array(), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for an escalation");
    level = next_level(list);
    status = ticket_append(ticket, "escalations",
                           json_pack("{s:I,s:i,s:s,s:s,s:s,s:s,s:o,s:s}", "no", no, "level", level,
                                     "about", about, "to", to, "why", why, "state", "open", "at",
                                     json_from_time(command->at_ms), "by",
                                     json_get_str(command->body, "by")),
                           err);
    if (status == AF_OK)
        status = ticket_add_event(ticket, command, "escalate_management",
                                  json_pack("{s:I,s:i,s:s,s:s}", "no", no, "level", level, "about",
                                            about, "to_person", to),
                                  err);
    if (status == AF_OK)
        status = ticket_notice_add(ticket, "escalated", to, command->at_ms, why, err);
    return status;
}

static enum status manage(struct txn *txn, json_t *ticket, const struct command *command,
                          json_t *result, struct error *err)
{
    const json_t *body = command->body;

    (void)txn;
    (void)result;
    return ticket_escalation_add(ticket, command, json_get_str(body, "about"),
                                 json_get_str(body, "to"), json_get_str(body, "why"), err);
}

enum status ticket_apply_manage(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, manage, result, err);
}

static enum status answer(struct txn *txn, json_t *ticket, const struct command *command,
                          json_t *result, struct error *err)
{
    const uint64_t no = json_get_u64(command->body, "no");
    const char *text = json_get_str(command->body, "answer");
    json_t *escalation =
        no > 0 ? json_array_get(json_object_get(ticket, "escalations"), (size_t)no - 1) : NULL;
    bool ok = true;

    (void)txn;
    (void)result;
    if (escalation == NULL)
        return error_set(err, AF_NOT_FOUND, "this ticket has no escalation %llu",
                         (unsigned long long)no);
    if (!is_open(escalation))
        return error_set(err, AF_CONFLICT, "escalation %llu is answered already",
                         (unsigned long long)no);
    if (text[0] == '\0')
        return error_set(err, AF_INVALID, "\"answer\" is missing: say what is done about it");
    json_put(escalation, "state", json_string("answered"), &ok);
    json_put(escalation, "answer", json_string(text), &ok);
    json_put(escalation, "answered", json_from_time(command->at_ms), &ok);
    json_put(escalation, "answered_by", json_string(json_get_str(command->body, "by")), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for an answer");
    return ticket_add_event(ticket, command, "escalation_answered",
                            json_pack("{s:I}", "no", (json_int_t)no), err);
}

enum status ticket_apply_answer(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, answer, result, err);
}

/* --- check ----------------------------------------------------------------------------------- */

static bool is_sound(const json_t *escalation, size_t no)
{
    const uint64_t level = json_get_u64(escalation, "level");
    const bool is_answered = strcmp(json_get_str(escalation, "state"), "answered") == 0;
    int64_t at_ms;

    return json_get_u64(escalation, "no") == no && level >= 1 && level <= LEVEL_MAX &&
           is_about(json_get_str(escalation, "about")) &&
           json_get_str(escalation, "to")[0] != '\0' && (is_open(escalation) || is_answered) &&
           is_answered == (json_get_str(escalation, "answer")[0] != '\0') &&
           clock_parse(bytes_str(json_get_str(escalation, "at")), &at_ms);
}

bool ticket_escalations_are_sound(const json_t *ticket)
{
    const json_t *list = json_object_get(ticket, "escalations"), *escalation;
    size_t i;

    if (list == NULL)
        return true;
    if (!json_is_array(list) || json_array_size(list) > TICKET_ESCALATIONS_MAX)
        return false;
    json_array_foreach(list, i, escalation)
    {
        if (!is_sound(escalation, i + 1))
            return false;
    }
    return true;
}
