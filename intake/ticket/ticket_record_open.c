/* The command that opens a ticket: the answer step, the number, the follow-up key. */
#include "data/base/clock.h"
#include "data/sequence.h"
#include "intake/ask/consult.h"
#include "intake/body.h"
#include "intake/channel.h"
#include "intake/draft/draft_record.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_emergency.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_files.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_form.h"
#include "intake/ticket/ticket_party.h"
#include "intake/ticket/ticket_proposed.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_split.h"
#include "intake/ticket/ticket_steps.h"
#include "intake/ticket/ticket_tasks.h"

#include <stdio.h>

/* Why no answer step is needed; NULL when it is. */
static const char *exemption(const json_t *body)
{
    const struct channel *channel = channel_find(bytes_str(json_get_str(body, "channel")));

    if (json_object_get(body, "split") != NULL) /* it was taken before the one it was part of */
        return "split";
    if (strcmp(json_get_str(body, "severity"), "S1") == 0)
        return "severity S1";
    if (strcmp(json_get_str(body, "class"), "non_technical") == 0)
        return "class non_technical";
    if (channel != NULL && !channel->is_self_service)
        return channel->name;
    if (json_get_u64(body, "follows") != 0) /* the answer step was taken before that one */
        return "follows";
    return NULL;
}

/* The answer step: was the library asked, and did it not help? Nothing shown is nothing to
 * reject: such a consult counts as "no result" without another click. */
static enum status check_answer_step(const json_t *consult, const json_t *body, struct error *err)
{
    const char *state;

    if (consult == NULL)
        return exemption(body) != NULL
                   ? AF_OK
                   : error_set(err, AF_CONFLICT,
                               "ask first: a ticket on this channel needs a consult whose "
                               "answers did not solve it");
    state = json_get_str(consult, "state");
    if (json_get_u64(consult, "ticket") != 0)
        return error_set(err, AF_CONFLICT, "this consult has become ticket %llu already",
                         (unsigned long long)json_get_u64(consult, "ticket"));
    if (exemption(body) != NULL || strcmp(state, "not_solved") == 0 ||
        strcmp(state, "no_result") == 0 ||
        (strcmp(state, "open") == 0 && !consult_has_answers(consult)))
        return AF_OK;
    if (strcmp(state, "solved") == 0)
        return error_set(err, AF_CONFLICT, "this consult was solved: begin another one");
    return error_set(err, AF_CONFLICT,
                     "say first that the answers did not solve it (outcome \"solved\": false)");
}

/* What the rules said of it; a command of before there were rules has none. */
static const char *const decided[] = {"reported", "level",  "clocks", "clock_fault",
                                      "group",    "person", "rule"};
#define DECIDED (sizeof decided / sizeof decided[0])

static enum status check_decided(const json_t *body, struct error *err)
{
    for (size_t i = 0; i < DECIDED; i++) {
        const json_t *value = json_object_get(body, decided[i]);

        if (value != NULL && !json_is_string(value) && strcmp(decided[i], "clocks") != 0)
            return error_set(err, AF_INVALID, "\"%s\" is not a text", decided[i]);
    }
    return ticket_clocks_check(json_object_get(body, "clocks"), err);
}

static json_t *new_record(const struct command *command, uint32_t no, const char *name)
{
    static const char *const copied[] = {"class", "severity", "channel", "product",
                                         "title", "text",     "lang",    "contact"};
    const char *exempt = exemption(command->body);
    json_t *ticket = json_pack("{s:s,s:i,s:o,s:s,s:s,s:[],s:[],s:[{s:o,s:s,s:s,s:s,s:s}]}",
                               "ticket", name, "n", (int)no, "at", json_from_time(command->at_ms),
                               "state", ticket_state_name(TICKET_SUBMITTED), "entered_by",
                               json_get_str(command->body, "role"), "posts", "links", "history",
                               "at", json_from_time(command->at_ms), "by", command->actor, "event",
                               "submit", "from", "", "to", ticket_state_name(TICKET_SUBMITTED));
    bool ok = ticket != NULL;

    for (size_t i = 0; ok && i < sizeof copied / sizeof copied[0]; i++)
        json_put(ticket, copied[i], json_incref(json_object_get(command->body, copied[i])), &ok);
    for (size_t i = 0; ok && i < DECIDED; i++)
        if (json_object_get(command->body, decided[i]) != NULL)
            json_put(ticket, decided[i], json_deep_copy(json_object_get(command->body, decided[i])),
                     &ok);
    if (ok && json_object_get(command->body, "follows") != NULL)
        json_put(ticket, "follows", json_deep_copy(json_object_get(command->body, "follows")), &ok);
    if (ok && json_get_str(command->body, "consult")[0] != '\0')
        json_put(ticket, "consult", json_incref(json_object_get(command->body, "consult")), &ok);
    else if (ok && exempt != NULL)
        json_put(ticket, "exempt", json_string(exempt), &ok);
    if (!ok) {
        json_decref(ticket);
        return NULL;
    }
    return ticket;
}

