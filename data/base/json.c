#include "data/base/json.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

#include <math.h>

/* Counts what jansson would have to build, without building it. Strings are skipped whole, so
 * brackets inside them do not count. Malformed text is left for the parser to describe. */
static enum status scan(struct bytes text, size_t tokens_max, struct error *err)
{
    size_t depth = 0, tokens = 0;
    bool in_string = false;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
            continue;
        }
        if (c == 0) /* jansson passes over one that follows a number */
            return error_set(err, AF_INVALID, "not valid JSON at character %zu: a NUL byte", i + 1);
        if (c == '"')
            in_string = true;
        if (c == '[' || c == '{')
            depth++;
        else if ((c == ']' || c == '}') && depth > 0)
            depth--;
        if (c == '[' || c == '{' || c == ',' || c == ':')
            tokens++;
        if (depth > JSON_DEPTH_MAX)
            return error_set(err, AF_INVALID, "the JSON is nested deeper than %d levels",
                             JSON_DEPTH_MAX);
        if (tokens > tokens_max)
            return error_set(err, AF_INVALID, "the JSON has more than %zu elements", tokens_max);
    }
    return AF_OK;
}

/* jansson's words, but for the one that talks of its own flags. Most JSON is one line long, often
 * of a file with many: a line number of 1 would mislead. */
static enum status describe(const json_error_t *why, struct error *err)
{
    const char *words = json_error_code(why) == json_error_null_character
                            ? "a string holds the character NUL"
                            : why->text;

    if (why->line <= 1)
        return error_set(err, AF_INVALID, "not valid JSON at character %d: %s", why->column, words);
    return error_set(err, AF_INVALID, "not valid JSON at line %d, column %d: %s", why->line,
                     why->column, words);
}

/* We write 15 digits of a number, and the few largest that there are would be rounded up to more
 * than any: text that nobody could read again. Depth is bounded by scan(). */
#define REAL_MAX 1.79769313486231e308

static bool reals_can_be_written(const json_t *json)
{
    json_t *members = (json_t *)(uintptr_t)json; /* jansson's iterator takes no const */

    if (json_is_real(json))
        return fabs(json_real_value(json)) <= REAL_MAX;
    for (size_t i = 0; i < json_array_size(json); i++)
        if (!reals_can_be_written(json_array_get(json, i)))
            return false;
    for (void *at = json_object_iter(members); at != NULL; at = json_object_iter_next(members, at))
        if (!reals_can_be_written(json_object_iter_value(at)))
            return false;
    return true;
}

static enum status parse(struct bytes text, size_t tokens_max, json_t **out, struct error *err)
{
    json_error_t why;
    json_t *json;
    enum status status = scan(text, tokens_max, err);

    if (status != AF_OK)
        return status;
    json = json_loadb((const char *)text.data, text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY,
                      &why);
    if (json == NULL && json_error_code(&why) == json_error_out_of_memory)
        return error_set(err, AF_NO_MEMORY, "no memory to read %zu bytes of JSON", text.len);
    if (json == NULL)
        return describe(&why, err);
    if (!reals_can_be_written(json)) {
        json_decref(json);
        return error_set(err, AF_INVALID, "the JSON has a number that is too large");
    }
    *out = json;
    return AF_OK;
}

enum status json_parse(struct bytes text, json_t **out, struct error *err)
{
    return parse(text, JSON_TOKENS_MAX, out, err);
}

enum status json_parse_stored(struct bytes text, json_t **out, struct error *err)
{
    return parse(text, SIZE_MAX, out, err);
}

static int write_piece(const char *piece, size_t len, void *out)
{
    buf_add(out, bytes_of(piece, len));
    return buf_ok(out) ? 0 : -1;
}

enum status json_write(const json_t *json, bool canonical, struct buf *out, struct error *err)
{
    size_t flags =
        JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) | (canonical ? JSON_SORT_KEYS : 0);

    if (json == NULL || json_dump_callback(json, write_piece, out, flags) != 0) {
        out->failed = true;
        return error_set(err, AF_NO_MEMORY, "no memory to write JSON");
    }
    return AF_OK;
}

enum status json_text(const json_t *object, const char *member, size_t bytes_max, bool required,
                      struct bytes *out, struct error *err)
{
    const json_t *value = json_object_get(object, member);

    if (value == NULL || json_is_null(value)) {
        if (required)
            return error_set(err, AF_INVALID, "\"%s\" is missing", member);
        *out = BYTES_LIT("");
        return AF_OK;
    }
    if (!json_is_string(value))
        return error_set(err, AF_INVALID, "\"%s\" must be a string", member);
    if (json_string_length(value) > bytes_max)
        return error_set(err, AF_TOO_LARGE, "\"%s\" is longer than %zu bytes", member, bytes_max);
    if (required && json_string_length(value) == 0)
        return error_set(err, AF_INVALID, "\"%s\" is empty", member);
    *out = bytes_of(json_string_value(value), json_string_length(value));
    return AF_OK;
}

enum status json_flag(const json_t *object, const char *member, bool *out, struct error *err)
{
    const json_t *value = json_object_get(object, member);

    if (value != NULL && !json_is_null(value) && !json_is_boolean(value))
        return error_set(err, AF_INVALID, "\"%s\" must be true or false", member);
    *out = json_is_true(value);
    return AF_OK;
}

const char *json_get_str(const json_t *object, const char *member)
{
    const char *s = json_string_value(json_object_get(object, member));

    return s == NULL ? "" : s;
}

uint64_t json_get_u64(const json_t *object, const char *member)
{
    json_int_t v = json_integer_value(json_object_get(object, member));

    return v < 0 ? 0 : (uint64_t)v;
}

bool json_get_bool(const json_t *object, const char *member)
{
    return json_is_true(json_object_get(object, member));
}

void json_put(json_t *object, const char *member, json_t *value, bool *ok)
{
    if (json_object_set_new(object, member, value) != 0)
        *ok = false;
}

json_t *json_from_bytes(struct bytes text)
{
    return json_stringn(text.len == 0 ? "" : (const char *)text.data, text.len);
}

json_t *json_from_time(int64_t at_ms)
{
    char text[CLOCK_TEXT_BYTES];

    clock_format(at_ms, text);
    return json_string(text);
}
