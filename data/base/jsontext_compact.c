/* One pass over the bytes. What is written is never longer than what was read, so room for the
 * whole is made once and the writer needs no checks of its own. */
#include "data/base/jsontext_impl.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"

#include <assert.h>

struct level {
    uint8_t bracket; /* '{' or '[' */
    uint8_t keys;    /* how many were kept before this level */
};

struct compactor {
    struct reader in;
    uint8_t *out;
    size_t depth, tokens;
    struct level level[JSON_DEPTH_MAX + 1]; /* [0] is outside of everything */
    size_t keys;
    struct bytes key[JSONTEXT_KEYS_MAX]; /* of all open objects, in the text written */
};

/* --- strings ------------------------------------------------------------------------------ */

#define ONES 0x0101010101010101u
#define HIGHS (ONES * 0x80)

/* Is one of eight bytes a quote, a backslash or a control character? (Mycroft's test for a zero
 * byte: it may take a byte above a real one for one too, never miss one. Bytes from 0x80 on are
 * not meant: `~v` masks them.) */
static bool has_special(uint64_t v)
{
    uint64_t quote = v ^ ONES * '"', slash = v ^ ONES * '\\';

    return (((quote - ONES) & ~quote) | ((slash - ONES) & ~slash) | ((v - ONES * 0x20) & ~v)) &
           HIGHS;
}

/* The first byte from `at` on that does not stand for itself in a string. */
static const uint8_t *plain_end(const uint8_t *at, const uint8_t *end)
{
    uint64_t v;

    while ((size_t)(end - at) >= sizeof v) {
        memcpy(&v, at, sizeof v);
        if (has_special(v))
            break;
        at += sizeof v;
    }
    while (at < end && *at != '"' && *at != '\\' && *at >= 0x20)
        at++;
    return at;
}

