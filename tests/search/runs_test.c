#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/runs.h"

#include "data/base/buf.h"
#include "data/base/limits.h"

#include <stdlib.h>

static uint32_t longest(const char *question, const char *text)
{
    struct arena *arena = arena_new(4u << 20);
    struct runs *runs;
    uint32_t run;

    assert_int_equal(runs_new(bytes_str(question), arena, &runs, NULL), AF_OK);
    run = runs == NULL ? 0 : runs_longest(runs, bytes_str(text));
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
    struct runs *runs;
    struct buf text = {0};

    (void)state;
    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "w%d ", i);
    assert_int_equal(runs_new(buf_bytes(&text), arena, &runs, NULL), AF_OK);
    assert_int_equal(runs_weight(runs), 3 * SPAN_PIECES_MAX);
    assert_int_equal(runs_longest(runs, buf_bytes(&text)), 3 * SPAN_PIECES_MAX);
    buf_release(&text);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_run_is_counted_in_words_and_characters),
        cmocka_unit_test(random_runs_agree_with_comparing_everything),
        cmocka_unit_test(an_endless_question_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
