#include "intake/web/ask_page.h"

/* What is before the eyes while somebody types: fewer than a program may have. */
#define SUGGESTIONS_MAX 6

enum status ask_page_suggest(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct suggest_request request = {.limit = SUGGESTIONS_MAX};
    struct suggest_result result;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    request.typed = request_query(req, "q");
    request.product = request_query(req, "product");
    request.page_lang = bytes_str(lang_tag(v.pg.lang));
    request.audience = v.pg.who.audience;
    status = app_suggest(v.site->app, &request, req->arena, &result, err);
    if (status != AF_OK)
        return visit_fail(&v, status);
    view_suggestions(&v.pg, &result);
    return visit_end(&v, 200);
}
