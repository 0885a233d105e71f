/* A text as it was meant, whatever the keyboard was set to. */
#include "intake/form/field_value_impl.h"

#include "data/base/utf8.h"

/* Blanks of any script, of those that keyboards have. */
static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xA0 || cp == 0x3000;
}

/* What an input method writes for ASCII: full-width forms, and its own dashes and points. */
static uint32_t narrow(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFEE0;
    if ((cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0x30FC)
        return '-';
    if (cp == 0x3002)
        return '.';
    return is_blank(cp) ? ' ' : cp;
}

struct bytes plain_trim(struct bytes text)
{
    while (text.len > 0) {
        struct reader r = reader_of(text);

        if (!is_blank(utf8_next(&r)))
            break;
        text = bytes_of(text.data + (text.len - reader_left(&r)), reader_left(&r));
    }
    while (text.len > 0) {
        size_t at = text.len - 1;
        struct reader r;

        while (at > 0 && (text.data[at] & 0xC0) == 0x80)
            at--;
        r = reader_of(bytes_of(text.data + at, text.len - at));
        if (!is_blank(utf8_next(&r)))
            break;
        text.len = at;
    }
    return text;
}

/* Lines end with \n alone: browsers send \r\n. */
void plain_add_lines(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != '\r' || i + 1 == text.len || text.data[i + 1] != '\n')
            buf_add_u8(out, text.data[i] == '\r' ? '\n' : text.data[i]);
}

void plain_add_narrow(struct buf *out, struct bytes text)
{
    struct reader r = reader_of(text);

    while (reader_left(&r) > 0)
        utf8_add(out, narrow(utf8_next(&r)));
}

bool plain_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

bool plain_is_letter(uint8_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
