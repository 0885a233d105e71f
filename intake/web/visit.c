#include "intake/web/visit.h"

#include "data/base/utf8.h"

#include <sodium.h>

#define LANG_COOKIE "af_lang"
#define HTML_TYPE "text/html; charset=utf-8"

const char *visit_cookie_flags(const struct visit *v)
{
    return v->https ? "; Path=/; HttpOnly; SameSite=Lax; Secure"
                    : "; Path=/; HttpOnly; SameSite=Lax";
}

static enum lang choose_lang(struct visit *v)
{
    struct bytes asked = request_query(v->req, "lang");
    enum lang lang;

    if (asked.len > 0 && lang_of_tag(asked, &lang)) {
        reply_headerf(v->rep, "Set-Cookie", LANG_COOKIE "=%s; Max-Age=31536000%s", lang_tag(lang),
                      visit_cookie_flags(v));
        return lang;
    }
    if (lang_of_tag(request_cookie(v->req, LANG_COOKIE), &lang))
        return lang;
    return lang_accept(request_header(v->req, "Accept-Language"));
}

/* The query as it came, for the language links: without "lang", encoded anew. */
static struct bytes query_without_lang(const struct request *req)
{
    struct buf text = {0};
    struct bytes copy;

    for (size_t i = 0; i < req->query.count; i++) {
        const struct pair *pair = &req->query.list[i];

        if (bytes_equal(pair->name, BYTES_LIT("lang")))
            continue;
        if (text.len > 0)
            buf_add_u8(&text, '&');
        url_add(&text, pair->name);
        buf_add_u8(&text, '=');
        url_add(&text, pair->value);
    }
    copy = arena_copy(req->arena, buf_bytes(&text));
    buf_release(&text);
    return copy;
}

static void know_who(struct visit *v)
{
    v->pg.who = who_customer();
    v->session = request_cookie(v->req, SESSION_COOKIE);
    if (v->session.len == 0 || !staff_session(v->site->sessions, v->session, &v->pg.who)) {
        v->session = BYTES_NONE;
        return;
    }
    staff_form_token(v->session, v->form_token);
}

static bool reads(const struct request *req)
{
    return req->method == METHOD_GET || req->method == METHOD_HEAD;
}

void visit_begin(struct visit *v, void *app, struct request *req, struct reply *rep,
                 struct error *err)
{
    *v = (struct visit){.site = app, .req = req, .rep = rep, .err = err};
    v->https = bytes_equal(request_header(req, "X-Forwarded-Proto"), BYTES_LIT("https"));
    v->wants_fragment = request_header(req, "X-Fragment").len > 0;
    v->pg = (struct page){.out = &v->html, .arena = req->arena, .app = v->site->app};
    know_who(v);
    v->pg.form_token = v->form_token;
    v->pg.lang = choose_lang(v);
    v->pg.path = BYTES_LIT("/");
    if (reads(req) && !bytes_has_prefix(req->path_raw, BYTES_LIT("//"))) { /* that is a host */
        v->pg.path = req->path_raw;
        v->pg.query = query_without_lang(req);
    }
}

/* A form must come from one of our own pages (Fetch Metadata; Origin for older browsers; neither
 * header: no browser, so no cookies of somebody else's). */
static bool is_own_site(const struct request *req)
{
    struct bytes site = request_header(req, "Sec-Fetch-Site");
    struct bytes origin = request_header(req, "Origin");
    struct bytes host = request_header(req, "Host");

    if (site.len > 0)
        return bytes_equal(site, BYTES_LIT("same-origin")) || bytes_equal(site, BYTES_LIT("none"));
    if (origin.len == 0)
        return true;
    return origin.len > host.len + 3 &&
           bytes_equal(bytes_of(origin.data + origin.len - host.len, host.len), host) &&
           memcmp(origin.data + origin.len - host.len - 3, "://", 3) == 0;
}

enum status visit_begin_post(struct visit *v, void *app, struct request *req, struct reply *rep,
                             struct error *err)
{
    visit_begin(v, app, req, rep, err);
    if (!is_own_site(req))
        return error_set(err, AF_DENIED, "this form was sent from another site");
    return form_parse(req, rep, &v->form, err);
}

enum status visit_check_token(struct visit *v)
{
    struct bytes token = visit_field(v, "token", SESSION_KEY_BYTES);
    size_t len = strlen(v->form_token);

    if (len == 0 || token.len != len || sodium_memcmp(token.data, v->form_token, len) != 0)
        return error_set(v->err, AF_DENIED, "this form is not from the present sign-in");
    return AF_OK;
}

enum status visit_fail(struct visit *v, enum status status)
{
    buf_release(&v->html);
    return status;
}

enum status visit_end(struct visit *v, unsigned code)
{
    enum status status = buf_status(&v->html, "a page", v->err);

    if (status != AF_OK)
        return visit_fail(v, status);
    reply_code(v->rep, code);
    reply_header(v->rep, "Vary", "Accept-Language, Cookie, X-Fragment");
    reply_take(v->rep, HTML_TYPE, &v->html);
    return AF_OK;
}

enum status visit_redirect_to(struct visit *v, const char *location)
{
    reply_redirect(v->rep, location);
    return visit_fail(v, AF_OK);
}

enum status visit_redirect(struct visit *v, struct buf *location)
{
    enum status status = buf_status(location, "an address", v->err);

    if (status == AF_OK)
        reply_redirect(v->rep, buf_str(location));
    buf_release(location);
    return visit_fail(v, status);
}

static struct bytes trim(struct bytes text)
{
    while (text.len > 0 && text.data[0] <= ' ')
        text = bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

struct bytes visit_field(const struct visit *v, const char *name, size_t max)
{
    const struct pairs *pairs = v->form.count > 0 ? &v->form : &v->req->query;
    const struct bytes *value = pairs_find(pairs, name);

    return value == NULL ? BYTES_NONE : utf8_cut(trim(*value), max);
}

const char *visit_action_key(const struct visit *v, const char *what)
{
    struct bytes key = visit_field(v, "key", ID_HEX_BYTES);

    if (key.len == 0)
        return NULL;
    return arena_printf(v->req->arena, "%s:%.*s", what, (int)key.len, (const char *)key.data);
}

const char *visit_address(const struct visit *v, const char *path)
{
    struct bytes host = request_header(v->req, "Host");

    return arena_printf(v->req->arena, "%s://%.*s%s", v->https ? "https" : "http", (int)host.len,
                        (const char *)host.data, path);
}
