#include "intake/body.h"

#include "data/base/limits.h"

static bool has_bytes(const json_t *value, size_t least, size_t most)
{
    return json_is_string(value) && json_string_length(value) >= least &&
           json_string_length(value) <= most;
}

static bool is_shown(const json_t *list)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        uint64_t version = json_get_u64(one, "version");

        if (!has_bytes(json_object_get(one, "case"), 1, ARTICLE_ID_BYTES_MAX) || version == 0 ||
            version > INT32_MAX)
            return false;
    }
    return json_is_array(list);
}

static bool is_of(const json_t *value, enum body_kind kind)
{
    switch (kind) {
    case BODY_TEXT:
        return json_is_string(value);
    case BODY_ID:
        return has_bytes(value, 1, BODY_ID_BYTES_MAX);
    case BODY_SHOWN:
        return is_shown(value);
    case BODY_OBJECT:
        return json_is_object(value) || json_is_null(value);
    }
    return false;
}

enum status body_check(const json_t *body, const struct body_member *members, struct error *err)
{
    for (; members->name != NULL; members++)
        if (!is_of(json_object_get(body, members->name), members->kind))
            return error_set(err, AF_INVALID, "\"%s\" is missing or not what it must be",
                             members->name);
    return AF_OK;
}
