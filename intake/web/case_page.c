#include "intake/web/case_page.h"

#include "intake/similar.h"

#define SIMILAR_SHOWN 5
#define SIMILAR_COVERAGE 0.3 /* of the case's telling terms: with less, a small library guesses */

static void drop_unlike(struct search_result *like)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < like->hits_count; i++)
        if (like->hits[i].coverage >= SIMILAR_COVERAGE)
            like->hits[kept++] = like->hits[i];
    like->hits_count = kept;
}

enum status case_page_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct bytes id = request_param(req, "id");
    struct search_result like;
    struct case_text text;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    status = case_text_load(v.site->app, &v.pg.who, req->arena, id, &text, err);
    if (status == AF_OK)
        status = similar_find(v.site->app, &v.pg.who, id, SIMILAR_SHOWN, req->arena, &like, err);
    if (status != AF_OK)
        return visit_fail(&v, status);
    drop_unlike(&like);
    view_case(&v.pg, &text, &like);
    return visit_end(&v, 200);
}
