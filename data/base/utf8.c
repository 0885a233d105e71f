#include "data/base/utf8.h"

#include <assert.h>
#include <endian.h>

/* What may follow a lead byte: the first continuation has its own range, which is what rules
 * out overlong forms, surrogates and numbers past U+10FFFF (Unicode Standard, table 3-7). */
static unsigned continuations(uint8_t lead, uint8_t *low, uint8_t *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF) {
        if (lead == 0xE0)
            *low = 0xA0;
        if (lead == 0xED)
            *high = 0x9F;
        return 2;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        if (lead == 0xF0)
            *low = 0x90;
        if (lead == 0xF4)
            *high = 0x8F;
        return 3;
    }
    return 0;
}

uint32_t utf8_next(struct reader *r)
{
    uint8_t lead = *r->at++, low, high;
    unsigned more;
    uint32_t cp;

    if (lead < 0x80)
        return lead;
    more = continuations(lead, &low, &high);
    if (more == 0)
        return UTF8_INVALID;
    cp = lead & (0x3Fu >> more);
    for (; more > 0; more--) {
        if (r->at == r->end || *r->at < low || *r->at > high)
            return UTF8_INVALID;
        cp = cp << 6 | (*r->at++ & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    return cp;
}

/* Is this the lead of three bytes whose continuations may be any? E0 and ED have ranges of their
 * own. */
static bool is_plain_lead3(uint8_t lead)
{
    return lead >= 0xE1 && lead <= 0xEF && lead != 0xED;
}

/* Two characters of three bytes, as eight bytes in little-endian order see them. */
#define PAIR_MASK 0x0000C0C0F0C0C0F0u
#define PAIR_BITS 0x00008080E08080E0u

/* Past what is common and surely valid: ASCII by eight, CJK by two characters of three bytes.
 * Returns where a closer look is needed. */
static const uint8_t *skip_common(const uint8_t *at, const uint8_t *end)
{
    uint64_t v;

    while ((size_t)(end - at) >= sizeof v) {
        memcpy(&v, at, sizeof v);
        v = le64toh(v);
        if ((v & 0x8080808080808080u) == 0)
            at += sizeof v;
        else if ((v & PAIR_MASK) == PAIR_BITS && is_plain_lead3((uint8_t)v) &&
                 is_plain_lead3((uint8_t)(v >> 24)))
            at += 6;
        else if ((v & 0xC0C0F0u) == 0x8080E0u && is_plain_lead3((uint8_t)v))
            at += 3;
        else if ((uint8_t)v < 0x80)
            at++;
        else
            break;
    }
    return at;
}

size_t utf8_valid_len(struct bytes text)
{
    struct reader r = reader_of(text);

    while ((r.at = skip_common(r.at, r.end)) < r.end) {
        const uint8_t *start = r.at;

        if (utf8_next(&r) == UTF8_INVALID)
            return (size_t)(start - text.data);
    }
    return text.len;
}

size_t utf8_encode(uint32_t cp, uint8_t at[4])
{
    assert(cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF));
    if (cp < 0x80) {
        at[0] = (uint8_t)cp;
        return 1;
    }
    if (cp < 0x800) {
        at[0] = (uint8_t)(0xC0 | cp >> 6);
        at[1] = (uint8_t)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        at[0] = (uint8_t)(0xE0 | cp >> 12);
        at[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
        at[2] = (uint8_t)(0x80 | (cp & 0x3F));
        return 3;
    }
    at[0] = (uint8_t)(0xF0 | cp >> 18);
    at[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3F));
    at[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3F));
    at[3] = (uint8_t)(0x80 | (cp & 0x3F));
    return 4;
}

void utf8_add(struct buf *b, uint32_t cp)
{
    uint8_t at[4];

    buf_add(b, bytes_of(at, utf8_encode(cp, at)));
}

void utf8_add_clean(struct buf *b, struct bytes text)
{
    struct reader r = reader_of(text);

    while (r.at < r.end) {
        uint32_t cp = utf8_next(&r);

        utf8_add(b, cp == UTF8_INVALID || cp == 0 ? 0xFFFD : cp);
    }
}

struct bytes utf8_cut(struct bytes text, size_t max)
{
    size_t n = max;

    if (text.len <= max)
        return text;
    while (n > 0 && (text.data[n] & 0xC0) == 0x80)
        n--;
    return bytes_of(text.data, n);
}
