#include "search/query/vocabulary_text.h"

#include "data/base/utf8.h"
#include "search/query/vocabulary.h"

#define WORD(x) #x
#define AS_WORD(x) WORD(x)

const char *vocabulary_fault_name(enum vocabulary_fault fault)
{
    static const char *const names[] = {
        [FAULT_BYTES] = "bytes", [FAULT_NUL] = "nul",     [FAULT_COLON] = "colon",
        [FAULT_LONG] = "long",   [FAULT_SHORT] = "short", [FAULT_MANY] = "many",
        [FAULT_ARROW] = "arrow", [FAULT_ALONE] = "alone"};

    return names[fault];
}

static enum status refuse(struct vocabulary_lines *lines, enum vocabulary_fault fault,
                          struct error *err)
{
    static const char *const sentences[] = {
        [FAULT_BYTES] = "not UTF-8",
        [FAULT_NUL] = "a NUL byte; this is not text",
        [FAULT_COLON] = "before a colon stands a language: zh, ja, ko or en",
        [FAULT_LONG] = "a phrase is longer than " AS_WORD(VOCABULARY_PHRASE_BYTES_MAX) " bytes",
        [FAULT_SHORT] = "a phrase has at least two characters",
        [FAULT_MANY] = "more than " AS_WORD(VOCABULARY_LINE_PHRASES_MAX) " phrases",
        [FAULT_ARROW] = "nothing can be right of >",
        [FAULT_ALONE] = "one phrase alone says nothing"};

    lines->fault = fault;
    return error_set(err, AF_INVALID, "line %u: %s", lines->number, sentences[fault]);
}

static struct bytes trimmed(struct bytes text)
{
    while (text.len > 0 && text.data[0] <= ' ')
        text = bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static bool take_raw_line(struct vocabulary_lines *lines, struct bytes *line)
{
    const uint8_t *start = lines->rest.at, *end;

    if (reader_left(&lines->rest) == 0)
        return false;
    end = memchr(start, '\n', reader_left(&lines->rest));
    lines->rest.at = end == NULL ? lines->rest.end : end + 1;
    *line = trimmed(bytes_of(start, (size_t)((end == NULL ? lines->rest.end : end) - start)));
    lines->line = *line;
    lines->number++;
    return true;
}

static bool take_mark(struct bytes *line, char mark)
{
    if (line->len == 0 || line->data[0] != mark)
        return false;
    *line = trimmed(bytes_of(line->data + 1, line->len - 1));
    return true;
}

static enum vocabulary_line_kind take_kind(struct bytes *line)
{
    if (take_mark(line, '?'))
        return LINE_ASKS;
    if (take_mark(line, '-'))
        return LINE_WITHOUT;
    return take_mark(line, '~') ? LINE_NEAR : LINE_SAME;
}

/* "zh: " before a line; "http: …" is a phrase that could not be told from it, so it is refused. */
static enum status take_langs(struct vocabulary_lines *lines, struct bytes *line, uint8_t *langs,
                              struct error *err)
{
    static const struct {
        struct bytes tag;
        uint8_t lang;
    } tags[] = {
        {BYTES_LIT("zh"), VOCABULARY_ZH},
        {BYTES_LIT("ja"), VOCABULARY_JA},
        {BYTES_LIT("ko"), VOCABULARY_KO},
        {BYTES_LIT("en"), VOCABULARY_EN},
    };
    const uint8_t *colon = line->len == 0 ? NULL : memchr(line->data, ':', line->len);
    struct bytes tag;

    *langs = VOCABULARY_ANY;
    if (colon == NULL)
        return AF_OK;
    tag = bytes_of(line->data, (size_t)(colon - line->data));
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (!bytes_equal(tag, tags[i].tag))
            continue;
        *langs = tags[i].lang;
        *line = trimmed(bytes_of(colon + 1, line->len - tag.len - 1));
        return AF_OK;
    }
    return refuse(lines, FAULT_COLON, err);
}

/* The length of the comma at `at`, 0 when none stands there. */
static size_t comma_at(struct bytes text, size_t at)
{
    static const struct bytes commas[] = {BYTES_LIT(","), BYTES_LIT("\xEF\xBC\x8C"),
                                          BYTES_LIT("\xE3\x80\x81")};

    for (size_t i = 0; i < sizeof commas / sizeof *commas; i++)
        if (bytes_has_prefix(bytes_of(text.data + at, text.len - at), commas[i]))
            return commas[i].len;
    return 0;
}

