#include "search/suggest/cuts.h"

#include "indexer/text/pinyin.h"

#include <string.h>

#define SYLLABLE_MAX 6 /* zhuang */
#define TRIES_MAX 4000 /* of units: letters that go on in many ways go on for ever (aaaa…) */

/* A depth-first walk with its path for a stack: what was tried at each place last. */
struct cutter {
    const struct letters *letters;
    uint32_t end;
    bool by_initials;
    struct cut path;
    uint32_t at[CUT_UNITS_MAX + 1]; /* where each unit of the path begins */
    uint32_t tries;
};

/* `len` letters from `at` on as text; false when a gap or a digit is in them. */
static bool text_of(const struct cutter *c, uint32_t at, uint32_t len, struct cut_unit *out)
{
    for (uint32_t i = 0; i < len; i++) {
        const struct letter *letter = &c->letters->list[at + i];

        if (letter->cp < 'a' || letter->cp > 'z' || (i > 0 && letter->gap))
            return false;
        out->text[i] = (char)letter->cp;
    }
    out->text[len] = '\0';
    return true;
}

static bool is_initial(const struct cut_unit *unit, uint32_t len)
{
    uint32_t first;

    if (len == 2)
        return unit->text[1] == 'h' && strchr("zcs", unit->text[0]) != NULL;
    return len == 1 && pinyin_beginning(bytes_str(unit->text), &first) > 0;
}

/* The choices at a place, best first: syllables, or what may become one at the end, the longest
 * before shorter ones; then first letters. */
static bool choose(const struct cutter *c, uint32_t at, uint32_t choice, struct cut_unit *out,
                   uint32_t *next)
{
    uint32_t len = SYLLABLE_MAX - choice % SYLLABLE_MAX, first;

    if (at + len > c->end || !text_of(c, at, len, out))
        return false;
    *next = at + len;
    out->is_whole = false;
    if (choice >= SYLLABLE_MAX)
        return c->by_initials && *next < c->end && is_initial(out, len);
    if (*next == c->end)
        return pinyin_beginning(bytes_str(out->text), &first) > 0;
    out->is_whole = true;
    if (!pinyin_find(bytes_str(out->text), &first))
        return false;
    if (c->letters->list[*next].script == SCRIPT_DIGIT)
        ++*next;
    return true;
}

static uint32_t walk(struct cutter *c, struct cut *out, uint32_t count)
{
    uint8_t choice[CUT_UNITS_MAX + 1] = {0};
    uint32_t depth = 0;

    for (;;) {
        bool found = false;

        while (!found && choice[depth] < 2 * SYLLABLE_MAX && c->tries++ < TRIES_MAX)
            found =
                choose(c, c->at[depth], choice[depth]++, &c->path.units[depth], &c->at[depth + 1]);
        if (!found) {
            if (depth == 0 || c->tries >= TRIES_MAX)
                return count;
            depth--;
            continue;
        }
        if (c->at[depth + 1] == c->end || depth + 1 == CUT_UNITS_MAX) {
            c->path.count = depth + 1;
            out[count++] = c->path;
            if (count == CUTS_MAX)
                return count;
            continue;
        }
        choice[++depth] = 0;
    }
}

uint32_t cuts_of(const struct letters *letters, uint32_t first, uint32_t end,
                 struct cut out[CUTS_MAX])
{
    struct cutter c = {.letters = letters, .end = end, .at = {first}};
    uint32_t count;

    if (first >= end)
        return 0;
    count = walk(&c, out, 0);
    if (count > 0)
        return count;
    c.by_initials = true;
    c.tries = 0;
    return walk(&c, out, 0);
}
