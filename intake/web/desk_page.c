/* desk_page.c: one ticket at the desk: showing it, and what staff do with it. */
#include "intake/web/desk_page.h"

#include "data/base/hash.h"
#include "data/base/limits.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_close.h"
#include "intake/desk/ticket_similar.h"
#include "intake/desk/visits.h"
#include "intake/web/sign_in.h"

#define PRIOR_MAX 6
#define ALIKE_MAX 5

static enum status find_no(struct visit *v, uint32_t *no)
{
    if (ticket_parse_no(request_param(v->req, "no"), no))
        return AF_OK;
    return error_set(v->err, AF_NOT_FOUND, "there is no such ticket");
}

/* --- showing ------------------------------------------------------------------------------- */

static enum status find_prior(struct visit *v, const json_t *ticket, struct bytes find,
                              struct search_result *found)
{
    const struct search_request request = {.query = find,
                                           .limit = PRIOR_MAX,
                                           .page_lang = bytes_str(lang_tag(v->pg.lang)),
                                           .audience = v->pg.who.audience,
                                           .typing = true,
                                           .snippets = true};

    if (find.len == 0)
        return ticket_prior_cases(v->site->app, &v->pg.who, ticket, PRIOR_MAX, v->req->arena, found,
                                  v->err);
    return app_search(v->site->app, &request, v->req->arena, found, v->err);
}

static bool is_linked(const json_t *ticket, struct bytes case_id, const char *role)
{
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(ticket, "links"), i, link)
    {
        if (bytes_equal(bytes_str(json_get_str(link, "case")), case_id) &&
            strcmp(json_get_str(link, "role"), role) == 0)
            return true;
    }
    return false;
}

static enum status make_prior(struct visit *v, const json_t *ticket, struct search_result *found,
                              struct prior_case *prior)
{
    uint64_t helped[PRIOR_MAX] = {0};
    enum status status;

    if (found->hits_count > PRIOR_MAX)
        found->hits_count = PRIOR_MAX;
    status = case_helped_all(v->site->app, found, helped, v->err);
    for (uint32_t i = 0; i < found->hits_count && status == AF_OK; i++) {
        struct bytes id = found->hits[i].id;
        struct case_text *body = arena_alloc(v->req->arena, sizeof *body);

        if (body == NULL)
            return arena_exhausted(v->req->arena, v->err);
        prior[i] = (struct prior_case){.hit = &found->hits[i],
                                       .helped = helped[i],
                                       .body = body,
                                       .resolved_by = is_linked(ticket, id, "resolved_by"),
                                       .sent = is_linked(ticket, id, "sent"),
                                       .not_helpful = is_linked(ticket, id, "not_helpful")};
        status = case_text_load(v->site->app, &v->pg.who, v->req->arena, id, body, v->err);
    }
    return status;
}

/* What "send to customer" puts into the reply box: the case's title and its address. */
static struct bytes draft_text(struct visit *v, struct bytes case_id)
{
    struct buf path = {0};
    struct case_text text;
    struct bytes args[2], draft = BYTES_NONE;

    if (case_id.len == 0 ||
        case_text_load(v->site->app, &v->pg.who, v->req->arena, case_id, &text, NULL) != AF_OK)
        return draft;
    buf_add_str(&path, "/case/");
    url_add(&path, case_id);
    args[0] = text.title;
    args[1] = bytes_str(visit_address(v, buf_str(&path)));
    draft = page_text_value(&v->pg, T_draft_sent, args, 2);
    buf_release(&path);
    return draft;
}

