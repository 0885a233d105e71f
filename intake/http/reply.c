#include "intake/http/reply.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#define JSON_TYPE "application/json"

void reply_init(struct reply *rep, struct arena *arena)
{
    *rep = (struct reply){.arena = arena, .code = 200};
}

void reply_release(struct reply *rep)
{
    json_decref(rep->extra);
    reply_drop_file(rep);
    buf_release(&rep->kept);
    *rep = (struct reply){0};
}

void reply_code(struct reply *rep, unsigned code)
{
    assert(code >= 200 && code <= 599);
    rep->code = code;
}

/* No CR, LF, NUL or other control character: a value must stay one header (CWE-113). */
static bool is_value(struct bytes value)
{
    for (size_t i = 0; i < value.len; i++) {
        if ((value.data[i] < ' ' && value.data[i] != '\t') || value.data[i] == 0x7F)
            return false;
    }
    return true;
}

static struct pair *find_header(struct reply *rep, const char *name)
{
    for (size_t i = 0; i < rep->header_count; i++) {
        if (strcasecmp((const char *)rep->headers[i].name.data, name) == 0)
            return &rep->headers[i];
    }
    return NULL;
}

const struct bytes *reply_header_find(const struct reply *rep, const char *name)
{
    struct pairs headers = {rep->headers, rep->header_count};

    return pairs_find_caseless(&headers, name);
}

static void put_header(struct reply *rep, struct pair *place, const char *name, const char *value)
{
    struct bytes copy;

    if (place == NULL && rep->header_count < REPLY_HEADERS_MAX)
        place = &rep->headers[rep->header_count];
    if (place == NULL || value == NULL || !is_value(bytes_str(value))) {
        rep->failed = true;
        return;
    }
    copy = arena_copy(rep->arena, bytes_str(value));
    if (copy.data == NULL) {
        rep->failed = true;
        return;
    }
    if (place == &rep->headers[rep->header_count])
        rep->header_count++;
    *place = (struct pair){bytes_str(name), copy};
}

void reply_header(struct reply *rep, const char *name, const char *value)
{
    put_header(rep, find_header(rep, name), name, value);
}

void reply_header_add(struct reply *rep, const char *name, const char *value)
{
    put_header(rep, NULL, name, value);
}

void reply_headerf(struct reply *rep, const char *name, const char *fmt, ...)
{
    char line[512]; /* longer values are built by the caller */
    va_list args;
    int len;

    va_start(args, fmt);
    len = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (len < 0 || (size_t)len >= sizeof line)
        rep->failed = true;
    else
        reply_header(rep, name, line);
}

void reply_body(struct reply *rep, const char *type, struct bytes body)
{
    reply_header(rep, "Content-Type", type);
    rep->body = body;
}

void reply_take(struct reply *rep, const char *type, struct buf *body)
{
    if (!buf_ok(body))
        rep->failed = true;
    buf_release(&rep->kept);
    rep->kept = *body;
    *body = (struct buf){0};
    reply_body(rep, type, buf_bytes(&rep->kept));
}

enum status reply_json(struct reply *rep, unsigned code, json_t *json, struct error *err)
{
    struct buf text = {0};
    enum status status;

    if (json == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to build the reply");
    status = json_write(json, false, &text, err);
    json_decref(json);
    if (status == AF_OK) {
        reply_code(rep, code);
        reply_take(rep, JSON_TYPE, &text);
    }
    buf_release(&text);
    return status;
}

void reply_redirect(struct reply *rep, const char *location)
{
    reply_code(rep, 303);
    reply_header(rep, "Location", location);
}

void reply_etag(struct reply *rep, const char *tag)
{
    if (strchr(tag, '"') != NULL)
        rep->failed = true;
    reply_header(rep, "ETag", arena_printf(rep->arena, "\"%s\"", tag));
}

/* Whether a list of entity tags (RFC 9110 §8.8.3, §13.1) holds `tag`, quotes included,
 * weak or strong. Tags may hold commas, so the list is cut at quotes. */
static bool tags_hold(struct bytes list, struct bytes tag)
{
    size_t i = 0;

    if (bytes_equal(list, BYTES_LIT("*")))
        return true;
    while (i < list.len) {
        const uint8_t *open = memchr(list.data + i, '"', list.len - i), *shut;

        if (open == NULL)
            return false;
        shut = memchr(open + 1, '"', (size_t)(list.data + list.len - open) - 1);
        if (shut == NULL)
            return false;
        if (bytes_equal(bytes_of(open, (size_t)(shut - open) + 1), tag))
            return true;
        i = (size_t)(shut - list.data) + 1;
    }
    return false;
}

void reply_check_fresh(struct reply *rep, const struct request *req)
{
    const struct bytes *tag = reply_header_find(rep, "ETag");
    bool reads = req->method == METHOD_GET || req->method == METHOD_HEAD;

    if (!reads || tag == NULL || (rep->code != 200 && rep->code != 206))
        return;
    if (tags_hold(request_header(req, "If-None-Match"), *tag)) {
        rep->code = 304;
        rep->body = BYTES_NONE;
        reply_drop_file(rep);
    }
}

void reply_problem(struct reply *rep, const struct problem_kind *kind, json_t *extra)
{
    json_decref(rep->extra);
    rep->problem = kind;
    rep->extra = extra;
}

void reply_set_defaults(struct reply *rep, const char *request_id)
{
    /* OWASP ASVS 5 §3.4, for pages whose scripts and styles are files of their own. */
    static const char *const defaults[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
         "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"           },
        {"X-Content-Type-Options",     "nosniff"                                                     },
        {"Referrer-Policy",            "same-origin"                                                 },
        {"Cross-Origin-Opener-Policy", "same-origin"                                                 },
        {"Permissions-Policy",         "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
        {"Cache-Control",              "no-store"                                                    },
    };

    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++) {
        if (reply_header_find(rep, defaults[i][0]) == NULL)
            reply_header(rep, defaults[i][0], defaults[i][1]);
    }
    if (reply_header_find(rep, "X-Request-Id") == NULL)
        reply_header(rep, "X-Request-Id", request_id);
}
