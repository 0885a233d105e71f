#include "intake/import/cases_impl.h"

#include "data/article_view.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/language.h"
#include "intake/import/lines.h"

#define MADE_ID_DIGITS 20         /* 80 bits: a billion cases meet by chance once in a million */
#define LANGUAGE_BYTES (8u << 10) /* of a case that are looked at to tell its language */
#define UNKNOWN_LANGUAGE "und"    /* BCP 47: undetermined */

/* --- what the file did not say ------------------------------------------------------------ */

bool case_lacks(const json_t *article, const char *member)
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
    enum status status = case_lacks(article, "id") ? make_id(article, err) : AF_OK;

    return status == AF_OK && case_lacks(article, "lang") ? find_language(article, err) : status;
}

/* Validates, completes and hands over; takes the article in every case. */
enum status reading_deliver(struct reading *r, json_t *article, struct error *err)
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
bool reading_refuses(struct reading *r, enum status status, const struct error *err)
{
    if (status != AF_INVALID && status != AF_TOO_LARGE)
        return false;
    r->visitor->refused(r->visitor->context, &r->place, err->text);
    return true;
}

enum status reading_end(struct reading *r, enum status status, struct error *err)
{
    if (status == AF_NOT_FOUND)
        return AF_OK;
    return status == AF_CORRUPT ? error_prefix(err, "%s", r->file->path) : status;
}

void reading_moved(struct reading *r)
{
    r->visitor->moved(r->visitor->context, source_taken(r->source));
}

/* --- one line ----------------------------------------------------------------------------- */

static enum status line_by_tree(struct bytes line, struct buf *out, struct error *err)
{
    const size_t start = out->len;
    json_t *article;
    enum status status = lines_check_text(line, err);

    if (status == AF_OK)
        status = json_parse(line, &article, err);
    if (status != AF_OK)
        return status;
    status = article_validate(article, err);
    if (status == AF_OK)
        status = case_complete(article, err);
    if (status == AF_OK)
        status = json_write(article, false, out, err);
    if (status != AF_OK)
        out->len = start;
    json_decref(article);
    return status;
}

enum status case_line(struct bytes line, struct buf *scratch, struct buf *out, struct error *err)
{
    const size_t start = out->len;
    struct article_view view;

    if (jsontext_compact(line, out)) {
        if (article_view_of(bytes_of(out->data + start, out->len - start), &view) &&
            article_view_is_sound(&view, scratch))
            return AF_OK;
        out->len = start;
    }
    return line_by_tree(line, out, err);
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
    lines.unchecked = r->visitor->line != NULL; /* case_line() does it */
    for (;;) {
        struct error why;
        struct bytes line;
        json_t *article = NULL;

        status = lines_next(&lines, &line, &why);
        r->place.line = lines.no;
        if (status == AF_OK && is_blank(line))
            continue;
        r->place.bytes = line.len;
        if (status == AF_OK && r->visitor->line == NULL)
            status = json_parse(line, &article, &why);
        if (reading_refuses(r, status, &why))
            continue;
        if (status != AF_OK) {
            if (status != AF_NOT_FOUND && err != NULL)
                *err = why;
            break;
        }
        status = r->visitor->line != NULL
                     ? r->visitor->line(r->visitor->context, &r->place, line, err)
                     : reading_deliver(r, article, err);
        if (status != AF_OK)
            break;
        reading_moved(r);
    }
    lines_release(&lines);
    return reading_end(r, status, err);
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
        status = reading_table(&r, err);
        break;
    case FORM_MARKDOWN:
        status = reading_document(&r, err);
        break;
    }
    source_close(r.source);
    return status;
}
