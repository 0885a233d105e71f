#include "intake/web/sign_in.h"

#define NEXT_BYTES 300

/* Only the desk is behind the sign-in, and the form that staff fill in: another address in "next"
 * is somebody's trick. */
static bool is_desk(struct bytes next)
{
    for (size_t i = 0; i < next.len; i++) {
        if (next.data[i] <= ' ' || next.data[i] >= 0x7F)
            return false;
    }
    return bytes_equal(next, BYTES_LIT("/desk")) || bytes_has_prefix(next, BYTES_LIT("/desk/")) ||
           bytes_has_prefix(next, BYTES_LIT("/desk?")) ||
           bytes_has_prefix(next, BYTES_LIT("/ticket/new?"));
}

enum status sign_in_first(struct visit *v)
{
    struct buf location = {0};

    buf_add_str(&location, "/sign-in");
    if (v->req->method == METHOD_GET || v->req->method == METHOD_HEAD) {
        buf_add_str(&location, "?next=");
        url_add(&location, v->req->path);
    }
    return visit_redirect(v, &location);
}

enum status sign_in_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit v;

    visit_begin(&v, app, req, rep, err);
    if (who_is_staff(&v.pg.who))
        return visit_redirect_to(&v, "/desk");
    view_sign_in(&v.pg, BYTES_NONE, visit_field(&v, "next", NEXT_BYTES), false);
    return visit_end(&v, 200);
}

enum status sign_in_post(void *app, struct request *req, struct reply *rep, struct error *err)
{
    char key[SESSION_KEY_BYTES];
    struct bytes name, next;
    const struct bytes *password;
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK)
        return visit_fail(&v, status);
    name = visit_field(&v, "name", WHO_NAME_BYTES);
    next = visit_field(&v, "next", NEXT_BYTES);
    password = pairs_find(&v.form, "password"); /* as it is: blanks may belong to it */
    status = staff_sign_in(v.site->app, v.site->sessions, name,
                           password == NULL ? BYTES_NONE : *password, key, err);
    if (status == AF_DENIED || status == AF_INVALID) {
        view_sign_in(&v.pg, name, next, true);
        return visit_end(&v, 403);
    }
    if (status != AF_OK)
        return visit_fail(&v, status);
    reply_header_add(rep, "Set-Cookie",
                     arena_printf(req->arena, SESSION_COOKIE "=%s%s", key, visit_cookie_flags(&v)));
    return visit_redirect_to(&v, is_desk(next) ? (const char *)next.data : "/desk");
}

enum status sign_out_post(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct visit v;
    enum status status = visit_begin_post(&v, app, req, rep, err);

    if (status != AF_OK)
        return visit_fail(&v, status);
    if (who_is_staff(&v.pg.who) && (status = visit_check_token(&v)) != AF_OK)
        return visit_fail(&v, status);
    staff_sign_out(v.site->sessions, v.session);
    reply_header_add(
        rep, "Set-Cookie",
        arena_printf(req->arena, SESSION_COOKIE "=; Max-Age=0%s", visit_cookie_flags(&v)));
    return visit_redirect_to(&v, "/");
}
