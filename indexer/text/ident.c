#include "indexer/text/ident.h"

#include "indexer/text/script.h"

#define SCHEME_MAX 12   /* "ms-settings" is long for a scheme */
#define COLON_HEX_MAX 4 /* a group of an IPv6 or MAC address */

static bool is_ascii_alnum(uint8_t c)
{
    return script_is_digit(c) || (c >= 'a' && c <= 'z');
}

static uint8_t byte_at(struct bytes text, size_t at)
{
    return at < text.len ? text.data[at] : 0;
}

/* A letter or a digit of an alphabetic script begins at `at`. */
static bool begins_component(struct bytes text, size_t at)
{
    enum script s;

    if (at >= text.len)
        return false;
    if (text.data[at] < 0x80)
        return is_ascii_alnum(text.data[at]);
    s = script_of(script_next(text.data, &at));
    return s == SCRIPT_LETTER || s == SCRIPT_DIGIT;
}

/* What components were made of. */
struct scan {
    bool has_digit, has_letter, has_sign, is_address;
    uint32_t characters;
};

static size_t ascii_component_end(struct bytes text, size_t at, struct scan *scan)
{
    size_t start = at;

    for (; at < text.len && is_ascii_alnum(text.data[at]); at++) {
        bool is_digit = script_is_digit(text.data[at]);

        scan->has_digit |= is_digit;
        scan->has_letter |= !is_digit;
    }
    scan->characters += (uint32_t)(at - start);
    return at;
}

static size_t component_end(struct bytes text, size_t at, struct scan *scan)
{
    at = ascii_component_end(text, at, scan);
    while (at < text.len && text.data[at] >= 0x80) {
        size_t next = at;
        enum script s = script_of(script_next(text.data, &next));

        if (s != SCRIPT_LETTER && s != SCRIPT_DIGIT && s != SCRIPT_EXTEND)
            break;
        scan->has_digit = scan->has_digit || s == SCRIPT_DIGIT;
        scan->has_letter = scan->has_letter || s == SCRIPT_LETTER;
        scan->characters++;
        at = ascii_component_end(text, next, scan);
    }
    return at;
}

/* --- joiners -------------------------------------------------------------------------- */

static bool is_short_hex(struct bytes text, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        if (!script_is_hex(text.data[i]))
            return false;
    }
    return end - start <= COLON_HEX_MAX && end > start;
}

static size_t ascii_end(struct bytes text, size_t at)
{
    while (at < text.len && is_ascii_alnum(text.data[at]))
        at++;
    return at;
}

/* 10:22:33, 10.0.0.1:8080, fe80:1 are one; "error:404" and "port:8080" are two. */
static bool colon_joins(struct bytes text, size_t start, size_t colon)
{
    size_t next = colon + 1;

    if (script_is_digit(text.data[colon - 1]) && script_is_digit(byte_at(text, next)))
        return true;
    return is_short_hex(text, start, colon) && is_short_hex(text, next, ascii_end(text, next)) &&
           (script_is_digit(text.data[start]) || script_is_digit(text.data[next]));
}

/* How many bytes of joiner stand between the component [start, at) and one that follows. */
static size_t joiner_len(struct bytes text, size_t start, size_t at)
{
    switch (byte_at(text, at)) {
    case '-':
    case '_':
    case '.':
    case '/':
    case '@':
    case '#':
    case '+':
    case '\\':
        return begins_component(text, at + 1) ? 1 : 0;
    case ':':
        if (at - start == 1 && (byte_at(text, at + 1) == '\\' || byte_at(text, at + 1) == '/') &&
            begins_component(text, at + 2))
            return 2; /* c:\windows */
        return begins_component(text, at + 1) && colon_joins(text, start, at) ? 1 : 0;
    default:
        return 0;
    }
}

static unsigned joiner_bit(uint8_t c)
{
    return c == '-'   ? JOINER_HYPHEN
           : c == '_' ? JOINER_UNDERSCORE
           : c == '.' ? JOINER_DOT
                      : JOINER_OTHER;
}

