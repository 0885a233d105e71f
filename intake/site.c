#include "intake/site.h"

#include <ctype.h>

#include "data/base/limits.h"
#include "intake/token.h"

static enum status sign_in(struct reply *rep)
{
    reply_header(rep, "WWW-Authenticate", "Bearer realm=\"askfirst\"");
    reply_problem(rep, &PROBLEM_SIGN_IN, NULL);
    return AF_DENIED;
}

/* Sec-Fetch-Site is sent by every browser of our floor; Origin by older ones on POST. Programs
 * that send neither have no cookie to abuse. */
static bool is_same_site(const struct request *req)
{
    struct bytes site = request_header(req, "Sec-Fetch-Site");
    struct bytes origin = request_header(req, "Origin"), host = request_header(req, "Host");

    if (site.len > 0)
        return bytes_equal(site, BYTES_LIT("same-origin")) || bytes_equal(site, BYTES_LIT("none"));
    if (origin.len == 0)
        return true;
    if (bytes_has_prefix(origin, BYTES_LIT("http://")))
        origin = bytes_of(origin.data + 7, origin.len - 7);
    else if (bytes_has_prefix(origin, BYTES_LIT("https://")))
        origin = bytes_of(origin.data + 8, origin.len - 8);
    return bytes_equal(origin, host);
}

enum status site_who(struct site *site, struct request *req, struct reply *rep, struct who *out,
                     struct error *err)
{
    struct bytes token = request_bearer(req);
    bool changes = req->method != METHOD_GET && req->method != METHOD_HEAD;

    if (token.len > 0) {
        enum status status = token_check(site->app, token, out, err);

        if (status == AF_OK)
            out->if_version = site_if_version(req);
        return status == AF_DENIED ? sign_in(rep) : status;
    }
    if (staff_session(site->sessions, request_cookie(req, SESSION_COOKIE), out)) {
        out->if_version = site_if_version(req);
        if (!changes || is_same_site(req))
            return AF_OK;
        return error_set(err, AF_DENIED, "this change was asked for by a page of another site");
    }
    *out = who_customer();
    out->if_version = site_if_version(req);
    return AF_OK;
}

/* The same, and demands staff: 401 with how to sign in. */
static enum status demand_staff(struct site *site, struct request *req, struct reply *rep,
                                struct who *out, struct error *err)
{
    enum status status = site_who(site, req, rep, out, err);

    if (status != AF_OK || who_is_staff(out))
        return status;
    (void)error_set(err, AF_DENIED, "this is for staff: sign in, or send a token");
    return sign_in(rep);
}

enum status site_scope(struct site *site, struct request *req, struct reply *rep, enum scope scope,
                       struct who *out, struct error *err)
{
    enum status status = demand_staff(site, req, rep, out, err);

    if (status == AF_OK && (out->scopes & scope) == 0)
        return error_set(err, AF_DENIED, "this token was not made for %s", scope_name(scope));
    return status;
}

static bool is_loopback(const char *peer)
{
    return strncmp(peer, "127.", 4) == 0 || strcmp(peer, "::1") == 0 ||
           strncmp(peer, "::ffff:127.", 11) == 0;
}

/* One household or company has the first half of an IPv6 address, and chooses the second. */
static struct bytes network_of(struct bytes address)
{
    size_t groups = 0;

    if (memchr(address.data, '.', address.len) != NULL)
        return address;
    for (size_t i = 0; i < address.len; i++)
        if (address.data[i] == ':' && ++groups == 4)
            return bytes_of(address.data, i);
    return address;
}

struct bytes site_asker(const struct request *req, const struct who *who)
{
    struct bytes list = request_header(req, "X-Forwarded-For"), last = bytes_str(req->peer);

    if (who_is_staff(who))
        return BYTES_NONE;
    if (!is_loopback(req->peer) || list.len == 0)
        return network_of(last);
    last = list;
    for (size_t i = 0; i < list.len; i++)
        if (list.data[i] == ',')
            last = bytes_of(list.data + i + 1, list.len - i - 1);
    while (last.len > 0 && last.data[0] == ' ')
        last = bytes_of(last.data + 1, last.len - 1);
    return last.len > 0 ? network_of(last) : bytes_str(req->peer);
}

enum status site_object(struct request *req, struct reply *rep, const json_t **out,
                        struct error *err)
{
    enum status status = request_json(req, rep, out, err);

    if (status == AF_OK && !json_is_object(*out))
        return error_set(err, AF_INVALID, "the body must be a JSON object");
    return status;
}

enum status site_key(struct request *req, const char *what, const char **out, struct error *err)
{
    struct bytes key = request_header(req, "Idempotency-Key");

    *out = NULL;
    if (key.len == 0)
        return AF_OK;
    if (strlen(what) + 1 + key.len > IDEMPOTENCY_KEY_BYTES_MAX)
        return error_set(err, AF_INVALID, "Idempotency-Key is longer than %zu bytes",
                         IDEMPOTENCY_KEY_BYTES_MAX - strlen(what) - 1);
    *out = arena_printf(req->arena, "%s:%.*s", what, (int)key.len, (const char *)key.data);
    return *out != NULL ? AF_OK : arena_exhausted(req->arena, err);
}

#define TAG_BYTES 16

void site_version(struct reply *rep, uint32_t version)
{
    char tag[TAG_BYTES];

    (void)snprintf(tag, sizeof tag, "%u", version);
    reply_header(rep, "Cache-Control", "no-cache");
    reply_etag(rep, tag);
}

enum status site_if_match(const struct request *req, struct reply *rep, uint32_t version,
                          struct error *err)
{
    struct bytes match = request_header(req, "If-Match");
    char quoted[TAG_BYTES + 2];

    (void)snprintf(quoted, sizeof quoted, "\"%u\"", version);
    if (bytes_equal(match, BYTES_LIT("*")) || bytes_equal(match, bytes_str(quoted)) ||
        (match.len == 0 && version == 0))
        return AF_OK;
    reply_problem(rep, match.len == 0 ? &PROBLEM_PRECONDITION : &PROBLEM_CHANGED, NULL);
    return error_set(err, AF_CONFLICT, "send If-Match with the version you changed (now \"%u\")",
                     version);
}

uint64_t site_if_version(const struct request *req)
{
    const struct bytes match = request_header(req, "If-Match");
    uint64_t version = 0;
    size_t i = 1;

    if (match.len == 0 || bytes_equal(match, BYTES_LIT("*")))
        return 0;
    /* One strong tag: what a ticket's ETag looks like. Lists and weak ones match none of ours. */
    if (match.len < 3 || match.len > 12 || match.data[0] != '"' || match.data[match.len - 1] != '"')
        return WHO_NO_VERSION;
    for (; i + 1 < match.len && isdigit(match.data[i]); i++)
        version = version * 10 + (uint64_t)(match.data[i] - '0');
    return i + 1 == match.len && version > 0 ? version : WHO_NO_VERSION;
}

struct bytes site_language(const struct request *req)
{
    struct bytes header = request_header(req, "Accept-Language");
    size_t len = 0;

    while (len < header.len && (isalnum(header.data[len]) || header.data[len] == '-'))
        len++;
    return bytes_of(header.data, len);
}
