#include "intake/web/closing_page.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "intake/desk/survey.h"
#include "intake/desk/ticket_close.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_survey.h"

/* --- the ticket's page ---------------------------------------------------------------------- */

void closing_page_fill(struct visit *v, uint32_t no, struct follow_view *view)
{
    char key[SURVEY_KEY_BYTES];
    const int64_t now_ms = clock_now_ms();

    view->may_reopen = ticket_end_may_reopen(view->ticket, now_ms);
    if (ticket_survey_open(view->ticket, now_ms, NULL) == AF_OK &&
        survey_key(v->site->app, no, key, NULL) == AF_OK)
        view->survey = arena_printf(v->req->arena, "/s/%s", key);
}

enum status closing_page_confirm(void *app, struct request *req, struct reply *rep,
                                 struct error *err)
{
    const struct who who = who_customer();
    struct visit v;
    uint32_t no;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status == AF_OK)
        status = ticket_by_follow_up(v.site->app, request_param(req, "key"), &no, err);
    if (status == AF_OK)
        status = ticket_confirm(v.site->app, &who, no, visit_action_key(&v, "page.confirm"), err);
    /* Somebody was faster: the ticket's page says how it stands. */
    if (status != AF_OK && status != AF_CONFLICT)
        return visit_fail(&v, status);
    return visit_redirect_to(
        &v, arena_printf(req->arena, "/t/%s", (const char *)request_param(req, "key").data));
}

/* --- the survey ----------------------------------------------------------------------------- */

/* In the page's language, or in one that there is. */
static const char *question(const json_t *ask, enum lang lang)
{
    const char *text = json_get_str(ask, lang_tag(lang)), *name;
    json_t *other;

    if (json_is_string(ask))
        return json_string_value(ask);
    if (text[0] == '\0')
        text = json_get_str(ask, "en");
    json_object_foreach((json_t *)(uintptr_t)ask, name, other)
    {
        if (text[0] == '\0')
            text = json_string_value(other);
    }
    return text;
}

static enum status show(struct visit *v, struct survey_view *view, unsigned code)
{
    const struct bytes key = request_param(v->req, "key");
    char action[ID_HEX_BYTES];
    json_t *survey;
    enum status status = survey_get(v->site->app, key, &survey, v->err);

    if (status != AF_OK)
        return visit_fail(v, status);
    id_random(action);
    view->key = arena_str(v->req->arena, key);
    view->action = action;
    view->survey = survey;
    view->ask = question(json_object_get(survey, "ask"), v->pg.lang);
    v->pg.who = who_customer(); /* the link shows the same to everybody */
    v->pg.path = bytes_str(arena_printf(v->req->arena, "/s/%s", view->key));
    reply_header(v->rep, "X-Robots-Tag", "noindex");
    view_survey(&v->pg, view);
    json_decref(survey);
    return visit_end(v, code);
}

enum status closing_page_survey(void *app, struct request *req, struct reply *rep,
                                struct error *err)
{
    struct survey_view view = {0};
    struct visit v;

    visit_begin(&v, app, req, rep, err);
    return show(&v, &view, 200);
}

enum status closing_page_answer(void *app, struct request *req, struct reply *rep,
                                struct error *err)
{
    struct survey_view view = {0};
    struct bytes score, key = request_param(req, "key");
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK)
        return visit_fail(&v, status);
    score = visit_field(&v, "score", 4);
    view.text = visit_field(&v, "text", SURVEY_TEXT_BYTES_MAX);
    if (score.len == 1 && score.data[0] >= '1' && score.data[0] <= '5')
        view.score = score.data[0] - '0';
    if ((view.is_without_score = view.score == 0))
        return show(&v, &view, 422);
    status = survey_answer(v.site->app, key, view.score, view.text,
                           visit_action_key(&v, "page.survey"), err);
    if (status == AF_CONFLICT)
        return show(&v, &view, 409);
    if (status != AF_OK)
        return visit_fail(&v, status);
    return visit_redirect_to(&v, arena_printf(req->arena, "/s/%s", (const char *)key.data));
}