/* A number of the form's hidden fields; 0 when it has none. */
static uint64_t shown(const struct visit *v, const char *field)
{
    const struct bytes text = visit_field(v, field, 12);
    uint64_t number = 0;

    for (size_t i = 0; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    return number;
}

/* What was written since the page that showed so many posts. The caller owns it. */
static json_t *posts_since(const json_t *ticket, uint64_t count)
{
    const json_t *posts = json_object_get(ticket, "posts");
    json_t *since = json_array();

    for (size_t i = (size_t)count; since != NULL && i < json_array_size(posts); i++)
        (void)json_array_append(since, json_array_get(posts, i));
    return since;
}

static unsigned code_of(const struct visit *v, const char *refusal)
{
    return refusal == NULL ? 200 : v->err->status == AF_CHANGED ? 412 : 409;
}

static enum status show_ticket(struct visit *v, uint32_t no, const char *refusal)
{
    struct prior_case prior[PRIOR_MAX];
    struct desk_ticket_view view = {.no = no, .prior = prior, .refusal = refusal};
    struct search_result found = {0};
    char action[ID_HEX_BYTES];
    json_t *ticket, *posts = NULL, *alike = NULL;
    enum status status = ticket_get(v->site->app, &v->pg.who, no, &ticket, v->err);

    if (status != AF_OK)
        return visit_fail(v, status);
    view.find = visit_field(v, "find", QUERY_BYTES_MAX);
    if ((status = find_prior(v, ticket, view.find, &found)) != AF_OK ||
        (status = make_prior(v, ticket, &found, prior)) != AF_OK) {
        json_decref(ticket);
        return visit_fail(v, status);
    }
    if (refusal != NULL)
        v->pg.path = bytes_str(arena_printf(v->req->arena, "/desk/%u", no));
    id_random(action);
    view.action = action;
    view.ticket = ticket;
    view.prior_count = found.hits_count;
    view.draft = refusal == NULL ? draft_text(v, visit_field(v, "draft", ARTICLE_ID_BYTES_MAX))
                                 : visit_field(v, "text", TICKET_TEXT_BYTES_MAX);
    if (refusal != NULL) {
        view.reason = visit_field(v, "reason", TICKET_TITLE_BYTES_MAX);
        view.is_changed = v->err->status == AF_CHANGED;
        view.new_posts = posts = posts_since(ticket, shown(v, "posts"));
        view.shown_events = shown(v, "events");
    }
    if (ticket_similar(v->site->app, &v->pg.who, ticket, ALIKE_MAX, &alike, NULL) == AF_OK)
        view.alike = alike; /* without them the page is a page too */
    view_desk_ticket(&v->pg, &view);
    json_decref(alike);
    json_decref(posts);
    json_decref(ticket);
    return visit_end(v, code_of(v, refusal));
}

enum status desk_page_ticket(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit v;
    uint32_t no;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = find_no(&v, &no)) != AF_OK)
        return visit_fail(&v, status);
    return show_ticket(&v, no, NULL);
}

/* --- doing --------------------------------------------------------------------------------- */

/* What each POST begins with. *done: the reply is made already (nobody is signed in). */
static enum status begin_post(struct visit *v, void *app, struct request *req, struct reply *rep,
                              struct error *err, uint32_t *no, bool *done)
{
    enum status status = visit_begin_post(v, app, req, rep, err);

    if (status == AF_OK)
        err->status = AF_OK; /* show_ticket asks why it is shown again */
    *done = false;
    if (status == AF_OK && !who_is_staff(&v->pg.who)) {
        *done = true;
        return sign_in_first(v);
    }
    if (status == AF_OK)
        status = visit_check_token(v);
    if (status == AF_OK)
        status = find_no(v, no);
    return status == AF_OK ? status : visit_fail(v, status);
}

static const char *say(struct visit *v, enum text_key key)
{
    return (const char *)page_text_value(&v->pg, key, NULL, 0).data;
}

static enum status back_to(struct visit *v, uint32_t no, const char *where)
{
    return visit_redirect_to(v, arena_printf(v->req->arena, "/desk/%u%s", no, where));
}

