#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "data/base/clock.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/script.h"

#include <stdlib.h>

/* --- the naive twin: what the folded text says, a character at a time ----------------------- */

struct walk {
    const struct analysis *analysis;
    bool is_query;
    uint32_t position, next; /* the token that is expected next */
};

static bool is_cjk_at(const struct walk *w, size_t at, size_t *end)
{
    *end = at;
    return at < w->analysis->folded.len &&
           script_of(script_next(w->analysis->folded.data, end)) == SCRIPT_CJK;
}

/* Past one blank, or a line feed with its return. */
static size_t past_blank(const struct walk *w, size_t at)
{
    struct bytes folded = w->analysis->folded;

    if (at < folded.len &&
        bytes_has_prefix(bytes_of(folded.data + at, folded.len - at), BYTES_LIT("\r\n")))
        return at + 2;
    return at < folded.len && script_of(folded.data[at]) == SCRIPT_BLANK ? at + 1 : at;
}

static void expect(struct walk *w, char class, struct bytes first, struct bytes second,
                   unsigned flags)
{
    const struct analysis *a = w->analysis;
    const struct token *t = &a->tokens[w->next];
    size_t start = (size_t)(first.data - a->folded.data);
    size_t end =
        second.len > 0 ? (size_t)(second.data + second.len - a->folded.data) : start + first.len;
    size_t past = end;
    uint8_t term[16] = {(uint8_t) class};

    assert_true(w->next++ < a->count);
    memcpy(term + 1, first.data, first.len);
    memcpy(term + 1 + first.len, second.data, second.len);
    while (past < a->folded.len && a->source[past] == a->source[end - 1])
        past++;
    flags |= w->is_query && end == a->folded.len ? TOKEN_LAST : 0;
    assert_int_equal(t->term_bytes, 1 + first.len + second.len);
    assert_memory_equal(t->term, term, t->term_bytes);
    assert_true(t->key == term_key(bytes_of(term, t->term_bytes)));
    assert_int_equal(t->fold_start, start);
    assert_int_equal(t->fold_end, end);
    assert_int_equal(t->start, a->source[start]);
    assert_int_equal(t->end, a->source[past]);
    assert_int_equal(t->position, w->position);
    assert_int_equal(t->flags & ~(unsigned)TOKEN_STRADDLES, flags);
}

static void check_grams(const struct analysis *a, bool is_query)
{
    struct walk w = {.analysis = a, .is_query = is_query};
    const uint8_t *data = a->folded.data;
    size_t end, next, next_end;

    for (size_t at = 0; at < a->folded.len; at = end) {
        struct bytes c;

        if (!is_cjk_at(&w, at, &end))
            continue;
        c = bytes_of(data + at, end - at);
        expect(&w, TERM_GRAM1, c, bytes_of(data, 0), 0);
        next = past_blank(&w, end);
        if (is_cjk_at(&w, next, &next_end))
            expect(&w, TERM_GRAM2, c, bytes_of(data + next, next_end - next),
                   next == end ? 0 : TOKEN_BRIDGED);
        w.position++;
    }
    assert_int_equal(w.next, a->count);
}

/* --- texts ---------------------------------------------------------------------------------- */

/* Characters of two, three and four bytes; what repeats, lengthens and composes; what is dropped;
 * what separates. No letter: each position is a character. */
static const char *const scraps[] = {
    "打",       "印",
    "機",       "路由器",
    "ル",       "ー",
    "か\u3099", "ﾀﾞ",
    "々",       "ゝ",
    "연",       "ᄒ\u1161",
    "ㄅ",       "˫",
    "𠮷",       "𠮟",
    "𛀁",        "㌔",
    "㈱",       "〇",
    "、",       "。",
    "，",       " ",
    " ",        "　",
    "\n",       "\r\n",
    "\r",       "・",
    "\u200B",   "\xE4\xB8",
    "\xFF",     "中国人民中国人民中国人民",
};

static void grams_are_what_a_walk_by_characters_gives(void **state)
{
    unsigned seed = (unsigned)clock_steady_us();
    struct analyzer *analyzer;
    struct buf text = {0};

    (void)state;
    print_message("seed %u\n", seed);
    srand(seed);
    assert_int_equal(analyzer_new(&analyzer, NULL), AF_OK);
    for (int round = 0; round < 20000; round++) {
        bool is_query = rand() % 2 == 0;
        struct analysis a;

        buf_clear(&text);
        for (int i = rand() % 20; i >= 0; i--)
            buf_add_str(&text, scraps[(size_t)rand() % (sizeof scraps / sizeof *scraps)]);
        assert_int_equal(analyzer_run(analyzer, is_query ? ANALYZE_QUERY : ANALYZE_DOCUMENT,
                                      buf_bytes(&text), &a, NULL),
                         AF_OK);
        check_grams(&a, is_query);
    }
    buf_release(&text);
    analyzer_free(analyzer);
}

/* The list and the terms grow in the middle of a run, at whatever token that is. */
static void long_runs_are_whole_however_memory_grows(void **state)
{
    struct buf text = {0};

    (void)state;
    for (size_t characters = 100; characters < 3000; characters += 97) {
        struct analyzer *analyzer;
        struct analysis a;

        assert_int_equal(analyzer_new(&analyzer, NULL), AF_OK);
        buf_clear(&text);
        for (size_t i = 0; i < characters; i++)
            buf_add_str(&text, i % 41 == 40 ? "𠮷" : "文");
        assert_int_equal(analyzer_run(analyzer, ANALYZE_DOCUMENT, buf_bytes(&text), &a, NULL),
                         AF_OK);
        assert_int_equal(a.count, 2 * characters - 1);
        check_grams(&a, false);
        analyzer_free(analyzer);
    }
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grams_are_what_a_walk_by_characters_gives),
        cmocka_unit_test(long_runs_are_whole_however_memory_grows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
