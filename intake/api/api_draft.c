/* Drafts of tickets: for apps and mini-programs what the page does by itself. */
#include "intake/api/api.h"

#include "intake/draft/draft.h"
#include "intake/site.h"

static enum status reply_draft(struct site *site, struct request *req, struct reply *rep,
                               struct error *err)
{
    json_t *draft;
    enum status status = draft_get(site->app, request_param(req, "id"), &draft, err);

    return status == AF_OK ? reply_json(rep, 200, draft, err) : status;
}

API_HANDLER(api_draft_get)
{
    return reply_draft(site, req, rep, err);
}

API_HANDLER(api_draft_put)
{
    struct site *here = site;
    const json_t *body;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK)
        return status;
    status =
        draft_put(here->app, &who, request_param(req, "id"), json_object_get(body, "values"), err);
    return status == AF_OK ? reply_draft(here, req, rep, err) : status;
}

API_HANDLER(api_draft_list)
{
    struct site *here = site;
    json_t *list;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status == AF_OK)
        status = draft_list(here->app, &who, &list, err);
    return status == AF_OK ? reply_json(rep, 200, list, err) : status;
}
