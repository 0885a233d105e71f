#include "data/base/bytes.h"

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n == 0 ? 0 : memcmp(a.data, b.data, n);

    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool bytes_has_prefix(struct bytes whole, struct bytes prefix)
{
    return prefix.len == 0 ||
           (whole.len >= prefix.len && memcmp(whole.data, prefix.data, prefix.len) == 0);
}

/* How many bytes the blank at the front has; 0: it is none. */
static size_t blank_len(struct bytes text)
{
    static const char *const wide[] = {"\u3000", "\u00A0", "\u200B", "\uFEFF"};

    if (text.data[0] <= ' ' || text.data[0] == 0x7F)
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (bytes_has_prefix(text, bytes_str(wide[i])))
            return strlen(wide[i]);
    return 0;
}

bool bytes_is_blank(struct bytes text)
{
    while (text.len > 0) {
        size_t len = blank_len(text);

        if (len == 0)
            return false;
        text = bytes_of(text.data + len, text.len - len);
    }
    return true;
}

static bool read_be(struct reader *r, unsigned width, uint64_t *out)
{
    uint64_t v = 0;

    if (reader_left(r) < width)
        return false;
    for (unsigned i = 0; i < width; i++)
        v = v << 8 | *r->at++;
    *out = v;
    return true;
}

bool reader_be16(struct reader *r, uint16_t *out)
{
    uint64_t v;

    if (!read_be(r, 2, &v))
        return false;
    *out = (uint16_t)v;
    return true;
}

bool reader_be32(struct reader *r, uint32_t *out)
{
    uint64_t v;

    if (!read_be(r, 4, &v))
        return false;
    *out = (uint32_t)v;
    return true;
}

bool reader_be64(struct reader *r, uint64_t *out)
{
    return read_be(r, 8, out);
}

bool reader_varint64(struct reader *r, uint64_t *out)
{
    const uint8_t *at = r->at;
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64 && at < r->end; shift += 7) {
        uint8_t b = *at++;

        if (shift == 63 && b > 1)
            return false; /* the 65th bit */
        v |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80) {
            r->at = at;
            *out = v;
            return true;
        }
    }
    return false;
}

bool reader_varint32_long(struct reader *r, uint32_t *out)
{
    const uint8_t *at = r->at;
    uint32_t v = 0;

    for (unsigned shift = 0; shift < 35 && at < r->end; shift += 7) {
        uint8_t b = *at++;

        if (shift == 28 && b > 15)
            return false; /* the 33rd bit */
        v |= (uint32_t)(b & 0x7F) << shift;
        if (b < 0x80) {
            r->at = at;
            *out = v;
            return true;
        }
    }
    return false;
}

static void put_be(uint8_t *at, unsigned width, uint64_t v)
{
    for (unsigned i = 0; i < width; i++)
        at[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
}

void put_be16(uint8_t *at, uint16_t v)
{
    put_be(at, 2, v);
}

void put_be32(uint8_t *at, uint32_t v)
{
    put_be(at, 4, v);
}

void put_be64(uint8_t *at, uint64_t v)
{
    put_be(at, 8, v);
}