/* C++ and C#, F#: the sign belongs to a short name when no component follows it at once. */
static size_t sign_len(struct bytes text, size_t start, size_t at)
{
    if (at - start > 9 || script_is_digit(text.data[start]))
        return 0;
    if (byte_at(text, at) == '+' && byte_at(text, at + 1) == '+')
        return byte_at(text, at + 2) == '+' ? 0 : 2;
    if (byte_at(text, at) == '#' && at - start <= 2 && !begins_component(text, at + 1))
        return 1;
    return 0;
}

/* --- addresses ------------------------------------------------------------------------ */

static size_t scheme_end(struct bytes text, size_t at)
{
    size_t end = at;

    while (end < text.len && end - at < SCHEME_MAX &&
           (is_ascii_alnum(text.data[end]) || text.data[end] == '-' || text.data[end] == '+'))
        end++;
    if (end + 2 < text.len && memcmp(text.data + end, "://", 3) == 0)
        return end + 3;
    return text.len - at > 4 && memcmp(text.data + at, "www.", 4) == 0 ? at + 4 : at;
}

static bool is_url_byte(uint8_t c)
{
    return c > ' ' && c < 0x7F && memchr("\"'<>\\`{}|^()[]", c, 14) == NULL;
}

/* The end of a URL that begins at `at`, or `at` when none does. */
static size_t url_end(struct bytes text, size_t at)
{
    size_t end = scheme_end(text, at), least = end;

    if (end == at)
        return at;
    while (end < text.len && is_url_byte(text.data[end]))
        end++;
    while (end > least && !is_ascii_alnum(text.data[end - 1]) && text.data[end - 1] != '/')
        end--; /* a sentence's own punctuation */
    return end > least ? end : at;
}

static bool scan_url(struct bytes text, size_t at, struct ident *out)
{
    size_t end = url_end(text, at);

    if (end == at)
        return false;
    *out = (struct ident){at, end, IDENT_ADDRESS, JOINER_OTHER, 2, (uint32_t)(end - at)};
    return true;
}

/* --- scanning ------------------------------------------------------------------------- */

static enum ident_kind kind_of(const struct scan *scan, const struct ident *ident)
{
    if (scan->is_address)
        return IDENT_ADDRESS;
    if (scan->has_sign)
        return IDENT_CODE;
    if (!scan->has_digit)
        return ident->components == 1 ? IDENT_WORD : IDENT_COMPOUND;
    return ident->components == 1 && !scan->has_letter ? IDENT_NUMBER : IDENT_CODE;
}

/* A URL has its scheme's end or a joiner of its scheme behind its first component, or it begins
 * with www, so most words need no look. */
static bool may_be_url(struct bytes text, size_t at, size_t end)
{
    uint8_t c = byte_at(text, end);

    return c == ':' || c == '-' || c == '+' || (c == '.' && text.data[at] == 'w');
}

void ident_scan(struct bytes text, size_t at, struct ident *out)
{
    struct scan scan = {0};
    size_t start = at, sign, joiner;

    *out = (struct ident){.start = at};
    for (;;) {
        at = component_end(text, at, &scan);
        if (out->components == 0 && may_be_url(text, start, at) && scan_url(text, start, out))
            return;
        out->components++;
        sign = sign_len(text, start, at);
        scan.has_sign = scan.has_sign || sign > 0;
        scan.characters += (uint32_t)sign;
        at += sign;
        if (sign == 2 && begins_component(text, at)) { /* c++11 */
            start = at;
            continue;
        }
        joiner = sign > 0 ? 0 : joiner_len(text, start, at);
        if (joiner == 0)
            break;
        scan.is_address =
            scan.is_address || joiner == 2 || text.data[at] == '@' || text.data[at] == '\\';
        out->joiners |= joiner_bit(text.data[at]);
        scan.characters += (uint32_t)joiner;
        at += joiner;
        start = at;
    }
    out->end = at;
    out->characters = scan.characters;
    out->kind = kind_of(&scan, out);
}

bool ident_component(struct bytes text, const struct ident *ident, size_t *at,
                     struct ident_range *out)
{
    struct bytes inside = bytes_of(text.data, ident->end);
    struct scan scan = {0};

    while (*at < ident->end && !begins_component(inside, *at))
        script_next(text.data, at);
    if (*at >= ident->end)
        return false;
    out->start = *at;
    out->end = *at = component_end(inside, *at, &scan);
    return true;
}
