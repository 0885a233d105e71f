#include "intake/http/router.h"

#include <assert.h>

/* A path cut at its slashes: "/api/v1/x" is three segments. Each is decoded, so that %2F
 * inside a segment is part of a value and never a cut. */
struct segments {
    size_t count;
    struct bytes decoded[ROUTE_SEGMENTS_MAX];
    struct bytes rest[ROUTE_SEGMENTS_MAX]; /* from this segment to the end, as it came */
};

/* The next segment of a path or pattern that begins at its slash; *path moves past it. */
static struct bytes next_segment(struct bytes *path)
{
    const uint8_t *start = path->data + 1;
    const uint8_t *slash = path->len <= 1 ? NULL : memchr(start, '/', path->len - 1);
    size_t len = slash == NULL ? path->len - 1 : (size_t)(slash - start);

    assert(path->len > 0 && path->data[0] == '/');
    *path = bytes_of(start + len, path->len - 1 - len);
    return bytes_of(start, len);
}

/* False without memory. A path of too many segments has count 0, which no pattern has. */
static bool cut_path(struct request *req, struct segments *out, struct error *err)
{
    struct bytes path = req->path_raw;

    out->count = 0;
    while (path.len > 0 && path.data[0] == '/') {
        struct bytes rest = bytes_of(path.data + 1, path.len - 1);
        struct bytes raw = next_segment(&path);

        if (out->count == ROUTE_SEGMENTS_MAX) {
            out->count = 0;
            return true;
        }
        if (percent_decode(req->arena, "path", raw, false, &out->decoded[out->count], err) != AF_OK)
            return false;
        out->rest[out->count++] = rest;
    }
    return true;
}

static bool is_param(struct bytes segment)
{
    return segment.len > 2 && segment.data[0] == '{' && segment.data[segment.len - 1] == '}';
}

/* The name inside "{name}" or "{name...}"; the latter sets *takes_rest. */
static struct bytes param_name(struct bytes segment, bool *takes_rest)
{
    struct bytes name = bytes_of(segment.data + 1, segment.len - 2);

    *takes_rest = name.len > 3 && memcmp(name.data + name.len - 3, "...", 3) == 0;
    if (*takes_rest)
        name.len -= 3;
    return name;
}

/* What stood in the braces of a pattern that fits. Of "{name...}" the value is not decoded. */
struct match {
    struct pair params[ROUTE_PARAMS_MAX];
    size_t count;
    bool last_is_rest;
};

/* Takes what stands at segment `i` for a "{name}"; false when that is nothing. */
static bool take_param(struct bytes segment, const struct segments *path, size_t i,
                       struct match *match)
{
    struct bytes name = param_name(segment, &match->last_is_rest);
    struct bytes value = match->last_is_rest ? path->rest[i] : path->decoded[i];

    assert(match->count < ROUTE_PARAMS_MAX);
    match->params[match->count++] = (struct pair){name, value};
    return value.len > 0;
}

static bool fits(const char *pattern, const struct segments *path, struct match *match)
{
    struct bytes left = bytes_str(pattern);
    size_t i = 0;

    *match = (struct match){.count = 0};
    while (left.len > 0) {
        struct bytes segment = next_segment(&left);

        if (i == path->count)
            return false;
        if (!is_param(segment) && !bytes_equal(segment, path->decoded[i]))
            return false;
        if (is_param(segment) && !take_param(segment, path, i, match))
            return false;
        i = match->last_is_rest ? path->count : i + 1;
    }
    return i == path->count;
}

static bool takes_method(const struct route *route, enum http_method method)
{
    return route->method == method || (route->method == METHOD_GET && method == METHOD_HEAD);
}

static enum status keep_params(struct request *req, const struct match *match, struct error *err)
{
    struct pair *list = arena_array(req->arena, ROUTE_PARAMS_MAX, sizeof *list);
    struct pair *last;

    if (list == NULL)
        return arena_exhausted(req->arena, err);
    memcpy(list, match->params, match->count * sizeof *list);
    req->params = (struct pairs){list, match->count};
    if (!match->last_is_rest)
        return AF_OK;
    last = &list[match->count - 1];
    return percent_decode(req->arena, "path", last->value, false, &last->value, err);
}

enum route_result router_find(const struct routes *routes, struct request *req, struct error *err)
{
    struct match match;
    struct segments path;
    bool path_is_known = false;

    if (!cut_path(req, &path, err))
        return ROUTE_NO_MEMORY;
    for (size_t i = 0; i < routes->count; i++) {
        if (!fits(routes->list[i].pattern, &path, &match))
            continue;
        path_is_known = true;
        if (!takes_method(&routes->list[i], req->method))
            continue;
        req->route = &routes->list[i];
        return keep_params(req, &match, err) == AF_OK ? ROUTE_FOUND : ROUTE_NO_MEMORY;
    }
    return path_is_known ? ROUTE_NO_METHOD : ROUTE_NO_PATH;
}

const char *router_allow(const struct routes *routes, struct request *req)
{
    struct match match;
    struct segments path;
    bool has[METHOD_COUNT] = {[METHOD_OPTIONS] = true};
    const char *allow = "";

    if (!cut_path(req, &path, NULL))
        return NULL;
    for (size_t i = 0; i < routes->count; i++) {
        if (fits(routes->list[i].pattern, &path, &match))
            has[routes->list[i].method] = true;
    }
    has[METHOD_HEAD] = has[METHOD_GET];
    for (enum http_method m = METHOD_GET; m < METHOD_COUNT && allow != NULL; m++) {
        if (has[m])
            allow = arena_printf(req->arena, "%s%s%s", allow, *allow == '\0' ? "" : ", ",
                                 method_name(m));
    }
    return allow;
}
