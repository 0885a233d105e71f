#include "intake/import/cases.h"

#include "data/article.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/language.h"
#include "intake/import/csv.h"
#include "intake/import/lines.h"
#include "intake/import/markdown.h"

#define MADE_ID_DIGITS 20         /* 80 bits: a billion cases meet by chance once in a million */
#define LANGUAGE_BYTES (8u << 10) /* of a case that are looked at to tell its language */
#define UNKNOWN_LANGUAGE "und"    /* BCP 47: undetermined */

struct reading {
    const struct import_file *file;
    const struct case_visitor *visitor;
    struct source *source;
    struct case_place place;
};

/* --- what the file did not say ------------------------------------------------------------ */

static bool is_absent(const json_t *article, const char *member)
{
    const json_t *value = json_object_get(article, member);

    return value == NULL || json_is_null(value) ||
           (json_is_string(value) && json_string_length(value) == 0);
}

static enum status make_id(json_t *article, struct error *err)
{
    struct buf text = {0};
    struct digest digest;
    char hex[DIGEST_HEX_BYTES];
    enum status status;

    (void)json_object_del(article, "id");
    status = json_write(article, true, &text, err);
    if (status != AF_OK)
        goto done;
    digest = digest_plain(buf_bytes(&text));
    digest_hex(&digest, hex);
    if (json_object_set_new(article, "id", json_sprintf("x-%.*s", MADE_ID_DIGITS, hex)) != 0)
        status = error_set(err, AF_NO_MEMORY, "no memory for a case");
done:
    buf_release(&text);
    return status;
}

static enum status find_language(json_t *article, struct error *err)
{
    static const char *const members[] = {"title", "symptom", "text", "resolution", "cause"};
    struct buf text = {0};
    const char *lang;
    enum status status;

    for (size_t i = 0; i < sizeof members / sizeof members[0] && text.len < LANGUAGE_BYTES; i++) {
        struct bytes part = bytes_str(json_get_str(article, members[i]));

        buf_add(&text, utf8_cut(part, LANGUAGE_BYTES));
        buf_add_u8(&text, '\n');
    }
    status = buf_status(&text, "a case", err);
    lang = status == AF_OK ? language_detect(buf_bytes(&text), UNKNOWN_LANGUAGE) : "";
    buf_release(&text);
    if (status == AF_OK && json_object_set_new(article, "lang", json_string(lang)) != 0)
        status = error_set(err, AF_NO_MEMORY, "no memory for a case");
    return status;
}

enum status case_complete(json_t *article, struct error *err)
{
    enum status status = is_absent(article, "id") ? make_id(article, err) : AF_OK;

    return status == AF_OK && is_absent(article, "lang") ? find_language(article, err) : status;
}

/* Validates, completes and hands over; takes the article in every case. */
static enum status deliver(struct reading *r, json_t *article, struct error *err)
{
    struct error why;
    enum status status = article_validate(article, &why);

    if (status == AF_OK)
        status = case_complete(article, &why);
    if (status == AF_OK)
        return r->visitor->found(r->visitor->context, &r->place, article, err);
    json_decref(article);
    if (status == AF_NO_MEMORY)
        return error_set(err, status, "%s", why.text);
    r->visitor->refused(r->visitor->context, &r->place, why.text);
    return AF_OK;
}

/* Is this failure about one line only? Then it is reported and reading goes on. */
static bool is_refused(struct reading *r, enum status status, const struct error *err)
{
    if (status != AF_INVALID && status != AF_TOO_LARGE)
        return false;
    r->visitor->refused(r->visitor->context, &r->place, err->text);
    return true;
}

static enum status at_end(struct reading *r, enum status status, struct error *err)
{
    if (status == AF_NOT_FOUND)
        return AF_OK;
    return status == AF_CORRUPT ? error_prefix(err, "%s", r->file->path) : status;
}

static void moved(struct reading *r)
{
    r->visitor->moved(r->visitor->context, source_taken(r->source));
}

/* --- JSONL -------------------------------------------------------------------------------- */

static bool is_blank(struct bytes line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.data[i] != ' ' && line.data[i] != '\t')
            return false;
    return true;
}

static enum status read_jsonl(struct reading *r, struct error *err)
{
    struct lines lines;
    enum status status;

    lines_init(&lines, r->source, ARTICLE_JSON_BYTES_MAX);
    for (;;) {
        struct error why;
        struct bytes line;
        json_t *article = NULL;

        status = lines_next(&lines, &line, &why);
        r->place.line = lines.no;
        if (status == AF_OK && is_blank(line))
            continue;
        r->place.bytes = line.len;
        if (status == AF_OK)
            status = json_parse(line, &article, &why);
        if (is_refused(r, status, &why))
            continue;
        if (status != AF_OK) {
            if (status != AF_NOT_FOUND && err != NULL)
                *err = why;
            break;
        }
        if ((status = deliver(r, article, err)) != AF_OK)
            break;
        moved(r);
    }
    lines_release(&lines);
    return at_end(r, status, err);
}

