#include "intake/http/guard.h"

#include "data/base/limits.h"

#include <inttypes.h>
#include <strings.h>

static const struct problem_kind *refuse(const struct problem_kind *kind, struct error *err,
                                         const char *text)
{
    error_set(err, AF_INVALID, "%s", text);
    return kind;
}

const struct problem_kind *guard_layout(const struct head_layout *layout,
                                        const struct pairs *headers, struct error *err)
{
    /* Addresses and not pointers: a folded line was moved to another place. */
    uintptr_t at = (uintptr_t)layout->method;

    /* METHOD SP TARGET SP VERSION CR LF */
    at += strlen(layout->method) + 1;
    if (at != (uintptr_t)layout->target)
        return refuse(&PROBLEM_MALFORMED, err, "the request line has more than single blanks");
    at += layout->target_len + 1;
    if (at != (uintptr_t)layout->version)
        return refuse(&PROBLEM_MALFORMED, err, "the request target holds a NUL");
    at += strlen(layout->version) + 2;
    /* NAME : [blanks] VALUE CR LF */
    for (size_t i = 0; i < headers->count; i++) {
        const struct pair *line = &headers->list[i];

        if ((uintptr_t)line->name.data != at ||
            (uintptr_t)line->value.data < at + line->name.len + 1)
            break;
        at = (uintptr_t)line->value.data + line->value.len + 2;
    }
    if (at + 2 != (uintptr_t)layout->method + layout->head_bytes)
        return refuse(&PROBLEM_MALFORMED, err,
                      "the header has a NUL, a bare line feed or a folded line");
    return NULL;
}

/* RFC 9110 §5.6.2 */
static bool is_token(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

        if (!alnum && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return text.len > 0;
}

static bool has_control(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((text.data[i] < ' ' && text.data[i] != '\t') || text.data[i] == 0x7F)
            return true;
    }
    return false;
}

static const struct problem_kind *check_lines(const struct pairs *headers, struct error *err)
{
    for (size_t i = 0; i < headers->count; i++) {
        if (!is_token(headers->list[i].name))
            return refuse(&PROBLEM_MALFORMED, err, "the name of a header line is not a token");
        if (has_control(headers->list[i].value))
            return refuse(&PROBLEM_MALFORMED, err, "a header line holds a control character");
    }
    return NULL;
}

/* Headers of which a second one means that somebody in between may read the other. */
static const struct problem_kind *check_singles(const struct pairs *headers, struct error *err)
{
    static const char *const singles[] = {"Host",          "Content-Length",  "Transfer-Encoding",
                                          "Authorization", "Cookie",          "Content-Type",
                                          "Expect",        "Content-Encoding"};

    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++) {
        if (pairs_count_caseless(headers, singles[i]) > 1) {
            error_set(err, AF_INVALID, "the header line %s comes more than once", singles[i]);
            return &PROBLEM_MALFORMED;
        }
    }
    return NULL;
}

static bool is_in(uint8_t c, const char *more)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c != '\0' && strchr(more, c) != NULL);
}

