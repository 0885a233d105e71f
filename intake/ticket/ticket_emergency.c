#include "intake/ticket/ticket_emergency.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/ticket/ticket_notices.h"
#include "intake/ticket/ticket_timers.h"

#include <stdio.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

static json_t *team_of(const json_t *ticket)
{
    return json_object_get(ticket, "emergency");
}

static bool is_open(const json_t *ticket)
{
    const json_t *team = team_of(ticket);

    return team != NULL && json_object_get(team, "ended") == NULL;
}

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for an emergency team");
}

static bool is_s1(const json_t *ticket)
{
    return strcmp(json_get_str(ticket, "severity"), "S1") == 0;
}

/* --- stages ----------------------------------------------------------------------------------- */

/* A full list of notices keeps nobody from mending: then the stage alone says it. */
static enum status tell_one(json_t *ticket, const char *what, const char *to,
                            const struct command *command, const char *text, struct error *err)
{
    enum status status =
        to[0] != '\0' ? ticket_notice_add(ticket, what, to, command->at_ms, text, err) : AF_OK;

    return status == AF_TOO_LARGE ? AF_OK : status;
}

static enum status tell(json_t *ticket, const char *what, const struct command *command,
                        const char *text, struct error *err)
{
    const json_t *team = team_of(ticket), *name;
    const char *lead = json_get_str(team, "lead");
    enum status status = tell_one(ticket, what, lead, command, text, err);
    size_t i;

    json_array_foreach(json_object_get(team, "people"), i, name)
    {
        if (status == AF_OK && strcmp(json_string_value(name), lead) != 0)
            status = tell_one(ticket, what, json_string_value(name), command, text, err);
    }
    return status;
}

/* A beat after somebody's word; after one that was missed twice as long, and so on up to a day: an
 * emergency that nobody tends is not to grow by an entry each half hour for ever. */
static int64_t wait_ms(const json_t *team)
{
    const int64_t beat_ms = (int64_t)json_get_u64(team, "beat_minutes") * MINUTE_MS;
    int64_t ms = beat_ms;

    for (uint64_t missed = json_get_u64(team, "missed"); missed > 0 && ms < DAY_MS; missed--)
        ms *= 2;
    return ms < DAY_MS || beat_ms > DAY_MS ? ms : DAY_MS;
}

/* When the next word is due; none when it is restored. */
static enum status set_beat(json_t *ticket, const struct command *command, struct error *err)
{
    const json_t *team = team_of(ticket);

    if (json_object_get(team, "restored") == NULL && is_open(ticket))
        return ticket_timer_set(ticket, EMERGENCY_TIMER, command->at_ms + wait_ms(team), err);
    ticket_timer_clear(ticket, EMERGENCY_TIMER);
    return AF_OK;
}