/* --- CSV ---------------------------------------------------------------------------------- */

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
        if (is_refused(r, status, &why))
            continue;
        if (status != AF_OK) {
            if (status != AF_NOT_FOUND && err != NULL)
                *err = why;
            return status;
        }
        if ((status = deliver(r, article, err)) != AF_OK)
            return status;
        moved(r);
    }
}

static enum status read_csv(struct reading *r, struct error *err)
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
    else if (is_refused(r, status, err)) /* without the names of the columns nothing has sense */
        status = AF_OK;
    json_decref(names);
    csv_release(csv);
    free(csv);
    return at_end(r, status, err);
}

/* --- Markdown ----------------------------------------------------------------------------- */

/* The place below the folder named, without the suffix: "KB/网络/路由器/los". */
static struct bytes place_name(const struct import_file *file)
{
    struct bytes name = bytes_str(file->path + file->below);
    const uint8_t *dot = memrchr(name.data, '.', name.len);

    return dot == NULL || dot == name.data ? name : bytes_of(name.data, (size_t)(dot - name.data));
}

/* Folders between the one named and the file are the 大类 and 小类. */
static enum status add_category(json_t *article, struct bytes place, struct error *err)
{
    const uint8_t *slash = memchr(place.data, '/', place.len);
    json_t *list;
    bool ok = true;

    if (slash == NULL || !is_absent(article, "category"))
        return AF_OK;
    list = json_array();
    for (int i = 0; i < 2; i++) {
        const uint8_t *name = slash + 1,
                      *next = memchr(name, '/', (size_t)(place.data + place.len - name));

        if (next == NULL)
            break;
        if (json_array_append_new(list, json_from_bytes(bytes_of(name, (size_t)(next - name)))) !=
            0)
            ok = false;
        slash = next;
    }
    if (json_array_size(list) == 0)
        json_decref(list);
    else
        json_put(article, "category", list, &ok);
    return ok ? AF_OK : error_set(err, AF_INVALID, "the path is not UTF-8 or memory is short");
}

static enum status place_article(const struct import_file *file, json_t *article, struct error *err)
{
    struct bytes place = place_name(file);

    /* A bare name says too little to be an id: README-like names are everywhere. */
    if (is_absent(article, "id") && memchr(place.data, '/', place.len) != NULL) {
        json_t *id = json_from_bytes(place);

        if (id == NULL)
            return error_set(err, AF_INVALID, "the path of the file is not UTF-8");
        if (json_object_set_new(article, "id", id) != 0)
            return error_set(err, AF_NO_MEMORY, "no memory for a case");
    }
    return add_category(article, place, err);
}

static enum status whole_text(struct reading *r, struct buf *text, struct error *err)
{
    struct lines lines;
    struct bytes line;
    enum status status;

    lines_init(&lines, r->source, ARTICLE_JSON_BYTES_MAX);
    while ((status = lines_next(&lines, &line, err)) == AF_OK) {
        buf_add(text, line);
        buf_add_u8(text, '\n');
        if (text->len > ARTICLE_JSON_BYTES_MAX) {
            status = error_set(err, AF_TOO_LARGE, "the file is larger than %u bytes",
                               ARTICLE_JSON_BYTES_MAX);
            break;
        }
    }
    r->place.line = lines.no;
    lines_release(&lines);
    return status == AF_NOT_FOUND ? buf_status(text, "a file", err) : status;
}

static enum status read_markdown(struct reading *r, struct error *err)
{
    struct bytes place = place_name(r->file);
    const uint8_t *slash = memrchr(place.data, '/', place.len);
    struct bytes name =
        slash == NULL ? place : bytes_of(slash + 1, place.len - (size_t)(slash + 1 - place.data));
    struct buf text = {0}, title = {0};
    json_t *article;
    enum status status = whole_text(r, &text, err);

    utf8_add_clean(&title, name);
    if (status == AF_OK)
        status = markdown_read(buf_bytes(&text), buf_str(&title), &article, &r->place.line, err);
    if (status == AF_OK) {
        r->place.bytes = text.len;
        r->place.line = 1;
        status = place_article(r->file, article, err);
        if (status == AF_OK)
            status = deliver(r, article, err);
        else
            json_decref(article);
    } else if (is_refused(r, status, err)) {
        status = AF_OK;
    }
    moved(r);
    buf_release(&title);
    buf_release(&text);
    return at_end(r, status, err);
}

/* ------------------------------------------------------------------------------------------ */

enum status cases_read(const struct import_file *file, const struct case_visitor *visitor,
                       struct error *err)
{
    struct reading r = {.file = file, .visitor = visitor, .place = {.file = file->path}};
    enum status status = source_open(file->path, &r.source, err);

    if (status != AF_OK)
        return status;
    switch (file->form) {
    case FORM_JSONL:
        status = read_jsonl(&r, err);
        break;
    case FORM_CSV:
        status = read_csv(&r, err);
        break;
    case FORM_MARKDOWN:
        status = read_markdown(&r, err);
        break;
    }
    source_close(r.source);
    return status;
}
