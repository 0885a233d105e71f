#include "intake/api/api.h"

#include "data/base/clock.h"
#include "intake/route/route.h"
#include "intake/site.h"

/* A parameter as text with its end; "" when it is absent. */
static const char *text_of(struct request *req, const char *name)
{
    struct bytes value = request_query(req, name);

    return value.len > 0 ? arena_str(req->arena, value) : "";
}

static enum status take_question(struct request *req, struct route_question *out, struct error *err)
{
    struct bytes at = request_query(req, "at");

    *out = (struct route_question){
        .product = text_of(req, "product"),
        .type = text_of(req, "type"),
        .severity = text_of(req, "severity"),
        .region = text_of(req, "region"),
        .lang = text_of(req, "lang"),
        .class = text_of(req, "class"),
        .channel = text_of(req, "channel"),
        .at_ms = clock_now_ms(),
    };
    if (at.len > 0 && !clock_parse(at, &out->at_ms))
        return error_set(err, AF_INVALID, "\"at\" is a time like 2026-11-23T09:00:00Z");
    return AF_OK;
}

/* A dry run: nothing is assigned. */
API_HANDLER(api_route)
{
    struct site *here = site;
    struct route_question question;
    struct route_answer answer;
    struct rules rules;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = take_question(req, &question, err)) != AF_OK ||
        (status = rules_load_now(here->app, &rules, err)) != AF_OK)
        return status;
    status = route_find(&rules, &question, req->arena, &answer, err);
    if (status == AF_OK)
        status = reply_json(rep, 200, route_answer_json(&answer), err);
    rules_release(&rules);
    return status;
}
