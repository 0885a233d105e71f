#include "intake/ticket/ticket_survey.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/inspect.h"
#include "intake/ticket/ticket_visit.h"

/* --- its key --------------------------------------------------------------------------------- */

static enum status put_key(struct txn *txn, const json_t *ticket, const char *hex,
                           struct error *err)
{
    struct digest hash;
    uint8_t no[4];

    if (!digest_parse(bytes_str(hex), &hash))
        return error_set(err, AF_INVALID, "\"key_hash\" is not a hash");
    put_be32(no, (uint32_t)json_get_u64(ticket, "n"));
    return store_put(txn, TABLE_SURVEY_KEY, bytes_of(hash.b, DIGEST_BYTES), bytes_of(no, sizeof no),
                     err);
}

static enum status delete_key(struct txn *txn, const char *hex, struct error *err)
{
    struct digest hash;

    if (!digest_parse(bytes_str(hex), &hash))
        return error_set(err, AF_CORRUPT, "damaged: table ticket: a survey's key is no hash");
    return store_delete(txn, TABLE_SURVEY_KEY, bytes_of(hash.b, DIGEST_BYTES), err);
}

enum status ticket_no_by_survey(struct txn *txn, const struct digest *hash, uint32_t *no,
                                struct error *err)
{
    struct bytes body;
    struct reader r;
    enum status status =
        store_get(txn, TABLE_SURVEY_KEY, bytes_of(hash->b, DIGEST_BYTES), &body, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "this link belongs to no survey");
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_be32(&r, no))
        return error_set(err, AF_CORRUPT, "damaged: table survey_key: cut off");
    return AF_OK;
}

/* --- sending --------------------------------------------------------------------------------- */

/* Another key than before is one that was made in another store: the old link ends with it. */
static enum status change_key(struct txn *txn, const json_t *ticket, const char *old,
                              const char *new, struct error *err)
{
    enum status status = AF_OK;

    if (strcmp(old, new) == 0)
        return AF_OK;
    if (old[0] != '\0')
        status = delete_key(txn, old, err);
    return status == AF_OK ? put_key(txn, ticket, new, err) : status;
}

enum status ticket_survey_send(struct txn *txn, json_t *ticket, const json_t *asked, int64_t at_ms,
                               struct error *err)
{
    json_t *survey = json_object_get(ticket, "survey");
    const char *hash = json_get_str(asked, "key_hash");
    const char *expires = json_get_str(asked, "expires");
    int64_t expires_ms;
    bool ok = true;
    enum status status;

    if (asked == NULL || json_get_u64(survey, "score") != 0)
        return AF_OK;
    if (!clock_parse(bytes_str(expires), &expires_ms))
        return error_set(err, AF_INVALID, "a survey's \"expires\" is not a time");
    status = change_key(txn, ticket, json_get_str(survey, "key_hash"), hash, err);
    if (status != AF_OK)
        return status;
    if (survey == NULL)
        json_put(ticket, "survey", survey = json_pack("{s:o}", "sent", json_from_time(at_ms)), &ok);
    if (ok) {
        json_put(survey, "expires", json_string(expires), &ok);
        json_put(survey, "key_hash", json_string(hash), &ok);
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a survey");
}

/* --- answering ------------------------------------------------------------------------------- */

enum status ticket_survey_open(const json_t *ticket, int64_t at_ms, struct error *err)
{
    const json_t *survey = json_object_get(ticket, "survey");
    const char *expires = json_get_str(survey, "expires");
    int64_t expires_ms;

    if (survey == NULL)
        return error_set(err, AF_NOT_FOUND, "nobody was asked about this ticket: it has no survey");
    if (json_get_u64(survey, "score") != 0)
        return error_set(err, AF_CONFLICT, "this survey was answered already: thank you");
    if (!clock_parse(bytes_str(expires), &expires_ms) || at_ms >= expires_ms)
        return error_set(err, AF_CONFLICT, "this survey could be answered until %s", expires);
    return AF_OK;
}

static enum status put_answer(json_t *ticket, const struct command *command, struct error *err)
{
    const json_t *body = command->body;
    json_t *survey = json_object_get(ticket, "survey");
    bool ok = true;

    json_put(survey, "score", json_incref(json_object_get(body, "score")), &ok);
    json_put(survey, "text", json_string(json_get_str(body, "text")), &ok);
    json_put(survey, "at", json_from_time(command->at_ms), &ok);
    json_put(survey, "by", json_string(json_get_str(body, "by")), &ok);
    json_put(survey, "via", json_string(json_get_str(body, "via")), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a survey");
}

static enum status answer(struct txn *txn, json_t *ticket, const struct command *command,
                          json_t *result, struct error *err)
{
    const json_t *visit = json_object_get(command->body, "visit");
    const uint64_t score = json_get_u64(command->body, "score");
    enum status status = ticket_survey_open(ticket, command->at_ms, err);

    (void)result;
    if (status != AF_OK)
        return status;
    if (score < 1 || score > SURVEY_SCORE_MAX)
        return error_set(err, AF_INVALID, "\"score\" is from 1 to %d", SURVEY_SCORE_MAX);
    status = put_answer(ticket, command, err);
    if (status == AF_OK)
        status = ticket_add_event(ticket, command, "survey",
                                  json_pack("{s:I}", "score", (json_int_t)score), err);
    return status == AF_OK && visit != NULL ? ticket_visit_ask(txn, ticket, "score", visit, err)
                                            : status;
}

enum status survey_apply_answer(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, answer, result, err);
}

/* --- check ----------------------------------------------------------------------------------- */

void ticket_survey_check(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *survey = json_object_get(ticket, "survey"), *score;
    struct digest hash;
    uint32_t of_key;
    int64_t ignored;
    enum status status;

    if (survey == NULL)
        return;
    score = json_object_get(survey, "score");
    if (score != NULL && (json_integer_value(score) < 1 || json_integer_value(score) > 5))
        inspect_say(in, "its survey's \"score\" is none");
    if (!clock_parse(bytes_str(json_get_str(survey, "sent")), &ignored) ||
        !clock_parse(bytes_str(json_get_str(survey, "expires")), &ignored))
        inspect_say(in, "its survey was sent or expires at no time");
    if (!digest_parse(bytes_str(json_get_str(survey, "key_hash")), &hash)) {
        inspect_say(in, "its survey has no hash of a key");
        return;
    }
    status = ticket_no_by_survey(in->txn, &hash, &of_key, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "its survey's key is not in table survey_key");
    else if (status == AF_OK && of_key != no)
        inspect_say(in, "its survey's key is ticket %u's in table survey_key", of_key);
}

void ticket_survey_check_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(body);
    char hex[DIGEST_HEX_BYTES];
    struct digest hash;
    json_t *ticket;
    uint32_t no = 0;
    enum status status;

    if (key.len != DIGEST_BYTES || !reader_be32(&r, &no) || reader_left(&r) > 0) {
        inspect_say(in, "not a survey's key of a ticket");
        return;
    }
    memcpy(hash.b, key.data, DIGEST_BYTES);
    digest_hex(&hash, hex);
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", no);
    if (status != AF_OK)
        return;
    if (strcmp(json_get_str(json_object_get(ticket, "survey"), "key_hash"), hex) != 0)
        inspect_say(in, "ticket %u has no survey with this key", no);
    json_decref(ticket);
}
