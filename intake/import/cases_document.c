/* A Markdown or text file: one case, whose place among folders says its id and category. */
#include "intake/import/cases_impl.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/import/lines.h"
#include "intake/import/markdown.h"

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

    if (slash == NULL || !case_lacks(article, "category"))
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
    if (case_lacks(article, "id") && memchr(place.data, '/', place.len) != NULL) {
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

enum status reading_document(struct reading *r, struct error *err)
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
            status = reading_deliver(r, article, err);
        else
            json_decref(article);
    } else if (reading_refuses(r, status, err)) {
        status = AF_OK;
    }
    reading_moved(r);
    buf_release(&title);
    buf_release(&text);
    return reading_end(r, status, err);
}
