#include "intake/http/disposition.h"

#include "data/base/utf8.h"
#include "intake/http/pairs.h"

#include <ctype.h>
#include <strings.h>

static enum status malformed(struct error *err)
{
    return error_set(err, AF_INVALID, "a Content-Disposition is malformed");
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
}

static bool skip_mark(struct reader *r, uint8_t mark)
{
    skip_blanks(r);
    if (r->at == r->end || *r->at != mark)
        return false;
    r->at++;
    skip_blanks(r);
    return true;
}

/* RFC 9110 §5.6.2; empty when there is none. */
static struct bytes take_token(struct reader *r)
{
    const uint8_t *start = r->at;

    while (r->at < r->end &&
           (isalnum(*r->at) || (*r->at != 0 && strchr("!#$%&'*+-.^_`|~", *r->at) != NULL)))
        r->at++;
    return bytes_of(start, (size_t)(r->at - start));
}

/* A backslash escapes quotes and itself; before anything else it stands for itself, since old
 * browsers sent whole Windows paths. */
static bool take_quoted(struct reader *r, struct arena *arena, struct bytes *out)
{
    uint8_t *copy = arena_alloc(arena, reader_left(r) + 1), c;
    size_t len = 0;

    if (copy == NULL || !reader_u8(r, &c) || c != '"')
        return false;
    while (reader_u8(r, &c)) {
        if (c == '"') {
            *out = bytes_of(copy, len);
            return true;
        }
        if (c == '\\' && r->at < r->end && (*r->at == '"' || *r->at == '\\'))
            c = *r->at++;
        copy[len++] = c;
    }
    return false; /* no closing quote */
}

/* %22, %0D, %0A; no others, or a name with "%41" in it would change. */
static struct bytes undo_form(struct arena *arena, struct bytes text)
{
    static const char *const escapes[] = {"%22", "%0D", "%0A"};
    uint8_t *copy = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    if (copy == NULL)
        return text;
    for (size_t i = 0; i < text.len; i++) {
        copy[len] = text.data[i];
        for (size_t e = 0; e < 3 && text.len - i >= 3; e++)
            if (strncasecmp((const char *)text.data + i, escapes[e], 3) == 0) {
                copy[len] = (uint8_t) "\"\r\n"[e];
                i += 2;
                break;
            }
        len++;
    }
    return bytes_of(copy, len);
}

/* UTF-8'LANG'PERCENT-ENCODED */
static bool undo_extended(struct arena *arena, struct bytes text, struct bytes *out)
{
    const uint8_t *quote = NULL;

    if (text.len < 7 || strncasecmp((const char *)text.data, "utf-8'", 6) != 0)
        return false;
    quote = memchr(text.data + 6, '\'', text.len - 6);
    if (quote == NULL)
        return false;
    quote++;
    return percent_decode(arena, "file name",
                          bytes_of(quote, (size_t)(text.data + text.len - quote)), false, out,
                          NULL) == AF_OK;
}

static bool is_called(struct bytes name, const char *wanted)
{
    return name.len == strlen(wanted) &&
           strncasecmp((const char *)name.data, wanted, name.len) == 0;
}

static enum status take_parameter(struct reader *r, struct arena *arena, struct disposition *out,
                                  bool *is_extended, struct error *err)
{
    struct bytes name = take_token(r), value;

    if (name.len == 0 || !skip_mark(r, '='))
        return malformed(err);
    if (r->at < r->end && *r->at == '"') {
        if (!take_quoted(r, arena, &value))
            return malformed(err);
    } else {
        value = take_token(r);
        if (value.len == 0)
            return malformed(err);
    }
    if (is_called(name, "name"))
        out->name = undo_form(arena, value);
    else if (is_called(name, "filename") && !*is_extended)
        out->file_name = is_called(out->kind, "form-data") ? undo_form(arena, value) : value;
    else if (is_called(name, "filename*") && undo_extended(arena, value, &value)) {
        out->file_name = value;
        *is_extended = true;
    }
    return AF_OK;
}

enum status disposition_parse(struct arena *arena, struct bytes header, struct disposition *out,
                              struct error *err)
{
    struct reader r = reader_of(header);
    struct disposition found = {0};
    bool is_extended = false;
    enum status status = AF_OK;

    skip_blanks(&r);
    found.kind = take_token(&r);
    if (found.kind.len == 0)
        return malformed(err);
    while (status == AF_OK && skip_mark(&r, ';'))
        if (r.at < r.end) /* "attachment;" is what some send */
            status = take_parameter(&r, arena, &found, &is_extended, err);
    if (status == AF_OK && reader_left(&r) > 0)
        status = malformed(err);
    if (status == AF_OK)
        *out = found;
    return status;
}

/* --- out ---------------------------------------------------------------------------------- */

static void add_ascii(struct buf *out, const char *name)
{
    struct reader r = reader_of(bytes_str(name));

    while (reader_left(&r) > 0) {
        uint32_t c = utf8_next(&r);

        /* '%' is decoded by some who should not (RFC 6266, appendix D). */
        buf_add_u8(out,
                   c < 0x20 || c > 0x7E || c == '"' || c == '\\' || c == '%' ? '_' : (uint8_t)c);
    }
}

/* attr-char of RFC 8187 §3.2.1 */
static void add_extended(struct buf *out, const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if (isalnum((unsigned char)*at) || strchr("!#$&+-.^_`|~", *at) != NULL)
            buf_add_u8(out, (uint8_t)*at);
        else
            buf_printf(out, "%%%02X", (unsigned char)*at);
}

const char *disposition_format(struct arena *arena, const char *kind, const char *file_name)
{
    struct buf text = {0};
    const char *copy;

    buf_printf(&text, "%s; filename=\"", kind);
    add_ascii(&text, file_name);
    buf_add_str(&text, "\"; filename*=UTF-8''");
    add_extended(&text, file_name);
    copy = buf_ok(&text) ? (const char *)arena_copy(arena, buf_bytes(&text)).data : NULL;
    buf_release(&text);
    return copy;
}
