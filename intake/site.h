/* site.h: what HTTP handlers share: the data, who is signed in, and who asks this time. */
#ifndef ASKFIRST_INTAKE_SITE_H
#define ASKFIRST_INTAKE_SITE_H

#include "intake/app.h"
#include "intake/http/reply.h"
#include "intake/http/request.h"
#include "intake/staff.h"
#include "intake/who.h"

/* server_options.app; handlers get it as their first argument. */
struct site {
    struct app *app;
    struct sessions *sessions;
    struct quota *quota; /* of what strangers send; NULL in tests of handlers without files */
    int64_t started_ms;
};

#define SESSION_COOKIE "af_session"

/* Staff by "Authorization: Bearer TOKEN" or by the session cookie, else a customer. A token
 * that is unknown is a 401, never quietly a customer. A cookie counts for a request that
 * changes something only when the browser says it comes from this site (Sec-Fetch-Site or
 * Origin), so that another site cannot act with it. */
enum status site_who(struct site *site, struct request *req, struct reply *rep, struct who *out,
                     struct error *err) MUST_USE;

/* The same, and demands staff (401 with how to sign in), and a scope of a token (403 with its
 * name). */
enum status site_scope(struct site *site, struct request *req, struct reply *rep, enum scope scope,
                       struct who *out, struct error *err) MUST_USE;

/* Of a customer, the address he comes from (ask_input.asker): what X-Forwarded-For says last when
 * it is a proxy on this machine that is connected, of IPv6 the first 64 bits. Empty for staff.
 * Borrowed from the request. */
struct bytes site_asker(const struct request *req, const struct who *who);

/* The language that Accept-Language names first; who lists several says the one they like best
 * first. Borrowed from the request; empty when it has none. */
struct bytes site_language(const struct request *req);

/* The body as a JSON object; AF_INVALID when it is another value. Errors as request_json. */
enum status site_object(struct request *req, struct reply *rep, const json_t **out,
                        struct error *err) MUST_USE;

/* Idempotency-Key with the route's name before it, so that one key used on two calls does not
 * collide; NULL when the request has none. AF_INVALID when it is too long. */
enum status site_key(struct request *req, const char *what, const char **out,
                     struct error *err) MUST_USE;

/* What If-Match says of a ticket, for who.if_version (site_who fills it in): 0 when it is not there
 * or "*". */
uint64_t site_if_version(const struct request *req);

/* Of something that is replaced as a whole: its version as ETag, and whether the request's If-Match
 * is that version (or *), so that two who write at once learn of each other. While there is nothing
 * to overwrite (version 0) it may be missing. */
void site_version(struct reply *rep, uint32_t version);
enum status site_if_match(const struct request *req, struct reply *rep, uint32_t version,
                          struct error *err) MUST_USE;

#endif
