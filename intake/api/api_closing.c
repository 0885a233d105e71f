/* The end of a ticket: the customer's confirmation, his survey, visits. */
#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/api/api_ticket_now.h"
#include "intake/desk/survey.h"
#include "intake/desk/ticket_close.h"
#include "intake/desk/visits.h"
#include "intake/site.h"

/* --- confirmation ----------------------------------------------------------------------------- */

API_HANDLER(api_ticket_confirm)
{
    struct site *here = site;
    const char *key;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = api_ticket_no(req, &no, err);

    if (status != AF_OK ||
        (status = api_ticket_who(here, req, rep, no, SCOPE_TICKETS_WRITE, &who, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = site_key(req, "confirm", &key, err)) != AF_OK)
        return status;
    status = ticket_confirm(here->app, &who, no, key, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

/* --- the survey ------------------------------------------------------------------------------- */

static enum status take_score(const json_t *body, bool required, int64_t *score, struct error *err)
{
    const json_t *value = json_object_get(body, "score");

    *score = 0;
    if (!required && (value == NULL || json_is_null(value)))
        return AF_OK;
    *score = json_integer_value(value);
    if (!json_is_integer(value) || *score < 1 || *score > 5)
        return error_set(err, AF_INVALID, "\"score\" is a number from 1 to 5");
    return AF_OK;
}

static enum status reply_survey(struct site *site, struct reply *rep, struct bytes key,
                                struct error *err)
{
    json_t *survey;
    enum status status = survey_get(site->app, key, &survey, err);

    reply_header(rep, "X-Robots-Tag", "noindex");
    return status == AF_OK ? reply_json(rep, 200, survey, err) : status;
}

API_HANDLER(api_survey_get)
{
    return reply_survey(site, rep, request_param(req, "key"), err);
}

API_HANDLER(api_survey_answer)
{
    struct site *here = site;
    const struct bytes key = request_param(req, "key");
    const char *once;
    const json_t *body;
    struct bytes text;
    int64_t score;
    enum status status = site_object(req, rep, &body, err);

    if (status != AF_OK || (status = take_score(body, true, &score, err)) != AF_OK ||
        (status = json_text(body, "text", SURVEY_TEXT_BYTES_MAX, false, &text, err)) != AF_OK ||
        (status = site_key(req, "survey", &once, err)) != AF_OK)
        return status;
    status = survey_answer(here->app, key, score, text, once, err);
    return status == AF_OK ? reply_survey(here, rep, key, err) : status;
}

API_HANDLER(api_ticket_survey)
{
    struct site *here = site;
    char key[SURVEY_KEY_BYTES];
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = survey_key(here->app, no, key, err)) != AF_OK)
        return status;
    return reply_json(rep, 200, json_pack("{s:o}", "survey_url", json_sprintf("/s/%s", key)), err);
}

API_HANDLER(api_ticket_survey_enter)
{
    struct site *here = site;
    const json_t *body;
    struct bytes text;
    struct who who;
    int64_t score;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = take_score(body, true, &score, err)) != AF_OK ||
        (status = json_text(body, "text", SURVEY_TEXT_BYTES_MAX, false, &text, err)) != AF_OK)
        return status;
    status = survey_answer_for(here->app, &who, no, score, text, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

/* --- visits ----------------------------------------------------------------------------------- */

API_HANDLER(api_visit_list)
{
    struct site *here = site;
    struct visit_filter filter = {.group = request_query(req, "group"),
                                  .after = request_query(req, "after")};
    uint64_t limit;
    struct who who;
    json_t *list;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK ||
        (status = request_query_u64(req, "limit", 1, VISIT_LIST_MAX, 50, &limit, err)) != AF_OK)
        return status;
    filter.limit = (uint32_t)limit;
    status = visit_list(here->app, &who, &filter, &list, err);
    return status == AF_OK ? reply_json(rep, 200, list, err) : status;
}

static enum status take_visit(const struct request *req, uint32_t *no, uint32_t *visit,
                              struct error *err)
{
    enum status status = api_ticket_no(req, no, err);

    if (status == AF_OK && !ticket_parse_no(request_param(req, "visit"), visit))
        return error_set(err, AF_NOT_FOUND, "a visit is named by its number on the ticket");
    return status;
}

API_HANDLER(api_visit_report)
{
    struct site *here = site;
    struct visit_report report = {0};
    const json_t *body;
    struct who who;
    uint32_t no, visit;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = take_visit(req, &no, &visit, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "result", 32, true, &report.result, err)) != AF_OK ||
        (status = take_score(body, false, &report.score, err)) != AF_OK ||
        (status = json_text(body, "text", SURVEY_TEXT_BYTES_MAX, false, &report.text, err)) !=
            AF_OK)
        return status;
    status = visit_report(here->app, &who, no, visit, &report, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_visit_waive)
{
    struct site *here = site;
    const json_t *body;
    struct bytes reason;
    struct who who;
    uint32_t no, visit;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = take_visit(req, &no, &visit, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "reason", TICKET_TITLE_BYTES_MAX, true, &reason, err)) != AF_OK)
        return status;
    status = visit_waive(here->app, &who, no, visit, reason, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}
