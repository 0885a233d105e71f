#include "intake/api/api.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/party/entitlement.h"
#include "intake/party/party.h"
#include "intake/party/party_past.h"
#include "intake/site.h"

/* One handler for accounts, contacts and entitlements: the route's path says which. */
static enum party_kind kind_of(const struct request *req)
{
    struct bytes path = bytes_str(req->route->pattern);

    if (bytes_has_prefix(path, BYTES_LIT("/api/v1/accounts")))
        return PARTY_ACCOUNT;
    return bytes_has_prefix(path, BYTES_LIT("/api/v1/contacts")) ? PARTY_CONTACT
                                                                 : PARTY_ENTITLEMENT;
}

static enum status take_id(const struct request *req, char id[PARTY_ID_BYTES], struct error *err)
{
    struct bytes text = request_param(req, "id");

    if (!party_is_id(text))
        return error_set(err, AF_NOT_FOUND, "an id has 1 to %d bytes", PARTY_ID_BYTES_MAX);
    memcpy(id, text.data, text.len);
    id[text.len] = '\0';
    return AF_OK;
}

static enum status reply_record(struct site *site, const struct who *who, enum party_kind kind,
                                const char *id, struct reply *rep, struct error *err)
{
    json_t *record;
    enum status status = party_get(site->app, who, kind, id, &record, err);

    if (status != AF_OK)
        return status;
    site_version(rep, (uint32_t)json_get_u64(record, "version"));
    return reply_json(rep, 200, record, err);
}

API_HANDLER(api_party_get)
{
    struct site *here = site;
    char id[PARTY_ID_BYTES];
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status == AF_OK)
        status = take_id(req, id, err);
    return status == AF_OK ? reply_record(here, &who, kind_of(req), id, rep, err) : status;
}

/* --- putting -------------------------------------------------------------------------------- */

/* 0: there is none yet. */
static enum status find_version(struct site *site, const struct who *who, enum party_kind kind,
                                const char *id, uint32_t *version, struct error *err)
{
    json_t *record;
    enum status status = party_get(site->app, who, kind, id, &record, err);

    *version = 0;
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status != AF_OK)
        return status;
    *version = (uint32_t)json_get_u64(record, "version");
    json_decref(record);
    return AF_OK;
}

/* The path says which it is; the body may say so too. */
static enum status with_id(const json_t *body, const char *id, json_t **record, struct error *err)
{
    const json_t *own = json_object_get(body, "id");
    bool ok = true;

    if (own != NULL && (!json_is_string(own) || strcmp(json_string_value(own), id) != 0))
        return error_set(err, AF_INVALID, "\"id\" is not the one of the address");
    *record = json_copy((json_t *)(uintptr_t)body);
    json_put(*record, "id", json_string(id), &ok);
    if (ok)
        return AF_OK;
    json_decref(*record);
    return error_set(err, AF_NO_MEMORY, "no memory for a party");
}

static enum status put(struct site *site, struct request *req, struct reply *rep,
                       const struct who *who, enum party_kind kind, const char *id,
                       struct error *err)
{
    json_t *complaints = NULL, *record = NULL, *result;
    struct party_put party = {.kind = kind};
    const json_t *body;
    uint32_t version;
    enum status status = find_version(site, who, kind, id, &version, err);

    if (status != AF_OK || (status = site_if_match(req, rep, version, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = with_id(body, id, &record, err)) != AF_OK)
        return status;
    party.record = record;
    party.if_version = version;
    status = party_put(site->app, who, &party, &result, &complaints, err);
    json_decref(record);
    if (complaints != NULL)
        reply_problem(rep, &PROBLEM_INVALID, json_pack("{s:o}", "errors", complaints));
    if (status != AF_OK)
        return status;
    json_decref(result);
    return reply_record(site, who, kind, id, rep, err);
}

API_HANDLER(api_party_put)
{
    struct site *here = site;
    char id[PARTY_ID_BYTES];
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status == AF_OK)
        status = take_id(req, id, err);
    return status == AF_OK ? put(here, req, rep, &who, kind_of(req), id, err) : status;
}

