#include "data/base/jsontext_impl.h"

#include "data/base/utf8.h"

/* --- finding the end of a value ----------------------------------------------------------- */

/* Past a string, from its opening quote: the next quote that no backslash stands before. */
static bool skip_string(struct reader *r)
{
    const uint8_t *start = r->at + 1, *quote, *back;

    for (const uint8_t *from = start; from < r->end; from = quote + 1) {
        quote = memchr(from, '"', (size_t)(r->end - from));
        if (quote == NULL)
            return false;
        for (back = quote; back > start && back[-1] == '\\'; back--)
            ;
        if ((quote - back) % 2 == 0) {
            r->at = quote + 1;
            return true;
        }
    }
    return false;
}

/* Past an object or list: brackets are counted, those in strings passed over. */
static bool skip_nested(struct reader *r)
{
    size_t depth = 0;

    while (r->at < r->end) {
        uint8_t c = *r->at;

        if (c == '"') {
            if (!skip_string(r))
                return false;
            continue;
        }
        r->at++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return true;
    }
    return false;
}

static bool skip_word(struct reader *r)
{
    const uint8_t *start = r->at;

    while (r->at < r->end && *r->at != ',' && *r->at != '}' && *r->at != ']')
        r->at++;
    return r->at > start;
}

static bool take_value(struct reader *r, struct bytes *out)
{
    const uint8_t *start = r->at;
    bool ok = false;

    if (r->at == r->end)
        return false;
    if (*r->at == '"')
        ok = skip_string(r);
    else if (*r->at == '{' || *r->at == '[')
        ok = skip_nested(r);
    else
        ok = skip_word(r);
    *out = bytes_of(start, (size_t)(r->at - start));
    return ok;
}

/* --- walking ------------------------------------------------------------------------------ */

bool jsontext_enter(struct bytes value, uint8_t bracket, struct reader *r)
{
    uint8_t first;

    *r = reader_of(value);
    return reader_u8(r, &first) && first == bracket;
}

/* Before an element: END at the closing bracket; past the comma where there is one. */
static enum jsontext_step step(struct reader *r, uint8_t closing)
{
    if (r->at == r->end)
        return JSONTEXT_BAD;
    if (*r->at == closing)
        return JSONTEXT_END;
    if (*r->at == ',')
        r->at++;
    return JSONTEXT_VALUE;
}

enum jsontext_step jsontext_member(struct reader *r, struct bytes *name, struct bytes *value)
{
    struct reader at = *r;
    struct bytes quoted;
    enum jsontext_step next = step(&at, '}');

    if (next != JSONTEXT_VALUE)
        return next;
    if (at.at == at.end || *at.at != '"' || !take_value(&at, &quoted) || at.at == at.end ||
        *at.at++ != ':' || !take_value(&at, value))
        return JSONTEXT_BAD;
    *name = bytes_of(quoted.data + 1, quoted.len - 2);
    *r = at;
    return JSONTEXT_VALUE;
}

enum jsontext_step jsontext_element(struct reader *r, struct bytes *value)
{
    struct reader at = *r;
    enum jsontext_step next = step(&at, ']');

    if (next != JSONTEXT_VALUE)
        return next;
    if (!take_value(&at, value))
        return JSONTEXT_BAD;
    *r = at;
    return JSONTEXT_VALUE;
}

/* --- strings ------------------------------------------------------------------------------ */

struct bytes jsontext_inside(struct bytes value, bool *has_escapes)
{
    struct bytes inside = bytes_of(value.data + 1, value.len - 2);

    *has_escapes = inside.len > 0 && memchr(inside.data, '\\', inside.len) != NULL;
    return inside;
}

/* In compact text `\u` stands for control characters alone; other text may bring anything,
 * which becomes U+FFFD where it is no character. */
static void add_escape(struct reader *r, struct buf *out)
{
    static const char names[] = "bfnrt", means[] = "\b\f\n\r\t";
    const char *found;
    uint8_t letter = 0;
    uint32_t cp;

    if (!reader_u8(r, &letter))
        return;
    if (letter != 'u') {
        found = letter == 0 ? NULL : strchr(names, letter);
        buf_add_u8(out, found != NULL ? (uint8_t)means[found - names] : letter);
        return;
    }
    if (!reader_hex4(r, &cp) || cp == 0 || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = 0xFFFD;
    utf8_add(out, cp);
}

void jsontext_unescape(struct bytes value, struct buf *out)
{
    bool has_escapes;
    struct bytes inside = jsontext_inside(value, &has_escapes);
    struct reader r = reader_of(inside);

    while (reader_left(&r) > 0) {
        const uint8_t *slash = has_escapes ? memchr(r.at, '\\', reader_left(&r)) : NULL;
        size_t plain = slash != NULL ? (size_t)(slash - r.at) : reader_left(&r);

        buf_add(out, bytes_of(r.at, plain));
        r.at += plain;
        if (slash == NULL)
            return;
        r.at++;
        add_escape(&r, out);
    }
}
