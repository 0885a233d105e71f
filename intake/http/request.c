#include "intake/http/request.h"

#include "data/base/limits.h"
#include "intake/http/reply.h"

#include <assert.h>
#include <inttypes.h>
#include <strings.h>

static const char *const METHODS[METHOD_COUNT] = {
    [METHOD_GET] = "GET",         [METHOD_HEAD] = "HEAD",   [METHOD_POST] = "POST",
    [METHOD_PUT] = "PUT",         [METHOD_PATCH] = "PATCH", [METHOD_DELETE] = "DELETE",
    [METHOD_OPTIONS] = "OPTIONS",
};

const char *method_name(enum http_method method)
{
    return METHODS[method];
}

enum http_method method_of(const char *name)
{
    for (enum http_method m = METHOD_GET; m < METHOD_COUNT; m++) {
        if (strcmp(METHODS[m], name) == 0)
            return m;
    }
    return METHOD_OTHER;
}

bool request_init(struct request *req)
{
    *req = (struct request){.arena = arena_new(HTTP_REQUEST_ARENA_BYTES)};
    id_random(req->id);
    return req->arena != NULL;
}

void request_release(struct request *req)
{
    json_decref(req->json);
    buf_release(&req->body);
    arena_free(req->arena);
    *req = (struct request){0};
}

struct bytes request_param(const struct request *req, const char *name)
{
    const struct bytes *value = pairs_find(&req->params, name);

    assert(value != NULL);
    return value == NULL ? BYTES_NONE : *value;
}

struct bytes request_query(const struct request *req, const char *name)
{
    const struct bytes *value = pairs_find(&req->query, name);

    return value == NULL ? BYTES_NONE : *value;
}

/* Decimal digits only, no sign, no blank, no overflow. */
static bool parse_u64(struct bytes text, uint64_t *out)
{
    uint64_t v = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t digit = (uint8_t)(text.data[i] - '0');

        if (digit > 9 || v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = v;
    return text.len > 0;
}

enum status request_query_u64(const struct request *req, const char *name, uint64_t min,
                              uint64_t max, uint64_t absent, uint64_t *out, struct error *err)
{
    struct bytes text = request_query(req, name);
    uint64_t v;

    if (text.data == NULL) {
        *out = absent;
        return AF_OK;
    }
    if (!parse_u64(text, &v) || v < min || v > max)
        return error_set(err, AF_INVALID,
                         "\"%s\" must be a whole number from %" PRIu64 " to %" PRIu64, name, min,
                         max);
    *out = v;
    return AF_OK;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static struct bytes trim(struct bytes text)
{
    while (text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    while (text.len > 0 && is_blank(text.data[0]))
        text = bytes_of(text.data + 1, text.len - 1);
    return text;
}

/* What is before the first `mark`; *rest is what is after it. */
static struct bytes cut_at(struct bytes text, uint8_t mark, struct bytes *rest)
{
    const uint8_t *at = text.len == 0 ? NULL : memchr(text.data, mark, text.len);
    size_t len = at == NULL ? text.len : (size_t)(at - text.data);

    *rest = at == NULL ? BYTES_NONE : bytes_of(at + 1, text.len - len - 1);
    return bytes_of(text.data, len);
}

struct bytes request_header(const struct request *req, const char *name)
{
    const struct bytes *value = pairs_find_caseless(&req->headers, name);

    return value == NULL ? BYTES_NONE : trim(*value);
}

struct bytes request_cookie(const struct request *req, const char *name)
{
    struct bytes rest = request_header(req, "Cookie");

    while (rest.len > 0) {
        struct bytes value;
        struct bytes key = trim(cut_at(cut_at(rest, ';', &rest), '=', &value));

        if (value.data != NULL && bytes_equal(key, bytes_str(name)))
            return trim(value);
    }
    return BYTES_NONE;
}

struct bytes request_bearer(const struct request *req)
{
    static const char scheme[] = "Bearer ";
    struct bytes value = request_header(req, "Authorization");
    size_t len = sizeof scheme - 1;

    if (value.len <= len || strncasecmp((const char *)value.data, scheme, len) != 0)
        return BYTES_NONE;
    return trim(bytes_of(value.data + len, value.len - len));
}

bool request_header_has(const struct request *req, const char *name, const char *token)
{
    struct bytes rest = request_header(req, name);

    while (rest.len > 0) {
        struct bytes ignored;
        struct bytes item = trim(cut_at(cut_at(rest, ',', &rest), ';', &ignored));

        if (item.len == strlen(token) && strncasecmp((const char *)item.data, token, item.len) == 0)
            return true;
    }
    return false;
}

enum status request_json(struct request *req, struct reply *rep, const json_t **out,
                         struct error *err)
{
    enum status status = AF_OK;

    if (req->json == NULL)
        status = json_parse(buf_bytes(&req->body), &req->json, err);
    if (status == AF_INVALID)
        reply_problem(rep, &PROBLEM_MALFORMED, NULL);
    if (status == AF_OK)
        *out = req->json;
    return status;
}
