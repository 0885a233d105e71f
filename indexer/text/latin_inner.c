/* latin_inner.c: codes that stand inside a longer chunk: in a path, a file's name, beside another.
 *
 *     BUNDLE-2670-composer.patch           p:bundle2670
 *     CVE-2019-9192/CVE-2018-28796         p:cve20199192 · p:cve201828796
 *     /tmp/db/MANIFEST-000001              p:manifest000001
 *
 * Letters, then numbers, held together by - or _; one of the numbers has three digits, or every
 * v1-2 of a path would be a term. A code of one component (KB958559.msu) is a part already. */
#include "indexer/text/latin_impl.h"

#include "indexer/text/script.h"

#define LETTERS_MAX 10
#define DIGITS_MIN 3
#define PARTS_MAX 4 /* cve-2021-44228 has three; what has more is a date or a list */

struct inner {
    size_t start, end; /* of the components taken so far; empty: none */
    unsigned parts;    /* how many they are */
    bool has_long_number;
};

static bool is_all(struct bytes text, bool (*is)(uint8_t))
{
    for (size_t i = 0; i < text.len; i++)
        if (!is(text.data[i]))
            return false;
    return text.len > 0;
}

static bool is_letter(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(uint8_t c)
{
    return script_is_digit(c);
}

/* The chunk itself has its own terms. */
static void give(struct tokens *t, const struct ident *ident, const struct inner *inner,
                 const struct place *place)
{
    if (inner->parts < 2 || inner->parts > PARTS_MAX || !inner->has_long_number ||
        (inner->start == ident->start && inner->end == ident->end))
        return;
    buf_clear(&t->scratch);
    for (size_t at = inner->start; at < inner->end; at++)
        if (t->folded.text.data[at] != '-' && t->folded.text.data[at] != '_')
            buf_add(&t->scratch, bytes_of(t->folded.text.data + at, 1));
    t->failed = t->failed || !buf_ok(&t->scratch);
    tokens_add(t, TERM_PART, buf_bytes(&t->scratch), place);
}

/* Does `next` go on with the code: a number right behind a hyphen or an underscore? */
static bool goes_on(struct bytes text, const struct inner *inner, struct ident_range next)
{
    return inner->parts > 0 && next.start == inner->end + 1 &&
           (text.data[inner->end] == '-' || text.data[inner->end] == '_') &&
           is_all(bytes_of(text.data + next.start, next.end - next.start), is_digit);
}

void latin_add_inner_codes(struct tokens *t, const struct ident *ident, unsigned most,
                           const struct place *place)
{
    struct ident_range component;
    struct inner inner = {0};
    size_t at = ident->start;

    if (ident->components < 3)
        return;
    while (most-- > 0 && ident_component(t->folded.text, ident, &at, &component)) {
        struct bytes text = slice(t, component);

        if (goes_on(t->folded.text, &inner, component)) {
            inner.end = component.end;
            inner.parts++;
            inner.has_long_number = inner.has_long_number || text.len >= DIGITS_MIN;
            continue;
        }
        give(t, ident, &inner, place);
        inner = (struct inner){0};
        if (text.len <= LETTERS_MAX && is_all(text, is_letter))
            inner = (struct inner){component.start, component.end, 1, false};
    }
    give(t, ident, &inner, place);
}
