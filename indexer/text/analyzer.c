/* analyzer.c: fold, then one walk over the folded text by runs of one way of writing.
 *
 * Example: "打印机MFP-200缺纸" →
 *     1:打 2:打印 | 1:印 2:印机 | 1:机 | i:mfp-200 q:mfp200 p:mfp p:200 | 1:缺 2:缺纸 | 1:纸
 *
 * Han, kana and Hangul give every character and every pair of neighbours; why not words, with
 * figures, is in README.md. Nothing is allocated for a single token; ICU is only called for
 * Thai and its like, and once for a query. */
#include "indexer/text/analyzer.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/gram.h"
#include "indexer/text/latin.h"
#include "indexer/text/script.h"
#include "indexer/text/tokens.h"
#include "indexer/text/wordbreak.h"

#include <stdlib.h>

#define UNITS_PER_WORD 3 /* of a Thai word, as of any other */

struct analyzer {
    struct folder *folder;
    struct wordbreak *wordbreak; /* NULL until a text asks for words: opening it takes 0.2 ms */
    struct tokens tokens;
    struct word_ends ends; /* of a query */
};

enum status analyzer_new(struct analyzer **out, struct error *err)
{
    struct analyzer *a = calloc(1, sizeof *a);
    enum status status;

    if (a == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for an analyzer");
    if ((status = folder_new(&a->folder, err)) != AF_OK) {
        analyzer_free(a);
        return status;
    }
    *out = a;
    return AF_OK;
}

void analyzer_free(struct analyzer *a)
{
    if (a == NULL)
        return;
    folder_free(a->folder);
    wordbreak_free(a->wordbreak);
    tokens_release(&a->tokens);
    free(a->ends.list);
    free(a);
}

static enum status find_words(struct analyzer *a, struct bytes text, const uint32_t **ends,
                              uint32_t *count, struct error *err)
{
    enum status status = AF_OK;

    if (a->wordbreak == NULL)
        status = wordbreak_new(&a->wordbreak, err);
    return status == AF_OK ? wordbreak_find(a->wordbreak, text, ends, count, err) : status;
}

/* --- Thai, Lao, Khmer, Myanmar -------------------------------------------------------- */

/* Every three characters inside a word: ICU cuts the same letters differently in another
 * sentence, and these still meet. */
static void add_trigrams(struct tokens *t, size_t start, size_t end)
{
    size_t first = start, second, third = start;

    script_next(t->folded.text.data, &third);
    second = third;
    if (third >= end)
        return;
    script_next(t->folded.text.data, &third);
    while (third < end) {
        struct place place;

        script_next(t->folded.text.data, &third);
        place = tokens_place(t, first, third);
        tokens_add(t, TERM_THAI3, bytes_of(t->folded.text.data + first, third - first), &place);
        first = second;
        script_next(t->folded.text.data, &second);
    }
}

static void add_dictionary_word(struct tokens *t, size_t start, size_t end)
{
    struct place place = tokens_place(t, start, end);

    tokens_add(t, TERM_WORD, bytes_of(t->folded.text.data + start, end - start), &place);
    add_trigrams(t, start, end);
    t->position++;
    t->units += UNITS_PER_WORD;
}

static size_t add_dictionary_run(struct analyzer *a, size_t at)
{
    struct tokens *t = &a->tokens;
    size_t end = script_run_end(t->folded.text, at, SCRIPT_SEA), start = at;
    struct bytes run = bytes_of(t->folded.text.data + at, end - at);
    const uint32_t *ends;
    uint32_t count;

    if (find_words(a, run, &ends, &count, NULL) != AF_OK) {
        t->failed = true;
        return end;
    }
    for (uint32_t i = 0; i < count; i++) {
        add_dictionary_word(t, start, at + ends[i]);
        start = at + ends[i];
    }
    return end;
}

/* --- the walk ------------------------------------------------------------------------- */

static void walk(struct analyzer *a)
{
    struct bytes folded = a->tokens.folded.text;

    for (size_t at = 0; at < folded.len && !a->tokens.failed;) {
        size_t next = at;

        switch (script_of(script_next(folded.data, &next))) {
        case SCRIPT_CJK:
            at = gram_add(&a->tokens, &a->ends, at);
            break;
        case SCRIPT_SEA:
            at = add_dictionary_run(a, at);
            break;
        case SCRIPT_LETTER:
        case SCRIPT_DIGIT:
            at = latin_add(&a->tokens, at);
            break;
        default:
            at = next;
        }
    }
}

/* In a question with fewer Han and kana every pair says something: known-item search gets worse
 * when those over a word's end weigh less (figures in README.md). */
#define WORDS_CHARACTERS_MIN 7

/* Does it matter where the words of a query end? ICU takes most of the time of a short query, and
 * 1.5 ms the first time that a process asks it about Chinese. */
static bool wants_words(struct bytes folded)
{
    unsigned count = 0;

    for (size_t at = 0; at < folded.len && count < WORDS_CHARACTERS_MIN;) {
        uint32_t cp = script_next(folded.data, &at);

        count += cp >= 0x10000 || (script_table[cp] & (SCRIPT_HAN | SCRIPT_KANA)) != 0;
    }
    return count == WORDS_CHARACTERS_MIN;
}

/* ICU's word ends in the text as typed: its dictionary knows both Chinese scripts and katakana,
 * but not what folding makes of them. Only so much of it as a query is read. */
static enum status find_ends(struct analyzer *a, struct bytes text, struct error *err)
{
    const uint32_t *ends;
    uint32_t count;
    enum status status;

    text = utf8_cut(text, QUERY_BYTES_MAX);
    if ((status = find_words(a, text, &ends, &count, err)) != AF_OK)
        return status;
    if (count > a->ends.room) {
        uint32_t *list = realloc(a->ends.list, count * sizeof *list);

        if (list == NULL)
            return error_set(err, AF_NO_MEMORY, "no memory for the words of a query");
        a->ends.list = list;
        a->ends.room = count;
    }
    if (count > 0)
        memcpy(a->ends.list, ends, count * sizeof *ends);
    a->ends.count = count;
    return AF_OK;
}

enum status analyzer_run(struct analyzer *a, enum analyze_mode mode, struct bytes text,
                         struct analysis *out, struct error *err)
{
    struct bytes kept = utf8_cut(text, FIELD_BYTES_MAX);
    struct folded folded;
    enum status status;

    if ((status = folder_run(a->folder, kept, &folded, err)) != AF_OK)
        return status;
    a->ends.count = a->ends.at = 0;
    if (mode == ANALYZE_QUERY && wants_words(folded.text) &&
        (status = find_ends(a, kept, err)) != AF_OK)
        return status;
    tokens_begin(&a->tokens, kept, folded, mode == ANALYZE_QUERY);
    walk(a);
    if ((status = tokens_finish(&a->tokens, err)) != AF_OK)
        return status;
    *out = (struct analysis){
        .tokens = a->tokens.list,
        .count = a->tokens.count,
        .folded = folded.text,
        .source = folded.source,
        .units = a->tokens.units,
        .cut = kept.len < text.len,
    };
    return AF_OK;
}