enum status desk_page_reply(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit v;
    struct bytes text;
    bool internal, done;
    uint32_t no;
    enum status status = begin_post(&v, app, req, rep, err, &no, &done);

    if (status != AF_OK || done)
        return status;
    text = visit_field(&v, "text", TICKET_TEXT_BYTES_MAX);
    internal = bytes_equal(visit_field(&v, "to", 10), BYTES_LIT("internal"));
    if (text.len == 0)
        return show_ticket(&v, no, say(&v, T_fault_text));
    /* What goes to the customer answers what is on the page; a note to oneself does not. */
    v.pg.who.if_version = internal ? 0 : shown(&v, "version");
    status = ticket_reply(v.site->app, &v.pg.who, no, text, internal,
                          visit_action_key(&v, "desk.reply"), err);
    if (status == AF_CHANGED)
        return show_ticket(&v, no, say(&v, T_refuse_changed));
    if (status == AF_CONFLICT)
        return show_ticket(&v, no, say(&v, T_refuse_state));
    return status == AF_OK ? back_to(&v, no, "#reply") : visit_fail(&v, status);
}

enum status desk_page_move(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit v;
    struct bytes event;
    bool done;
    uint32_t no;
    enum status status = begin_post(&v, app, req, rep, err, &no, &done);

    if (status != AF_OK || done)
        return status;
    event = visit_field(&v, "event", 20);
    v.pg.who.if_version = shown(&v, "version");
    /* What is said of the library goes with what may end it; other steps leave it be. */
    status = ticket_step(
        v.site->app, &v.pg.who, no, event, visit_field(&v, "reason", TICKET_TITLE_BYTES_MAX),
        bytes_equal(event, BYTES_LIT("resolve")) && visit_field(&v, "nothing", 1).len > 0, err);
    if (status == AF_CHANGED)
        return show_ticket(&v, no, say(&v, T_refuse_changed));
    if (status == AF_CONFLICT)
        return show_ticket(
            &v, no,
            say(&v, bytes_equal(event, BYTES_LIT("close")) ? T_refuse_close : T_refuse_state));
    if (status == AF_INVALID)
        return show_ticket(&v, no, say(&v, T_refuse_reason));
    return status == AF_OK ? back_to(&v, no, "") : visit_fail(&v, status);
}

enum status desk_page_visit(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit_report report;
    struct visit v;
    struct bytes score;
    bool done;
    uint32_t no, visit = 0;
    enum status status = begin_post(&v, app, req, rep, err, &no, &done);

    if (status != AF_OK || done)
        return status;
    score = visit_field(&v, "score", 2);
    report = (struct visit_report){.result = visit_field(&v, "result", 20),
                                   .score = score.len == 1 ? score.data[0] - '0' : 0,
                                   .text = visit_field(&v, "text", SURVEY_TEXT_BYTES_MAX)};
    (void)ticket_parse_no(visit_field(&v, "visit", 10), &visit);
    status = visit_report(v.site->app, &v.pg.who, no, visit, &report, err);
    if (status == AF_CONFLICT || status == AF_INVALID)
        return show_ticket(&v, no, say(&v, T_refuse_state));
    return status == AF_OK ? back_to(&v, no, "") : visit_fail(&v, status);
}

enum status desk_page_link(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit v;
    struct bytes role, case_id;
    struct buf where = {0};
    bool done;
    uint32_t no;
    enum status status = begin_post(&v, app, req, rep, err, &no, &done);

    if (status != AF_OK || done)
        return status;
    role = visit_field(&v, "role", 20);
    case_id = visit_field(&v, "case", ARTICLE_ID_BYTES_MAX);
    if ((status = ticket_link(v.site->app, &v.pg.who, no, case_id, role, err)) != AF_OK)
        return visit_fail(&v, status);
    buf_printf(&where, "/desk/%u", no);
    if (bytes_equal(role, BYTES_LIT("sent"))) { /* the words to go with it */
        buf_add_str(&where, "?draft=");
        url_add(&where, case_id);
        buf_add_str(&where, "#reply");
    }
    return visit_redirect(&v, &where);
}
