#include "intake/inspect.h"

#include "data/article.h"
#include "data/base/limits.h"

#include <stdarg.h>
#include <stdio.h>

void inspect_say(struct inspection *in, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    struct error sentence;
    va_list args;

    va_start(args, fmt);
    if (vsnprintf(text, sizeof text, fmt, args) < 0)
        text[0] = '\0';
    va_end(args);
    (void)error_set(&sentence, AF_CORRUPT, "damaged: table %s, key %s: %s", table_name(in->table),
                    in->name, text);
    in->fault(in->context, sentence.text);
}

bool inspect_is_missing(struct inspection *in, enum status status)
{
    in->no_memory = in->no_memory || status == AF_NO_MEMORY;
    return status == AF_NOT_FOUND;
}

/* --- rows --------------------------------------------------------------------------------- */

static enum status could_not_look(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory to check the store");
}

/* Ends early where keys do not rise: a page of a damaged tree that leads back would be walked
 * for ever (data/check.c names it). */
enum status inspect_rows(struct inspection *in, enum table table, inspect_row_fn row,
                         struct error *err)
{
    struct bytes key, body;
    struct buf last = {0};
    struct cursor *cursor;
    enum status status = cursor_open(in->txn, table, BYTES_NONE, WALK_UP, &cursor, NULL);

    if (status != AF_OK)
        return status == AF_NO_MEMORY ? could_not_look(err) : AF_OK;
    in->table = table;
    for (;;) {
        key = BYTES_NONE;
        status = cursor_next(cursor, &key, &body, NULL);
        if (status == AF_NOT_FOUND || key.len == 0 ||
            (last.len > 0 && bytes_compare(buf_bytes(&last), key) >= 0))
            break;
        buf_clear(&last);
        buf_add(&last, key);
        key_text(key, in->name, sizeof in->name);
        if (status == AF_OK)
            row(in, key, body);
        in->no_memory = in->no_memory || status == AF_NO_MEMORY || !buf_ok(&last);
        if (in->no_memory)
            break;
        arena_clear(txn_arena(in->txn));
    }
    cursor_close(cursor);
    buf_release(&last);
    return in->no_memory || status == AF_NO_MEMORY ? could_not_look(err) : AF_OK;
}

json_t *inspect_object(struct inspection *in, struct bytes body)
{
    json_t *json = NULL;
    enum status status = json_parse(body, &json, NULL);

    in->no_memory = in->no_memory || status == AF_NO_MEMORY;
    if (status == AF_OK && json_is_object(json))
        return json;
    if (status != AF_NO_MEMORY && (body.len == 0 || body.data[0] != '{'))
        inspect_say(in, "not what belongs there");
    json_decref(json);
    return NULL;
}

void inspect_case(struct inspection *in, const char *what, const json_t *item)
{
    const char *id = json_get_str(item, "case");
    uint64_t version = json_get_u64(item, "version");
    struct article_ref ref = {0};
    enum status status = AF_NOT_FOUND;

    if (id[0] != '\0' && strlen(id) <= ARTICLE_ID_BYTES_MAX)
        status = article_find(in->txn, bytes_str(id), &ref, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "%s case %.80s, which is not in table case", what, id);
    else if (status == AF_OK && (version == 0 || version > ref.version))
        inspect_say(in, "%s version %llu of case %.80s, which has %u", what,
                    (unsigned long long)version, id, ref.version);
}
