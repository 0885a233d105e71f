#include "intake/cli/input.h"

#include "data/base/limits.h"
#include "intake/import/source.h"
#include "intake/staff.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

enum status input_file(const char *path, size_t bytes_max, struct buf *out, struct error *err)
{
    struct source *source;
    size_t got = 1;
    enum status status = source_open(path, &source, err);

    if (status != AF_OK)
        return status;
    while (status == AF_OK && got > 0) {
        const size_t piece = 64u << 10;
        uint8_t *at = buf_reserve(out, piece);

        if (at == NULL) {
            status = error_set(err, AF_TOO_LARGE, "the text is too long");
            break;
        }
        status = source_read(source, at, piece, &got, err);
        out->len += status == AF_OK ? got : 0;
        if (out->len > bytes_max)
            status = error_set(err, AF_TOO_LARGE, "the text is longer than %zu bytes", bytes_max);
    }
    source_close(source);
    return status;
}

static void cut_line_ends(struct buf *text)
{
    while (text->len > 0 &&
           (text->data[text->len - 1] == '\n' || text->data[text->len - 1] == '\r'))
        text->data[--text->len] = '\0';
}

enum status input_text(const struct cli *cli, unsigned first, struct buf *out, struct error *err)
{
    enum status status;

    if (cli->rest_count != first + 1 || strcmp(cli->rest[first], "-") != 0) {
        cli_join_rest(cli, first, out);
        return buf_ok(out) ? AF_OK : error_set(err, AF_TOO_LARGE, "the text is too long");
    }
    out->ceiling = 0; /* pieces are read that may be larger than what they hold */
    status = input_file("-", TICKET_TEXT_BYTES_MAX, out, err);
    cut_line_ends(out);
    return status;
}

/* A whole line with what it takes to read it; the end of a longer one is left and refused. */
static bool read_line(struct buf *out)
{
    char line[PASSWORD_BYTES_MAX + 3];

    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    buf_add_str(out, line);
    cut_line_ends(out);
    sodium_memzero(line, sizeof line);
    return true;
}

static bool ask_hidden(const char *prompt, struct buf *out)
{
    struct termios shown, hidden;
    bool ok;

    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return false;
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    (void)fputs(prompt, stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    ok = read_line(out);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    (void)fputc('\n', stderr);
    return ok;
}

enum status input_password(struct buf *out, struct error *err)
{
    struct buf again = {0};
    enum status status = AF_OK;

    if (isatty(STDIN_FILENO) != 1)
        return read_line(out)
                   ? AF_OK
                   : error_set(err, AF_INVALID, "no password was given on standard input");
    if (!ask_hidden("Password: ", out) || !ask_hidden("Once more: ", &again))
        status = error_set(err, AF_INVALID, "no password was given");
    else if (!bytes_equal(buf_bytes(out), buf_bytes(&again)))
        status = error_set(err, AF_INVALID, "the two passwords differ; nothing was changed");
    if (again.data != NULL)
        sodium_memzero(again.data, again.len);
    buf_release(&again);
    return status;
}
