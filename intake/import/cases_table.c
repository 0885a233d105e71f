/* A CSV file: the first row names the members, each other row is a case. */
#include "intake/import/cases_impl.h"

#include "data/base/limits.h"
#include "intake/import/csv.h"

#include <stdlib.h>

static bool is_list(const char *member)
{
    return strcmp(member, "category") == 0 || strcmp(member, "keywords") == 0 ||
           strcmp(member, "error_code") == 0;
}

/* "a; b；c" as a list: a spreadsheet has no other way to write one. */
static json_t *list_of(struct bytes text, bool *ok)
{
    static const struct bytes wide = BYTES_LIT("；");
    json_t *list = json_array();
    size_t from = 0;

    for (size_t i = 0; i <= text.len; i++) {
        bool is_wide =
            i < text.len && bytes_has_prefix(bytes_of(text.data + i, text.len - i), wide);
        struct bytes item = bytes_of(text.data + from, i - from);

        if (i < text.len && text.data[i] != ';' && !is_wide)
            continue;
        while (item.len > 0 && item.data[0] == ' ')
            item = bytes_of(item.data + 1, item.len - 1);
        while (item.len > 0 && item.data[item.len - 1] == ' ')
            item.len--;
        if (item.len > 0 && json_array_append_new(list, json_from_bytes(item)) != 0)
            *ok = false;
        from = i + (is_wide ? wide.len : 1);
        i = from - 1;
    }
    return list;
}

/* The first row: an array of member names. */
static enum status read_header(struct csv *csv, json_t **out, struct error *err)
{
    json_t *names = json_array();
    bool has_title = false;
    enum status status =
        names != NULL ? csv_next(csv, err) : error_set(err, AF_NO_MEMORY, "no memory for a table");

    for (size_t i = 0; status == AF_OK && i < csv->count; i++) {
        struct bytes name = csv->fields[i];

        has_title = has_title || bytes_equal(name, BYTES_LIT("title"));
        if (json_array_append_new(names, json_from_bytes(name)) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for a table");
    }
    if (status == AF_OK && !has_title)
        status = error_set(err, AF_INVALID,
                           "the first row must name the columns, and one of them must be title");
    if (status == AF_OK)
        *out = names;
    else
        json_decref(names);
    return status;
}

static enum status row_article(const struct csv *csv, const json_t *names, json_t **out,
                               struct error *err)
{
    json_t *article;
    bool ok = true;

    if (csv->count != json_array_size(names))
        return error_set(err, AF_INVALID, "the row has %zu fields, the first row has %zu",
                         csv->count, json_array_size(names));
    article = json_object();
    for (size_t i = 0; i < csv->count; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        struct bytes field = csv->fields[i];

        if (field.len == 0 || name[0] == '\0')
            continue;
        json_put(article, name, is_list(name) ? list_of(field, &ok) : json_from_bytes(field), &ok);
    }
    if (!ok) {
        json_decref(article);
        return error_set(err, AF_NO_MEMORY, "no memory for a row");
    }
    *out = article;
    return AF_OK;
}

static enum status read_rows(struct reading *r, struct csv *csv, const json_t *names,
                             struct error *err)
{
    for (;;) {
        struct error why;
        json_t *article = NULL;
        enum status status = csv_next(csv, &why);

        r->place.line = csv->no;
        r->place.bytes = csv->row.len;
        if (status == AF_OK)
            status = row_article(csv, names, &article, &why);
        if (reading_refuses(r, status, &why))
            continue;
        if (status != AF_OK) {
            if (status != AF_NOT_FOUND && err != NULL)
                *err = why;
            return status;
        }
        if ((status = reading_deliver(r, article, err)) != AF_OK)
            return status;
        reading_moved(r);
    }
}

enum status reading_table(struct reading *r, struct error *err)
{
    struct csv *csv = malloc(sizeof *csv);
    json_t *names = NULL;
    enum status status;

    if (csv == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to read %s", r->file->path);
    csv_init(csv, r->source, ARTICLE_JSON_BYTES_MAX);
    status = read_header(csv, &names, err);
    r->place.line = csv->no == 0 ? 1 : csv->no;
    if (status == AF_OK)
        status = read_rows(r, csv, names, err);
    else if (reading_refuses(r, status,
                             err)) /* without the names of the columns nothing has sense */
        status = AF_OK;
    json_decref(names);
    csv_release(csv);
    free(csv);
    return reading_end(r, status, err);
}
