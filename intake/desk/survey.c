#include "intake/desk/survey.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_survey.h"

/* --- the link -------------------------------------------------------------------------------- */

static enum status find(struct app *app, struct bytes key, json_t **ticket, struct error *err)
{
    const struct digest hash = digest_plain(key);
    struct txn *txn;
    uint32_t no;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = ticket_no_by_survey(txn, &hash, &no, err)) == AF_OK)
        status = ticket_load(txn, no, ticket, err);
    txn_abort(txn);
    return status;
}

enum status survey_key(struct app *app, uint32_t no, char key[SURVEY_KEY_BYTES], struct error *err)
{
    char hex[DIGEST_HEX_BYTES];
    struct digest hash;
    struct txn *txn;
    json_t *ticket;
    const char *stored;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_load(txn, no, &ticket, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    closing_survey_key(store_secret(app_store(app)), no, key);
    hash = digest_plain(bytes_str(key));
    digest_hex(&hash, hex);
    stored = json_get_str(json_object_get(ticket, "survey"), "key_hash");
    if (stored[0] == '\0')
        status =
            error_set(err, AF_NOT_FOUND, "nobody was asked about this ticket: it has no survey");
    else if (strcmp(stored, hex) != 0)
        status = error_set(err, AF_CONFLICT, "this survey's link was made in another store");
    json_decref(ticket);
    return status;
}

/* --- what it shows ---------------------------------------------------------------------------- */

static const char *state_of(const json_t *ticket)
{
    const json_t *survey = json_object_get(ticket, "survey");

    if (json_get_u64(survey, "score") != 0)
        return "answered";
    return ticket_survey_open(ticket, clock_now_ms(), NULL) == AF_OK ? "open" : "expired";
}

static json_t *view_of(const struct rules *rules, const json_t *ticket)
{
    const json_t *survey = json_object_get(ticket, "survey");
    const json_t *ask =
        json_object_get(json_object_get(rules->docs[RULES_CLOSING], "survey"), "ask");
    const char *lang = json_get_str(ticket, "lang");

    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:O,s:O*,s:O*}", "ticket",
                     json_get_str(ticket, "ticket"), "title", json_get_str(ticket, "title"), "lang",
                     lang, "state", state_of(ticket), "expires", json_get_str(survey, "expires"),
                     "ask", ask, "score", json_object_get(survey, "score"), "at",
                     json_object_get(survey, "at"));
}

enum status survey_get(struct app *app, struct bytes key, json_t **out, struct error *err)
{
    struct rules rules;
    json_t *ticket;
    enum status status = find(app, key, &ticket, err);

    if (status != AF_OK)
        return status;
    if ((status = rules_load_now(app, &rules, err)) == AF_OK) {
        *out = view_of(&rules, ticket);
        if (*out == NULL)
            status = error_set(err, AF_NO_MEMORY, "no memory for a survey");
        rules_release(&rules);
    }
    json_decref(ticket);
    return status;
}

/* --- the answer ------------------------------------------------------------------------------- */

/* A score that is bad enough sends somebody to ask. */
static enum status decide_visit(void *context, const struct rules *rules, const json_t *ticket,
                                int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    bool ok = true;

    (void)context;
    (void)ticket;
    (void)clocks;
    if (closing_score_needs_visit(rules, (unsigned)json_get_u64(body, "score")))
        json_put(body, "visit", closing_visit(rules, now_ms), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a survey");
}

static enum status answer(struct app *app, const struct who *who, uint32_t no, int64_t score,
                          struct bytes text, const char *key, struct error *err)
{
    const struct bytes parts[] = {bytes_of(&no, sizeof no), bytes_of(&score, sizeof score), text};
    json_t *body;
    enum status status = ticket_check_text("text", text, SURVEY_TEXT_BYTES_MAX, err);

    if (status != AF_OK)
        return status;
    if (score < 1 || score > SURVEY_SCORE_MAX)
        return error_set(err, AF_INVALID, "\"score\" is from 1 to %d", SURVEY_SCORE_MAX);
    body = json_pack("{s:I,s:I,s:o,s:s,s:s}", "ticket", (json_int_t)no, "score", (json_int_t)score,
                     "text", json_from_bytes(text), "by", who_by(who), "via",
                     who_is_staff(who) ? "agent" : "link");
    return ticket_change(
        app, who, no,
        &(struct ticket_change){.kind = "survey.answer",
                                .key = key,
                                .print = checksum64(5, parts, sizeof parts / sizeof parts[0]),
                                .moment = MOMENT_NOTE,
                                .decide = decide_visit},
        body, NULL, err);
}

enum status survey_answer(struct app *app, struct bytes key, int64_t score, struct bytes text,
                          const char *idempotency_key, struct error *err)
{
    const struct who who = who_customer();
    json_t *ticket;
    uint32_t no;
    enum status status = find(app, key, &ticket, err);

    if (status != AF_OK)
        return status;
    no = (uint32_t)json_get_u64(ticket, "n");
    json_decref(ticket);
    return answer(app, &who, no, score, text, idempotency_key, err);
}

enum status survey_answer_for(struct app *app, const struct who *who, uint32_t no, int64_t score,
                              struct bytes text, struct error *err)
{
    enum status status = ticket_require_staff(who, err);

    return status == AF_OK ? answer(app, who, no, score, text, NULL, err) : status;
}
