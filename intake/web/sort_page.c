#include "intake/web/sort_page.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/desk/ticket_fields.h"
#include "intake/form/form_check.h"
#include "intake/web/form_values.h"
#include "intake/web/sign_in.h"

struct sort_page {
    struct visit v;
    uint32_t no;
    json_t *ticket, *values;
    struct rules rules;
    struct ticket_form_view form;
    struct form_faults faults;
    struct sort_view view;
};

static void release(struct sort_page *p)
{
    json_decref(p->ticket);
    json_decref(p->values);
    rules_release(&p->rules);
}

static enum status fail_sort(struct sort_page *p, enum status status)
{
    release(p);
    return visit_fail(&p->v, status);
}

static enum status load(struct sort_page *p)
{
    enum status status;

    if (!ticket_parse_no(request_param(p->v.req, "no"), &p->no))
        return error_set(p->v.err, AF_NOT_FOUND, "no ticket has this number");
    status = ticket_get(p->v.site->app, &p->v.pg.who, p->no, &p->ticket, p->v.err);
    return status == AF_OK ? rules_load_now(p->v.site->app, &p->rules, p->v.err) : status;
}

/* As the form's elements are called (form_values.h). */
static enum status values_of_ticket(struct sort_page *p)
{
    static const char *const members[] = {"product", "type", "class"};
    const char *id;
    json_t *value;
    bool ok = true;

    p->values = json_object();
    for (size_t i = 0; i < 3; i++)
        json_put(p->values, members[i], json_string(json_get_str(p->ticket, members[i])), &ok);
    json_object_foreach(json_object_get(p->ticket, "fields"), id, value)
    {
        const char *name = arena_printf(p->v.req->arena, "f.%s", id);

        if (name != NULL)
            json_put(p->values, name, json_incref(value), &ok);
    }
    if (json_object_get(p->ticket, "missing") != NULL)
        json_put(p->values, "incomplete", json_string("1"), &ok);
    return ok ? AF_OK : error_set(p->v.err, AF_NO_MEMORY, "no memory for a form");
}

static enum status show(struct sort_page *p, unsigned code)
{
    struct visit *v = &p->v;

    p->form.values = p->values;
    p->form.rules = &p->rules;
    p->form.form = form_values_form(&p->rules, p->values);
    p->form.errors = p->faults.list;
    p->form.error_count = p->faults.count;
    p->form.update = arena_printf(v->req->arena, "/desk/%u/class", p->no);
    p->view.form = &p->form;
    p->view.ticket = p->ticket;
    p->view.no = p->no;
    if (p->form.update == NULL)
        return fail_sort(p, arena_exhausted(v->req->arena, v->err));
    if (app_products(v->site->app, v->pg.who.audience, v->req->arena, &p->form.products,
                     &p->form.product_count, v->err) != AF_OK)
        p->form.product_count = 0;
    v->pg.path = bytes_str(p->form.update);
    view_sort(&v->pg, &p->view);
    release(p);
    return visit_end(v, code);
}

enum status sort_page_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct sort_page p = {0};
    enum status status;

    visit_begin(&p.v, app, req, rep, err);
    if (!who_is_staff(&p.v.pg.who))
        return sign_in_first(&p.v);
    if ((status = load(&p)) != AF_OK || (status = values_of_ticket(&p)) != AF_OK)
        return fail_sort(&p, status);
    return show(&p, 200);
}

/* --- saving --------------------------------------------------------------------------------- */

/* A member that is another now; none when it is the same. */
static struct bytes changed(const struct sort_page *p, const char *member)
{
    const char *now = json_get_str(p->values, member);

    if (strcmp(now, json_get_str(p->ticket, member)) == 0)
        return BYTES_NONE;
    return bytes_str(now);
}

static enum status save_class(struct sort_page *p, json_t **proposed)
{
    const struct ticket_class class = {.product = changed(p, "product"),
                                       .type = changed(p, "type"),
                                       .class = changed(p, "class"),
                                       .reason = bytes_str(json_get_str(p->values, "reason"))};

