#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/span.h"

#include "data/base/buf.h"
#include "data/base/limits.h"

#include <math.h>
#include <stdlib.h>

static void phrases_want_whole_words_in_order(void **state)
{
    static const struct {
        const char *text, *phrase;
        bool has;
    } rows[] = {
        {"the printer is out of paper",   "out of paper", true },
        {"the printer is out  of\npaper", "out of paper", true },
        {"out of paper trays",            "out of paper", true },
        {"out of papers",                 "out of paper", false},
        {"about of paper",                "out of paper", false},
        {"out, of paper",                 "out of paper", true },
        {"paper out of",                  "out of paper", false},
        {"sprinter printer",              "printer",      true },
        {"sprinter",                      "printer",      false},
        {"打印机缺纸怎么办",      "缺纸",       true },
        {"打印机缺\n纸怎么办",    "缺纸",       true },
        {"打印机缺了纸",            "缺纸",       false},
        {"错误e-013",                   "e-013",        true },
        {"错误e-0131",                  "e-013",        false},
        {"a",                             "",             true },
        {"a",                             " ,。",        true },
        {"",                              "a",            false},
        {"aab",                           "ab",           false},
        {"ab",                            "abc",          false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(span_has_phrase(bytes_str(rows[i].text), bytes_str(rows[i].phrase)),
                         rows[i].has);
}

static void titles_are_compared_without_punctuation(void **state)
{
    (void)state;
    assert_true(span_same(bytes_str("打印机:缺纸 (e-013)"), bytes_str("打印机缺纸 e013")));
    assert_false(span_same(bytes_str("打印机缺纸"), bytes_str("打印机缺")));
    assert_false(span_same(bytes_str("打印机缺"), bytes_str("打印机缺纸")));
    assert_true(span_begins(bytes_str("打印机缺纸"), bytes_str("打印机")));
    assert_false(span_begins(bytes_str("打印机"), bytes_str("打印机缺纸")));
    assert_false(span_begins(bytes_str("打印机"), bytes_str("?!")));
    assert_true(span_same(bytes_str("c++"), bytes_str("c++")));
    assert_false(span_same(bytes_str("c"), bytes_str("c++")));
}

static uint32_t longest(const char *question, const char *text)
{
    struct arena *arena = arena_new(4u << 20);
    struct span_runs *runs;
    uint32_t run;

    assert_int_equal(span_runs_new(bytes_str(question), arena, &runs, NULL), AF_OK);
    run = runs == NULL ? 0 : span_runs_longest(runs, bytes_str(text));
    arena_free(arena);
    return run;
}

static void the_longest_run_is_counted_in_words_and_characters(void **state)
{
    (void)state;
    assert_int_equal(longest("打印机缺纸", "这台打印机总是缺纸"), 3);
    assert_int_equal(longest("打印机缺纸", "打印\n机缺纸"), 5);
    assert_int_equal(longest("out of paper", "it is out of ink"), 6);   /* a word weighs 3 */
    assert_int_equal(longest("out of paper", "it is about of ink"), 3); /* whole words only */
    assert_int_equal(longest("打印机mfp缺纸", "换了打印机mfp"), 6);
    assert_int_equal(longest("缺纸", "墨粉"), 0);
    assert_int_equal(longest("  ", "墨粉"), 0);
    assert_int_equal(longest("一二一二", "二一二一二"), 4);
}

static uint32_t naive_longest(const char *a, const char *b)
{
    uint32_t best = 0;

    for (size_t i = 0; a[i] != '\0'; i++)
        for (size_t j = 0; b[j] != '\0'; j++) {
            uint32_t n = 0;

            while (a[i + n] != '\0' && a[i + n] == b[j + n])
                n++;
            best = n > best ? n : best;
        }
    return best;
}

/* a, b, c … as 一, 丁, 丂 …: one character is one piece. */
static void as_han(const char *letters, char *han)
{
    for (; *letters != '\0'; letters++, han += 3) {
        han[0] = (char)0xE4;
        han[1] = (char)0xB8;
        han[2] = (char)(0x80 + (*letters - 'a'));
    }
    *han = '\0';
}

static void random_runs_agree_with_comparing_everything(void **state)
{
    unsigned seed = 99;

    (void)state;
    print_message("seed %u\n", seed);
    for (int round = 0; round < 3000; round++) {
        char a[40], b[80], han_a[120], han_b[240];
        size_t m = 1 + (size_t)rand_r(&seed) % 30, n = 1 + (size_t)rand_r(&seed) % 70;
        int letters = 2 + rand_r(&seed) % 4;

        for (size_t i = 0; i < m; i++)
            a[i] = (char)('a' + rand_r(&seed) % letters);
        for (size_t i = 0; i < n; i++)
            b[i] = (char)('a' + rand_r(&seed) % letters);
        a[m] = b[n] = '\0';
        as_han(a, han_a);
        as_han(b, han_b);
        assert_int_equal(longest(han_a, han_b), naive_longest(a, b));
    }
}

static void an_endless_question_is_cut(void **state)
{
    struct arena *arena = arena_new(4u << 20);
    struct span_runs *runs;
    struct buf text = {0};

    (void)state;
    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "w%d ", i);
    assert_int_equal(span_runs_new(buf_bytes(&text), arena, &runs, NULL), AF_OK);
    assert_int_equal(span_runs_weight(runs), 3 * SPAN_PIECES_MAX);
    assert_int_equal(span_runs_longest(runs, buf_bytes(&text)), 3 * SPAN_PIECES_MAX);
    buf_release(&text);
    arena_free(arena);
}

static void nearness_is_the_share_of_the_smallest_piece(void **state)
{
    const struct bytes two[] = {BYTES_LIT("toner"), BYTES_LIT("leak")};
    const struct bytes same[] = {BYTES_LIT("toner"), BYTES_LIT("toner")};

    (void)state;
    assert_true(fabs(span_nearness(bytes_str("toner leak"), two, 2) - 0.9) < 1e-9);
    assert_true(fabs(span_nearness(bytes_str("toner xxx xxx leak toner"), two, 2) - 0.9) < 1e-9);
    assert_true(span_nearness(bytes_str("toner"), two, 2) <= 0);
    assert_true(span_nearness(bytes_str("toner bleak"), two, 2) <= 0); /* not a word of its own */
    assert_true(span_nearness(bytes_str("toner"), same, 2) <= 1);
    assert_true(span_nearness(bytes_str(""), two, 2) <= 0);
}

static void bad_bytes_are_not_units(void **state)
{
    (void)state;
    assert_true(span_same(bytes_of("a\xFF\xC3z", 4), bytes_str("az")));
    assert_false(span_has_phrase(bytes_of("\xE6\x89", 2), bytes_str("打")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_want_whole_words_in_order),
        cmocka_unit_test(titles_are_compared_without_punctuation),
        cmocka_unit_test(the_longest_run_is_counted_in_words_and_characters),
        cmocka_unit_test(random_runs_agree_with_comparing_everything),
        cmocka_unit_test(an_endless_question_is_cut),
        cmocka_unit_test(nearness_is_the_share_of_the_smallest_piece),
        cmocka_unit_test(bad_bytes_are_not_units),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