static enum status add_stage(json_t *ticket, const struct command *command, const char *stage,
                             const char *text, bool is_public, struct error *err)
{
    json_t *list = json_object_get(team_of(ticket), "notices"), *notice;
    char what[TICKET_NOTICE_WHAT_BYTES_MAX + 1];
    bool ok = true;
    enum status status;

    if (json_array_size(list) >= TICKET_NOTICES_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket has at most %d notices", TICKET_NOTICES_MAX);
    notice = json_pack("{s:I,s:s,s:o,s:s,s:s}", "no", (json_int_t)json_array_size(list) + 1,
                       "stage", stage, "at", json_from_time(command->at_ms), "by",
                       json_get_str(command->body, "by"), "text", text);
    if (notice != NULL && is_public)
        json_put(notice, "public", json_true(), &ok);
    if (json_array_append_new(list, notice) != 0 || !ok)
        return no_memory(err);
    (void)json_object_del(team_of(ticket), "missed");
    status = ticket_add_event(ticket, command, "notice", json_pack("{s:s}", "stage", stage), err);
    (void)snprintf(what, sizeof what, "s1_%s", stage);
    if (status == AF_OK)
        status = tell(ticket, what, command, text, err);
    return status == AF_OK ? set_beat(ticket, command, err) : status;
}

/* --- called together, and standing down ------------------------------------------------------ */

static json_t *make_team(const json_t *plan, const struct command *command)
{
    const json_t *people = json_object_get(plan, "people");
    const char *lead = json_get_str(plan, "lead");
    json_t *team = json_pack("{s:o,s:I,s:o,s:[]}", "people",
                             json_is_array(people) ? json_deep_copy(people) : json_array(),
                             "beat_minutes", (json_int_t)json_get_u64(plan, "beat_minutes"),
                             "opened", json_from_time(command->at_ms), "notices");
    bool ok = team != NULL;

    if (ok && lead[0] != '\0')
        json_put(team, "lead", json_string(lead), &ok);
    if (ok)
        return team;
    json_decref(team);
    return NULL;
}

static enum status check_plan(const json_t *plan, struct error *err)
{
    const json_t *people = json_object_get(plan, "people"), *name;
    const uint64_t beat = json_get_u64(plan, "beat_minutes");
    size_t i;

    if (!json_is_object(plan) || beat < 1 || beat > RULES_TARGET_MINUTES_MAX ||
        json_array_size(people) > TICKET_TEAM_MAX + 1)
        return error_set(err, AF_INVALID, "\"emergency\" is no team");
    json_array_foreach(people, i, name)
    {
        if (!json_is_string(name))
            return error_set(err, AF_INVALID, "\"emergency\" has somebody without a name");
    }
    return AF_OK;
}

/* A team that stood down before comes together again, with what it told. */
static enum status call_together(json_t *ticket, const json_t *plan, const struct command *command,
                                 struct error *err)
{
    json_t *team = team_of(ticket);
    bool ok = true;
    enum status status = check_plan(plan, err);

    if (status != AF_OK)
        return status;
    if (team != NULL)
        (void)json_object_del(team, "ended");
    else
        json_put(ticket, "emergency", make_team(plan, command), &ok);
    if (!ok)
        return no_memory(err);
    return add_stage(ticket, command, "first", json_get_str(ticket, "title"), false, err);
}

enum status ticket_emergency_graded(json_t *ticket, const struct command *command,
                                    struct error *err)
{
    const json_t *plan = json_object_get(command->body, "emergency");
    bool ok = true;

    if (is_s1(ticket) && plan != NULL && !is_open(ticket))
        return call_together(ticket, plan, command, err);
    if (is_s1(ticket) || !is_open(ticket))
        return AF_OK;
    json_put(team_of(ticket), "ended", json_from_time(command->at_ms), &ok);
    ticket_timer_clear(ticket, EMERGENCY_TIMER);
    return ok ? AF_OK : no_memory(err);
}

/* --- what the ticket's state does ------------------------------------------------------------ */

enum status ticket_emergency_entered(struct txn *txn, json_t *ticket, const struct command *command,
                                     enum ticket_state from, enum ticket_state to,
                                     struct error *err)
{
    bool ok = true;

    (void)txn;
    if (!is_open(ticket))
        return AF_OK;
    if (to == TICKET_RESTORED) {
        json_put(team_of(ticket), "restored", json_from_time(command->at_ms), &ok);
        return ok ? add_stage(ticket, command, "restored", json_get_str(command->body, "reason"),
                              false, err)
                  : no_memory(err);
    }
    if (to != TICKET_IN_PROGRESS || from < TICKET_RESTORED)
        return AF_OK;
    (void)json_object_del(team_of(ticket), "restored");
    return set_beat(ticket, command, err);
}

/* --- commands -------------------------------------------------------------------------------- */

static enum status require_team(const json_t *ticket, struct error *err)
{
    if (!is_open(ticket))
        return error_set(err, AF_CONFLICT, "there is no emergency team on this ticket");
    if (!ticket_state_is_open(ticket_state_of(ticket)))
        return error_set(err, AF_CONFLICT, "this ticket is %s", json_get_str(ticket, "state"));
    return AF_OK;
}

static enum status notice(struct txn *txn, json_t *ticket, const struct command *command,
                          json_t *result, struct error *err)
{
    const char *stage = json_get_str(command->body, "stage");
    const char *text = json_get_str(command->body, "text");
    const bool is_root_cause = strcmp(stage, "root_cause") == 0;
    bool ok = true;
    enum status status = require_team(ticket, err);

    (void)txn;
    (void)result;
    if (status != AF_OK)
        return status;
    if (!is_root_cause && strcmp(stage, "progress") != 0 && strcmp(stage, "restored") != 0)
        return error_set(err, AF_INVALID, "\"stage\" is progress, restored or root_cause");
    if (text[0] == '\0')
        return error_set(err, AF_INVALID, "\"text\" is missing: say how things are");
    if (strcmp(stage, "restored") == 0 && json_object_get(team_of(ticket), "restored") == NULL)
        return error_set(err, AF_CONFLICT, "it is not restored yet: take that step first");
    if (is_root_cause)
        json_put(team_of(ticket), "root_cause", json_from_time(command->at_ms), &ok);
    if (!ok)
        return no_memory(err);
    return add_stage(ticket, command, stage, text, json_get_bool(command->body, "public"), err);
}

enum status ticket_apply_notice(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, notice, result, err);
}

/* Nobody said how things are since the last beat: its lead is told. */
static enum status beat(struct txn *txn, json_t *ticket, const struct command *command,
                        json_t *result, struct error *err)
{
    json_t *team = team_of(ticket);
    const char *lead = json_get_str(team, "lead");
    bool ok = true;
    enum status status = require_team(ticket, err);

    (void)txn;
    (void)result;
    if (status != AF_OK)
        return status;
    json_put(team, "missed", json_integer((json_int_t)json_get_u64(team, "missed") + 1), &ok);
    if (!ok)
        return no_memory(err);
    status = ticket_add_event(ticket, command, "notice_overdue", NULL, err);
    if (status == AF_OK)
        status = lead[0] != '\0' ? tell_one(ticket, "s1_progress_due", lead, command, "", err)
                                 : tell(ticket, "s1_progress_due", command, "", err);
    return status == AF_OK ? set_beat(ticket, command, err) : status;
}

enum status ticket_apply_beat(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    return ticket_apply_change(txn, command, beat, result, err);
}

/* --- check ----------------------------------------------------------------------------------- */

static bool is_stage(const json_t *item, size_t no)
{
    static const char *const stages[] = {"first", "progress", "restored", "root_cause"};
    int64_t at_ms;

    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
        if (strcmp(json_get_str(item, "stage"), stages[i]) == 0)
            return json_get_u64(item, "no") == no &&
                   clock_parse(bytes_str(json_get_str(item, "at")), &at_ms);
    return false;
}

bool ticket_emergency_is_sound(const json_t *ticket)
{
    const json_t *team = team_of(ticket), *notices = json_object_get(team, "notices"), *item;
    size_t i;

    if (team == NULL)
        return true;
    if (json_get_u64(team, "beat_minutes") < 1 || !json_is_array(json_object_get(team, "people")) ||
        json_array_size(notices) == 0 || (is_open(ticket) && !is_s1(ticket)))
        return false;
    json_array_foreach(notices, i, item)
    {
        if (!is_stage(item, i + 1))
            return false;
    }
    return true;
}
