#include "intake/web/form_page.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "intake/ask/ask.h"
#include "intake/channel.h"
#include "intake/desk/ticket.h"
#include "intake/draft/draft.h"
#include "intake/web/ask_page.h"
#include "intake/web/form_values.h"

struct form_page {
    struct visit v;
    struct ask_state state;
    struct ticket_form_view view;
    struct form_faults faults;
    struct rules rules;
    json_t *consult;
    json_t *values; /* of the form by the names of its elements: texts, lists of texts */
};

/* --- what is there -------------------------------------------------------------------------- */

/* The consult that the ticket will carry; a link to none, or an old one, is a form without. */
static enum status load_consult(struct form_page *p)
{
    enum status status;

    if (p->state.consult_id[0] == '\0')
        return AF_OK;
    status = ask_get(p->v.site->app, p->state.consult_id, &p->consult, p->v.err);
    if (status == AF_NOT_FOUND)
        return AF_OK;
    p->view.consult = p->consult;
    return status;
}

/* Which draft the form is written in: the consult's, or one of its own. */
static enum status find_draft(struct form_page *p)
{
    struct bytes id = visit_field(&p->v, "d", ID_HEX_BYTES);

    p->view.draft = "";
    if (p->consult != NULL && draft_is_id(bytes_str(p->state.consult_id)))
        p->view.draft = p->state.consult_id;
    else if (draft_is_id(id) && (p->view.draft = arena_str(p->v.req->arena, id)) == NULL)
        return arena_exhausted(p->v.req->arena, p->v.err);
    return AF_OK;
}

static enum status load_draft(struct form_page *p)
{
    struct bytes id = bytes_str(p->view.draft);
    json_t *draft;
    enum status status = draft_get(p->v.site->app, id, &draft, p->v.err);

    if (status == AF_NOT_FOUND) {
        p->values = json_object();
        return p->values != NULL ? AF_OK
                                 : error_set(p->v.err, AF_NO_MEMORY, "no memory for a form");
    }
    if (status != AF_OK)
        return status;
    p->values = json_incref(json_object_get(draft, "values"));
    json_decref(draft);
    return AF_OK;
}

static const char *first_case(const json_t *list)
{
    return json_get_str(json_array_get(list, 0), "case");
}

/* Nobody chose a product: that of the answer that was opened, or else shown first, is a guess
 * that the person can change. */
static struct bytes guess_product(struct form_page *p)
{
    const json_t *queries = json_object_get(p->consult, "queries");
    const json_t *last = json_array_get(queries, json_array_size(queries) - 1);
    const char *id = first_case(json_object_get(p->consult, "opened"));
    struct case_text text;

    if (p->state.product.len > 0)
        return p->state.product;
    if (id[0] == '\0')
        id = first_case(json_object_get(last, "shown"));
    if (id[0] != '\0' && case_text_load(p->v.site->app, &p->v.pg.who, p->v.req->arena,
                                        bytes_str(id), &text, NULL) == AF_OK)
        return text.product;
    return BYTES_NONE;
}

static void set_missing(struct form_page *p, const char *name, struct bytes value, bool *ok)
{
    if (json_object_get(p->values, name) == NULL && value.len > 0)
        json_put(p->values, name, json_from_bytes(value), ok);
}

static struct bytes either(struct bytes value, const char *otherwise)
{
    return value.len > 0 ? value : bytes_str(otherwise);
}

/* What a form begins with, where nothing was typed yet. */
static enum status set_defaults(struct form_page *p)
{
    const struct visit *v = &p->v;
    bool ok = true;

    set_missing(p, "title", p->state.question, &ok);
    if (json_object_get(p->values, "class") == NULL) /* a form that nobody has touched */
        set_missing(p, "product", guess_product(p), &ok);
    set_missing(p, "class", either(visit_field(v, "class", 20), "technical"), &ok);
    set_missing(p, "severity", either(visit_field(v, "severity", 2), "S3"), &ok);
    if (who_is_staff(&v->pg.who))
        set_missing(p, "channel", either(visit_field(v, "channel", 20), "phone"), &ok);
    return ok ? AF_OK : error_set(v->err, AF_NO_MEMORY, "no memory for a form");
}

/* --- showing -------------------------------------------------------------------------------- */

static void release(struct form_page *p)
{
    rules_release(&p->rules);
    json_decref(p->consult);
    json_decref(p->values);
}

static enum status fail_form(struct form_page *p, enum status status)
{
    release(p);
    return visit_fail(&p->v, status);
}

static enum status fill_view(struct form_page *p)
{
    struct ticket_form_view *view = &p->view;
    enum status status = rules_load_now(p->v.site->app, &p->rules, p->v.err);