API_HANDLER(api_party_merge)
{
    struct site *here = site;
    char id[PARTY_ID_BYTES];
    struct bytes from;
    const json_t *body;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = take_id(req, id, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "from", PARTY_ID_BYTES_MAX, true, &from, err)) != AF_OK)
        return status;
    status = party_merge(here->app, &who, json_get_str(body, "from"), id, err);
    return status == AF_OK ? reply_record(here, &who, PARTY_CONTACT, id, rep, err) : status;
}

/* --- lists ---------------------------------------------------------------------------------- */

/* ?phone=… and the like: who is it? NULL: nothing of the kind was asked. */
static json_t *asked_identity(const struct request *req)
{
    static const char *const names[] = {"phone", "mail", "openid", "appid"};
    json_t *given = NULL;
    bool ok = true;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct bytes text = request_query(req, names[i]);

        if (text.len == 0)
            continue;
        if (given == NULL)
            given = json_object();
        json_put(given, names[i], json_from_bytes(text), &ok);
    }
    if (ok)
        return given;
    json_decref(given);
    return json_object(); /* not UTF-8, or no memory: nobody */
}

static enum status reply_list(struct site *site, const struct request *req, struct reply *rep,
                              const struct who *who, struct error *err)
{
    struct party_filter filter = {.kind = kind_of(req),
                                  .owner = request_query(req, "account"),
                                  .after = request_query(req, "after")};
    uint64_t limit;
    json_t *page;
    enum status status = request_query_u64(req, "limit", 1, PARTY_LIST_MAX, 50, &limit, err);

    if (status != AF_OK)
        return status;
    filter.limit = (uint32_t)limit;
    status = party_list(site->app, who, &filter, &page, err);
    return status == AF_OK ? reply_json(rep, 200, page, err) : status;
}

API_HANDLER(api_party_list)
{
    struct site *here = site;
    json_t *given, *found;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK)
        return status;
    given = kind_of(req) == PARTY_CONTACT ? asked_identity(req) : NULL;
    if (given == NULL)
        return reply_list(here, req, rep, &who, err);
    status = party_who(here->app, &who, given, &found, err);
    json_decref(given);
    return status == AF_OK ? reply_json(rep, 200, found, err) : status;
}

API_HANDLER(api_party_past)
{
    struct site *here = site;
    char id[PARTY_ID_BYTES];
    struct party_past_filter filter = {.owner = kind_of(req), .id = id};
    uint64_t limit;
    json_t *page;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = take_id(req, id, err)) != AF_OK ||
        (status = request_query_u64(req, "limit", 1, PARTY_PAST_LIST_MAX, 20, &limit, err)) !=
            AF_OK)
        return status;
    filter.limit = (uint32_t)limit;
    filter.before = request_query(req, "before");
    status = party_past(here->app, &who, &filter, &page, err);
    return status == AF_OK ? reply_json(rep, 200, page, err) : status;
}

/* --- entitlement ------------------------------------------------------------------------------ */

static const char *query_text(const struct request *req, const char *name)
{
    return arena_str(req->arena, request_query(req, name));
}

API_HANDLER(api_party_entitled)
{
    struct site *here = site;
    struct entitlement_question question = {.contact = query_text(req, "contact"),
                                            .account = query_text(req, "account"),
                                            .product = query_text(req, "product"),
                                            .serial = query_text(req, "serial"),
                                            .at_ms = clock_now_ms()};
    struct bytes at = request_query(req, "at");
    json_t *verdict;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK)
        return status;
    if (at.len > 0 && !clock_parse(at, &question.at_ms))
        return error_set(err, AF_INVALID, "\"at\" is a time like 2026-11-23T09:00:00+08:00");
    status = party_entitled(here->app, &who, &question, &verdict, err);
    return status == AF_OK ? reply_json(rep, 200, verdict, err) : status;
}
