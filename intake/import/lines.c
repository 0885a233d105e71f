#include "intake/import/lines.h"

#include "data/base/utf8.h"

#define READ_BYTES ((size_t)64 << 10)

void lines_init(struct lines *lines, struct source *source, size_t line_bytes_max)
{
    *lines = (struct lines){.source = source, .line_bytes_max = line_bytes_max};
}

void lines_release(struct lines *lines)
{
    buf_release(&lines->held);
}

/* Moves what is not given out to the front and reads more behind it. */
static enum status read_more(struct lines *lines, struct error *err)
{
    struct buf *held = &lines->held;
    uint8_t *at;
    size_t got;
    enum status status;

    if (lines->at > 0) {
        memmove(held->data, held->data + lines->at, held->len - lines->at);
        held->len -= lines->at;
        lines->at = 0;
    }
    at = buf_reserve(held, READ_BYTES);
    if (at == NULL)
        return buf_status(held, "a line", err);
    status = source_read(lines->source, at, READ_BYTES, &got, err);
    if (status != AF_OK) /* a broken archive is the end of it, unlike a bad line */
        return status == AF_INVALID && err != NULL ? (err->status = AF_CORRUPT) : status;
    held->len += got;
    lines->at_end = got == 0;
    return AF_OK;
}

enum status lines_check_text(struct bytes text, struct error *err)
{
    size_t good = utf8_valid_len(text);
    const uint8_t *nul = text.len == 0 ? NULL : memchr(text.data, 0, text.len);

    if (text.len >= 2 && ((text.data[0] == 0xFF && text.data[1] == 0xFE) ||
                          (text.data[0] == 0xFE && text.data[1] == 0xFF)))
        return error_set(err, AF_INVALID,
                         "this is UTF-16; convert the file with: iconv -f UTF-16 -t UTF-8");
    if (good < text.len)
        return error_set(err, AF_INVALID,
                         "not UTF-8 at byte %zu; if the file is in GB18030 or Big5, convert it "
                         "with: iconv -f GB18030 -t UTF-8",
                         good + 1);
    if (nul != NULL)
        return error_set(err, AF_INVALID, "a NUL byte at byte %zu; this is not text",
                         (size_t)(nul - text.data) + 1);
    return AF_OK;
}

static struct bytes without_bom_and_cr(const struct lines *lines, struct bytes line)
{
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    if (lines->no == 1 && bytes_has_prefix(line, BYTES_LIT("\xEF\xBB\xBF")))
        line = bytes_of(line.data + 3, line.len - 3);
    return line;
}

/* The next LF from `from` on, or NULL. */
static const uint8_t *find_lf(const struct lines *lines, size_t from)
{
    const struct buf *held = &lines->held;

    return from >= held->len ? NULL : memchr(held->data + from, '\n', held->len - from);
}

static enum status too_long(struct lines *lines, struct error *err)
{
    lines->no++;
    return error_set(err, AF_TOO_LARGE, "the line is longer than %zu bytes", lines->line_bytes_max);
}

enum status lines_next(struct lines *lines, struct bytes *line, struct error *err)
{
    struct buf *held = &lines->held;
    const uint8_t *lf;
    size_t seen = 0; /* of the line, already searched for LF */

    while ((lf = find_lf(lines, lines->at + seen)) == NULL && !lines->at_end) {
        enum status status;

        seen = held->len - lines->at;
        if (lines->is_skipping || seen > lines->line_bytes_max) {
            bool is_news = !lines->is_skipping;

            lines->is_skipping = true;
            held->len = lines->at = seen = 0;
            if (is_news)
                return too_long(lines, err);
        }
        if ((status = read_more(lines, err)) != AF_OK)
            return status;
    }
    if (lf == NULL && lines->at >= held->len)
        return AF_NOT_FOUND;
    *line = bytes_of(held->data + lines->at,
                     (lf != NULL ? (size_t)(lf - held->data) : held->len) - lines->at);
    lines->at += line->len + (lf != NULL);
    if (lines->is_skipping) { /* this was the rest of it */
        lines->is_skipping = false;
        return lines_next(lines, line, err);
    }
    if (line->len > lines->line_bytes_max)
        return too_long(lines, err);
    lines->no++;
    *line = without_bom_and_cr(lines, *line);
    return lines->unchecked ? AF_OK : lines_check_text(*line, err);
}
