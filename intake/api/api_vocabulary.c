#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/site.h"
#include "intake/vocabulary.h"

static enum status site_admin(struct site *site, struct request *req, struct reply *rep,
                              enum scope scope, struct who *out, struct error *err)
{
    enum status status = site_scope(site, req, rep, scope, out, err);

    if (status == AF_OK && out->role != ROLE_ADMIN)
        return error_set(err, AF_DENIED, "the vocabulary is for admins");
    return status;
}

static enum status reply_state(struct reply *rep, const struct vocabulary_state *state,
                               struct error *err)
{
    json_t *json = json_pack(
        "{s:I,s:I,s:I,s:I,s:I}", "version", (json_int_t)state->version, "lines",
        (json_int_t)state->counts.lines, "phrases", (json_int_t)state->counts.phrases, "pairs",
        (json_int_t)state->counts.rules, "asking", (json_int_t)state->counts.asking);
    bool ok = true;

    json_put(json, "text", json_from_bytes(state->text), &ok);
    if (!ok) {
        json_decref(json);
        return error_set(err, AF_NO_MEMORY, "no memory for the vocabulary");
    }
    site_version(rep, state->version);
    return reply_json(rep, 200, json, err);
}

API_HANDLER(api_vocabulary_get)
{
    struct site *here = site;
    struct vocabulary_state state;
    struct who who;
    enum status status = site_admin(here, req, rep, SCOPE_SEARCH_READ, &who, err);

    if (status == AF_OK)
        status = vocabulary_get(here->app, req->arena, &state, err);
    return status == AF_OK ? reply_state(rep, &state, err) : status;
}

API_HANDLER(api_vocabulary_put)
{
    struct site *here = site;
    struct vocabulary_state state;
    const json_t *body;
    struct bytes text;
    struct who who;
    uint32_t version;
    enum status status = site_admin(here, req, rep, SCOPE_CASES_WRITE, &who, err);

    if (status != AF_OK || (status = vocabulary_get(here->app, req->arena, &state, err)) != AF_OK ||
        (status = site_if_match(req, rep, state.version, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK)
        return status;
    if (json_object_get(body, "text") == NULL || json_is_null(json_object_get(body, "text")))
        return error_set(err, AF_INVALID, "\"text\" is missing");
    status = json_text(body, "text", VOCABULARY_BYTES_MAX, false, &text, err);
    if (status == AF_OK)
        status = vocabulary_set(here->app, &who, text, state.version, &version, err);
    if (status == AF_CONFLICT)
        reply_problem(rep, &PROBLEM_CHANGED, NULL);
    if (status == AF_OK)
        status = vocabulary_get(here->app, req->arena, &state, err);
    return status == AF_OK ? reply_state(rep, &state, err) : status;
}
