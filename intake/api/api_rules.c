#include "intake/api/api.h"

#include "intake/rules/rules.h"
#include "intake/site.h"

/* Staff read the rules they work by; admins change them. */
static enum status take_kind(const struct request *req, enum rules_kind *kind, struct error *err)
{
    if (rules_parse(request_param(req, "name"), kind))
        return AF_OK;
    return error_set(err, AF_NOT_FOUND, "no document has this name: see /api/v1/rules");
}

static enum status reply_rules(struct site *site, enum rules_kind kind, struct reply *rep,
                               struct error *err)
{
    json_t *json;
    enum status status = rules_get(site->app, kind, &json, err);

    if (status != AF_OK)
        return status;
    site_version(rep, (uint32_t)json_get_u64(json, "version"));
    return reply_json(rep, 200, json, err);
}

API_HANDLER(api_rules_list)
{
    struct site *here = site;
    json_t *list = json_array();
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    for (unsigned kind = 0; kind < RULES_KINDS && status == AF_OK; kind++) {
        json_t *json;

        if ((status = rules_get(here->app, (enum rules_kind)kind, &json, err)) != AF_OK)
            break;
        (void)json_object_del(json, "doc");
        if (json_array_append_new(list, json) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for a list of documents");
    }
    if (status == AF_OK)
        return reply_json(rep, 200, json_pack("{s:o}", "rules", list), err);
    json_decref(list);
    return status;
}

API_HANDLER(api_rules_get)
{
    struct site *here = site;
    enum rules_kind kind;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status == AF_OK)
        status = take_kind(req, &kind, err);
    return status == AF_OK ? reply_rules(here, kind, rep, err) : status;
}

/* The version it is at, for If-Match. */
static enum status find_version(struct site *site, enum rules_kind kind, uint32_t *version,
                                struct error *err)
{
    json_t *json;
    enum status status = rules_get(site->app, kind, &json, err);

    if (status != AF_OK)
        return status;
    *version = (uint32_t)json_get_u64(json, "version");
    json_decref(json);
    return AF_OK;
}

static enum status put(struct site *site, struct request *req, struct reply *rep,
                       const struct who *who, enum rules_kind kind, struct error *err)
{
    json_t *complaints = NULL;
    const json_t *body;
    uint32_t version;
    enum status status = find_version(site, kind, &version, err);

    if (status != AF_OK || (status = site_if_match(req, rep, version, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK)
        return status;
    status = rules_set(site->app, who, kind, body, version, &version, &complaints, err);
    if (status == AF_CONFLICT)
        reply_problem(rep, &PROBLEM_CHANGED, NULL);
    if (complaints != NULL)
        reply_problem(rep, &PROBLEM_INVALID, json_pack("{s:o}", "errors", complaints));
    return status == AF_OK ? reply_rules(site, kind, rep, err) : status;
}

API_HANDLER(api_rules_put)
{
    struct site *here = site;
    enum rules_kind kind;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status == AF_OK && who.role != ROLE_ADMIN)
        return error_set(err, AF_DENIED, "the rules are changed by admins");
    if (status == AF_OK)
        status = take_kind(req, &kind, err);
    return status == AF_OK ? put(here, req, rep, &who, kind, err) : status;
}
