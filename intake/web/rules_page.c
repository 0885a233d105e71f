#include "intake/web/rules_page.h"

#include "data/base/limits.h"
#include "intake/rules/rules.h"
#include "intake/web/sign_in.h"

#include <stdlib.h>

#define VERSION_BYTES 12

/* --- one document as text -------------------------------------------------------------------- */

/* As people edit it: two blanks a level. */
static enum status pretty(struct visit *v, const json_t *doc, struct bytes *out)
{
    char *text = json_dumps(doc, JSON_INDENT(2));
    char *kept = text != NULL ? arena_str(v->req->arena, bytes_str(text)) : NULL;

    free(text);
    if (kept == NULL)
        return arena_exhausted(v->req->arena, v->err);
    *out = bytes_str(kept);
    return AF_OK;
}

static enum status take_kind(struct visit *v, enum rules_kind *kind)
{
    if (rules_parse(request_param(v->req, "name"), kind))
        return AF_OK;
    return error_set(v->err, AF_NOT_FOUND, "there is no such document");
}

static enum status read_doc(struct visit *v, enum rules_kind kind, struct rules_view *view)
{
    json_t *json;
    enum status status = rules_get(v->site->app, kind, &json, v->err);

    if (status != AF_OK)
        return status;
    view->version = (uint32_t)json_get_u64(json, "version");
    status = pretty(v, json_object_get(json, "doc"), &view->text);
    json_decref(json);
    return status;
}

static enum status show(struct visit *v, struct rules_view *view, unsigned code)
{
    view->can_change = v->pg.who.role == ROLE_ADMIN;
    v->pg.path = bytes_str(arena_printf(v->req->arena, "/desk/rules/%s", view->name));
    view_rules(&v->pg, view);
    return visit_end(v, code);
}

enum status rules_page_list(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct rules_row rows[RULES_KINDS];
    struct rules rules;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = rules_load_now(v.site->app, &rules, err)) != AF_OK)
        return visit_fail(&v, status);
    for (unsigned i = 0; i < RULES_KINDS; i++)
        rows[i] = (struct rules_row){rules_name((enum rules_kind)i), rules.versions[i]};
    rules_release(&rules);
    view_rules_list(&v.pg, rows, RULES_KINDS);
    return visit_end(&v, 200);
}

enum status rules_page_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct rules_view view = {0};
    enum rules_kind kind;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = take_kind(&v, &kind)) != AF_OK || (status = read_doc(&v, kind, &view)) != AF_OK)
        return visit_fail(&v, status);
    view.name = rules_name(kind);
    view.is_saved = request_query(req, "saved").len > 0;
    return show(&v, &view, 200);
}

enum status rules_page_file(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct rules_view view = {0};
    enum rules_kind kind;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = take_kind(&v, &kind)) != AF_OK || (status = read_doc(&v, kind, &view)) != AF_OK)
        return visit_fail(&v, status);
    buf_release(&v.html);
    reply_headerf(rep, "Content-Disposition", "attachment; filename=\"%s.json\"", rules_name(kind));
    reply_body(rep, "application/json", view.text);
    return AF_OK;
}

/* --- replacing it ---------------------------------------------------------------------------- */

static int64_t version_of(const struct visit *v)
{
    struct bytes text = visit_field(v, "version", VERSION_BYTES);
    int64_t version = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return INT32_MAX; /* none there is: a conflict */
        version = version * 10 + (text.data[i] - '0');
    }
    return text.len > 0 ? version : INT32_MAX;
}

static enum status sent_text(const struct visit *v, struct bytes *out)
{
    const struct bytes *sent = pairs_find(&v->form, "text");

    if (sent == NULL)
        return error_set(v->err, AF_INVALID, "\"text\" is missing");
    *out = *sent;
    return AF_OK;
}

/* What was typed is shown again, with what is wrong about it; complaints may be NULL. */
static enum status show_refused(struct visit *v, enum rules_kind kind, struct bytes text,
                                const json_t *complaints, enum status refusal)
{
    struct rules_view view = {.name = rules_name(kind),
                              .text = text,
                              .version = (uint32_t)version_of(v),
                              .complaints = complaints,
                              .is_changed = refusal == AF_CONFLICT,
                              .refusal = v->err->text};

    return show(v, &view, refusal == AF_CONFLICT ? 409 : 422);
}

static enum status replace(struct visit *v, enum rules_kind kind, struct bytes text)
{
    json_t *doc = NULL, *complaints = NULL;
    uint32_t version;
    enum status status = json_parse(text, &doc, v->err);

    if (status == AF_OK)
        status = rules_set(v->site->app, &v->pg.who, kind, doc, version_of(v), &version,
                           &complaints, v->err);
    json_decref(doc);
    if (status == AF_INVALID || status == AF_TOO_LARGE || status == AF_CONFLICT)
        status = show_refused(v, kind, text, complaints, status);
    else if (status != AF_OK)
        status = visit_fail(v, status);
    else
        status = visit_redirect_to(
            v, arena_printf(v->req->arena, "/desk/rules/%s?saved=1", rules_name(kind)));
    json_decref(complaints);
    return status;
}

enum status rules_page_post(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct bytes text;
    enum rules_kind kind;
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK)
        return visit_fail(&v, status);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = visit_check_token(&v)) != AF_OK || (status = take_kind(&v, &kind)) != AF_OK ||
        (status = sent_text(&v, &text)) != AF_OK)
        return visit_fail(&v, status);
    return replace(&v, kind, text);
}
