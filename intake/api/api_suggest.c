#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/site.h"
#include "intake/suggestions.h"

API_HANDLER(api_suggest)
{
    struct site *here = site;
    struct suggest_request request = {.typed = request_query(req, "q"),
                                      .product = request_query(req, "product"),
                                      .category = request_query(req, "category"),
                                      .lang = request_query(req, "lang"),
                                      .page_lang = site_language(req)};
    struct suggest_result result;
    uint64_t limit;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status == AF_OK)
        status = request_query_u64(req, "limit", 1, SUGGEST_MAX, SUGGEST_MAX, &limit, err);
    if (status != AF_OK)
        return status;
    request.limit = (uint32_t)limit;
    request.audience = who.audience;
    status = app_suggest(here->app, &request, req->arena, &result, err);
    if (status != AF_OK)
        return status;
    return reply_json(rep, 200, suggest_result_json(request.typed, &result), err);
}
