#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/hits.h"
#include "intake/similar.h"
#include "intake/site.h"

API_HANDLER(api_case_similar)
{
    struct site *here = site;
    struct bytes id = request_param(req, "id");
    struct search_result result = {0};
    uint64_t limit;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK ||
        (status = request_query_u64(req, "limit", 1, 100, HITS_DEFAULT, &limit, err)) != AF_OK ||
        (status = similar_find(here->app, &who, id, (uint32_t)limit, req->arena, &result, err)) !=
            AF_OK)
        return status;
    return reply_json(rep, 200,
                      json_pack("{s:o,s:o}", "id", json_from_bytes(id), "hits", hits_json(&result)),
                      err);
}
