/* A vocabulary of any bytes: lines give phrases inside the text within their limits; a text that is
 * not refused is one that can be built, each of whose phrases is found by its text and leads to
 * phrases of the same vocabulary. */
#include "tests/fuzz/fuzz.h"

#include "search/query/vocabulary_build.h"
#include "search/query/vocabulary_text.h"

static enum status walk_lines(struct bytes text, uint32_t *count, struct error *err)
{
    struct vocabulary_lines lines = vocabulary_lines_of(text);
    struct vocabulary_line line;
    enum status status;
    uint32_t before = 0;

    *count = 0;
    while ((status = vocabulary_next_line(&lines, &line, err)) == AF_OK) {
        ENSURE(lines.number > before && line.count > 0);
        ENSURE(line.count <= VOCABULARY_LINE_PHRASES_MAX && line.left <= line.count);
        for (uint32_t i = 0; i < line.count; i++)
            ENSURE(line.phrases[i].len > 0 && line.phrases[i].len <= VOCABULARY_PHRASE_BYTES_MAX &&
                   fuzz_is_inside(line.phrases[i], text) && fuzz_is_utf8(line.phrases[i]));
        before = lines.number;
        ++*count;
    }
    return status;
}

static void check_phrases(const struct vocabulary *v)
{
    for (uint32_t i = 0; i < v->phrases_count; i++) {
        const struct vocabulary_phrase *phrase = &v->phrases[i];
        struct bytes text = vocabulary_text(v, phrase);

        ENSURE(fuzz_is_utf8(text) && text.len > 0);
        ENSURE(vocabulary_find(v, text) == phrase);
        ENSURE(vocabulary_longest(v, text, 0) == phrase);
        ENSURE(phrase->begins <= v->phrases_count);
        ENSURE(phrase->rules_count == 0 || phrase->rules + phrase->rules_count <= v->rules_count);
        for (uint32_t r = 0; r < phrase->rules_count; r++)
            ENSURE(v->rules[phrase->rules + r].phrase < v->phrases_count &&
                   v->rules[phrase->rules + r].phrase != i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct folder *folder;
    struct bytes text = bytes_of(data, size);
    struct vocabulary_counts counts;
    struct vocabulary v;
    struct error err;
    uint32_t lines;
    enum status walked = walk_lines(text, &lines, &err), status;

    if (folder == NULL)
        ENSURE_OK(folder_new(&folder, &err));
    ENSURE(walked == AF_NOT_FOUND || walked == AF_INVALID);
    status = vocabulary_text_check(text, &counts, &err);
    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_TOO_LARGE));
        return 0;
    }
    ENSURE(walked == AF_NOT_FOUND && counts.lines == lines);
    ENSURE_OK(vocabulary_build(text, folder, fuzz_arena(), &v, &err));
    check_phrases(&v);
    return 0;
}
