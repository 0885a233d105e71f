#include "intake/ask/consult.h"

#include "data/article.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/ledger.h"
#include "intake/ask/learn.h"
#include "intake/body.h"
#include "intake/party/party_past.h"

#include <stdio.h>

/* --- the record --------------------------------------------------------------------------- */

enum status consult_load(struct txn *txn, const char *id, json_t **out, struct error *err)
{
    enum status status = store_get_json(txn, TABLE_CONSULT, bytes_str(id), out, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no consult %.40s", id);
    return status;
}

enum status consult_save(struct txn *txn, const json_t *consult, struct error *err)
{
    return store_put_json(txn, TABLE_CONSULT, bytes_str(json_get_str(consult, "id")), consult, err);
}

uint32_t consult_shown_version(const json_t *consult, const char *case_id)
{
    const json_t *query, *shown;
    uint32_t version = 0;
    size_t i, j;

    json_array_foreach(json_object_get(consult, "queries"), i, query)
    {
        json_array_foreach(json_object_get(query, "shown"), j, shown)
        {
            if (strcmp(json_get_str(shown, "case"), case_id) == 0)
                version = (uint32_t)json_get_u64(shown, "version");
        }
    }
    return version;
}

bool consult_has_answers(const json_t *consult)
{
    const json_t *query;
    size_t i;

    json_array_foreach(json_object_get(consult, "queries"), i, query)
    {
        if (json_array_size(json_object_get(query, "shown")) > 0)
            return true;
    }
    return false;
}

static enum status require_open(const json_t *consult, struct error *err)
{
    const char *state = json_get_str(consult, "state");

    if (strcmp(state, "open") == 0)
        return AF_OK;
    return error_set(err, AF_CONFLICT, "this consult ended already: %s", state);
}

/* --- uses --------------------------------------------------------------------------------- */

static const char *staff_name(const char *actor)
{
    return actor != NULL && strncmp(actor, "staff:", 6) == 0 ? actor + 6 : NULL;
}

enum status use_by_author(struct txn *txn, const struct command *command, struct bytes case_id,
                          const char *voter, bool *is_author, struct error *err)
{
    const char *actor = staff_name(command->actor), *asker = staff_name(voter), *author;
    struct article_ref ref;
    json_t *article;
    enum status status;

    *is_author = false;
    if (actor == NULL && asker == NULL)
        return AF_OK;
    status = article_find(txn, case_id, &ref, err);
    if (status == AF_OK)
        status = article_read(txn, &ref, &article, err);
    if (status != AF_OK)
        return status;
    author = json_get_str(article, "author");
    *is_author = (actor != NULL && strcmp(author, actor) == 0) ||
                 (asker != NULL && strcmp(author, asker) == 0);
    json_decref(article);
    return AF_OK;
}

static enum status add_use(struct txn *txn, const struct command *command, enum use use,
                           const char *case_id, uint32_t version, struct error *err)
{
    char subject[64];
    enum status status;
    const struct use_event event = {.use = use,
                                    .case_id = bytes_str(case_id),
                                    .version = version,
                                    .role = json_get_str(command->body, "role"),
                                    .subject = subject};
    bool counted;

    (void)snprintf(subject, sizeof subject, "consult:%.40s",
                   json_get_str(command->body, "consult"));
    status = ledger_add(txn, command, &event, &counted, err);
    if (status == AF_OK && counted)
        status = learn_use(txn, command, use, case_id, subject, err);
    return status;
}

static enum status add_shown(struct txn *txn, const struct command *command, struct error *err)
{
    const json_t *shown;
    size_t i;

    json_array_foreach(json_object_get(command->body, "shown"), i, shown)
    {
        enum status status = add_use(txn, command, USE_SHOWN, json_get_str(shown, "case"),
                                     (uint32_t)json_get_u64(shown, "version"), err);

        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}

/* --- commands ----------------------------------------------------------------------------- */

static json_t *query_json(const struct command *command)
{
    return json_pack("{s:o,s:O,s:O}", "at", json_from_time(command->at_ms), "text",
                     json_object_get(command->body, "text"), "shown",
                     json_object_get(command->body, "shown"));
}

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a consult");
}

/* Cases are never taken away: one that there is not was never shown. */
static enum status check_shown(struct txn *txn, const json_t *body, struct error *err)
{
    const json_t *shown;
    size_t i;