    if (status != AF_OK)
        return status;
    view->state = &p->state;
    view->update = "/ticket/draft";
    view->rules = &p->rules;
    view->values = p->values;
    view->form = form_values_form(&p->rules, p->values);
    view->errors = p->faults.list;
    view->error_count = p->faults.count;
    return app_products(p->v.site->app, p->v.pg.who.audience, p->v.req->arena, &view->products,
                        &view->product_count, p->v.err);
}

static enum status show_form(struct form_page *p, unsigned code)
{
    struct visit *v = &p->v;

    v->pg.path = BYTES_LIT("/ticket/new");
    v->pg.query = bytes_str(
        arena_printf(v->req->arena, "%c=%s", p->consult != NULL ? 'c' : 'd', p->view.draft));
    view_ticket_form(&v->pg, &p->view);
    release(p);
    return visit_end(v, code);
}

/* An address that stays: whoever comes back to it finds what was typed, with or without script. */
static enum status begin_draft(struct form_page *p)
{
    struct buf location = {0};
    char id[ID_HEX_BYTES];

    id_random(id);
    buf_add_str(&location, "/ticket/new?");
    if (p->v.pg.query.len > 0) {
        buf_add(&location, p->v.pg.query);
        buf_add_u8(&location, '&');
    }
    buf_printf(&location, "d=%s", id);
    release(p);
    return visit_redirect(&p->v, &location);
}

enum status form_page_new(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct form_page p = {0};
    char key[ID_HEX_BYTES];
    enum status status;

    visit_begin(&p.v, app, req, rep, err);
    if ((status = ask_state_read(&p.v, &p.state)) != AF_OK ||
        (status = load_consult(&p)) != AF_OK || (status = find_draft(&p)) != AF_OK)
        return fail_form(&p, status);
    if (p.view.draft[0] == '\0')
        return begin_draft(&p);
    id_random(key);
    p.view.key = key;
    p.view.is_kept = visit_field(&p.v, "kept", 1).len > 0;
    if ((status = load_draft(&p)) != AF_OK || (status = set_defaults(&p)) != AF_OK ||
        (status = fill_view(&p)) != AF_OK)
        return fail_form(&p, status);
    return show_form(&p, 200);
}

/* --- what came ------------------------------------------------------------------------------ */

static enum status read_form(struct form_page *p)
{
    enum status status = ask_state_read(&p->v, &p->state);

    if (status != AF_OK || (status = load_consult(p)) != AF_OK || (status = find_draft(p)) != AF_OK)
        return status;
    p->view.key = arena_str(p->v.req->arena, visit_field(&p->v, "key", ID_HEX_BYTES));
    if (p->view.key == NULL)
        return arena_exhausted(p->v.req->arena, p->v.err);
    if ((p->values = form_values_read(&p->v.form)) == NULL)
        return error_set(p->v.err, AF_NO_MEMORY, "no memory for a form");
    return AF_OK;
}

static enum status keep(struct form_page *p)
{
    if (p->view.draft[0] == '\0')
        return AF_OK;
    return draft_put(p->v.site->app, &p->v.pg.who, bytes_str(p->view.draft), p->values, p->v.err);
}

static enum status go_back(struct form_page *p, const char *more)
{
    struct buf location = {0};

    buf_printf(&location, "/ticket/new?%c=%s%s", p->consult != NULL ? 'c' : 'd', p->view.draft,
               more);
    release(p);
    return visit_redirect(&p->v, &location);
}

/* Somebody hung up, or it was nothing. */
static enum status drop(struct form_page *p)
{
    enum status status =
        draft_drop(p->v.site->app, &p->v.pg.who, bytes_str(p->view.draft), p->v.err);

    if (status != AF_OK)
        return fail_form(p, status);
    release(p);
    return visit_redirect_to(&p->v, who_is_staff(&p->v.pg.who) ? "/desk" : "/");
}

enum status form_page_draft(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct form_page p = {0};
    struct bytes what;
    enum status status = visit_begin_post(&p.v, app, req, rep, err);

    if (status != AF_OK || (status = read_form(&p)) != AF_OK)
        return fail_form(&p, status);
    what = visit_field(&p.v, "do", 8);
    if (bytes_equal(what, BYTES_LIT("drop")))
        return drop(&p);
    if ((status = keep(&p)) != AF_OK)
        return fail_form(&p, status);
    if (!p.v.wants_fragment)
        return go_back(&p, bytes_equal(what, BYTES_LIT("later")) ? "&kept=1" : "#asked");
    json_decref(p.values); /* with what was answered before something else was chosen */
    p.values = NULL;
    if ((status = load_draft(&p)) != AF_OK || (status = fill_view(&p)) != AF_OK)
        return fail_form(&p, status);
    view_asked(&p.v.pg, &p.view);
    release(&p);
    return visit_end(&p.v, 200);
}

