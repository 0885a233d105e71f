#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/search/edit_between.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void distances_are_those_of_the_table(void **state)
{
    static const struct {
        const char *a, *b;
        unsigned distance;
    } rows[] = {
        {"printer",        "printer",        0},
        {"printr",         "printer",        1},
        {"pirnter",        "printer",        1},
        {"printerr",       "printer",        1},
        {"prinder",        "printer",        1},
        {"pinrter",        "printer",        2},
        {"rpinter",        "printer",        1},
        {"ca",             "abc",            3}, /* a swapped pair is not edited again */
        {"a",              "b",              1},
        {"ab",             "ba",             1},
        {"einführung",    "einfuhrung",     1}, /* letters are code points, not bytes */
        {"принтер", "принетр", 1},
        {"toner",          "drum",           5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(edit_between(bytes_str(rows[i].a), bytes_str(rows[i].b), 9),
                         rows[i].distance);
        assert_int_equal(edit_between(bytes_str(rows[i].b), bytes_str(rows[i].a), 9),
                         rows[i].distance);
    }
}

static void more_than_the_maximum_is_one_over_it(void **state)
{
    (void)state;
    assert_int_equal(edit_between(BYTES_LIT("toner"), BYTES_LIT("drum"), 2), 3);
    assert_int_equal(edit_between(BYTES_LIT("aaaaaaaaaaaa"), BYTES_LIT("b"), 1), 2);
}

static void unusable_words_are_never_near(void **state)
{
    char endless[EDIT_LETTERS_MAX + 2];

    (void)state;
    memset(endless, 'a', sizeof endless);
    assert_int_equal(edit_between(bytes_of(endless, sizeof endless), BYTES_LIT("a"), 99), 100);
    assert_int_equal(edit_between(BYTES_LIT("a"), bytes_of(endless, sizeof endless), 99), 100);
    assert_int_equal(edit_between(BYTES_LIT(""), BYTES_LIT("a"), 2), 3);
    assert_int_equal(edit_between(BYTES_LIT("a\xFF"), BYTES_LIT("a"), 2), 3);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The recurrence as it is printed in books, on the whole matrix. */
static unsigned naive(const char *a, const char *b)
{
    unsigned d[32][32];
    size_t m = strlen(a), n = strlen(b);

    for (size_t i = 0; i <= m; i++)
        for (size_t j = 0; j <= n; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = (unsigned)(i + j);
                continue;
            }
            d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1);
            d[i][j] = least(d[i][j], d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[m][n];
}

static void random_word(char *word, unsigned *seed)
{
    size_t len = 1 + (size_t)rand_r(seed) % 9;

    for (size_t i = 0; i < len; i++)
        word[i] = (char)('a' + rand_r(seed) % 4);
    word[len] = '\0';
}

static void random_pairs_agree_with_the_whole_matrix(void **state)
{
    unsigned seed = 20261122;

    (void)state;
    print_message("seed %u\n", seed);
    for (int i = 0; i < 20000; i++) {
        char a[16], b[16];
        unsigned max = (unsigned)rand_r(&seed) % 4, want;

        random_word(a, &seed);
        random_word(b, &seed);
        want = naive(a, b);
        assert_int_equal(edit_between(bytes_str(a), bytes_str(b), max),
                         want <= max ? want : max + 1);
    }
}

static void rows_of_a_common_beginning_are_shared(void **state)
{
    struct edit edit;

    (void)state;
    assert_true(edit_init(&edit, BYTES_LIT("toner"), 1));
    for (const char *c = "toned"; *c != '\0'; c++)
        edit_push(&edit, (uint32_t)*c);
    assert_int_equal(edit_distance(&edit), 1);
    edit_cut(&edit, 4);
    assert_true(edit_push(&edit, 'r'));
    assert_int_equal(edit_distance(&edit), 0);
    edit_cut(&edit, 0);
    assert_true(edit_push(&edit, 'x'));
    assert_false(edit_push(&edit, 'y')); /* nothing that begins with xy is near */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_table),
        cmocka_unit_test(more_than_the_maximum_is_one_over_it),
        cmocka_unit_test(unusable_words_are_never_near),
        cmocka_unit_test(random_pairs_agree_with_the_whole_matrix),
        cmocka_unit_test(rows_of_a_common_beginning_are_shared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
