#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/ask/ask.h"
#include "intake/facets.h"
#include "intake/hits.h"
#include "intake/site.h"

#define LIMIT_MAX 100 /* of one page of hits over HTTP */

/* An explanation says how common words are in cases that the public may not see. */
static enum status take_explain(struct site *site, struct request *req, struct reply *rep,
                                struct search_request *request, struct error *err)
{
    uint64_t explain;
    struct who who;
    enum status status = request_query_u64(req, "explain", 0, 1, 0, &explain, err);

    if (status != AF_OK || explain == 0)
        return status;
    request->explain = true;
    request->explain_id = request_query(req, "case");
    return site_scope(site, req, rep, SCOPE_SEARCH_READ, &who, err);
}

API_HANDLER(api_search)
{
    struct site *here = site;
    struct search_request request = {.query = request_query(req, "q"),
                                     .product = request_query(req, "product"),
                                     .category = request_query(req, "category"),
                                     .lang = request_query(req, "lang"),
                                     .page_lang = site_language(req),
                                     .typing = true,
                                     .snippets = true,
                                     .suggest = true};
    struct search_result result = {0};
    uint64_t limit, offset;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK ||
        (status = request_query_u64(req, "limit", 1, LIMIT_MAX, HITS_DEFAULT, &limit, err)) !=
            AF_OK ||
        (status = request_query_u64(req, "offset", 0, HITS_MAX - LIMIT_MAX, 0, &offset, err)) !=
            AF_OK)
        return status;
    request.limit = (uint32_t)limit;
    request.offset = (uint32_t)offset;
    request.audience = who.audience;
    if ((status = facets_parse(request_query(req, "facets"), &request.facets, err)) != AF_OK ||
        (status = take_explain(here, req, rep, &request, err)) != AF_OK)
        return status;
    status = app_search(here->app, &request, req->arena, &result, err);
    if (status != AF_OK)
        return status;
    return reply_json(rep, 200, search_result_json(request.query, &result), err);
}

static enum status reply_answers(struct reply *rep, unsigned code, const char *consult_id,
                                 const struct search_result *answers, struct error *err)
{
    return reply_json(
        rep, code, json_pack("{s:s,s:o}", "consult_id", consult_id, "answers", hits_json(answers)),
        err);
}

API_HANDLER(api_consult_new)
{
    struct site *here = site;
    struct search_result answers = {0};
    struct ask_input input = {0};
    const char *consult_id;
    const json_t *body;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "text", HTTP_BODY_SEARCH_MAX, true, &input.text, err)) != AF_OK ||
        (status = json_text(body, "product", ARTICLE_TITLE_BYTES_MAX, false, &input.product,
                            err)) != AF_OK ||
        (status = json_text(body, "channel", 32, false, &input.channel, err)) != AF_OK ||
        (status = json_text(body, "lang", 35, false, &input.lang, err)) != AF_OK ||
        (status = json_text(body, "asker", ASKER_BYTES_MAX, false, &input.asker, err)) != AF_OK ||
        (status = site_key(req, "consult", &input.key, err)) != AF_OK)
        return status;
    if (who_is_staff(&who))
        input.contact = json_object_get(body, "contact");
    else /* who has no token speaks for himself alone */
        input.asker = site_asker(req, &who);
    status = ask_begin(here->app, &who, &input, req->arena, &consult_id, &answers, err);
    if (status != AF_OK)
        return status;
    reply_headerf(rep, "Location", "/api/v1/consults/%s", consult_id);
    return reply_answers(rep, 201, consult_id, &answers, err);
}

static const char *consult_param(const struct request *req)
{
    return (const char *)request_param(req, "id").data; /* ends with a NUL */
}

API_HANDLER(api_consult_get)
{
    struct site *here = site;
    json_t *consult;
    enum status status = ask_get(here->app, consult_param(req), &consult, err);

    return status == AF_OK ? reply_json(rep, 200, consult, err) : status;
}

API_HANDLER(api_consult_query)
{
    struct site *here = site;
    struct search_result answers = {0};
    const json_t *body;
    struct bytes text;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "text", HTTP_BODY_SEARCH_MAX, true, &text, err)) != AF_OK)
        return status;
    status = ask_again(here->app, &who, consult_param(req), text, req->arena, &answers, err);
    if (status != AF_OK)
        return status;
    return reply_answers(rep, 200, consult_param(req), &answers, err);
}

API_HANDLER(api_consult_opened)
{
    struct site *here = site;
    struct bytes case_id;
    const json_t *body;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "case", ARTICLE_ID_BYTES_MAX, true, &case_id, err)) != AF_OK)
        return status;
    status = ask_opened(here->app, &who, consult_param(req), case_id, err);
    if (status == AF_OK)
        reply_code(rep, 204);
    return status;
}

/* "rating" may be left out; a fraction or a word is a mistake worth a sentence. */
static enum status take_rating(const json_t *body, int *out, struct error *err)
{
    const json_t *rating = json_object_get(body, "rating");

    *out = 0;
    if (rating == NULL || json_is_null(rating))
        return AF_OK;
    if (!json_is_integer(rating) || json_integer_value(rating) < 1 ||
        json_integer_value(rating) > 5)
        return error_set(err, AF_INVALID, "\"rating\" is a number from 1 to 5");
    *out = (int)json_integer_value(rating);
    return AF_OK;
}

API_HANDLER(api_consult_outcome)
{
    struct site *here = site;
    struct ask_outcome outcome = {0};
    const json_t *body, *solved;
    json_t *consult;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK)
        return status;
    solved = json_object_get(body, "solved");
    if (!json_is_boolean(solved))
        return error_set(err, AF_INVALID, "\"solved\" must be true or false");
    outcome.solved = json_is_true(solved);
    if ((status = json_text(body, "case", ARTICLE_ID_BYTES_MAX, false, &outcome.case_id, err)) !=
            AF_OK ||
        (status = json_text(body, "reason", TICKET_TITLE_BYTES_MAX, false, &outcome.reason, err)) !=
            AF_OK ||
        (status = take_rating(body, &outcome.rating, err)) != AF_OK)
        return status;
    status = ask_settle(here->app, &who, consult_param(req), &outcome, &consult, err);
    return status == AF_OK ? reply_json(rep, 200, consult, err) : status;
}
