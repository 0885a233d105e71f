/* ident_parts.c: where one component of an identifier falls into parts. */
#include "indexer/text/ident.h"

#include "indexer/text/script.h"

#define SEGMENTS_MAX 4 /* EG8145V5 has four; what has more is a serial number or hex */

/* Was the folded byte at `at` typed as a capital, plain or full-width (EF BC A1..BA)? */
static bool was_capital(const struct folded *folded, struct bytes text, size_t at)
{
    size_t from = folded->source[at];

    if (from < text.len && text.data[from] >= 'A' && text.data[from] <= 'Z')
        return true;
    return from + 2 < text.len && text.data[from] == 0xEF && text.data[from + 1] == 0xBC &&
           text.data[from + 2] >= 0xA1 && text.data[from + 2] <= 0xBA;
}

static bool is_small(const struct folded *folded, struct bytes text, size_t at, size_t end)
{
    return at < end && folded->text.data[at] >= 'a' && folded->text.data[at] <= 'z' &&
           !was_capital(folded, text, at);
}

/* A hump begins at `at`: small before it (wiFi), or a capital before and two small after it
 * (HTTPServer, but not PCs). */
static bool begins_hump(const struct folded *folded, struct bytes text, struct ident_range range,
                        size_t at)
{
    if (at == range.start || !was_capital(folded, text, at))
        return false;
    if (is_small(folded, text, at - 1, range.end))
        return true;
    return is_small(folded, text, at + 1, range.end) && is_small(folded, text, at + 2, range.end) &&
           was_capital(folded, text, at - 1);
}

/* The quick answer for what was typed as it is folded, its first letter apart: no byte of it was a
 * capital, since each stands for itself. */
static bool is_typed_small(const struct folded *folded, struct bytes text, struct ident_range range)
{
    size_t len = range.end - range.start, from = folded->source[range.start];

    if (len == 1)
        return true;
    return folded->source[range.start + 1] == from + 1 &&
           folded->source[range.end - 1] == from + len - 1 && from + len <= text.len &&
           memcmp(text.data + from + 1, folded->text.data + range.start + 1, len - 1) == 0;
}

bool ident_is_camel(const struct folded *folded, struct bytes text, struct ident_range range)
{
    if (is_typed_small(folded, text, range))
        return false;
    for (size_t at = range.start; at < range.end; at++) {
        if (begins_hump(folded, text, range, at))
            return true;
    }
    return false;
}

static bool changes_at(struct bytes text, size_t at)
{
    return script_is_digit(text.data[at]) != script_is_digit(text.data[at - 1]);
}

static unsigned count_segments(struct bytes text, struct ident_range range)
{
    unsigned count = 1;

    for (size_t at = range.start + 1; at < range.end && count <= SEGMENTS_MAX; at++)
        count += changes_at(text, at);
    return count;
}

static bool is_hex_literal(struct bytes text, struct ident_range range)
{
    if (range.end - range.start < 3 || memcmp(text.data + range.start, "0x", 2) != 0)
        return false;
    for (size_t at = range.start + 2; at < range.end; at++) {
        if (!script_is_hex(text.data[at]))
            return false;
    }
    return true;
}

/* 0x0000007b: 0000007b and 7b. */
static unsigned hex_parts(struct bytes text, struct ident_range range, struct ident_range *parts,
                          unsigned parts_max)
{
    size_t at = range.start + 2, letter = at;

    parts[0] = (struct ident_range){at, range.end};
    while (at + 1 < range.end && text.data[at] == '0')
        at++;
    while (letter < range.end && script_is_digit(text.data[letter]))
        letter++;
    if (at == range.start + 2 || parts_max < 2 || letter == range.end)
        return 1; /* no zeros, or a plain number, which loses its own in latin.c */
    parts[1] = (struct ident_range){at, range.end};
    return 2;
}

unsigned ident_parts(const struct folded *folded, struct bytes text, struct ident_range range,
                     struct ident_range *parts, unsigned parts_max)
{
    unsigned count = 0;
    size_t start = range.start;
    bool is_whole, may_hump;

    if (is_hex_literal(folded->text, range))
        return hex_parts(folded->text, range, parts, parts_max);
    is_whole = count_segments(folded->text, range) > SEGMENTS_MAX;
    may_hump = !is_whole && !is_typed_small(folded, text, range);
    for (size_t at = range.start + 1; !is_whole && at < range.end; at++) {
        if (!changes_at(folded->text, at) && !(may_hump && begins_hump(folded, text, range, at)))
            continue;
        if (count + 1 >= parts_max)
            break;
        parts[count++] = (struct ident_range){start, at};
        start = at;
    }
    parts[count++] = (struct ident_range){start, range.end};
    return count;
}
