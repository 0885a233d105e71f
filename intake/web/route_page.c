/* route_page.c: a dry run of the routing rules (rules_page.h). */
#include "data/base/clock.h"
#include "intake/route/route.h"
#include "intake/rules/names.h"
#include "intake/web/rules_page.h"
#include "intake/web/sign_in.h"

#define FIELD_BYTES 200

static const char *field(struct visit *v, const char *name)
{
    struct bytes value = visit_field(v, name, FIELD_BYTES);
    const char *text = value.len > 0 ? arena_str(v->req->arena, value) : "";

    return text != NULL ? text : "";
}

static enum status take_question(struct visit *v, struct route_question *out, const char **at)
{
    *out = (struct route_question){
        .product = field(v, "product"),
        .type = field(v, "type"),
        .severity = field(v, "severity"),
        .region = field(v, "region"),
        .lang = field(v, "for"),
        .class = field(v, "class"),
        .channel = field(v, "channel"),
        .at_ms = clock_now_ms(),
    };
    *at = field(v, "at");
    if ((*at)[0] != '\0' && !clock_parse(bytes_str(*at), &out->at_ms))
        return error_set(v->err, AF_INVALID, "a time is like 2026-11-23T09:00:00+08:00");
    return AF_OK;
}

static enum status show(struct visit *v, const struct rules *rules, struct route_view *view)
{
    const struct bytes lang = bytes_str(lang_tag(v->pg.lang));
    struct route_answer answer;
    enum status status = route_find(rules, &view->question, v->req->arena, &answer, v->err);

    if (status != AF_OK)
        return visit_fail(v, status);
    view->answer = &answer;
    view->group = rules_name_in(json_object_get(answer.group, "name"), lang);
    if (view->group[0] == '\0')
        view->group = json_get_str(answer.group, "id");
    v->pg.path = BYTES_LIT("/desk/route");
    view_route(&v->pg, view);
    return visit_end(v, 200);
}

enum status route_page_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct route_view view = {0};
    struct rules rules;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = take_question(&v, &view.question, &view.at)) != AF_OK ||
        (status = rules_load_now(v.site->app, &rules, err)) != AF_OK)
        return visit_fail(&v, status);
    status = show(&v, &rules, &view);
    rules_release(&rules);
    return status;
}
