#include "intake/web/ask_page.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/ask/ask.h"

#include <stdlib.h>

#define LOCATION_QUESTION_BYTES 200 /* in a Location header; three times that when encoded */

/* --- the view ------------------------------------------------------------------------------ */

static enum status find(struct visit *v, const struct ask_state *state, struct search_result *found)
{
    const struct search_request request = {.query = state->question,
                                           .limit = ANSWERS_MAX,
                                           .product = state->product,
                                           .page_lang = bytes_str(lang_tag(v->pg.lang)),
                                           .audience = v->pg.who.audience,
                                           .typing = true,
                                           .snippets = true,
                                           .suggest = true};

    *found = (struct search_result){0};
    if (state->question.len == 0)
        return AF_OK;
    return app_search(v->site->app, &request, v->req->arena, found, v->err);
}

static enum status make_rows(struct visit *v, struct search_result *found,
                             struct answer_row rows[ANSWERS_MAX])
{
    uint64_t helped[ANSWERS_MAX] = {0};
    enum status status;

    if (found->hits_count > ANSWERS_MAX)
        found->hits_count = ANSWERS_MAX;
    status = case_helped_all(v->site->app, found, helped, v->err);
    for (uint32_t i = 0; i < found->hits_count; i++)
        rows[i] = (struct answer_row){.hit = &found->hits[i], .helped = helped[i]};
    return status;
}

/* How this consult ended, when it ended with this case. */
static enum status read_outcome(struct visit *v, const struct ask_state *state,
                                struct answer_row *row)
{
    const json_t *outcome;
    json_t *consult;
    enum status status;

    if (state->consult_id[0] == '\0')
        return AF_OK;
    status = ask_get(v->site->app, state->consult_id, &consult, v->err);
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status != AF_OK)
        return status;
    outcome = json_object_get(consult, "outcome");
    row->is_solved = json_get_bool(outcome, "solved") &&
                     bytes_equal(bytes_str(json_get_str(outcome, "case")), row->hit->id);
    row->rating = (int)json_get_u64(outcome, "rating");
    json_decref(consult);
    return AF_OK;
}

/* Shows the body of the answer named `open`, when it is among the rows. */
static enum status open_row(struct visit *v, const struct ask_state *state, struct bytes open,
                            struct answer_row *rows, size_t count)
{
    struct case_text *body;
    enum status status = AF_OK;

    for (size_t i = 0; i < count && open.len > 0 && status == AF_OK; i++) {
        if (!bytes_equal(rows[i].hit->id, open))
            continue;
        body = arena_alloc(v->req->arena, sizeof *body);
        if (body == NULL)
            return arena_exhausted(v->req->arena, v->err);
        status = case_text_load(v->site->app, &v->pg.who, v->req->arena, open, body, v->err);
        if (status == AF_OK) {
            rows[i].body = body;
            status = read_outcome(v, state, &rows[i]);
        }
    }
    return status;
}

static enum status show(struct visit *v, const struct ask_state *state, struct search_result *found,
                        struct bytes open, bool whole)
{
    struct answer_row rows[ANSWERS_MAX];
    struct answers_view view = {.state = state, .rows = rows, .found = found};
    enum status status = make_rows(v, found, rows);

    view.count = found->hits_count;
    if (view.count > 0 && found->confidence.verdict == VERDICT_SURE) {
        rows[0].is_sure = true;
        if (whole && open.len == 0) /* not while somebody types: the page would jump */
            open = rows[0].hit->id;
    }
    if (status == AF_OK)
        status = open_row(v, state, open, rows, view.count);
    if (status == AF_OK && whole)
        status = app_products(v->site->app, v->pg.who.audience, v->req->arena, &view.products,
                              &view.product_count, v->err);
    if (status != AF_OK)
        return visit_fail(v, status);
    if (whole)
        view_ask(&v->pg, &view);
    else
        view_answers(&v->pg, &view);
    return visit_end(v, 200);
}

static void add_part(struct buf *location, const char *name, struct bytes value)
{
    if (value.len == 0)
        return;
    buf_add_u8(location, location->len == 1 ? '?' : '&');
    buf_add_str(location, name);
    buf_add_u8(location, '=');
    url_add(location, value);
}

/* "/?q=…&product=…&c=…&open=…": an address that can be kept. A long question is left out when
 * its consult knows it: a header has little room (limits.h), and nobody passes that on. */
static enum status go_to_answers(struct visit *v, const struct ask_state *state, struct bytes open)
{
    struct buf location = {0};
    struct bytes question = state->question;

    if (question.len > LOCATION_QUESTION_BYTES)
        question =
            state->consult_id[0] != '\0' ? BYTES_NONE : utf8_cut(question, LOCATION_QUESTION_BYTES);
    buf_add_u8(&location, '/');
    add_part(&location, "q", question);
    if (state->product.len <= LOCATION_QUESTION_BYTES && question.len > 0)
        add_part(&location, "product", state->product);
    add_part(&location, "c", bytes_str(state->consult_id));
    add_part(&location, "open", open);
    return visit_redirect(v, &location);
}

/* --- handlers ------------------------------------------------------------------------------ */

static enum status get(void *app, struct request *req, struct reply *rep, struct error *err,
                       bool whole)
{
    struct search_result found;
    struct ask_state state;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if ((status = ask_state_read(&v, &state)) != AF_OK ||
        (status = find(&v, &state, &found)) != AF_OK)
        return visit_fail(&v, status);
    return show(&v, &state, &found, visit_field(&v, "open", ARTICLE_ID_BYTES_MAX), whole);
}

