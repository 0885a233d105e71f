#include "intake/web/ticket_page.h"

#include "data/base/hash.h"
#include "data/base/limits.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_close.h"
#include "intake/web/closing_page.h"

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
    closing_page_fill(v, no, &view);
    reply_header(v->rep, "X-Robots-Tag", "noindex");
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
    struct ticket_said said;
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
    if ((status = ticket_say(v.site->app, &who, no, text, key, &said, err)) != AF_OK)
        return visit_fail(&v, status);
    if (said.name[0] != '\0') /* it went to a ticket that follows */
        return visit_redirect_to(&v, arena_printf(req->arena, "/t/%s?new=1", said.follow_up));
    return visit_redirect_to(
        &v, arena_printf(req->arena, "/t/%s", (const char *)request_param(req, "key").data));
}
