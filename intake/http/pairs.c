#include "intake/http/pairs.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"

#include <assert.h>
#include <strings.h>

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Writes at most text.len bytes to `to`; SIZE_MAX when a '%' has no two hex digits. */
static size_t unescape(struct bytes text, bool plus, uint8_t *to)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        if (c == '%') {
            int high = i + 2 < text.len ? hex_digit(text.data[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.data[i + 2]) : -1;

            if (high < 0 || low < 0)
                return SIZE_MAX;
            c = (uint8_t)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        to[len++] = c;
    }
    return len;
}

enum status percent_decode(struct arena *arena, const char *what, struct bytes text, bool plus,
                           struct bytes *out, struct error *err)
{
    uint8_t *to = arena_alloc(arena, text.len + 1); /* zeroed: the NUL is there */
    struct bytes decoded;

    if (to == NULL)
        return arena_exhausted(arena, err);
    decoded = bytes_of(to, unescape(text, plus, to));
    if (decoded.len == SIZE_MAX)
        return error_set(err, AF_INVALID,
                         "the %s has a '%%' that is not followed by two hex digits", what);
    if (utf8_valid_len(decoded) != decoded.len)
        return error_set(err, AF_INVALID, "the %s is not UTF-8 at byte %zu", what,
                         utf8_valid_len(decoded) + 1);
    if (decoded.len > 0 && memchr(decoded.data, 0, decoded.len) != NULL)
        return error_set(err, AF_INVALID, "the %s holds a NUL", what);
    *out = decoded;
    return AF_OK;
}

/* Cuts at the first `mark`: what is before it, and in *rest what is after it. Without a mark
 * everything is before it and the rest is empty. */
static struct bytes cut_at(struct bytes text, uint8_t mark, struct bytes *rest)
{
    const uint8_t *at = text.len == 0 ? NULL : memchr(text.data, mark, text.len);
    size_t len = at == NULL ? text.len : (size_t)(at - text.data);

    *rest = at == NULL ? BYTES_NONE : bytes_of(at + 1, text.len - len - 1);
    return bytes_of(text.data, len);
}

static size_t count_pairs(struct bytes text)
{
    size_t count = 0;

    while (text.len > 0) {
        if (cut_at(text, '&', &text).len > 0)
            count++;
    }
    return count;
}

static enum status parse_pair(struct arena *arena, const char *what, struct bytes text,
                              struct pair *out, struct error *err)
{
    struct bytes value;
    struct bytes name = cut_at(text, '=', &value);
    enum status status = percent_decode(arena, what, name, true, &out->name, err);

    if (status == AF_OK)
        status = percent_decode(arena, what, value, true, &out->value, err);
    return status;
}

enum status pairs_parse(struct arena *arena, const char *what, struct bytes text, struct pairs *out,
                        struct error *err)
{
    size_t count = count_pairs(text), n = 0;
    struct pair *list;

    if (count > HTTP_PARAMETERS_MAX)
        return error_set(err, AF_INVALID, "the %s has %zu parameters, and %d are the most", what,
                         count, HTTP_PARAMETERS_MAX);
    list = arena_array(arena, count + 1, sizeof *list);
    if (list == NULL)
        return arena_exhausted(arena, err);
    while (text.len > 0) {
        struct bytes one = cut_at(text, '&', &text);
        enum status status;

        if (one.len == 0)
            continue;
        if ((status = parse_pair(arena, what, one, &list[n], err)) != AF_OK)
            return status;
        n++;
    }
    assert(n == count);
    *out = (struct pairs){list, count};
    return AF_OK;
}

const struct bytes *pairs_find(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (bytes_equal(pairs->list[i].name, bytes_str(name)))
            return &pairs->list[i].value;
    }
    return NULL;
}

static bool is_caseless(struct bytes a, const char *name)
{
    return a.len == strlen(name) && strncasecmp((const char *)a.data, name, a.len) == 0;
}

const struct bytes *pairs_find_caseless(const struct pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (is_caseless(pairs->list[i].name, name))
            return &pairs->list[i].value;
    }
    return NULL;
}

size_t pairs_count_caseless(const struct pairs *pairs, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < pairs->count; i++)
        count += is_caseless(pairs->list[i].name, name);
    return count;
}
