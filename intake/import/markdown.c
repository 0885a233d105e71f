#include "intake/import/markdown.h"

#include "data/base/limits.h"

/* The text, line by line. */
struct scan {
    struct bytes left;
    uint64_t no;
};

static bool scan_line(struct scan *scan, struct bytes *line)
{
    const uint8_t *lf;

    if (scan->left.len == 0)
        return false;
    lf = memchr(scan->left.data, '\n', scan->left.len);
    *line = bytes_of(scan->left.data, lf != NULL ? (size_t)(lf - scan->left.data) : scan->left.len);
    scan->left = bytes_of(scan->left.data + line->len + (lf != NULL),
                          scan->left.len - line->len - (lf != NULL));
    if (line->len > 0 && line->data[line->len - 1] == '\r')
        line->len--;
    scan->no++;
    return true;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct bytes trim(struct bytes b)
{
    while (b.len > 0 && is_space(b.data[0]))
        b = bytes_of(b.data + 1, b.len - 1);
    while (b.len > 0 && is_space(b.data[b.len - 1]))
        b.len--;
    return b;
}

static struct bytes unquote(struct bytes b)
{
    b = trim(b);
    if (b.len >= 2 && (b.data[0] == '"' || b.data[0] == '\'') && b.data[b.len - 1] == b.data[0])
        b = bytes_of(b.data + 1, b.len - 2);
    return b;
}

/* --- front matter ------------------------------------------------------------------------- */

/* Up to the next comma that is not inside quotes. */
static size_t item_length(struct bytes inside)
{
    uint8_t quote = 0;
    size_t i;

    for (i = 0; i < inside.len; i++) {
        uint8_t c = inside.data[i];

        if (quote != 0)
            quote = c == quote ? 0 : quote;
        else if (c == ',')
            break;
        else if (c == '"')
            quote = c;
    }
    return i;
}

static void add_items(json_t *list, struct bytes inside, bool *ok)
{
    while (inside.len > 0 && *ok) {
        size_t len = item_length(inside);
        struct bytes item = unquote(bytes_of(inside.data, len));

        if (item.len > 0 && json_array_append_new(list, json_from_bytes(item)) != 0)
            *ok = false;
        inside = bytes_of(inside.data + len, inside.len - len);
        if (inside.len > 0)
            inside = bytes_of(inside.data + 1, inside.len - 1);
    }
}

static json_t *value_of(struct bytes value, bool *ok)
{
    json_t *list;

    value = trim(value);
    if (value.len < 2 || value.data[0] != '[' || value.data[value.len - 1] != ']')
        return json_from_bytes(unquote(value));
    list = json_array();
    add_items(list, bytes_of(value.data + 1, value.len - 2), ok);
    return list;
}

/* "  - item" below "key:" adds to the list of the last key. */
static enum status add_to_last(json_t *article, const char *key, struct bytes line, bool *ok,
                               struct error *err)
{
    json_t *list = json_object_get(article, key);

    if (key[0] == '\0' || (json_is_string(list) && json_string_length(list) > 0))
        return error_set(err, AF_INVALID, "a list item in the front matter without \"key:\" above");
    if (!json_is_array(list)) {
        json_put(article, key, json_array(), ok);
        list = json_object_get(article, key);
    }
    if (json_array_append_new(list, json_from_bytes(unquote(line))) != 0)
        *ok = false;
    return AF_OK;
}

static enum status front_line(json_t *article, struct bytes line, char key[64], bool *ok,
                              struct error *err)
{
    struct bytes text = trim(line);
    const uint8_t *colon;
    size_t len;

    if (text.len == 0 || text.data[0] == '#')
        return AF_OK;
    if (text.data[0] == '-')
        return add_to_last(article, key, bytes_of(text.data + 1, text.len - 1), ok, err);
    colon = memchr(text.data, ':', text.len);
    len = colon != NULL ? (size_t)(colon - text.data) : 0;
    if (len == 0 || len >= 64 || line.data[0] == ' ' || line.data[0] == '\t')
        return error_set(err, AF_INVALID, "the front matter's lines must read \"key: value\"");
    for (size_t i = 0; i < len; i++)
        key[i] =
            (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + 32 : text.data[i]);
    key[len] = '\0';
    if (json_object_get(article, key) != NULL)
        return error_set(err, AF_INVALID, "\"%s\" stands twice in the front matter", key);
    json_put(article, key, value_of(bytes_of(colon + 1, text.len - len - 1), ok), ok);
    return AF_OK;
}

static enum status read_front(struct scan *scan, json_t *article, bool *ok, struct error *err)
{
    struct scan ahead = *scan;
    struct bytes line;
    char key[64] = "";

    if (!scan_line(&ahead, &line) || !bytes_equal(line, BYTES_LIT("---")))
        return AF_OK;
    while (scan_line(&ahead, &line)) {
        enum status status;

        if (bytes_equal(line, BYTES_LIT("---")) || bytes_equal(line, BYTES_LIT("..."))) {
            *scan = ahead;
            return AF_OK;
        }
        if ((status = front_line(article, line, key, ok, err)) != AF_OK) {
            scan->no = ahead.no;
            return status;
        }
    }
    scan->no = 1;
    return error_set(err, AF_INVALID, "the front matter is not closed by a line \"---\"");
}

/* --- body --------------------------------------------------------------------------------- */

/* "# Title" or "Title" over "=====" as the first text there is; *body is what follows. */
static struct bytes take_heading(struct scan *scan)
{
    struct scan ahead = *scan;
    struct bytes line, next;

    do
        if (!scan_line(&ahead, &line))
            return BYTES_NONE;
    while (trim(line).len == 0);
    if (line.data[0] == '#') {
        line = trim(line);
        while (line.len > 0 && line.data[0] == '#')
            line = bytes_of(line.data + 1, line.len - 1);
        *scan = ahead;
        return trim(line);
    }
    if (scan_line(&ahead, &next) && next.len >= 3 && bytes_has_prefix(next, BYTES_LIT("==="))) {
        *scan = ahead;
        return trim(line);
    }
    return BYTES_NONE;
}

enum status markdown_read(struct bytes text, const char *name, json_t **article, uint64_t *line,
                          struct error *err)
{
    struct scan scan = {.left = text};
    json_t *json = json_object();
    bool ok = json != NULL;
    struct bytes heading, body;
    enum status status;

    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a case");
    status = read_front(&scan, json, &ok, err);
    *line = scan.no == 0 ? 1 : scan.no;
    if (status != AF_OK)
        goto done;
    if (json_get_str(json, "title")[0] == '\0') {
        heading = take_heading(&scan);
        json_put(json, "title", json_from_bytes(heading.len > 0 ? heading : bytes_str(name)), &ok);
    }
    body = trim(scan.left);
    if (json_object_get(json, "text") == NULL && body.len > 0)
        json_put(json, "text", json_from_bytes(body), &ok);
    if (!ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for a case");
done:
    if (status == AF_OK)
        *article = json;
    else
        json_decref(json);
    return status;
}
