#include "intake/ask/ask.h"

#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/ask/consult.h"
#include "intake/ask/learn.h"
#include "intake/channel.h"
#include "intake/party/party_match.h"
#include "intake/propose.h"

#define REPEAT_SEARCHED 100 /* among so many the answers of the first time are looked for */

/* --- helpers ------------------------------------------------------------------------------ */

static enum status check_question(struct bytes text, struct error *err)
{
    if (bytes_is_blank(text))
        return error_set(err, AF_INVALID, "\"text\" is empty: say what is wrong");
    if (text.len > QUERY_INPUT_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "\"text\" is longer than %u bytes",
                         QUERY_INPUT_BYTES_MAX);
    return AF_OK;
}

static enum status find_answers(struct app *app, const struct who *who, struct bytes text,
                                struct bytes product, struct bytes lang, uint32_t answers_max,
                                struct arena *arena, struct search_result *answers,
                                struct error *err)
{
    const struct search_request request = {.query = text,
                                           .limit = answers_max,
                                           .product = product,
                                           .page_lang = lang,
                                           .audience = who->audience,
                                           .typing = true,
                                           .snippets = true};

    return app_search(app, &request, arena, answers, err);
}

static uint32_t shown_max(uint64_t wanted)
{
    return wanted == 0 || wanted > CONSULT_SHOWN_MAX ? CONSULT_SHOWN_MAX : (uint32_t)wanted;
}

static json_t *shown_json(const struct search_result *answers)
{
    json_t *list = json_array();

    for (uint32_t i = 0; list != NULL && i < answers->hits_count; i++) {
        const struct hit *hit = &answers->hits[i];
        json_t *item =
            json_pack("{s:o,s:i}", "case", json_from_bytes(hit->id), "version", (int)hit->version);

        if (json_array_append_new(list, item) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

/* What was typed, as it is kept: the part that was read, and always UTF-8. */
static json_t *question_json(struct bytes text)
{
    struct buf clean = {0};
    json_t *json;

    utf8_add_clean(&clean, utf8_cut(text, QUERY_BYTES_MAX));
    json = buf_ok(&clean) ? json_from_bytes(buf_bytes(&clean)) : NULL;
    buf_release(&clean);
    return json;
}

/* For learn.h and for his past, and the business of nobody who only knows the id. */
static void leave_out_who(json_t *consult)
{
    (void)json_object_del(consult, "voter");
    (void)json_object_del(consult, "party");
    (void)json_object_del(consult, "account");
}

/* --- the steps ---------------------------------------------------------------------------- */

/* Was this command written down already? Then more is searched than is shown, since cases saved
 * meanwhile may stand above those of the first time. A race with the first is harmless: its
 * answers are found among the usual few. */
static enum status was_begun(struct app *app, const char *key, bool *out, struct error *err)
{
    struct done done;
    struct txn *txn;
    enum status status;

    *out = false;
    if (key == NULL)
        return AF_OK;
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = done_find(txn, key, &done, err);
    txn_abort(txn);
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status == AF_OK) {
        *out = true;
        json_decref(done.result);
    }
    return status;
}

/* A repeat shows again what the first one found, in that order, searched anew for its snippets:
 * only those cases may be opened in the consult or have solved it. One that has gone from the
 * library since is left out. */
static void keep_shown(struct search_result *answers, const json_t *shown)
{
    uint32_t kept = 0;
    const json_t *item;
    size_t i;

    json_array_foreach(shown, i, item)
    {
        struct bytes id = bytes_str(json_get_str(item, "case"));

        for (uint32_t j = kept; j < answers->hits_count; j++) {
            struct hit hit = answers->hits[j];

            if (!bytes_equal(hit.id, id))
                continue;
            answers->hits[j] = answers->hits[kept];
            answers->hits[kept++] = hit;
            break;
        }
    }
    answers->hits_count = kept;
}

/* Whoever is not signed in may say that he is anybody: a ticket's agent looks, a past has nobody to
 * look. So only what staff and programs say counts. */
static enum status add_party(struct app *app, const struct who *who, const json_t *contact,
                             json_t *body, struct error *err)
{
    struct party_match match = {.by = NULL};
    struct rules rules;
    struct txn *txn;
    bool ok = true;
    enum status status;

    if (contact == NULL || !who_is_staff(who))
        return AF_OK;
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    if ((status = rules_load_in(app, txn, &rules, err)) == AF_OK) {
        status = party_find(txn, &rules, contact, &match, err);
        rules_release(&rules);
    }
    txn_abort(txn);
    if (status == AF_OK && match.contact != NULL)
        json_put(body, "party", json_incref(json_object_get(match.contact, "id")), &ok);
    if (status == AF_OK && match.account != NULL)
        json_put(body, "account", json_incref(json_object_get(match.account, "id")), &ok);
    party_match_release(&match);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory for a consult");
}

static enum status begin_command(struct app *app, const struct who *who,
                                 const struct ask_input *input, struct bytes channel,
                                 const struct search_result *answers, struct outcome *outcome,
                                 struct error *err)
{
    const struct bytes parts[] = {BYTES_LIT("consult.open"), input->text, input->product, channel};
    char id[ID_HEX_BYTES], actor[WHO_NAME_BYTES + 8], voter[VOTER_BYTES];
    bool ok = true;
    json_t *body;
    enum status status;

    id_random(id);
    body = json_pack("{s:s,s:o,s:o,s:o,s:o,s:s,s:I,s:o}", "consult", id, "channel",
                     json_from_bytes(channel), "product", json_from_bytes(input->product), "lang",
                     json_from_bytes(input->lang), "text", question_json(input->text), "role",
                     role_name(who->role), "answers_max", (json_int_t)shown_max(input->answers_max),
                     "shown", shown_json(answers));
    if (body != NULL && voter_of(who_actor(who, actor), input->asker, store_secret(app_store(app)),
                                 voter)[0] != '\0')
        json_put(body, "voter", json_string(voter), &ok);
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_NO_MEMORY, "no memory for a consult");
    }
    if (body != NULL && (status = add_party(app, who, input->contact, body, err)) != AF_OK) {
        json_decref(body);
        return status;
    }
    return propose(app, who, "consult.open", input->key, checksum64(1, parts, 4), body, outcome,
                   err);
}

