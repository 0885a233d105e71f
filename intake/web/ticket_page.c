#include "intake/web/ticket_page.h"

#include "data/base/hash.h"
#include "data/base/limits.h"
#include "intake/ask/ask.h"
#include "intake/desk/ticket.h"
#include "intake/web/ask_page.h"

#define FAULTS_MAX 4
#define TITLE_BYTES 1000 /* of the field; the service's limit is a little more */

/* --- the form ------------------------------------------------------------------------------ */

struct form_page {
    struct visit v;
    struct ask_state state;
    struct ticket_form_view view;
    struct field_error faults[FAULTS_MAX];
    json_t *consult;
};

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

static struct bytes or_default(struct bytes value, const char *otherwise)
{
    return value.len > 0 ? value : bytes_str(otherwise);
}

static void read_fields(struct form_page *p)
{
    const struct visit *v = &p->v;

    p->view.title = visit_field(v, "title", TITLE_BYTES);
    p->view.text = visit_field(v, "text", TICKET_TEXT_BYTES_MAX);
    p->view.class = or_default(visit_field(v, "class", 20), "technical");
    p->view.severity = or_default(visit_field(v, "severity", 2), "S3");
    p->view.name = visit_field(v, "name", CONTACT_BYTES_MAX);
    p->view.mail = visit_field(v, "mail", CONTACT_BYTES_MAX);
    p->view.phone = visit_field(v, "phone", CONTACT_BYTES_MAX);
}

static enum status show_form(struct form_page *p, unsigned code)
{
    struct visit *v = &p->v;
    enum status status;

    p->view.state = &p->state;
    p->view.errors = p->faults;
    v->pg.path = BYTES_LIT("/ticket/new");
    if (p->consult != NULL)
        v->pg.query = bytes_str(arena_printf(v->req->arena, "c=%s", p->state.consult_id));
    status = app_products(v->site->app, v->pg.who.audience, v->req->arena, &p->view.products,
                          &p->view.product_count, v->err);
    if (status == AF_OK) {
        view_ticket_form(&v->pg, &p->view);
        status = visit_end(v, code);
    } else {
        status = visit_fail(v, status);
    }
    json_decref(p->consult);
    return status;
}

static enum status fail_form(struct form_page *p, enum status status)
{
    json_decref(p->consult);
    return visit_fail(&p->v, status);
}

static const char *first_case(const json_t *list)
{
    return json_get_str(json_array_get(list, 0), "case");
}

/* Nobody chose a product: that of the answer that was opened, or else shown first, is a guess
 * that the person can change. */
static void guess_product(struct form_page *p)
{
    const json_t *queries = json_object_get(p->consult, "queries");
    const json_t *last = json_array_get(queries, json_array_size(queries) - 1);
    const char *id = first_case(json_object_get(p->consult, "opened"));
    struct case_text text;

    if (id[0] == '\0')
        id = first_case(json_object_get(last, "shown"));
    if (p->state.product.len == 0 && id[0] != '\0' &&
        case_text_load(p->v.site->app, &p->v.pg.who, p->v.req->arena, bytes_str(id), &text, NULL) ==
            AF_OK)
        p->state.product = text.product;
}

enum status ticket_page_new(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct form_page p = {0};
    char key[ID_HEX_BYTES];
    enum status status;

    visit_begin(&p.v, app, req, rep, err);
    if ((status = ask_state_read(&p.v, &p.state)) != AF_OK || (status = load_consult(&p)) != AF_OK)
        return fail_form(&p, status);
    guess_product(&p);
    id_random(key);
    p.view.key = key;
    read_fields(&p);
    if (p.view.title.len == 0)
        p.view.title = p.state.question;
    return show_form(&p, 200);
}

/* --- sending ------------------------------------------------------------------------------- */

static void add_fault(struct form_page *p, const char *field, enum text_key text)
{
    if (p->view.error_count < FAULTS_MAX)
        p->faults[p->view.error_count++] = (struct field_error){field, text};
}

/* What can be said at the field, in the person's language; the service checks everything. */
static void check_fields(struct form_page *p)
{
    const struct ticket_form_view *view = &p->view;
    const uint8_t *at = view->mail.len == 0 ? NULL : memchr(view->mail.data, '@', view->mail.len);

    if (view->title.len == 0)
        add_fault(p, "title", T_fault_title);
    if (view->mail.len == 0 && view->phone.len == 0)
        add_fault(p, "contact", T_fault_contact);
    if (view->mail.len > 0 &&
        (at == NULL || at == view->mail.data || at == view->mail.data + view->mail.len - 1))
        add_fault(p, "mail", T_fault_mail);
}

static json_t *contact_json(const struct ticket_form_view *view)
{
    json_t *contact = json_object();
    bool ok = contact != NULL;

    if (ok && view->name.len > 0)
        json_put(contact, "name", json_from_bytes(view->name), &ok);
    if (ok && view->mail.len > 0)
        json_put(contact, "mail", json_from_bytes(view->mail), &ok);
    if (ok && view->phone.len > 0)
        json_put(contact, "phone", json_from_bytes(view->phone), &ok);
    return contact;
}

