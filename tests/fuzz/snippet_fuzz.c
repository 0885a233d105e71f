/* The piece of a text that is shown: valid text, not much longer than it may be, with marks that
 * rise, do not touch and lie between characters, whatever the text and the matches in it.
 *
 *     | count u8 | start u8, bytes u8, group u8 of each match | text |
 *
 * Matches are by start and lie between characters, as tokens do. */
#include "tests/fuzz/fuzz.h"

#include "search/show/snippet.h"

#define MATCHES_MAX 16
#define GROUPS 4

static size_t boundary_from(struct bytes text, size_t at)
{
    while (at < text.len && !fuzz_is_boundary(text, at))
        at++;
    return at < text.len ? at : text.len;
}

static uint32_t make_matches(const uint8_t *given, uint32_t count, struct bytes text,
                             struct match *list)
{
    size_t start = 0;
    uint32_t made = 0;

    for (uint32_t i = 0; i < count; i++, given += 3) {
        size_t end;

        start = boundary_from(text, start + given[0]);
        end = boundary_from(text, start + 1 + given[1] % 24);
        if (start >= end)
            break;
        if (made > 0 && list[made - 1].start == start && list[made - 1].end > end)
            continue;
        list[made++] = (struct match){(uint32_t)start, (uint32_t)end, given[2] % GROUPS,
                                      (float)(1 + given[2] / GROUPS)};
    }
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    uint32_t count = take_u8(&r) % (MATCHES_MAX + 1), at = 0;
    struct bytes given, text;
    struct match list[MATCHES_MAX];
    struct matches matches = {list, 0};
    struct snippet snippet;
    struct error err;

    if (!reader_take(&r, (size_t)count * 3, &given))
        return 0;
    text = take_rest(&r);
    if (!fuzz_is_utf8(text))
        return 0;
    matches.count = make_matches(given.data, count, text, list);
    ENSURE_OK(snippet_of(text, &matches, GROUPS, fuzz_arena(), &snippet, &err));
    ENSURE(fuzz_is_utf8(snippet.text.text) && snippet.worth >= 0);
    ENSURE(snippet.text.text.len <= text.len + strlen(" … ") * 4);
    for (uint32_t i = 0; i < snippet.text.marks_count; i++) {
        const struct mark *mark = &snippet.text.marks[i];

        ENSURE(mark->start < mark->end && mark->end <= snippet.text.text.len);
        ENSURE(i == 0 || mark->start > at);
        ENSURE(fuzz_is_boundary(snippet.text.text, mark->start));
        ENSURE(fuzz_is_boundary(snippet.text.text, mark->end));
        at = mark->end;
    }
    return 0;
}
