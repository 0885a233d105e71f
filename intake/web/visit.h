/* visit.h: one request to a page: who comes, in which language, and the page being written. */
#ifndef ASKFIRST_INTAKE_WEB_VISIT_H
#define ASKFIRST_INTAKE_WEB_VISIT_H

#include "intake/http/form.h"
#include "intake/web/views.h"
#include "intake/web/web.h"

struct visit {
    struct site *site;
    struct request *req;
    struct reply *rep;
    struct error *err;
    struct buf html;
    struct page pg;
    struct bytes session; /* key of the cookie; empty for a customer */
    char form_token[SESSION_KEY_BYTES];
    bool wants_fragment;
    bool https;        /* a proxy in front speaks TLS (X-Forwarded-Proto) */
    struct pairs form; /* of a POST */
};

/* Language: ?lang (kept in a cookie), then the cookie, then Accept-Language. visit_end must
 * follow; visit_begin itself cannot fail. */
void visit_begin(struct visit *v, void *app, struct request *req, struct reply *rep,
                 struct error *err);
/* The same for a POST: refuses a form from another site and reads it. AF_DENIED, AF_INVALID. */
enum status visit_begin_post(struct visit *v, void *app, struct request *req, struct reply *rep,
                             struct error *err) MUST_USE;
/* A POST of staff: the session's token must be in the form, else AF_DENIED. */
enum status visit_check_token(struct visit *v) MUST_USE;

/* Sends what was written to v->html. */
enum status visit_end(struct visit *v, unsigned code) MUST_USE;
/* 303 to what `location` holds; releases it. */
enum status visit_redirect(struct visit *v, struct buf *location) MUST_USE;
enum status visit_redirect_to(struct visit *v, const char *location) MUST_USE;
/* A failure after visit_begin: gives the page's memory back. */
enum status visit_fail(struct visit *v, enum status status);

/* A field of the form, or of the query for a GET; blanks around it cut, at most `max` bytes. */
struct bytes visit_field(const struct visit *v, const char *name, size_t max);

/* Idempotency key from the form's hidden "key": sending a form twice is once. NULL without. */
const char *visit_action_key(const struct visit *v, const char *what);

/* "http://HOST/PATH" as this person reached us; arena memory. */
const char *visit_address(const struct visit *v, const char *path);
/* Ends the Set-Cookie value of the session: attributes, and "Secure" wherever TLS is. */
const char *visit_cookie_flags(const struct visit *v);

#endif