    json_array_foreach(json_object_get(body, "shown"), i, shown)
    {
        const char *id = json_get_str(shown, "case");
        struct article_ref ref;
        enum status status = article_find(txn, bytes_str(id), &ref, err);

        if (status == AF_NOT_FOUND ||
            (status == AF_OK && json_get_u64(shown, "version") > ref.version))
            return error_set(err, AF_INVALID, "\"shown\" has a version of %.80s that there is not",
                             id);
        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}

enum status consult_apply_open(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    static const struct body_member members[] = {
        {"consult", BODY_ID   },
        {"channel", BODY_TEXT },
        {"product", BODY_TEXT },
        {"lang",    BODY_TEXT },
        {"text",    BODY_TEXT },
        {"shown",   BODY_SHOWN},
        {NULL,      BODY_TEXT }
    };
    const char *id = json_get_str(command->body, "consult");
    json_t *consult, *known;
    enum status status = body_check(command->body, members, err);
    bool ok = true;

    if (status == AF_OK)
        status = check_shown(txn, command->body, err);
    if (status == AF_OK)
        status = party_check_named(txn, command->body, err);
    if (status != AF_OK)
        return status;
    status = store_get_json(txn, TABLE_CONSULT, bytes_str(id), &known, err);
    if (status == AF_OK) {
        json_decref(known);
        return error_set(err, AF_CONFLICT, "a consult with this id exists");
    }
    if (status != AF_NOT_FOUND)
        return status;
    /* "answers_max", "voter", "party" and "account" came later (O*): commands of before have none
     * and still apply. */
    consult = json_pack(
        "{s:s,s:o,s:s,s:O,s:O,s:O,s:O*,s:O*,s:O*,s:O*,s:[o],s:[]}", "id", id, "at",
        json_from_time(command->at_ms), "state", "open", "channel",
        json_object_get(command->body, "channel"), "product",
        json_object_get(command->body, "product"), "lang", json_object_get(command->body, "lang"),
        "answers_max", json_object_get(command->body, "answers_max"), "voter",
        json_object_get(command->body, "voter"), "party", json_object_get(command->body, "party"),
        "account", json_object_get(command->body, "account"), "queries", query_json(command),
        "opened");
    if (consult == NULL)
        return no_memory(err);
    json_put(result, "consult", json_string(id), &ok);
    json_put(result, "shown", json_incref(json_object_get(command->body, "shown")), &ok);
    status = ok ? consult_save(txn, consult, err) : no_memory(err);
    if (status == AF_OK)
        status = party_past_add_consult(txn, consult, command->at_ms, err);
    json_decref(consult);
    return status == AF_OK ? add_shown(txn, command, err) : status;
}

enum status consult_apply_query(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    static const struct body_member members[] = {
        {"text",  BODY_TEXT },
        {"shown", BODY_SHOWN},
        {NULL,    BODY_TEXT }
    };
    json_t *consult, *queries;
    enum status status = body_check(command->body, members, err);

    (void)result;
    if (status == AF_OK)
        status = check_shown(txn, command->body, err);
    if (status == AF_OK)
        status = consult_load(txn, json_get_str(command->body, "consult"), &consult, err);
    if (status != AF_OK)
        return status;
    queries = json_object_get(consult, "queries");
    if ((status = require_open(consult, err)) != AF_OK)
        goto done;
    if (json_array_size(queries) >= CONSULT_QUERIES_MAX) {
        status = error_set(err, AF_TOO_LARGE, "a consult has at most %d questions: begin another",
                           CONSULT_QUERIES_MAX);
        goto done;
    }
    status = json_array_append_new(queries, query_json(command)) == 0
                 ? consult_save(txn, consult, err)
                 : no_memory(err);
    if (status == AF_OK)
        status = add_shown(txn, command, err);
done:
    json_decref(consult);
    return status;
}

static bool was_opened(const json_t *consult, const char *case_id)
{
    const json_t *opened;
    size_t i;

    json_array_foreach(json_object_get(consult, "opened"), i, opened)
    {
        if (strcmp(json_get_str(opened, "case"), case_id) == 0)
            return true;
    }
    return false;
}

static enum status require_shown(const json_t *consult, const char *case_id, uint32_t *version,
                                 struct error *err)
{
    *version = consult_shown_version(consult, case_id);
    if (*version == 0)
        return error_set(err, AF_CONFLICT, "case %.80s was not among the answers of this consult",
                         case_id);
    return AF_OK;
}

enum status consult_apply_opened(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err)
{
    const char *case_id = json_get_str(command->body, "case");
    json_t *consult, *opened;
    uint32_t version;
    enum status status = consult_load(txn, json_get_str(command->body, "consult"), &consult, err);

