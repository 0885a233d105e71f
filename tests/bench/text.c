#include "tests/bench/text.h"

#include "tests/bench/driver.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* --- files ----------------------------------------------------------------------------------- */

/* Cuts off what is before the next tab; false when there is none. */
static bool cut(struct bytes *rest, struct bytes *out)
{
    const uint8_t *tab = memchr(rest->data, '\t', rest->len);

    if (tab == NULL)
        return false;
    *out = bytes_of(rest->data, (size_t)(tab - rest->data));
    *rest = bytes_of(tab + 1, rest->len - out->len - 1);
    return true;
}

bool row_parse(struct bytes line, struct row *out)
{
    struct bytes lang, rest = line;

    if (!cut(&rest, &out->id) || !cut(&rest, &lang) || !cut(&rest, &out->title))
        return false;
    out->body = rest;
    return true;
}

static FILE *open_or_die(const char *path)
{
    FILE *file = fopen(path, "r");

    if (file == NULL)
        die("%s cannot be read", path);
    return file;
}

void rows_open(struct rows *rows, const char *path)
{
    *rows = (struct rows){.file = open_or_die(path)};
}

bool rows_next(struct rows *rows, struct row *out)
{
    ssize_t len = getline(&rows->line, &rows->room, rows->file);

    if (len <= 0)
        return false;
    if (rows->line[len - 1] == '\n')
        len--;
    if (!row_parse(bytes_of(rows->line, (size_t)len), out))
        die("a row of the corpus has too few fields");
    return true;
}

void rows_close(struct rows *rows)
{
    fclose(rows->file);
    free(rows->line);
}

struct question *questions_read(const char *path, size_t *count)
{
    struct question *all = NULL;
    size_t room = 0, line_room = 0;
    char *line = NULL;
    ssize_t len;
    FILE *file = open_or_die(path);

    *count = 0;
    while ((len = getline(&line, &line_room, file)) > 0) {
        char *source = strchr(line, '\t');
        char *text = source == NULL ? NULL : strchr(source + 1, '\t');

        if (text == NULL)
            die("%s: a question has too few fields", path);
        if (line[len - 1] == '\n')
            line[len - 1] = '\0';
        *source++ = *text++ = '\0';
        if (*count == room) {
            room = room * 2 + 1024;
            all = realloc(all, room * sizeof *all);
            if (all == NULL)
                die("no memory for the questions");
        }
        all[(*count)++] = (struct question){strdup(line), strdup(source), strdup(text)};
    }
    free(line);
    fclose(file);
    if (*count == 0)
        die("%s: no questions", path);
    return all;
}

void questions_free(struct question *questions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(questions[i].name);
        free(questions[i].source);
        free(questions[i].text);
    }
    free(questions);
}

/* --- runs ------------------------------------------------------------------------------------ */

bool is_hangul(uint32_t c)
{
    return c >= 0xAC00 && c <= 0xD7AF;
}

bool is_cjk(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x2FFF) || (c >= 0x3040 && c <= 0x30FF) ||
           (c >= 0x3400 && c <= 0x9FFF) || is_hangul(c) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

bool is_word(uint32_t c)
{
    if (c < 0x80)
        return isalnum((int)c) || c == '_';
    return c >= 0xC0 && !(c >= 0x2000 && c <= 0x2E7F) && !(c >= 0x3000 && c <= 0x303F) &&
           !(c >= 0xFF00 && c <= 0xFF0F) && !(c >= 0xFF1A && c <= 0xFF20);
}

size_t text_runs(struct bytes text, struct run runs[RUNS_MAX])
{
    enum kind { OTHER, CJK, WORD } last = OTHER;
    struct reader r = reader_of(text);
    size_t count = 0;

    while (reader_left(&r) > 0) {
        const uint8_t *start = r.at;
        uint32_t c = text_next(&r);
        enum kind kind = is_cjk(c) ? CJK : is_word(c) ? WORD : OTHER;

        if (kind != OTHER && kind != last) {
            if (count == RUNS_MAX)
                break;
            runs[count++] = (struct run){.text = bytes_of(start, 0), .cjk = kind == CJK};
        }
        if (kind != OTHER) {
            runs[count - 1].text.len += (size_t)(r.at - start);
            runs[count - 1].chars++;
            runs[count - 1].han |= kind == CJK && !is_hangul(c);
        }
        last = kind;
    }
    return count;
}