/* The sentences of the two refusals that people meet are in the catalog. */
static const char *refusal(struct form_page *p, enum status status)
{
    enum text_key key = T_refuse_answers;

    if (status != AF_CONFLICT)
        return p->v.err->text;
    if (json_get_u64(p->consult, "ticket") != 0)
        key = T_refuse_twice;
    return (const char *)page_text_value(&p->v.pg, key, NULL, 0).data;
}

static enum status open_ticket(struct form_page *p, struct ticket_opened *opened)
{
    const struct ticket_form_view *view = &p->view;
    const char *key = visit_action_key(&p->v, "page.ticket");
    json_t *contact = contact_json(view);
    const struct ticket_input input = {.consult_id =
                                           p->consult == NULL ? NULL : p->state.consult_id,
                                       .class = view->class,
                                       .severity = view->severity,
                                       .channel = BYTES_LIT("web"),
                                       .title = view->title,
                                       .text = view->text,
                                       .product = p->state.product,
                                       .lang = bytes_str(lang_tag(p->v.pg.lang)),
                                       .contact = contact,
                                       .key = key};
    enum status status;

    if (contact == NULL)
        status = error_set(p->v.err, AF_NO_MEMORY, "no memory for a ticket");
    else
        status = ticket_open(p->v.site->app, &p->v.pg.who, &input, opened, p->v.err);
    json_decref(contact);
    return status;
}

static enum status read_form(struct form_page *p)
{
    enum status status = ask_state_read(&p->v, &p->state);

    if (status != AF_OK)
        return status;
    p->state.product = visit_field(&p->v, "product", TICKET_TITLE_BYTES_MAX);
    p->view.key = arena_str(p->v.req->arena, visit_field(&p->v, "key", ID_HEX_BYTES));
    if (p->view.key == NULL)
        return arena_exhausted(p->v.req->arena, p->v.err);
    read_fields(p);
    return load_consult(p);
}

enum status ticket_page_send(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct form_page p = {0};
    struct ticket_opened opened;
    struct buf location = {0};
    enum status status = visit_begin_post(&p.v, app, req, rep, err);

    if (status != AF_OK || (status = read_form(&p)) != AF_OK)
        return fail_form(&p, status);
    check_fields(&p);
    if (p.view.error_count > 0)
        return show_form(&p, 422);
    status = open_ticket(&p, &opened);
    if (status == AF_CONFLICT || status == AF_INVALID || status == AF_TOO_LARGE) {
        p.view.refusal = refusal(&p, status);
        return show_form(&p, status == AF_CONFLICT ? 409 : 422);
    }
    if (status != AF_OK)
        return fail_form(&p, status);
    json_decref(p.consult);
    buf_printf(&location, "/t/%s?new=1", opened.follow_up);
    return visit_redirect(&p.v, &location);
}

/* --- following ----------------------------------------------------------------------------- */

static enum status find_ticket(struct visit *v, uint32_t *no)
{
    return ticket_by_follow_up(v->site->app, request_param(v->req, "key"), no, v->err);
}

static enum status show_ticket(struct visit *v, uint32_t no, bool is_empty)
{
    const char *key = arena_str(v->req->arena, request_param(v->req, "key"));
    const struct who who = who_customer(); /* the link shows the same to everybody */
    struct follow_view view = {.key = key, .is_empty = is_empty};
    char action[ID_HEX_BYTES];
    json_t *ticket;
    enum status status = ticket_get(v->site->app, &who, no, &ticket, v->err);

    if (status != AF_OK)
        return visit_fail(v, status);
    if (key == NULL) {
        json_decref(ticket);
        return visit_fail(v, arena_exhausted(v->req->arena, v->err));
    }
    id_random(action);
    view.action = action;
    view.ticket = ticket;
    view.is_new = visit_field(v, "new", 1).len > 0;
    view.link = visit_address(v, arena_printf(v->req->arena, "/t/%s", key));
    v->pg.who = who;
    view_follow(&v->pg, &view);
    json_decref(ticket);
    return visit_end(v, is_empty ? 422 : 200);
}

static enum status give_json(struct visit *v, uint32_t no)
{
    const struct who who = who_customer();
    json_t *ticket;
    enum status status = ticket_get(v->site->app, &who, no, &ticket, v->err);

    if (status == AF_OK)
        status = reply_json(v->rep, 200, ticket, v->err);
    return visit_fail(v, status);
}

enum status ticket_page_follow(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit v;
    uint32_t no;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if ((status = find_ticket(&v, &no)) != AF_OK)
        return visit_fail(&v, status);
    if (request_header_has(req, "Accept", "application/json"))
        return give_json(&v, no);
    return show_ticket(&v, no, false);
}

enum status ticket_page_reply(void *app, struct request *req, struct reply *rep, struct error *err)
{
    const struct who who = who_customer();
    struct visit v;
    struct bytes text;
    const char *key;
    uint32_t no;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK || (status = find_ticket(&v, &no)) != AF_OK)
        return visit_fail(&v, status);
    text = visit_field(&v, "text", TICKET_TEXT_BYTES_MAX);
    if (text.len == 0)
        return show_ticket(&v, no, true);
    key = visit_action_key(&v, "page.reply");
    if ((status = ticket_reply(v.site->app, &who, no, text, false, key, err)) != AF_OK)
        return visit_fail(&v, status);
    return visit_redirect_to(
        &v, arena_printf(req->arena, "/t/%s", (const char *)request_param(req, "key").data));
}
