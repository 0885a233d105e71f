/* target.c: the second word of a request, cut and decoded (RFC 9112 §3.2, RFC 3986 §3).
 *
 *     origin-form     /api/v1/search?q=%E7%BD%91
 *     absolute-form   http://help.example:8080/api/v1/search?q=1     (what proxies may send)
 *     asterisk-form   *                                              (OPTIONS only) */
#include "intake/http/request.h"

#include <strings.h>

/* Bytes that no target holds, whoever wrote it. Raw UTF-8 is let through although RFC 3986
 * wants it escaped: people paste it into curl, and it cuts nothing in another place. */
static bool is_clean(struct bytes target)
{
    for (size_t i = 0; i < target.len; i++) {
        uint8_t c = target.data[i];

        if (c <= ' ' || c == 0x7F || c == '#')
            return false;
    }
    return true;
}

/* Cuts "http://AUTHORITY" off the front; false when there is none. */
static bool take_authority(struct bytes *target, struct bytes *authority)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(schemes[i]), end;

        if (target->len < len || strncasecmp((const char *)target->data, schemes[i], len) != 0)
            continue;
        for (end = len; end < target->len; end++) {
            if (target->data[end] == '/' || target->data[end] == '?')
                break;
        }
        *authority = bytes_of(target->data + len, end - len);
        *target = bytes_of(target->data + end, target->len - end);
        return true;
    }
    return false;
}

static struct bytes cut_query(struct bytes *target)
{
    const uint8_t *mark = target->len == 0 ? NULL : memchr(target->data, '?', target->len);
    struct bytes query;

    if (mark == NULL)
        return BYTES_NONE;
    query = bytes_of(mark + 1, (size_t)(target->data + target->len - mark) - 1);
    target->len = (size_t)(mark - target->data);
    return query;
}

/* No segment may be "." or "..", however it is written: nobody behind us has to fold paths. */
static enum status check_path(struct bytes path, struct error *err)
{
    size_t start = 0;

    for (size_t i = 0; i <= path.len; i++) {
        size_t len = i - start;

        if (i < path.len && (path.data[i] < ' ' || path.data[i] == 0x7F))
            return error_set(err, AF_INVALID, "the path holds a control character");
        if (i < path.len && path.data[i] != '/')
            continue;
        if ((len == 1 || len == 2) && memcmp(path.data + start, "..", len) == 0)
            return error_set(err, AF_INVALID, "the path has a segment \".\" or \"..\"");
        start = i + 1;
    }
    return AF_OK;
}

static enum status set_path(struct request *req, struct bytes path, struct error *err)
{
    struct bytes decoded;
    enum status status = percent_decode(req->arena, "path", path, false, &decoded, err);

    if (status == AF_OK)
        status = check_path(decoded, err);
    if (status == AF_OK) {
        req->path_raw = path;
        req->path = decoded;
    }
    return status;
}

enum status request_set_target(struct request *req, struct bytes target, struct bytes *host,
                               struct error *err)
{
    bool is_absolute;
    struct bytes query;
    enum status status;

    if (!is_clean(target))
        return error_set(err, AF_INVALID,
                         "the request target holds a blank, a control character or a '#'");
    is_absolute = take_authority(&target, host);
    query = cut_query(&target);
    if (is_absolute && target.len == 0)
        target = BYTES_LIT("/");
    if (bytes_equal(target, BYTES_LIT("*")) && query.data == NULL && !is_absolute &&
        req->method == METHOD_OPTIONS) {
        req->path = req->path_raw = target;
        return AF_OK;
    }
    if (target.len == 0 || target.data[0] != '/')
        return error_set(err, AF_INVALID, "the request target does not begin with '/'");
    if ((status = set_path(req, target, err)) != AF_OK)
        return status;
    return pairs_parse(req->arena, "query", query, &req->query, err);
}
