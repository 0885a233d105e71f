/* ask_state.c: which question and consult a form belongs to (ask_page.h). */
#include "data/base/limits.h"
#include "intake/ask/ask.h"
#include "intake/ask/consult.h"
#include "intake/web/ask_page.h"

static const char *last_question(const json_t *consult)
{
    const json_t *queries = json_object_get(consult, "queries");

    return json_get_str(json_array_get(queries, json_array_size(queries) - 1), "text");
}

enum status ask_state_read(struct visit *v, struct ask_state *out)
{
    json_t *consult;
    enum status status;

    *out = (struct ask_state){.question = visit_field(v, "q", QUERY_BYTES_MAX),
                              .product = visit_field(v, "product", TICKET_TITLE_BYTES_MAX),
                              .consult_id = ""};
    out->consult_id = arena_str(v->req->arena, visit_field(v, "c", ID_HEX_BYTES));
    if (out->consult_id == NULL)
        return arena_exhausted(v->req->arena, v->err);
    if (out->consult_id[0] == '\0' || out->question.len > 0)
        return AF_OK;
    status = ask_get(v->site->app, out->consult_id, &consult, v->err);
    if (status == AF_NOT_FOUND) { /* an old link: the page begins anew */
        out->consult_id = "";
        return AF_OK;
    }
    if (status != AF_OK)
        return status;
    out->question = arena_copy(v->req->arena, bytes_str(last_question(consult)));
    out->product = arena_copy(v->req->arena, bytes_str(json_get_str(consult, "product")));
    json_decref(consult);
    return AF_OK;
}

static enum status begin(struct visit *v, struct ask_state *state)
{
    const struct ask_input input = {.text = state->question,
                                    .product = state->product,
                                    .channel = BYTES_LIT("web"),
                                    .lang = bytes_str(lang_tag(v->pg.lang)),
                                    .asker = site_asker(v->req, &v->pg.who),
                                    .answers_max = ANSWERS_MAX};
    struct search_result answers;

    return ask_begin(v->site->app, &v->pg.who, &input, v->req->arena, &state->consult_id, &answers,
                     v->err);
}

enum fit { FITS, ASK_AGAIN, BEGIN };

/* Whether the consult can carry what is about to happen. */
static enum fit fit_of(const json_t *consult, const struct ask_state *state, struct bytes case_id,
                       bool must_be_open)
{
    bool open = strcmp(json_get_str(consult, "state"), "open") == 0;
    bool same = bytes_equal(bytes_str(last_question(consult)), state->question) &&
                bytes_equal(bytes_str(json_get_str(consult, "product")), state->product);
    bool shown = case_id.len > 0 && consult_shown_version(consult, (const char *)case_id.data) > 0;

    if (must_be_open && !open)
        return BEGIN;
    if (shown || same)
        return FITS;
    if (!open || !bytes_equal(bytes_str(json_get_str(consult, "product")), state->product))
        return BEGIN;
    return ASK_AGAIN;
}

enum status ask_state_begin(struct visit *v, struct ask_state *state, struct bytes case_id,
                            bool must_be_open)
{
    struct search_result answers;
    enum fit fit;
    json_t *consult;
    enum status status;

    if (state->consult_id[0] == '\0')
        return begin(v, state);
    status = ask_get(v->site->app, state->consult_id, &consult, v->err);
    if (status == AF_NOT_FOUND)
        return begin(v, state);
    if (status != AF_OK)
        return status;
    fit = fit_of(consult, state, case_id, must_be_open);
    json_decref(consult);
    if (fit == FITS)
        return AF_OK;
    if (fit == BEGIN)
        return begin(v, state);
    status = ask_again(v->site->app, &v->pg.who, state->consult_id, state->question, v->req->arena,
                       &answers, v->err);
    return status == AF_CONFLICT ? begin(v, state) : status;
}