enum status ask_begin(struct app *app, const struct who *who, const struct ask_input *input,
                      struct arena *arena, const char **consult_id, struct search_result *answers,
                      struct error *err)
{
    struct bytes channel = input->channel.len > 0 ? input->channel : BYTES_LIT("web");
    struct outcome outcome;
    bool is_repeat;
    enum status status = check_question(input->text, err);

    if (status != AF_OK)
        return status;
    if (channel_find(channel) == NULL)
        return error_set(err, AF_INVALID, "\"channel\" is not one of %s", channel_names());
    if (utf8_valid_len(input->product) != input->product.len ||
        input->product.len > ARTICLE_TITLE_BYTES_MAX)
        return error_set(err, AF_INVALID, "\"product\" is not the name of a product");
    if (utf8_valid_len(input->lang) != input->lang.len || input->lang.len > 35)
        return error_set(err, AF_INVALID, "\"lang\" is not a language tag");
    status = was_begun(app, input->key, &is_repeat, err);
    if (status == AF_OK)
        status = find_answers(app, who, input->text, input->product, input->lang,
                              is_repeat ? REPEAT_SEARCHED : shown_max(input->answers_max), arena,
                              answers, err);
    if (status == AF_OK)
        status = begin_command(app, who, input, channel, answers, &outcome, err);
    if (status != AF_OK)
        return status;
    if (outcome.repeated)
        keep_shown(answers, json_object_get(outcome.result, "shown"));
    *consult_id = arena_str(arena, bytes_str(json_get_str(outcome.result, "consult")));
    json_decref(outcome.result);
    return *consult_id != NULL ? AF_OK : arena_exhausted(arena, err);
}

enum status ask_again(struct app *app, const struct who *who, const char *consult_id,
                      struct bytes text, struct arena *arena, struct search_result *answers,
                      struct error *err)
{
    json_t *consult, *body;
    struct bytes product, lang;
    uint32_t answers_max;
    enum status status = check_question(text, err);

    if (status != AF_OK || (status = ask_get(app, consult_id, &consult, err)) != AF_OK)
        return status;
    product = arena_copy(arena, bytes_str(json_get_str(consult, "product")));
    lang = arena_copy(arena, bytes_str(json_get_str(consult, "lang")));
    answers_max = shown_max(json_get_u64(consult, "answers_max"));
    json_decref(consult);
    status = find_answers(app, who, text, product, lang, answers_max, arena, answers, err);
    if (status != AF_OK)
        return status;
    body = json_pack("{s:s,s:o,s:s,s:o}", "consult", consult_id, "text", question_json(text),
                     "role", role_name(who->role), "shown", shown_json(answers));
    return propose(app, who, "consult.query", NULL, 0, body, NULL, err);
}

enum status ask_opened(struct app *app, const struct who *who, const char *consult_id,
                       struct bytes case_id, struct error *err)
{
    json_t *body = json_pack("{s:s,s:o,s:s}", "consult", consult_id, "case",
                             json_from_bytes(case_id), "role", role_name(who->role));

    return propose(app, who, "consult.opened", NULL, 0, body, NULL, err);
}

enum status ask_settle(struct app *app, const struct who *who, const char *consult_id,
                       const struct ask_outcome *outcome, json_t **consult, struct error *err)
{
    json_t *body = json_pack("{s:s,s:b,s:s}", "consult", consult_id, "solved", outcome->solved,
                             "role", role_name(who->role));
    struct outcome result;
    bool ok = body != NULL;
    enum status status;

    if (outcome->rating < 0 || outcome->rating > 5) {
        json_decref(body);
        return error_set(err, AF_INVALID, "\"rating\" is a number from 1 to 5");
    }
    if (ok && outcome->case_id.len > 0)
        json_put(body, "case", json_from_bytes(outcome->case_id), &ok);
    if (ok && outcome->rating > 0)
        json_put(body, "rating", json_integer(outcome->rating), &ok);
    if (ok && outcome->reason.len > 0)
        json_put(body, "reason", json_from_bytes(utf8_cut(outcome->reason, TICKET_TITLE_BYTES_MAX)),
                 &ok);
    if (!ok) {
        json_decref(body);
        body = NULL;
    }
    status = propose(app, who, "consult.settle", NULL, 0, body, &result, err);
    if (status != AF_OK)
        return status;
    *consult = json_incref(json_object_get(result.result, "consult"));
    leave_out_who(*consult);
    json_decref(result.result);
    return AF_OK;
}

enum status ask_get(struct app *app, const char *consult_id, json_t **consult, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = consult_load(txn, consult_id, consult, err);
    txn_abort(txn);
    if (status == AF_OK)
        leave_out_who(*consult);
    return status;
}