    (void)result;
    if (status != AF_OK)
        return status;
    /* After it was settled a person may still read: it is no longer counted. */
    if ((status = require_shown(consult, case_id, &version, err)) != AF_OK ||
        was_opened(consult, case_id) || require_open(consult, NULL) != AF_OK)
        goto done;
    opened = json_pack("{s:s,s:i,s:o}", "case", case_id, "version", (int)version, "at",
                       json_from_time(command->at_ms));
    status = json_array_append_new(json_object_get(consult, "opened"), opened) == 0
                 ? consult_save(txn, consult, err)
                 : no_memory(err);
    if (status == AF_OK)
        status = add_use(txn, command, USE_OPENED, case_id, version, err);
done:
    json_decref(consult);
    return status;
}

/* Saying the same again is no conflict; a rating may come after the word "solved". */
static bool says_the_same(const json_t *outcome, const json_t *body)
{
    if (json_get_bool(outcome, "solved") != json_get_bool(body, "solved"))
        return false;
    if (!json_get_bool(body, "solved"))
        return true;
    if (strcmp(json_get_str(outcome, "case"), json_get_str(body, "case")) != 0)
        return false;
    return json_get_u64(body, "rating") == 0 || json_get_u64(outcome, "rating") == 0 ||
           json_get_u64(body, "rating") == json_get_u64(outcome, "rating");
}

static enum status set_outcome(json_t *consult, const struct command *command, struct error *err)
{
    static const char *const kept[] = {"case", "rating", "reason"};
    json_t *outcome = json_object_get(consult, "outcome");
    bool ok = true, solved = json_get_bool(command->body, "solved");

    if (outcome == NULL) {
        outcome = json_object();
        json_put(consult, "outcome", outcome, &ok);
        json_put(outcome, "solved", json_boolean(solved), &ok);
        json_put(outcome, "at", json_from_time(command->at_ms), &ok);
        json_put(consult, "state",
                 json_string(solved                         ? "solved"
                             : consult_has_answers(consult) ? "not_solved"
                                                            : "no_result"),
                 &ok);
    }
    for (size_t i = 0; ok && i < sizeof kept / sizeof kept[0]; i++) {
        json_t *value = json_object_get(command->body, kept[i]);

        if (value != NULL)
            json_put(outcome, kept[i], json_incref(value), &ok);
    }
    return ok ? AF_OK : no_memory(err);
}

static enum status count_solved(struct txn *txn, const struct command *command,
                                const json_t *consult, const char *case_id, uint32_t version,
                                struct error *err)
{
    bool is_author;
    enum status status = use_by_author(txn, command, bytes_str(case_id),
                                       json_get_str(consult, "voter"), &is_author, err);

    if (status != AF_OK)
        return status;
    return add_use(txn, command, is_author ? USE_SELF_USED : USE_SOLVED, case_id, version, err);
}

enum status consult_apply_settle(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err)
{
    const char *case_id = json_get_str(command->body, "case");
    bool solved = json_get_bool(command->body, "solved");
    json_t *consult;
    const json_t *outcome;
    uint32_t version = 0;
    bool ok = true;
    enum status status = consult_load(txn, json_get_str(command->body, "consult"), &consult, err);

    if (status != AF_OK)
        return status;
    /* One that became a ticket without a word ended as "not solved" (ticket_record.c). */
    outcome = json_object_get(consult, "outcome");
    if (outcome != NULL ? !says_the_same(outcome, command->body)
                        : solved && require_open(consult, NULL) != AF_OK) {
        status = error_set(err, AF_CONFLICT, "this consult was settled otherwise: %s",
                           json_get_str(consult, "state"));
        goto done;
    }
    if (case_id[0] != '\0' && (status = require_shown(consult, case_id, &version, err)) != AF_OK)
        goto done;
    status = set_outcome(consult, command, err);
    json_put(result, "consult", json_incref(consult), &ok);
    if (status == AF_OK && !ok)
        status = no_memory(err);
    if (status == AF_OK)
        status = consult_save(txn, consult, err);
    if (status == AF_OK && solved && version != 0)
        status = count_solved(txn, command, consult, case_id, version, err);
done:
    json_decref(consult);
    return status;
}
