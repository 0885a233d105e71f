#include "intake/cli/out.h"

#include "data/base/utf8.h"
#include "intake/cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define BOLD "\033[1m"
#define NOT_BOLD "\033[22m"

/* --- text --------------------------------------------------------------------------------- */

/* What a terminal obeys instead of showing: C0 and C1 controls, and the marks that turn the
 * direction of writing (Trojan Source, CVE-2021-42574). */
static bool is_acting(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x061C || cp == 0x200E ||
           cp == 0x200F || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static void add(struct buf *out, struct bytes text, bool keeps_lines)
{
    struct reader r = reader_of(text);
    bool was_blank = false;

    while (reader_left(&r) > 0) {
        uint32_t cp = utf8_next(&r);

        if (cp == '\n' && keeps_lines) {
            buf_add_u8(out, '\n');
            continue;
        }
        if (cp != UTF8_INVALID && is_acting(cp)) {
            if (!was_blank)
                buf_add_u8(out, ' ');
            was_blank = true;
            continue;
        }
        was_blank = false;
        utf8_add(out, cp == UTF8_INVALID ? 0xFFFD : cp);
    }
}

void out_add_plain(struct buf *out, struct bytes text)
{
    add(out, text, false);
}

void out_add_lines(struct buf *out, struct bytes text)
{
    add(out, text, true);
}

void out_add_marked(struct buf *out, const struct marked_text *text, bool is_bold)
{
    size_t at = 0;

    for (uint32_t i = 0; is_bold && i < text->marks_count; i++) {
        const struct mark *mark = &text->marks[i];

        if (mark->start < at || mark->end < mark->start || mark->end > text->text.len)
            continue;
        add(out, bytes_of(text->text.data + at, mark->start - at), false);
        buf_add_str(out, BOLD);
        add(out, bytes_of(text->text.data + mark->start, mark->end - mark->start), false);
        buf_add_str(out, NOT_BOLD);
        at = mark->end;
    }
    if (at < text->text.len)
        add(out, bytes_of(text->text.data + at, text->text.len - at), false);
}

/* --- standard output ---------------------------------------------------------------------- */

bool out_print(struct buf *text)
{
    bool ok =
        buf_ok(text) && (text->len == 0 || fwrite(text->data, 1, text->len, stdout) == text->len);

    buf_clear(text);
    return ok;
}

int out_json(json_t *json)
{
    struct buf text = {0};
    struct error err;
    enum status status = json_write(json, false, &text, &err);

    json_decref(json);
    buf_add_u8(&text, '\n');
    if (status != AF_OK)
        cli_say("%s", err.text);
    else
        (void)out_print(&text);
    buf_release(&text);
    return status == AF_OK ? CLI_DONE : CLI_PART;
}

bool out_is_terminal(void)
{
    return isatty(STDOUT_FILENO) == 1;
}

int out_finish(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return code;
    if (errno == EPIPE || errno == 0) /* 0: it failed before, at a print */
        return code;
    cli_say("standard output could not be written: %s", strerror(errno));
    return CLI_PART;
}

void out_complaints(const json_t *complaints)
{
    const json_t *item;
    struct buf out = {0};
    size_t i;

    json_array_foreach(complaints, i, item)
    {
        out_add_plain(&out, bytes_str(json_get_str(item, "place")));
        out_add_plain(&out, bytes_str(json_get_str(item, "field")));
        buf_add_str(&out, ": ");
        out_add_plain(&out, bytes_str(json_get_str(item, "message")));
        buf_add_u8(&out, '\n');
    }
    (void)fputs(buf_str(&out), stderr);
    buf_release(&out);
}