/* --- sending -------------------------------------------------------------------------------- */

/* The sentences of the two refusals that people meet are in the catalog. */
static const char *refusal(struct form_page *p, enum status status)
{
    enum text_key key = T_refuse_answers;

    if (status != AF_CONFLICT)
        return arena_printf(p->v.req->arena, "%s", p->v.err->text);
    if (json_get_u64(p->consult, "ticket") != 0)
        key = T_refuse_twice;
    return (const char *)page_text_value(&p->v.pg, key, NULL, 0).data;
}

static struct bytes channel_of(const struct form_page *p)
{
    struct bytes channel = bytes_str(json_get_str(p->values, "channel"));

    if (!who_is_staff(&p->v.pg.who) || channel_find(channel) == NULL)
        return BYTES_LIT("web");
    return channel;
}

static bool is_incomplete(const struct form_page *p)
{
    return who_is_staff(&p->v.pg.who) && json_get_str(p->values, "incomplete")[0] != '\0';
}

static enum status open_ticket(struct form_page *p, struct ticket_opened *opened)
{
    const json_t *values = p->values;
    json_t *contact = form_values_contact(values);
    json_t *fields = form_values_fields(p->view.form, values);
    const struct ticket_input input = {
        .consult_id = p->consult == NULL ? NULL : p->state.consult_id,
        .class = bytes_str(json_get_str(values, "class")),
        .severity = bytes_str(json_get_str(values, "severity")),
        .channel = channel_of(p),
        .title = bytes_str(json_get_str(values, "title")),
        .text = bytes_str(json_get_str(values, "text")),
        .product = bytes_str(json_get_str(values, "product")),
        .type = bytes_str(json_get_str(values, "type")),
        .lang = bytes_str(lang_tag(p->v.pg.lang)),
        .contact = contact,
        .fields = fields,
        .is_incomplete = is_incomplete(p),
        .draft = bytes_str(p->view.draft),
        .key = visit_action_key(&p->v, "page.ticket"),
    };
    enum status status = contact == NULL || fields == NULL
                             ? error_set(p->v.err, AF_NO_MEMORY, "no memory for a ticket")
                             : ticket_open(p->v.site->app, &p->v.pg.who, &input, opened, p->v.err);

    json_decref(contact);
    json_decref(fields);
    return status;
}

/* Nothing that was typed goes: it is on the page again, and in the draft. */
static enum status show_refused(struct form_page *p, unsigned code)
{
    struct error ignored, *err = p->v.err;

    p->v.err = &ignored; /* a draft that cannot be kept is no reason not to show the page */
    (void)keep(p);
    p->v.err = err;
    p->view.error_count = p->faults.count;
    return show_form(p, code);
}

/* A member of staff whose session ended while somebody was on the phone. */
static enum status sign_in_again(struct form_page *p)
{
    struct buf location = {0}, next = {0};
    enum status status = keep(p);

    if (status != AF_OK)
        return fail_form(p, status);
    buf_printf(&next, "/ticket/new?%c=%s", p->consult != NULL ? 'c' : 'd', p->view.draft);
    buf_add_str(&location, "/sign-in?next=");
    url_add(&location, buf_bytes(&next));
    buf_release(&next);
    release(p);
    return visit_redirect(&p->v, &location);
}

enum status form_page_send(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct form_page p = {0};
    struct ticket_opened opened;
    struct buf location = {0};
    enum status status = visit_begin_post(&p.v, app, req, rep, err);

    if (status != AF_OK || (status = read_form(&p)) != AF_OK)
        return fail_form(&p, status);
    if (!who_is_staff(&p.v.pg.who) && json_get_str(p.values, "channel")[0] != '\0' &&
        p.view.draft[0] != '\0')
        return sign_in_again(&p);
    if ((status = fill_view(&p)) != AF_OK ||
        (status = form_faults_find(&p.v.pg, &p.view, channel_find(channel_of(&p))->is_self_service,
                                   is_incomplete(&p), clock_now_ms(), &p.faults, err)) != AF_OK)
        return fail_form(&p, status);
    if (p.faults.count > 0)
        return show_refused(&p, 422);
    status = open_ticket(&p, &opened);
    if (status == AF_CONFLICT || status == AF_INVALID || status == AF_TOO_LARGE) {
        p.view.refusal = refusal(&p, status);
        return show_refused(&p, status == AF_CONFLICT ? 409 : 422);
    }
    if (status != AF_OK)
        return fail_form(&p, status);
    if (channel_find(channel_of(&p))->is_self_service)
        buf_printf(&location, "/t/%s?new=1", opened.follow_up);
    else
        buf_printf(&location, "/desk/%u", opened.no);
    release(&p);
    return visit_redirect(&p.v, &location);
}