/* NAME, NAME:PORT, [v6] or [v6]:PORT (RFC 3986 §3.2.2, without escapes: nobody needs them). */
static bool is_host(struct bytes text)
{
    bool is_v6 = text.len > 0 && text.data[0] == '[';
    size_t i = is_v6 ? 1 : 0, start = i, digits;

    while (i < text.len && is_in(text.data[i], is_v6 ? ":." : "-._~"))
        i++;
    if (i == start || text.len > HTTP_HOST_BYTES_MAX)
        return false;
    if (is_v6 && (i == text.len || text.data[i++] != ']'))
        return false;
    if (i == text.len)
        return true;
    if (text.data[i++] != ':')
        return false;
    for (digits = 0; i < text.len && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        digits++;
    return i == text.len && digits <= 5;
}

static const struct problem_kind *check_host(const struct request *req, const char *version,
                                             struct bytes authority, struct error *err)
{
    struct bytes host = request_header(req, "Host");

    if (host.data == NULL && strcmp(version, "HTTP/1.0") == 0)
        return NULL;
    if (host.data == NULL)
        return refuse(&PROBLEM_MALFORMED, err, "the header line Host is missing");
    if (!is_host(host))
        return refuse(&PROBLEM_MALFORMED, err, "the header line Host is not a host name");
    if (authority.data != NULL &&
        (authority.len != host.len ||
         strncasecmp((const char *)authority.data, (const char *)host.data, host.len) != 0))
        return refuse(&PROBLEM_MALFORMED, err, "the request target and Host name two hosts");
    return NULL;
}

static const struct problem_kind *check_framing(const struct request *req, const char *version,
                                                struct error *err)
{
    struct bytes coding = request_header(req, "Transfer-Encoding");

    if (coding.data == NULL)
        return NULL;
    if (strcmp(version, "HTTP/1.0") == 0)
        return refuse(&PROBLEM_MALFORMED, err, "HTTP/1.0 has no Transfer-Encoding");
    if (request_header(req, "Content-Length").data != NULL)
        return refuse(&PROBLEM_MALFORMED, err,
                      "Content-Length and Transfer-Encoding exclude each other");
    if (coding.len != 7 || strncasecmp((const char *)coding.data, "chunked", 7) != 0)
        return refuse(&PROBLEM_NOT_IMPLEMENTED, err,
                      "the only Transfer-Encoding that is read is \"chunked\"");
    return NULL;
}

const struct problem_kind *guard_head(const struct request *req, const char *version,
                                      struct bytes authority, struct error *err)
{
    const struct problem_kind *kind = check_lines(&req->headers, err);

    if (kind == NULL)
        kind = check_singles(&req->headers, err);
    if (kind == NULL)
        kind = check_host(req, version, authority, err);
    if (kind == NULL)
        kind = check_framing(req, version, err);
    return kind;
}

uint64_t guard_content_length(const struct request *req, uint64_t absent)
{
    struct bytes text = request_header(req, "Content-Length");
    uint64_t len = 0;

    if (text.data == NULL)
        return absent;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t digit = (uint8_t)(text.data[i] - '0');

        /* libmicrohttpd has refused what is no number; a larger one than fits is too large */
        if (digit > 9 || len > (UINT64_MAX - digit) / 10)
            return UINT64_MAX;
        len = len * 10 + digit;
    }
    return len;
}

static bool begins_caseless(struct bytes text, const char *prefix)
{
    size_t len = strlen(prefix);

    return text.len >= len && strncasecmp((const char *)text.data, prefix, len) == 0;
}

/* "TYPE" or "TYPE; charset=utf-8": another charset is a body that would be read wrongly. */
static bool is_type(struct bytes header, const char *type)
{
    struct bytes rest;

    if (!begins_caseless(header, type))
        return false;
    rest = bytes_of(header.data + strlen(type), header.len - strlen(type));
    while (rest.len > 0 && (rest.data[0] == ' ' || rest.data[0] == '\t' || rest.data[0] == ';'))
        rest = bytes_of(rest.data + 1, rest.len - 1);
    if (rest.len == 0)
        return true;
    if (rest.data == header.data + strlen(type))
        return false; /* "application/jsonx" */
    return !begins_caseless(rest, "charset=") || begins_caseless(rest, "charset=utf-8") ||
           begins_caseless(rest, "charset=\"utf-8\"");
}

static const struct problem_kind *check_type(const struct request *req, struct error *err)
{
    struct bytes type = request_header(req, "Content-Type");
    struct bytes coding = request_header(req, "Content-Encoding");
    unsigned flags = req->route->flags;

    if (coding.data != NULL && !bytes_equal(coding, BYTES_LIT("identity")))
        return refuse(&PROBLEM_MEDIA_TYPE, err, "a compressed body is not read here");
    if ((flags & (ROUTE_JSON | ROUTE_FORM)) == 0)
        return NULL;
    if ((flags & ROUTE_JSON) != 0 && is_type(type, "application/json"))
        return NULL;
    if ((flags & ROUTE_FORM) != 0 && is_type(type, "application/x-www-form-urlencoded"))
        return NULL;
    return refuse(&PROBLEM_MEDIA_TYPE, err,
                  (flags & ROUTE_JSON) != 0
                      ? "the body must be application/json in UTF-8"
                      : "the body must be application/x-www-form-urlencoded in UTF-8");
}

const struct problem_kind *guard_body(const struct request *req, struct error *err)
{
    bool is_chunked = request_header(req, "Transfer-Encoding").data != NULL;
    uint64_t len = guard_content_length(req, 0);
    size_t max = req->route->body_bytes_max;

    if (max == 0 && (is_chunked || len > 0))
        return refuse(&PROBLEM_TOO_LARGE, err, "this call takes no body");
    if (len > max) {
        error_set(err, AF_TOO_LARGE, "the body has %" PRIu64 " bytes, and %zu are the most", len,
                  max);
        return &PROBLEM_TOO_LARGE;
    }
    if (is_chunked || len > 0)
        return check_type(req, err);
    if (max > 0 && (req->route->flags & ROUTE_OPTIONAL_BODY) == 0 &&
        request_header(req, "Content-Length").data == NULL)
        return refuse(&PROBLEM_LENGTH_REQUIRED, err,
                      "the call takes a body, and the request says no Content-Length");
    return NULL;
}
