#include "data/base/error.h"

#include "data/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut ("%.80s" of an id, or our own end) may split a character, and the name of a file may
 * never have been text. Such bytes go: one of them would make a whole reply invalid. */
static void drop_broken(char *text)
{
    size_t len = strlen(text), from = 0, to = 0;

    while (from < len) {
        size_t good = utf8_valid_len(bytes_of(text + from, len - from));

        memmove(text + to, text + from, good);
        to += good;
        from += good + 1;
    }
    text[to] = '\0';
}

enum status error_set(struct error *err, enum status status, const char *fmt, ...)
{
    va_list args;

    if (err == NULL)
        return status;
    err->status = status;
    va_start(args, fmt);
    if (vsnprintf(err->text, sizeof err->text, fmt, args) < 0)
        err->text[0] = '\0';
    va_end(args);
    drop_broken(err->text);
    return status;
}

enum status error_prefix(struct error *err, const char *fmt, ...)
{
    struct error old;
    char what[ERROR_TEXT_MAX];
    va_list args;

    if (err == NULL)
        return AF_INVALID;
    old = *err;
    va_start(args, fmt);
    if (vsnprintf(what, sizeof what, fmt, args) < 0)
        what[0] = '\0';
    va_end(args);
    return error_set(err, old.status, "%s: %s", what, old.text);
}

const char *status_name(enum status status)
{
    static const char *const names[AF_STATUS_COUNT] = {
        [AF_OK] = "ok",
        [AF_NOT_FOUND] = "not-found",
        [AF_INVALID] = "invalid",
        [AF_CONFLICT] = "conflict",
        [AF_CHANGED] = "changed",
        [AF_DENIED] = "denied",
        [AF_TOO_LARGE] = "too-large",
        [AF_CORRUPT] = "corrupt",
        [AF_NEWER] = "newer",
        [AF_BUSY] = "busy",
        [AF_FULL] = "full",
        [AF_IO] = "io",
        [AF_NO_MEMORY] = "no-memory",
    };

    return (unsigned)status < AF_STATUS_COUNT ? names[status] : "unknown";
}