static enum status mark_consult(struct txn *txn, json_t *consult, uint32_t no, struct error *err)
{
    bool ok = true;

    if (strcmp(json_get_str(consult, "state"), "open") == 0)
        json_put(consult, "state",
                 json_string(consult_has_answers(consult) ? "not_solved" : "no_result"), &ok);
    json_put(consult, "ticket", json_integer(no), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a consult");
    return consult_save(txn, consult, err);
}

/* What was being written is this ticket now. */
static const char *draft_of(const json_t *body)
{
    const char *draft = json_get_str(body, "draft");

    return draft[0] != '\0' ? draft : json_get_str(body, "consult");
}

static enum status store_new(struct txn *txn, const struct command *command, json_t *consult,
                             const struct digest *key, json_t *result, struct error *err)
{
    char name[32], at[CLOCK_TEXT_BYTES];
    uint8_t number[4];
    uint32_t no = 0;
    json_t *ticket;
    bool ok = true;
    enum status status = sequence_next(txn, "next_ticket", &no, err);

    if (status != AF_OK)
        return status;
    clock_format(command->at_ms, at);
    (void)snprintf(name, sizeof name, "AF-%.4s-%06u", at, no);
    if ((ticket = new_record(command, no, name)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    status = ticket_form_take(txn, ticket, command->body, err);
    if (status == AF_OK)
        status = ticket_proposed_note(ticket, command, err);
    if (status == AF_OK)
        status = ticket_files_add(txn, ticket, command, NULL, err);
    if (status == AF_OK)
        status = ticket_party_take(txn, ticket, command, err);
    if (status == AF_OK)
        status = ticket_task_first(txn, ticket, command, err);
    if (status == AF_OK)
        status = ticket_steps_take(ticket, command, err);
    if (status == AF_OK)
        status = ticket_emergency_graded(ticket, command, err);
    if (status == AF_OK)
        status = ticket_split_take(txn, ticket, command, err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command, err);
    json_decref(ticket);
    put_be32(number, no);
    if (status == AF_OK)
        status = store_put(txn, TABLE_TICKET_KEY, bytes_of(key->b, DIGEST_BYTES),
                           bytes_of(number, sizeof number), err);
    if (status == AF_OK && consult != NULL)
        status = mark_consult(txn, consult, no, err);
    if (status == AF_OK)
        status = draft_remove(txn, draft_of(command->body), err);
    if (status == AF_OK && json_get_u64(command->body, "follows") != 0)
        status = ticket_end_follow(txn, command, (uint32_t)json_get_u64(command->body, "follows"),
                                   no, err);
    json_put(result, "ticket", json_string(name), &ok);
    json_put(result, "n", json_integer(no), &ok);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory");
}

/* The follow-up key is made from the idempotency key. Once the journal has forgotten that key
 * (IDEMPOTENCY_DAYS), using it anew would hand the old ticket's link to the new one. */
static enum status require_new_key(struct txn *txn, const struct digest *key, struct error *err)
{
    uint32_t no;
    enum status status = ticket_no_by_key(txn, key, &no, NULL);

    if (status == AF_OK)
        return error_set(err, AF_CONFLICT,
                         "this idempotency key was used for another request before");
    return status == AF_NOT_FOUND ? AF_OK : error_set(err, status, "the follow-up key is damaged");
}

enum status ticket_apply_open(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    static const struct body_member members[] = {
        {"class",    BODY_TEXT  },
        {"severity", BODY_TEXT  },
        {"channel",  BODY_TEXT  },
        {"product",  BODY_TEXT  },
        {"title",    BODY_TEXT  },
        {"text",     BODY_TEXT  },
        {"lang",     BODY_TEXT  },
        {"contact",  BODY_OBJECT},
        {NULL,       BODY_TEXT  }
    };
    const char *consult_id = json_get_str(command->body, "consult");
    struct digest key;
    json_t *consult = NULL;
    enum status status = body_check(command->body, members, err);

    if (status != AF_OK || (status = check_decided(command->body, err)) != AF_OK ||
        (status = ticket_files_check_body(NULL, command->body, err)) != AF_OK)
        return status;
    if ((status = ticket_form_check_body(txn, command->body, err)) != AF_OK ||
        (status = ticket_party_check_body(txn, command->body, err)) != AF_OK)
        return status;
    if (!digest_parse(bytes_str(json_get_str(command->body, "follow_up")), &key))
        return error_set(err, AF_INVALID, "\"follow_up\" is not a hash");
    if ((status = require_new_key(txn, &key, err)) == AF_OK && consult_id[0] != '\0')
        status = consult_load(txn, consult_id, &consult, err);
    if (status == AF_OK)
        status = check_answer_step(consult, command->body, err);
    if (status == AF_OK)
        status = store_new(txn, command, consult, &key, result, err);
    json_decref(consult);
    return status;
}