enum status ask_page_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    return get(app, req, rep, err, true);
}

enum status ask_page_answers(void *app, struct request *req, struct reply *rep, struct error *err)
{
    return get(app, req, rep, err, false);
}

enum status ask_page_ask(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct search_result found;
    struct ask_state state;
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK || (status = ask_state_read(&v, &state)) != AF_OK)
        return visit_fail(&v, status);
    if (state.question.len == 0)
        return visit_redirect_to(&v, "/");
    if ((status = ask_state_begin(&v, &state, BYTES_NONE, true)) != AF_OK)
        return visit_fail(&v, status);
    if (!v.wants_fragment)
        return go_to_answers(&v, &state, BYTES_NONE);
    if ((status = find(&v, &state, &found)) != AF_OK)
        return visit_fail(&v, status);
    return show(&v, &state, &found, BYTES_NONE, false);
}

/* Reading is never refused because counting is not possible: the ranking may have moved since
 * the answers were shown. */
static enum status note_opened(struct visit *v, struct ask_state *state, struct bytes case_id)
{
    enum status status = ask_state_begin(v, state, case_id, false);

    if (status == AF_OK)
        status = ask_opened(v->site->app, &v->pg.who, state->consult_id, case_id, v->err);
    return status == AF_CONFLICT ? AF_OK : status;
}

enum status ask_page_open(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct answer_row row = {0};
    struct case_text body;
    struct ask_state state;
    struct bytes case_id;
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK || (status = ask_state_read(&v, &state)) != AF_OK)
        return visit_fail(&v, status);
    case_id = arena_copy(req->arena, visit_field(&v, "case", ARTICLE_ID_BYTES_MAX));
    status = case_text_load(v.site->app, &v.pg.who, req->arena, case_id, &body, err);
    if (status == AF_OK && state.question.len > 0)
        status = note_opened(&v, &state, case_id);
    if (status != AF_OK)
        return visit_fail(&v, status);
    if (!v.wants_fragment)
        return go_to_answers(&v, &state, case_id);
    row.body = &body;
    view_opened(&v.pg, &state, &row, case_id);
    return visit_end(&v, 200);
}

static enum status settle(struct visit *v, struct ask_state *state,
                          const struct ask_outcome *outcome)
{
    json_t *consult = NULL;
    enum status status = ask_state_begin(v, state, outcome->case_id, false);

    if (status == AF_OK)
        status = ask_settle(v->site->app, &v->pg.who, state->consult_id, outcome, &consult, v->err);
    if (status == AF_CONFLICT) { /* it ended otherwise: what is said now is a consult of its own */
        status = ask_state_begin(v, state, outcome->case_id, true);
        if (status == AF_OK)
            status =
                ask_settle(v->site->app, &v->pg.who, state->consult_id, outcome, &consult, v->err);
    }
    json_decref(consult);
    return status;
}

enum status ask_page_solved(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct ask_outcome outcome = {.solved = true};
    struct ask_state state;
    struct bytes rating;
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK || (status = ask_state_read(&v, &state)) != AF_OK)
        return visit_fail(&v, status);
    outcome.case_id = arena_copy(req->arena, visit_field(&v, "case", ARTICLE_ID_BYTES_MAX));
    rating = visit_field(&v, "rating", 1);
    if (rating.len == 1 && rating.data[0] >= '1' && rating.data[0] <= '5')
        outcome.rating = rating.data[0] - '0';
    status = note_opened(&v, &state, outcome.case_id);
    if (status == AF_OK)
        status = settle(&v, &state, &outcome);
    if (status != AF_OK)
        return visit_fail(&v, status);
    if (!v.wants_fragment)
        return go_to_answers(&v, &state, outcome.case_id);
    view_thanks(&v.pg, &state, outcome.case_id, outcome.rating);
    return visit_end(&v, 200);
}

/* The answer after this one, so that "next" works without script too. */
static enum status go_to_next(struct visit *v, const struct ask_state *state, struct bytes case_id)
{
    struct bytes next = BYTES_NONE;
    struct search_result found;
    enum status status = find(v, state, &found);

    if (status != AF_OK)
        return visit_fail(v, status);
    for (uint32_t i = 0; i + 1 < found.hits_count; i++) {
        if (bytes_equal(found.hits[i].id, case_id))
            next = found.hits[i + 1].id;
    }
    return go_to_answers(v, state, next);
}

enum status ask_page_unsolved(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct ask_outcome outcome = {.solved = false};
    struct buf location = {0};
    struct ask_state state;
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK || (status = ask_state_read(&v, &state)) != AF_OK)
        return visit_fail(&v, status);
    if (state.question.len == 0)
        return visit_redirect_to(&v, "/ticket/new");
    outcome.case_id = arena_copy(req->arena, visit_field(&v, "case", ARTICLE_ID_BYTES_MAX));
    outcome.reason = visit_field(&v, "reason", TICKET_TITLE_BYTES_MAX);
    if (bytes_equal(visit_field(&v, "then", 8), BYTES_LIT("next")))
        return go_to_next(&v, &state, outcome.case_id);
    if ((status = settle(&v, &state, &outcome)) != AF_OK)
        return visit_fail(&v, status);
    buf_printf(&location, "/ticket/new?c=%s", state.consult_id);
    return visit_redirect(&v, &location);
}
