#include "intake/web/case_page.h"

enum status case_page_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct case_text text;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    status =
        case_text_load(v.site->app, &v.pg.who, req->arena, request_param(req, "id"), &text, err);
    if (status != AF_OK)
        return visit_fail(&v, status);
    view_case(&v.pg, &text);
    return visit_end(&v, 200);
}
