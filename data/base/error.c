#include "data/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut in the middle of a UTF-8 sequence would make the whole reply invalid. */
static void cut_at_character(char *text, size_t size)
{
    size_t n = strnlen(text, size - 1);
    size_t lead = n;

    text[n] = '\0';
    if (n + 1 < size || n == 0)
        return;
    while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead > 0 && (unsigned char)text[lead - 1] >= 0xC0)
        text[lead - 1] = '\0';
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
    cut_at_character(err->text, sizeof err->text);
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
        [AF_OK] = "ok",           [AF_NOT_FOUND] = "not-found",
        [AF_INVALID] = "invalid", [AF_CONFLICT] = "conflict",
        [AF_DENIED] = "denied",   [AF_TOO_LARGE] = "too-large",
        [AF_CORRUPT] = "corrupt", [AF_NEWER] = "newer",
        [AF_BUSY] = "busy",       [AF_FULL] = "full",
        [AF_IO] = "io",           [AF_NO_MEMORY] = "no-memory",
    };

    return (unsigned)status < AF_STATUS_COUNT ? names[status] : "unknown";
}
