#include "search/match/filter.h"

#include <strings.h>

#define LIST_SEPARATOR 0x1F

struct filter filter_of(const struct search_request *request)
{
    return (struct filter){request->product, request->category, request->lang, request->audience};
}

bool filter_is_narrow(const struct filter *filter)
{
    return filter->product.len > 0 || filter->category.len > 0 || filter->lang.len > 0;
}

static struct bytes trimmed(struct bytes text)
{
    while (text.len > 0 && text.data[0] == ' ')
        text = bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && text.data[text.len - 1] == ' ')
        text.len--;
    return text;
}

/* Cuts the first piece off `rest`. */
static struct bytes next_piece(struct bytes *rest, uint8_t separator)
{
    const uint8_t *at = rest->len == 0 ? NULL : memchr(rest->data, separator, rest->len);
    size_t len = at == NULL ? rest->len : (size_t)(at - rest->data);
    struct bytes piece = bytes_of(rest->data, len);

    *rest = at == NULL ? BYTES_NONE : bytes_of(at + 1, rest->len - len - 1);
    return piece;
}

static bool path_begins(struct bytes list, struct bytes wanted)
{
    while (wanted.len > 0) {
        if (list.len == 0)
            return false;
        if (!bytes_equal(trimmed(next_piece(&list, LIST_SEPARATOR)),
                         trimmed(next_piece(&wanted, '>'))))
            return false;
    }
    return true;
}

bool filter_category(struct bytes list, struct bytes wanted)
{
    struct bytes rest = list;

    while (rest.len > 0)
        if (bytes_equal(next_piece(&rest, LIST_SEPARATOR), wanted))
            return true;
    return path_begins(list, wanted);
}

bool filter_lang(struct bytes lang, struct bytes wanted)
{
    if (lang.len < wanted.len || wanted.len == 0)
        return wanted.len == 0;
    if (strncasecmp((const char *)lang.data, (const char *)wanted.data, wanted.len) != 0)
        return false;
    return lang.len == wanted.len || lang.data[wanted.len] == '-';
}

bool filter_value(const struct filter *filter, enum column_name name, struct bytes value)
{
    switch (name) {
    case COLUMN_LANG:
        return filter_lang(value, filter->lang);
    case COLUMN_PRODUCT:
        return filter->product.len == 0 || bytes_equal(filter->product, value);
    case COLUMN_CATEGORY:
        return filter->category.len == 0 || filter_category(value, filter->category);
    case COLUMN_AUDIENCE: /* without one it is shown to the fewest */
        return filter->audience == AUDIENCE_INTERNAL ||
               (value.len == 1 && value.data[0] <= (uint8_t)filter->audience);
    case COLUMN_COUNT:
        break;
    }
    return false;
}

static bool looks_at(const struct filter *filter, enum column_name name)
{
    switch (name) {
    case COLUMN_LANG:
        return filter->lang.len > 0;
    case COLUMN_PRODUCT:
        return filter->product.len > 0;
    case COLUMN_CATEGORY:
        return filter->category.len > 0;
    case COLUMN_AUDIENCE:
        return filter->audience != AUDIENCE_INTERNAL;
    case COLUMN_COUNT:
        break;
    }
    return false;
}

enum status filter_view_open(struct filter_view *view, const struct filter *filter,
                             const struct segment *segment, struct arena *arena, struct error *err)
{
    view->count = 0;
    for (enum column_name name = 0; name < COLUMN_COUNT; name++) {
        const struct column *column;
        enum status status;
        bool all = true, *passes;

        if (!looks_at(filter, name))
            continue;
        if ((status = segment_column(segment, name, &column, err)) != AF_OK)
            return status;
        if ((passes = arena_array(arena, column->count + 1, sizeof *passes)) == NULL)
            return arena_exhausted(arena, err);
        for (uint32_t i = 0; i < column->count; i++) {
            passes[i] = filter_value(filter, name, column->values[i]);
            all = all && passes[i];
        }
        if (all)
            continue;
        view->columns[view->count] = column;
        view->passes[view->count++] = passes;
    }
    return AF_OK;
}
