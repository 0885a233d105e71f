/* Text to tokens, in both modes: folded text is valid and folding it changes nothing, the way
 * back to the original never falls, and every token lies between characters of both texts. */
#include "tests/fuzz/fuzz.h"

#include "indexer/text/analyzer.h"
#include "indexer/text/fold.h"

static void check_folded(struct bytes text, struct bytes folded, const uint32_t *source)
{
    static struct folder *folder;
    bool is_valid = fuzz_is_utf8(text);
    struct folded again;
    struct error err;

    if (folder == NULL)
        ENSURE_OK(folder_new(&folder, &err));
    ENSURE(fuzz_is_utf8(folded));
    ENSURE(folded.len <= (FOLD_GROWTH + 1) * text.len + FOLD_GROWTH_FREE);
    ENSURE(source[folded.len] == text.len);
    for (size_t i = 0; i < folded.len; i++) {
        ENSURE(source[i] <= source[i + 1]);
        ENSURE(!is_valid || fuzz_is_boundary(text, source[i]));
    }
    ENSURE_OK(folder_run(folder, folded, &again, &err));
    ENSURE(bytes_equal(again.text, folded));
}

static void check_token(const struct token *t, struct bytes text, struct bytes folded)
{
    ENSURE(t->term_bytes > 1 && t->term_bytes <= TERM_BYTES_MAX);
    ENSURE(strchr("12wniqpt", t->term[0]) != NULL);
    ENSURE(t->key == term_key(bytes_of(t->term, t->term_bytes)));
    ENSURE(t->start < t->end && t->end <= text.len);
    ENSURE(t->fold_start < t->fold_end && t->fold_end <= folded.len);
    ENSURE(fuzz_is_boundary(folded, t->fold_start) && fuzz_is_boundary(folded, t->fold_end));
    if (fuzz_is_utf8(text))
        ENSURE(fuzz_is_boundary(text, t->start) && fuzz_is_boundary(text, t->end));
}

static void check_run(enum analyze_mode mode, struct bytes text)
{
    static struct analyzer *analyzer;
    struct analysis a;
    struct error err;

    if (analyzer == NULL)
        ENSURE_OK(analyzer_new(&analyzer, &err));
    ENSURE_OK(analyzer_run(analyzer, mode, text, &a, &err));
    ENSURE(!a.cut);
    check_folded(text, a.folded, a.source);
    for (uint32_t i = 0; i < a.count; i++) {
        check_token(&a.tokens[i], text, a.folded);
        ENSURE(i == 0 || a.tokens[i].fold_start >= a.tokens[i - 1].fold_start);
        ENSURE(mode == ANALYZE_QUERY ||
               (a.tokens[i].flags & (TOKEN_STRADDLES | TOKEN_UNINDEXED | TOKEN_LAST)) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_run(ANALYZE_DOCUMENT, bytes_of(data, size));
    check_run(ANALYZE_QUERY, bytes_of(data, size));
    return 0;
}