static bool has_two_characters(struct bytes phrase)
{
    size_t characters = 0;

    for (size_t i = 0; i < phrase.len; i++)
        characters += (phrase.data[i] & 0xC0) != 0x80;
    return characters >= 2;
}

static enum status add_phrase(struct vocabulary_lines *lines, struct vocabulary_line *line,
                              struct bytes phrase, struct error *err)
{
    phrase = trimmed(phrase);
    if (phrase.len > VOCABULARY_PHRASE_BYTES_MAX)
        return refuse(lines, FAULT_LONG, err);
    if (!has_two_characters(phrase))
        return refuse(lines, FAULT_SHORT, err);
    if (line->count == VOCABULARY_LINE_PHRASES_MAX)
        return refuse(lines, FAULT_MANY, err);
    line->phrases[line->count++] = phrase;
    return AF_OK;
}

static enum status add_phrases(struct vocabulary_lines *lines, struct vocabulary_line *line,
                               struct bytes text, struct error *err)
{
    size_t start = 0, at = 0, comma;
    enum status status = AF_OK;

    for (; status == AF_OK && at<text.len; at += comma> 0 ? comma : 1) {
        if ((comma = comma_at(text, at)) == 0)
            continue;
        status = add_phrase(lines, line, bytes_of(text.data + start, at - start), err);
        start = at + comma;
    }
    if (status == AF_OK)
        status = add_phrase(lines, line, bytes_of(text.data + start, text.len - start), err);
    return status;
}

static enum status read_line(struct vocabulary_lines *lines, struct bytes text,
                             struct vocabulary_line *line, struct error *err)
{
    const uint8_t *arrow;
    size_t left;
    enum status status;

    *line = (struct vocabulary_line){.kind = take_kind(&text)};
    if ((status = take_langs(lines, &text, &line->langs, err)) != AF_OK)
        return status;
    if (line->kind == LINE_SAME && take_mark(&text, '~'))
        line->kind = LINE_NEAR;
    arrow = text.len == 0 ? NULL : memchr(text.data, '>', text.len);
    left = arrow == NULL ? text.len : (size_t)(arrow - text.data);
    if ((status = add_phrases(lines, line, bytes_of(text.data, left), err)) != AF_OK)
        return status;
    line->left = line->count;
    if (line->kind == LINE_ASKS || line->kind == LINE_WITHOUT)
        return arrow == NULL ? AF_OK : refuse(lines, FAULT_ARROW, err);
    if (arrow != NULL)
        status = add_phrases(lines, line, bytes_of(arrow + 1, text.len - left - 1), err);
    if (status == AF_OK && line->count < 2)
        status = refuse(lines, FAULT_ALONE, err);
    return status;
}

enum status vocabulary_next_line(struct vocabulary_lines *lines, struct vocabulary_line *out,
                                 struct error *err)
{
    struct bytes line;

    while (take_raw_line(lines, &line)) {
        if (line.len == 0 || line.data[0] == '#')
            continue;
        if (utf8_valid_len(line) < line.len)
            return refuse(lines, FAULT_BYTES, err);
        if (memchr(line.data, '\0', line.len) != NULL)
            return refuse(lines, FAULT_NUL, err);
        return read_line(lines, line, out, err);
    }
    return AF_NOT_FOUND;
}

enum status vocabulary_text_check(struct bytes text, struct vocabulary_counts *out,
                                  struct error *err)
{
    struct vocabulary_lines lines = vocabulary_lines_of(text);
    struct vocabulary_counts counts = {0};
    struct vocabulary_line line;
    enum status status;

    if (text.len > VOCABULARY_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "the vocabulary has %zu bytes; at most %u are taken",
                         text.len, VOCABULARY_BYTES_MAX);
    while ((status = vocabulary_next_line(&lines, &line, err)) == AF_OK) {
        counts.lines++;
        counts.phrases += line.count;
        if (line.kind == LINE_ASKS)
            counts.asking += line.count;
        else if (line.kind != LINE_WITHOUT)
            counts.rules += line.left * (line.count - 1);
        if (counts.rules > VOCABULARY_RULES_MAX)
            return error_set(err, AF_TOO_LARGE,
                             "line %u: more than %d pairs of phrases in the vocabulary",
                             lines.number, VOCABULARY_RULES_MAX);
    }
    if (status != AF_NOT_FOUND)
        return status;
    *out = counts;
    return AF_OK;
}
