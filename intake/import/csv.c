#include "intake/import/csv.h"

void csv_init(struct csv *csv, struct source *source, size_t row_bytes_max)
{
    *csv = (struct csv){0};
    lines_init(&csv->lines, source, row_bytes_max);
}

void csv_release(struct csv *csv)
{
    lines_release(&csv->lines);
    buf_release(&csv->row);
}

static uint8_t find_separator(struct bytes row)
{
    static const uint8_t candidates[] = {',', ';', '\t'};
    uint8_t best = ',';
    size_t best_count = 0;

    for (size_t i = 0; i < sizeof candidates; i++) {
        size_t count = 0;
        bool quoted = false;

        for (size_t j = 0; j < row.len; j++) {
            quoted ^= row.data[j] == '"';
            count += !quoted && row.data[j] == candidates[i];
        }
        if (count > best_count) {
            best = candidates[i];
            best_count = count;
        }
    }
    return best;
}

/* Where in a field the reading stands; a row goes on in the next line while IN_QUOTES. */
enum place { FIELD_START, IN_PLAIN, IN_QUOTES, AFTER_QUOTE };

/* Moves through `text`; AF_INVALID for something between a closing quote and a separator. */
static enum status walk(uint8_t separator, struct bytes text, enum place *place, struct error *err)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        switch (*place) {
        case FIELD_START:
            *place = c == '"' ? IN_QUOTES : c == separator ? FIELD_START : IN_PLAIN;
            break;
        case IN_PLAIN:
            *place = c == separator ? FIELD_START : IN_PLAIN;
            break;
        case IN_QUOTES:
            *place = c == '"' ? AFTER_QUOTE : IN_QUOTES;
            break;
        case AFTER_QUOTE:
            if (c != '"' && c != separator)
                return error_set(err, AF_INVALID,
                                 "text follows a closing quote; a quote inside a field is "
                                 "written twice");
            *place = c == '"' ? IN_QUOTES : FIELD_START;
            break;
        }
    }
    return AF_OK;
}

/* Collects the lines of one row. */
static enum status gather(struct csv *csv, struct error *err)
{
    enum place place = FIELD_START;
    struct bytes line;
    enum status status;

    buf_clear(&csv->row);
    do
        status = lines_next(&csv->lines, &line, err);
    while (status == AF_OK && line.len == 0);
    csv->no = csv->lines.no;
    if (status != AF_OK)
        return status;
    if (csv->separator == 0)
        csv->separator = find_separator(line);
    for (;;) {
        buf_add(&csv->row, line);
        status = walk(csv->separator, line, &place, err);
        if (status != AF_OK || place != IN_QUOTES)
            return status;
        buf_add_u8(&csv->row, '\n');
        if (csv->row.len > csv->lines.line_bytes_max)
            return error_set(err, AF_TOO_LARGE,
                             "a quoted field that begins here is not closed within %zu bytes",
                             csv->lines.line_bytes_max);
        status = lines_next(&csv->lines, &line, err);
        if (status == AF_NOT_FOUND)
            return error_set(err, AF_INVALID, "a quoted field that begins here is never closed");
        if (status != AF_OK)
            return status;
    }
}

/* Undoubles the quotes in place; `text` begins after the opening quote. Gives the length and
 * moves *at behind the closing quote. */
static size_t take_quoted(uint8_t *text, const uint8_t *end, uint8_t **at)
{
    uint8_t *to = text, *from = text;

    while (from < end) {
        if (*from == '"' && (from + 1 == end || from[1] != '"'))
            break;
        from += *from == '"';
        *to++ = *from++;
    }
    *at = from < end ? from + 1 : from;
    return (size_t)(to - text);
}

static enum status cut(struct csv *csv, struct error *err)
{
    uint8_t *at = csv->row.data, *end = at + csv->row.len;

    for (csv->count = 0;;) {
        struct bytes *field = &csv->fields[csv->count];

        if (csv->count == CSV_FIELDS_MAX)
            return error_set(err, AF_TOO_LARGE, "the row has more than %d fields", CSV_FIELDS_MAX);
        csv->count++;
        if (at < end && *at == '"') {
            field->data = at + 1;
            field->len = take_quoted(at + 1, end, &at);
        } else {
            uint8_t *stop = memchr(at, csv->separator, (size_t)(end - at));

            *field = bytes_of(at, (size_t)((stop != NULL ? stop : end) - at));
            at += field->len;
        }
        if (at == end)
            return AF_OK;
        at++; /* the separator */
    }
}

enum status csv_next(struct csv *csv, struct error *err)
{
    enum status status = gather(csv, err);

    if (status == AF_OK)
        status = buf_status(&csv->row, "a row", err);
    return status == AF_OK ? cut(csv, err) : status;
}
