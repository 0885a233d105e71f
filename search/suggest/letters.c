#include "search/suggest/letters.h"

#include "data/base/utf8.h"

#include <string.h>

static bool begins(const struct letters *letters, enum script script, bool gap)
{
    if (script == SCRIPT_EXTEND)
        return false;
    if (script == SCRIPT_CJK || script == SCRIPT_SEA || gap)
        return true;
    return letters->list[letters->count - 1].script != script;
}

static void add(struct letters *letters, uint32_t cp, size_t start, size_t end, bool gap)
{
    enum script script = script_of(cp);

    if (letters->count == LETTERS_MAX) {
        letters->cut = true;
        return;
    }
    letters->list[letters->count] = (struct letter){.cp = cp,
                                                    .start = (uint32_t)start,
                                                    .end = (uint32_t)end,
                                                    .script = (uint8_t)script,
                                                    .gap = gap,
                                                    .begins = begins(letters, script, gap)};
    letters->count++;
}

/* ㄳ is ㄱ ㅅ: two that are no initial together. Folding has made a final of it. */
static bool split(uint32_t cp, uint32_t out[2])
{
    static const uint16_t clusters[][3] = {
        {0x11AA, 0x3131, 0x3145},
        {0x11AC, 0x3134, 0x3148},
        {0x11AD, 0x3134, 0x314E},
        {0x11B0, 0x3139, 0x3131},
        {0x11B1, 0x3139, 0x3141},
        {0x11B2, 0x3139, 0x3142},
        {0x11B3, 0x3139, 0x3145},
        {0x11B4, 0x3139, 0x314C},
        {0x11B5, 0x3139, 0x314D},
    };

    for (size_t i = 0; i < sizeof clusters / sizeof *clusters; i++)
        if (clusters[i][0] == cp) {
            out[0] = clusters[i][1];
            out[1] = clusters[i][2];
            return true;
        }
    return false;
}

static void walk(struct bytes folded, bool typed, struct letters *out)
{
    bool gap = true;
    size_t at = 0;

    out->count = 0;
    out->cut = false;
    while (at < folded.len && !out->cut) {
        size_t start = at;
        uint32_t cp = script_next(folded.data, &at), parts[2];
        enum script script = script_of(cp);

        if (script == SCRIPT_OTHER || script == SCRIPT_BLANK) {
            gap = true;
            continue;
        }
        if (typed && split(cp, parts)) {
            add(out, parts[0], start, at, gap);
            cp = parts[1];
            gap = false;
        }
        add(out, cp, start, at, gap);
        gap = false;
    }
}

void letters_of(struct bytes folded, struct letters *out)
{
    walk(folded, false, out);
}

void letters_typed(struct bytes folded, struct letters *out)
{
    walk(folded, true, out);
}

size_t letters_utf8(const struct letters *letters, uint32_t from, uint32_t end, uint8_t *out,
                    size_t room)
{
    size_t at = 0;

    for (uint32_t i = from; i < end && i < letters->count; i++) {
        uint8_t bytes[4];
        size_t len = utf8_encode(letters->list[i].cp, bytes);

        if (len > room - at)
            break;
        memcpy(out + at, bytes, len);
        at += len;
    }
    return at;
}