    if (class.product.data == NULL && class.type.data == NULL && class.class.data == NULL)
        return AF_OK;
    return ticket_classify(p->v.site->app, &p->v.pg.who, p->no, &class, proposed, p->v.err);
}

static bool is_incomplete(const struct sort_page *p)
{
    return json_get_str(p->values, "incomplete")[0] != '\0';
}

/* Only when it is another than it was: a look at the page is no entry of the history. */
static enum status save_fields(struct sort_page *p)
{
    json_t *given = form_values_fields(p->form.form, p->values);
    json_t *none = json_object(), *old = json_object_get(p->ticket, "fields");
    struct form_result taken;
    enum status status =
        given == NULL || none == NULL
            ? error_set(p->v.err, AF_NO_MEMORY, "no memory for a form")
            : form_check(p->form.form, given, is_incomplete(p), clock_now_ms(), &taken, p->v.err);
    bool same;

    if (given != NULL && none != NULL) {
        same = json_equal(taken.values, old != NULL ? old : none) != 0;
        form_result_release(&taken);
        if (status == AF_OK && !same)
            status = ticket_set_fields(p->v.site->app, &p->v.pg.who, p->no, given, is_incomplete(p),
                                       NULL, p->v.err);
    }
    json_decref(none);
    json_decref(given);
    return status;
}

/* Whom routing would give it to, when it is another group; the caller's values stay. */
static enum status done(struct sort_page *p, json_t *proposed)
{
    const char *group = json_get_str(proposed, "group");
    const json_t *known = rules_find(&p->rules, RULES_GROUPS, group);
    bool is_other = group[0] != '\0' && strcmp(group, json_get_str(p->ticket, "group")) != 0;
    struct buf location = {0};

    if (is_other) {
        p->view.proposed = arena_printf(p->v.req->arena, "%s", form_words(&p->v.pg, known, "name"));
        json_decref(proposed);
        return show(p, 200);
    }
    json_decref(proposed);
    buf_printf(&location, "/desk/%u", p->no);
    release(p);
    return visit_redirect(&p->v, &location);
}

static enum status read_post(struct sort_page *p)
{
    bool ok = true;
    enum status status = load(p);

    if (status != AF_OK)
        return status;
    if ((p->values = form_values_read(&p->v.form)) == NULL)
        return error_set(p->v.err, AF_NO_MEMORY, "no memory for a form");
    json_put(p->values, "title", json_string(json_get_str(p->ticket, "title")), &ok);
    p->form.form = form_values_form(&p->rules, p->values);
    p->form.values = p->values;
    p->form.rules = &p->rules;
    return ok ? AF_OK : error_set(p->v.err, AF_NO_MEMORY, "no memory for a form");
}

enum status sort_page_post(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct sort_page p = {0};
    json_t *proposed = NULL;
    enum status status = visit_begin_post(&p.v, app, req, rep, err);

    if (status != AF_OK)
        return fail_sort(&p, status);
    if (!who_is_staff(&p.v.pg.who))
        return sign_in_first(&p.v);
    if ((status = visit_check_token(&p.v)) != AF_OK || (status = read_post(&p)) != AF_OK)
        return fail_sort(&p, status);
    if (bytes_equal(visit_field(&p.v, "do", 8), BYTES_LIT("update")))
        return show(&p, 200);
    if ((status = form_faults_find(&p.v.pg, &p.form, false, is_incomplete(&p), clock_now_ms(),
                                   &p.faults, err)) != AF_OK)
        return fail_sort(&p, status);
    if (p.faults.count > 0)
        return show(&p, 422);
    if ((status = save_class(&p, &proposed)) == AF_OK)
        status = save_fields(&p);
    if (status == AF_OK)
        return done(&p, proposed);
    json_decref(proposed);
    if (status != AF_CONFLICT && status != AF_INVALID && status != AF_TOO_LARGE)
        return fail_sort(&p, status);
    p.form.refusal = arena_printf(req->arena, "%s", err->text);
    return show(&p, status == AF_CONFLICT ? 409 : 422);
}
