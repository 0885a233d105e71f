#include "intake/http/multipart.h"

#include "data/base/buf.h"
#include "data/base/limits.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define BOUNDARY_BYTES_MAX 70 /* RFC 2046 §5.1.1 */
#define PART_ARENA_BYTES (64u << 10)

enum state { AT_START, IN_HEADER, IN_CONTENT, AT_DELIMITER, AT_END };

struct multipart {
    struct multipart_sink sink;
    enum state state;
    char delimiter[BOUNDARY_BYTES_MAX + 5]; /* CRLF, two dashes, the boundary */
    size_t delimiter_len;
    unsigned parts;
    struct buf held; /* not yet understood */
    struct arena *arena;
};

static enum status malformed(const char *what, struct error *err)
{
    return error_set(err, AF_INVALID, "the form is malformed: %s", what);
}

/* --- the boundary ------------------------------------------------------------------------- */

static bool is_boundary(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!isalnum(text.data[i]) &&
            (text.data[i] == 0 || strchr("'()+_,-./:=? ", text.data[i]) == NULL))
            return false;
    return text.len > 0 && text.len <= BOUNDARY_BYTES_MAX && text.data[text.len - 1] != ' ';
}

/* The value of boundary=, quoted or not; empty when there is none. */
static struct bytes boundary_of(struct bytes type)
{
    static const char prefix[] = "multipart/form-data", name[] = "boundary=";
    struct bytes rest;

    if (type.len < sizeof prefix - 1 ||
        strncasecmp((const char *)type.data, prefix, sizeof prefix - 1) != 0)
        return BYTES_NONE;
    rest = bytes_of(type.data + sizeof prefix - 1, type.len - (sizeof prefix - 1));
    while (rest.len > 0) {
        const uint8_t *end;

        if (rest.data[0] == ' ' || rest.data[0] == ';' || rest.data[0] == '\t') {
            rest = bytes_of(rest.data + 1, rest.len - 1);
            continue;
        }
        if (rest.len > sizeof name - 1 &&
            strncasecmp((const char *)rest.data, name, sizeof name - 1) == 0) {
            bool is_quoted;

            rest = bytes_of(rest.data + sizeof name - 1, rest.len - (sizeof name - 1));
            is_quoted = rest.data[0] == '"';
            if (is_quoted)
                rest = bytes_of(rest.data + 1, rest.len - 1);
            end = rest.len == 0 ? NULL : memchr(rest.data, is_quoted ? '"' : ';', rest.len);
            if (end == NULL && is_quoted)
                return BYTES_NONE;
            return end == NULL ? rest : bytes_of(rest.data, (size_t)(end - rest.data));
        }
        end = memchr(rest.data, ';', rest.len);
        if (end == NULL)
            break;
        rest = bytes_of(end, rest.len - (size_t)(end - rest.data));
    }
    return BYTES_NONE;
}

enum status multipart_new(struct bytes content_type, const struct multipart_sink *sink,
                          struct multipart **out, struct error *err)
{
    struct bytes boundary = boundary_of(content_type);
    struct multipart *multipart;

    if (!is_boundary(boundary))
        return malformed("it is no multipart/form-data with a boundary", err);
    multipart = calloc(1, sizeof *multipart);
    if (multipart == NULL || (multipart->arena = arena_new(PART_ARENA_BYTES)) == NULL) {
        free(multipart);
        return error_set(err, AF_NO_MEMORY, "no memory to read a form");
    }
    multipart->sink = *sink;
    multipart->delimiter_len =
        (size_t)snprintf(multipart->delimiter, sizeof multipart->delimiter, "\r\n--%.*s",
                         (int)boundary.len, (const char *)boundary.data);
    /* The first has no line before it; then all are alike. */
    buf_add_str(&multipart->held, "\r\n");
    *out = multipart;
    return AF_OK;
}

void multipart_free(struct multipart *multipart)
{
    if (multipart == NULL)
        return;
    buf_release(&multipart->held);
    arena_free(multipart->arena);
    free(multipart);
}

/* --- a part's header ---------------------------------------------------------------------- */

static bool is_line(struct bytes line, const char *name, struct bytes *value)
{
    size_t len = strlen(name);

    if (line.len <= len || line.data[len] != ':' ||
        strncasecmp((const char *)line.data, name, len) != 0)
        return false;
    *value = bytes_of(line.data + len + 1, line.len - len - 1);
    return true;
}

static enum status take_line(struct multipart *multipart, struct bytes line,
                             struct disposition *part, struct error *err)
{
    struct bytes value;

    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] < ' ' && line.data[i] != '\t')
            return malformed("a part's header holds a control character", err);
    if (line.len == 0 || line.data[0] == ' ' || line.data[0] == '\t')
        return malformed("a part's header has a folded line", err);
    if (is_line(line, "Content-Transfer-Encoding", &value))
        return malformed("a part is encoded", err);
    if (!is_line(line, "Content-Disposition", &value))
        return AF_OK; /* what it says of its type is not believed */
    if (part->kind.len > 0)
        return malformed("a part has two Content-Disposition", err);
    return disposition_parse(multipart->arena, value, part, err);
}

