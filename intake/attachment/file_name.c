#include "intake/attachment/file_name.h"

#include "data/base/utf8.h"

#include <stdio.h>
#include <strings.h>

#define ENDING_BYTES_MAX 16 /* a longer one is no ending that anybody goes by */

/* Unicode 15: Cc, Zl, Zp, Bidi_Control, tags, and what has no width; but not U+200C and U+200D,
 * which Persian and Indic words (and emoji) are written with. */
static bool is_dropped(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x200B ||
           c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE0FFF);
}

static bool is_forbidden(uint32_t c)
{
    return c < 0x80 && strchr("<>:\"|?*", (int)c) != NULL;
}

/* What is after the last slash of either kind; U+2215 and the like are letters to every system. */
static struct bytes without_folders(struct bytes given)
{
    for (size_t i = given.len; i > 0; i--)
        if (given.data[i - 1] == '/' || given.data[i - 1] == '\\')
            return bytes_of(given.data + i, given.len - i);
    return given;
}

static void add_clean(struct bytes given, struct buf *out)
{
    struct reader r = reader_of(given);

    while (reader_left(&r) > 0) {
        uint32_t c = utf8_next(&r);

        if (c == UTF8_INVALID)
            utf8_add(out, 0xFFFD);
        else if (is_forbidden(c))
            buf_add_u8(out, '_');
        else if (!is_dropped(c))
            utf8_add(out, c);
    }
}

static struct bytes trim(struct bytes text)
{
    while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '.'))
        text = bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '.'))
        text.len--;
    return text;
}

/* CON, NUL, COM1 … are devices, whatever ending they have. */
static bool is_device(struct bytes name)
{
    static const char *const devices[] = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    const uint8_t *dot = name.len == 0 ? NULL : memchr(name.data, '.', name.len);
    size_t len = dot == NULL ? name.len : (size_t)(dot - name.data);

    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
        if (len == strlen(devices[i]) && strncasecmp((const char *)name.data, devices[i], len) == 0)
            return true;
    return len == 4 && name.data[3] >= '0' && name.data[3] <= '9' &&
           (strncasecmp((const char *)name.data, "com", 3) == 0 ||
            strncasecmp((const char *)name.data, "lpt", 3) == 0);
}

static struct bytes ending_of(struct bytes name)
{
    for (size_t i = name.len; i > 1; i--) {
        if (name.data[i - 1] == '.' && name.len - i <= ENDING_BYTES_MAX)
            return bytes_of(name.data + i, name.len - i);
        if (name.data[i - 1] == '.')
            break;
    }
    return BYTES_NONE;
}

/* A long name keeps its ending. */
static void put(struct bytes name, char out[FILE_NAME_BYTES_MAX + 1])
{
    struct bytes ending = ending_of(name), front = name;
    size_t tail = ending.len == 0 ? 0 : ending.len + 1;

    if (name.len > FILE_NAME_BYTES_MAX) {
        front = trim(utf8_cut(bytes_of(name.data, name.len - tail), FILE_NAME_BYTES_MAX - tail));
        (void)snprintf(out, FILE_NAME_BYTES_MAX + 1, "%.*s%s%.*s", (int)front.len,
                       (const char *)front.data, tail > 0 ? "." : "", (int)ending.len,
                       (const char *)ending.data);
    } else {
        (void)snprintf(out, FILE_NAME_BYTES_MAX + 1, "%.*s", (int)name.len,
                       (const char *)name.data);
    }
}

void file_name_clean(struct bytes given, const char *ending, char name[FILE_NAME_BYTES_MAX + 1])
{
    struct bytes last = without_folders(given), rest;
    struct buf clean = {0}, whole = {0};

    /* Longer than any system has: what is left out is not looked at. */
    if (last.len > 16 * FILE_NAME_BYTES_MAX)
        last = bytes_of(last.data + last.len - 16 * FILE_NAME_BYTES_MAX, 16 * FILE_NAME_BYTES_MAX);
    add_clean(last, &clean);
    rest = trim(buf_bytes(&clean));
    if (is_device(rest))
        buf_add_u8(&whole, '_');
    buf_add(&whole, rest);
    if (rest.len == 0 || !buf_ok(&clean) || !buf_ok(&whole)) {
        (void)snprintf(name, FILE_NAME_BYTES_MAX + 1, "file.%s", ending);
    } else {
        put(buf_bytes(&whole), name);
    }
    buf_release(&clean);
    buf_release(&whole);
}

bool file_name_runs(const char *name)
{
    static const char *const endings[] = {
        "exe", "com", "scr", "pif", "bat", "cmd", "msi", "msp", "msix", "appx",   "cpl",
        "hta", "js",  "jse", "vbs", "vbe", "wsf", "wsh", "lnk", "scf",  "url",    "jar",
        "apk", "app", "dmg", "deb", "rpm", "pkg", "reg", "inf", "chm",  "gadget", "application"};
    struct bytes ending = ending_of(bytes_str(name));

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (ending.len == strlen(endings[i]) &&
            strncasecmp((const char *)ending.data, endings[i], ending.len) == 0)
            return true;
    return false;
}