/* After `\u`. NUL and half a pair of surrogates are refused, as jansson does. */
static bool take_unicode(struct compactor *c, uint32_t *out)
{
    uint32_t high, low;

    if (!reader_hex4(&c->in, &high) || high == 0 || (high >= 0xDC00 && high <= 0xDFFF))
        return false;
    if (high < 0xD800 || high > 0xDBFF) {
        *out = high;
        return true;
    }
    if (c->in.end - c->in.at < 6 || c->in.at[0] != '\\' || c->in.at[1] != 'u')
        return false;
    c->in.at += 2;
    if (!reader_hex4(&c->in, &low) || low < 0xDC00 || low > 0xDFFF)
        return false;
    *out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* A character in the form that jansson writes. */
static void put_character(struct compactor *c, uint32_t cp)
{
    static const char digits[] = "0123456789ABCDEF";
    static const char short_form[] = "btn?fr"; /* of 8 … 13; U+000B has none */

    if (cp >= 0x20 && cp != '"' && cp != '\\') {
        c->out += utf8_encode(cp, c->out);
        return;
    }
    *c->out++ = '\\';
    if (cp >= 0x20)
        *c->out++ = (uint8_t)cp;
    else if (cp >= 8 && cp <= 13 && cp != 11)
        *c->out++ = (uint8_t)short_form[cp - 8];
    else {
        memcpy(c->out, "u00", 3);
        c->out[3] = (uint8_t)digits[cp >> 4];
        c->out[4] = (uint8_t)digits[cp & 15];
        c->out += 5;
    }
}

/* After a backslash. */
static bool put_escape(struct compactor *c)
{
    static const char names[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    const char *found;
    uint32_t cp;

    if (c->in.at == c->in.end)
        return false;
    if (*c->in.at == 'u') {
        c->in.at++;
        if (!take_unicode(c, &cp))
            return false;
    } else {
        found = *c->in.at == 0 ? NULL : strchr(names, *c->in.at);
        if (found == NULL)
            return false;
        cp = (uint8_t)means[found - names];
        c->in.at++;
    }
    put_character(c, cp);
    return true;
}

/* After the opening quote; what is between the quotes of the text written goes to *inside. */
static bool put_string(struct compactor *c, struct bytes *inside)
{
    const uint8_t *start;

    *c->out++ = '"';
    start = c->out;
    for (;;) {
        const uint8_t *stop = plain_end(c->in.at, c->in.end);

        memcpy(c->out, c->in.at, (size_t)(stop - c->in.at));
        c->out += stop - c->in.at;
        c->in.at = stop;
        if (c->in.at == c->in.end || *c->in.at < 0x20)
            return false;
        if (*c->in.at++ == '"')
            break;
        if (!put_escape(c))
            return false;
    }
    *inside = bytes_of(start, (size_t)(c->out - start));
    *c->out++ = '"';
    return true;
}

/* --- other values ------------------------------------------------------------------------- */

static bool put_word(struct compactor *c, struct bytes word)
{
    if (!bytes_has_prefix(bytes_of(c->in.at, (size_t)(c->in.end - c->in.at)), word))
        return false;
    memcpy(c->out, word.data, word.len);
    c->out += word.len;
    c->in.at += word.len;
    return true;
}

/* Integers of up to 18 digits: those fit 64 bits, and jansson prints them as they are read. */
static bool put_integer(struct compactor *c)
{
    const uint8_t *start = c->in.at, *digits;
    size_t len;

    c->in.at += *c->in.at == '-';
    digits = c->in.at;
    while (c->in.at < c->in.end && *c->in.at >= '0' && *c->in.at <= '9')
        c->in.at++;
    len = (size_t)(c->in.at - digits);
    if (len == 0 || len > 18 || (digits[0] == '0' && (len > 1 || digits > start)))
        return false;
    if (c->in.at < c->in.end && (*c->in.at == '.' || *c->in.at == 'e' || *c->in.at == 'E'))
        return false;
    memcpy(c->out, start, (size_t)(c->in.at - start));
    c->out += c->in.at - start;
    return true;
}

static bool put_scalar(struct compactor *c)
{
    struct bytes inside;

    switch (*c->in.at) {
    case '"':
        c->in.at++;
        return put_string(c, &inside);
    case 't':
        return put_word(c, BYTES_LIT("true"));
    case 'f':
        return put_word(c, BYTES_LIT("false"));
    case 'n':
        return put_word(c, BYTES_LIT("null"));
    default:
        return put_integer(c);
    }
}

/* --- structure ---------------------------------------------------------------------------- */

static bool put_byte(struct compactor *c, uint8_t byte)
{
    *c->out++ = byte;
    c->in.at++;
    return ++c->tokens <= JSON_TOKENS_MAX;
}

static bool open_level(struct compactor *c)
{
    if (c->depth == JSON_DEPTH_MAX)
        return false;
    c->level[++c->depth] = (struct level){*c->in.at, (uint8_t)c->keys};
    return put_byte(c, *c->in.at);
}

static bool closes_level(struct compactor *c)
{
    const struct level *level = &c->level[c->depth];

    if (*c->in.at != (level->bracket == '{' ? '}' : ']'))
        return false;
    *c->out++ = *c->in.at++;
    c->keys = level->keys;
    c->depth--;
    return true;
}

static void skip_blanks(struct compactor *c)
{
    while (c->in.at < c->in.end &&
           (*c->in.at == ' ' || *c->in.at == '\n' || *c->in.at == '\r' || *c->in.at == '\t'))
        c->in.at++;
}

/* A member's name and its colon. */
static bool put_key(struct compactor *c)
{
    struct bytes key;

    if (*c->in.at++ != '"' || c->keys == JSONTEXT_KEYS_MAX || !put_string(c, &key))
        return false;
    for (size_t i = c->level[c->depth].keys; i < c->keys; i++)
        if (bytes_equal(c->key[i], key))
            return false;
    c->key[c->keys++] = key;
    skip_blanks(c);
    return c->in.at < c->in.end && *c->in.at == ':' && put_byte(c, ':');
}

/* A comma, or the closing brackets that stand here. False when neither belongs here. */
static bool put_end_of_value(struct compactor *c, bool *is_over)
{
    for (;;) {
        skip_blanks(c);
        *is_over = c->depth == 0;
        if (*is_over)
            return c->in.at == c->in.end;
        if (c->in.at == c->in.end)
            return false;
        if (*c->in.at == ',')
            return put_byte(c, ',');
        if (!closes_level(c))
            return false;
    }
}

static bool put_value(struct compactor *c)
{
    bool is_over = false, is_fresh = false; /* right after an opening bracket */

    while (!is_over) {
        skip_blanks(c);
        if (c->in.at == c->in.end)
            return false;
        if (is_fresh && closes_level(c)) {
            is_fresh = false;
            if (!put_end_of_value(c, &is_over))
                return false;
            continue;
        }
        if (c->level[c->depth].bracket == '{') {
            if (!put_key(c))
                return false;
            skip_blanks(c);
            if (c->in.at == c->in.end)
                return false;
        }
        is_fresh = *c->in.at == '{' || *c->in.at == '[';
        if (is_fresh ? !open_level(c) : !put_scalar(c) || !put_end_of_value(c, &is_over))
            return false;
    }
    return true;
}

bool jsontext_compact(struct bytes text, struct buf *out)
{
    struct compactor c;
    uint8_t *start;

    if (text.len == 0 || utf8_valid_len(text) != text.len ||
        (start = buf_reserve(out, text.len)) == NULL)
        return false;
    c.in = reader_of(text);
    c.out = start;
    c.depth = c.tokens = c.keys = 0;
    c.level[0] = (struct level){0, 0};
    if (!put_value(&c)) {
        *start = '\0';
        return false;
    }
    assert(c.out <= start + text.len);
    out->len += (size_t)(c.out - start);
    out->data[out->len] = '\0';
    return true;
}