/* `text`: the lines, each with its CRLF. */
static enum status take_header(struct multipart *multipart, struct bytes text, struct error *err)
{
    struct disposition part = {0};
    enum status status = AF_OK;

    while (status == AF_OK && text.len > 0) {
        const uint8_t *end = memmem(text.data, text.len, "\r\n", 2);
        size_t len = end == NULL ? text.len : (size_t)(end - text.data);
        size_t step = end == NULL ? len : len + 2;

        status = take_line(multipart, bytes_of(text.data, len), &part, err);
        text = bytes_of(text.data + step, text.len - step);
    }
    if (status != AF_OK)
        return status;
    if (!bytes_equal(part.kind, BYTES_LIT("form-data")) || part.name.len == 0)
        return malformed("a part has no name", err);
    if (++multipart->parts > HTTP_PARAMETERS_MAX)
        return error_set(err, AF_TOO_LARGE, "the form has more than %d fields",
                         HTTP_PARAMETERS_MAX);
    status = multipart->sink.begin(multipart->sink.context, &part, err);
    arena_clear(multipart->arena);
    return status;
}

/* --- states ------------------------------------------------------------------------------- */

/* Each looks at what is held, says how much of it is done with, and goes on to another state. 0 and
 * the same state: more is needed. */

static enum status in_header(struct multipart *multipart, struct bytes held, size_t *used,
                             struct error *err)
{
    const uint8_t *end = memmem(held.data, held.len, "\r\n\r\n", 4);
    size_t len;

    if (end == NULL && held.len > MULTIPART_HEADER_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE,
                         "the form has a part whose header is longer than %u bytes",
                         MULTIPART_HEADER_BYTES_MAX);
    if (end == NULL)
        return AF_OK;
    len = (size_t)(end - held.data) + 2;
    if (len > MULTIPART_HEADER_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE,
                         "the form has a part whose header is longer than %u bytes",
                         MULTIPART_HEADER_BYTES_MAX);
    *used = len + 2;
    multipart->state = IN_CONTENT;
    return take_header(multipart, bytes_of(held.data, len), err);
}

static enum status in_content(struct multipart *multipart, struct bytes held, size_t *used,
                              struct error *err)
{
    const uint8_t *end =
        held.len == 0 ? NULL
                      : memmem(held.data, held.len, multipart->delimiter, multipart->delimiter_len);
    enum status status = AF_OK;

    if (end != NULL)
        *used = (size_t)(end - held.data);
    else if (held.len >= multipart->delimiter_len)
        *used = held.len - (multipart->delimiter_len - 1);
    if (*used > 0)
        status = multipart->sink.data(multipart->sink.context, bytes_of(held.data, *used), err);
    if (status == AF_OK && end != NULL) {
        *used += multipart->delimiter_len;
        multipart->state = AT_DELIMITER;
        status = multipart->sink.end(multipart->sink.context, err);
    }
    return status;
}

static enum status at_start(struct multipart *multipart, struct bytes held, size_t *used,
                            struct error *err)
{
    if (held.len < multipart->delimiter_len)
        return AF_OK;
    if (memcmp(held.data, multipart->delimiter, multipart->delimiter_len) != 0)
        return malformed("it does not begin with its boundary", err);
    *used = multipart->delimiter_len;
    multipart->state = AT_DELIMITER;
    return AF_OK;
}

static enum status at_delimiter(struct multipart *multipart, struct bytes held, size_t *used,
                                struct error *err)
{
    if (held.len < 2)
        return AF_OK;
    if (memcmp(held.data, "\r\n", 2) != 0 && memcmp(held.data, "--", 2) != 0)
        return malformed("something stands after a boundary", err);
    multipart->state = held.data[0] == '-' ? AT_END : IN_HEADER;
    *used = 2;
    return AF_OK;
}

static enum status at_end(struct bytes held, struct error *err)
{
    if (held.len > 2 || memcmp(held.data, "\r\n", held.len) != 0)
        return malformed("something stands after its end", err);
    return AF_OK;
}

static enum status step(struct multipart *multipart, struct bytes held, size_t *used,
                        struct error *err)
{
    switch (multipart->state) {
    case AT_START:
        return at_start(multipart, held, used, err);
    case IN_HEADER:
        return in_header(multipart, held, used, err);
    case IN_CONTENT:
        return in_content(multipart, held, used, err);
    case AT_DELIMITER:
        return at_delimiter(multipart, held, used, err);
    case AT_END:
        break;
    }
    return at_end(held, err);
}

enum status multipart_feed(struct multipart *multipart, struct bytes piece, struct error *err)
{
    struct buf *held = &multipart->held;
    size_t done = 0;
    enum status status;

    buf_add(held, piece);
    status = buf_status(held, "a form", err);
    while (status == AF_OK && done < held->len) {
        const enum state before = multipart->state;
        size_t used = 0;

        status = step(multipart, bytes_of(held->data + done, held->len - done), &used, err);
        done += used;
        if (used == 0 && multipart->state == before)
            break;
    }
    held->len -= done;
    if (held->len > 0)
        memmove(held->data, held->data + done, held->len);
    return status;
}

enum status multipart_finish(const struct multipart *multipart, struct error *err)
{
    return multipart->state == AT_END ? AF_OK : malformed("it is cut off", err);
}
