/* noise.c: what a pasted log is full of and no case is about; see ident_is_volatile(). */
#include "indexer/text/ident.h"
#include "indexer/text/script.h"

#include <string.h>

#define HEX_DUMP_MIN 32    /* hex digits without a break: a digest, a dump */
#define HEX_ADDRESS_MIN 11 /* 0x and nine digits: more than a 32-bit error code */

static bool shape_takes(char shape, uint8_t c)
{
    switch (shape) {
    case 'd':
    case 'D':
        return script_is_digit(c);
    case 'x':
    case 'X':
        return script_is_hex(c);
    case 'l':
        return c >= 'a' && c <= 'z';
    default:
        return c == (uint8_t)shape;
    }
}

/* d: a digit, D: digits, x: a hex digit, X: hex digits, l: a letter, *: anything to the end,
 * others: as is (no letter that is a class can be asked for, so T and Z of a time stamp are written
 * t, z). */
static bool has_shape(struct bytes text, const char *shape)
{
    size_t at = 0;

    for (; *shape != '\0' && *shape != '*'; shape++) {
        if (at >= text.len || !shape_takes(*shape, text.data[at]))
            return false;
        at++;
        while ((*shape == 'D' || *shape == 'X') && at < text.len &&
               shape_takes(*shape, text.data[at]))
            at++;
    }
    return *shape == '*' || at == text.len;
}

/* Only what begins with a hex digit can be any of these, and without a joiner only one. */
static bool is_time_or_hardware(struct bytes text, unsigned joiners)
{
    static const char *const shapes[] = {
        "dddd-D-D",          "dddd-dd-ddt*",
        "dddd-dd-dd_*",      "dddd/D/D",
        "D/D/dddd",          "D:dd",
        "D/lll/dddd*",       "D-lll-dddd*",
        "D:dd:dd*",          "xx:xx:xx:xx:xx:xx",
        "xx-xx-xx-xx-xx-xx", "xxxx.xxxx.xxxx",
        "X:X:X:X*",          "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    };

    if (!script_is_hex(text.data[0]))
        return false;
    if (has_shape(text, "ddddddddtdddddd*"))
        return true;
    for (size_t i = 0; joiners != 0 && i < sizeof shapes / sizeof shapes[0]; i++) {
        if (has_shape(text, shapes[i]))
            return true;
    }
    return false;
}

/* Four numbers up to 255; a version like 10.0.19041.1 has a larger one. */
static bool is_ipv4(struct bytes text)
{
    unsigned value = 0;

    if (!script_is_digit(text.data[0]))
        return false;
    if (!has_shape(text, "D.D.D.D") && !has_shape(text, "D.D.D.D:D") &&
        !has_shape(text, "D.D.D.D/D"))
        return false;
    for (size_t i = 0; i < text.len && text.data[i] != ':' && text.data[i] != '/'; i++) {
        value = text.data[i] == '.' ? 0 : value * 10 + (unsigned)(text.data[i] - '0');
        if (value > 255)
            return false;
    }
    return true;
}

static bool is_dump(struct bytes text)
{
    bool is_address = text.len >= HEX_ADDRESS_MIN && memcmp(text.data, "0x", 2) == 0;

    if (!is_address && text.len < HEX_DUMP_MIN)
        return false;
    for (size_t i = is_address ? 2 : 0; i < text.len; i++) {
        if (!script_is_hex(text.data[i]))
            return false;
    }
    return true;
}

static bool ends_with_word(struct bytes text, size_t end, struct bytes word)
{
    if (end < word.len || memcmp(text.data + end - word.len, word.data, word.len) != 0)
        return false;
    end -= word.len;
    return end == 0 || text.data[end - 1] < 'a' || text.data[end - 1] > 'z';
}

/* nginx[1234], pid 1234, line: 88. */
static bool is_counted(struct bytes folded, const struct ident *ident)
{
    static const char *const words[] = {"pid", "tid", "line", "thread", "uid"};
    size_t at = ident->start;

    if (at > 0 && folded.data[at - 1] == '[' && ident->end < folded.len &&
        folded.data[ident->end] == ']')
        return true;
    for (size_t most = 3; most > 0 && at > 0 && memchr(" :=#", folded.data[at - 1], 4) != NULL;
         most--)
        at--;
    if (at == ident->start)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (ends_with_word(folded, at, bytes_str(words[i])))
            return true;
    }
    return false;
}

bool ident_is_volatile(struct bytes folded, const struct ident *ident)
{
    struct bytes text = bytes_of(folded.data + ident->start, ident->end - ident->start);

    if (ident->kind == IDENT_WORD || ident->kind == IDENT_COMPOUND || ident->kind == IDENT_ADDRESS)
        return false;
    if (ident->kind == IDENT_NUMBER)
        return is_dump(text) || is_counted(folded, ident);
    return is_time_or_hardware(text, ident->joiners) || is_ipv4(text) || is_dump(text);
}
