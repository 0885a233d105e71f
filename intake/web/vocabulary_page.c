#include "intake/web/vocabulary_page.h"

#include "data/base/limits.h"
#include "intake/vocabulary.h"
#include "intake/web/sign_in.h"

#define FAULTS_SHOWN 50
#define VERSION_BYTES 12

_Static_assert(VOCABULARY_PHRASE_BYTES_MAX == 96 && VOCABULARY_LINE_PHRASES_MAX == 32 &&
                   VOCABULARY_BYTES_MAX == 256 << 10 && VOCABULARY_RULES_MAX == 200000,
               "fault_long, fault_many and vocabulary_too_large of i18n/*.json say these");

/* Only an admin may change the words; to the others of the staff the page says so. */
static enum status admin_only(const struct visit *v)
{
    if (v->pg.who.role == ROLE_ADMIN)
        return AF_OK;
    return error_set(v->err, AF_DENIED, "the vocabulary is for admins");
}

static enum status show(struct visit *v, struct vocabulary_view *view, unsigned code)
{
    json_t *understood = NULL;
    enum status status = AF_OK;

    view->question = visit_field(v, "q", QUERY_BYTES_MAX);
    if (view->question.len > 0)
        status = vocabulary_try(v->site->app, view->question, &understood, v->err);
    if (status != AF_OK)
        return visit_fail(v, status);
    view->understood = understood;
    v->pg.path = BYTES_LIT("/desk/vocabulary");
    view_vocabulary(&v->pg, view);
    json_decref(understood);
    return visit_end(v, code);
}

enum status vocabulary_page_get(void *app, struct request *req, struct reply *rep,
                                struct error *err)
{
    struct vocabulary_state state;
    struct vocabulary_view view = {0};
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = admin_only(&v)) != AF_OK ||
        (status = vocabulary_get(v.site->app, req->arena, &state, err)) != AF_OK)
        return visit_fail(&v, status);
    view.text = state.text;
    view.version = state.version;
    view.counts = state.counts;
    view.is_saved = request_query(req, "saved").len > 0;
    return show(&v, &view, 200);
}

/* A browser sends lines that end in CR LF. */
static enum status read_text(const struct visit *v, struct bytes *out)
{
    const struct bytes *sent = pairs_find(&v->form, "text");
    uint8_t *text;
    size_t len = 0;

    if (sent == NULL)
        return error_set(v->err, AF_INVALID, "\"text\" is missing");
    if ((text = arena_alloc(v->req->arena, sent->len + 1)) == NULL)
        return arena_exhausted(v->req->arena, v->err);
    for (size_t i = 0; i < sent->len; i++)
        if (sent->data[i] != '\r')
            text[len++] = sent->data[i];
    *out = bytes_of(text, len);
    return AF_OK;
}

static int64_t version_of(const struct visit *v)
{
    struct bytes text = visit_field(v, "version", VERSION_BYTES);
    int64_t version = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0; /* the first version, which is not what is there: a conflict */
        version = version * 10 + (text.data[i] - '0');
    }
    return version;
}

/* What was typed is shown again, with what is wrong about it. */
static enum status show_refused(struct visit *v, struct bytes text, int64_t version,
                                enum status refusal)
{
    struct vocabulary_faulty faults[FAULTS_SHOWN];
    struct vocabulary_view view = {.text = text,
                                   .version = (uint32_t)version,
                                   .faults = faults,
                                   .is_changed = refusal == AF_CONFLICT,
                                   .is_too_large = refusal == AF_TOO_LARGE};

    vocabulary_faulty_lines(text, faults, FAULTS_SHOWN, &view.faults_all);
    view.faults_count = view.faults_all < FAULTS_SHOWN ? view.faults_all : FAULTS_SHOWN;
    return show(v, &view, refusal == AF_CONFLICT ? 409 : 422);
}

enum status vocabulary_page_post(void *app, struct request *req, struct reply *rep,
                                 struct error *err)
{
    struct bytes text;
    struct visit v;
    uint32_t version;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK)
        return visit_fail(&v, status);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = visit_check_token(&v)) != AF_OK || (status = admin_only(&v)) != AF_OK ||
        (status = read_text(&v, &text)) != AF_OK)
        return visit_fail(&v, status);
    status = vocabulary_set(v.site->app, &v.pg.who, text, version_of(&v), &version, err);
    if (status == AF_INVALID || status == AF_TOO_LARGE || status == AF_CONFLICT)
        return show_refused(&v, text, version_of(&v), status);
    return status == AF_OK ? visit_redirect_to(&v, "/desk/vocabulary?saved=1")
                           : visit_fail(&v, status);
}

enum status vocabulary_page_file(void *app, struct request *req, struct reply *rep,
                                 struct error *err)
{
    struct vocabulary_state state;
    struct visit v;
    enum status status;

    visit_begin(&v, app, req, rep, err);
    if (!who_is_staff(&v.pg.who))
        return sign_in_first(&v);
    if ((status = admin_only(&v)) == AF_OK)
        status = vocabulary_get(v.site->app, req->arena, &state, err);
    if (status != AF_OK)
        return visit_fail(&v, status);
    buf_release(&v.html);
    reply_header(rep, "Content-Disposition", "attachment; filename=\"vocabulary.txt\"");
    reply_body(rep, "text/plain; charset=utf-8", state.text);
    return AF_OK;
}
