#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/query/fuzzy.h"
#include "tests/search/edit_between.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 4000
#define ROOM 16 /* letters, class byte and NUL */

static char words[WORDS][ROOM];
static size_t words_count;

static int in_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* A sorted dictionary of made-up words over few letters, so that many are near each other. */
static int make_words(void **state)
{
    unsigned seed = 42;
    size_t kept = 1;

    (void)state;
    print_message("seed %u\n", seed);
    for (size_t i = 0; i < WORDS; i++) {
        size_t len = 3 + (size_t)rand_r(&seed) % 9;

        words[i][0] = 'w';
        for (size_t j = 0; j < len; j++)
            words[i][j + 1] = (char)('a' + rand_r(&seed) % 3);
        words[i][len + 1] = '\0';
    }
    qsort(words, WORDS, ROOM, in_order);
    for (size_t i = 1; i < WORDS; i++)
        if (strcmp(words[i], words[kept - 1]) != 0)
            memmove(words[kept++], words[i], ROOM);
    words_count = kept;
    return 0;
}

static const struct pick *pick_of(const struct picks *picks, const char *term)
{
    for (uint32_t i = 0; i < picks->count; i++)
        if (bytes_equal(picks->list[i].term, bytes_str(term)))
            return &picks->list[i];
    return NULL;
}

static unsigned nearest_beginning(struct bytes typed, const char *word, unsigned max)
{
    unsigned best = max + 1;

    for (size_t len = 1; len <= strlen(word); len++) {
        unsigned distance = edit_between(typed, bytes_of(word, len), max);

        best = distance < best ? distance : best;
    }
    return best;
}

/* As lexicon_walk() does: what the visitor skips is not shown to it. */
static void walk(struct fuzzy *fuzzy)
{
    for (size_t i = 0; i < words_count;) {
        size_t skip = fuzzy_visit(fuzzy, bytes_str(words[i]), 1), at = i++;

        if (skip == LEXICON_STOP)
            return;
        assert_true(skip <= strlen(words[at]));
        while (skip > 0 && i < words_count && strncmp(words[i], words[at], skip) == 0)
            i++;
    }
}

static void compare_with_brute_force(struct bytes typed, bool prefix)
{
    struct arena *arena = arena_new(8u << 20);
    unsigned max = fuzzy_edits((uint32_t)typed.len);
    struct picks picks;
    struct fuzzy fuzzy;

    picks_init(&picks, arena, WORDS);
    assert_int_equal(fuzzy_init(&fuzzy, typed, prefix, &picks), max > 0);
    if (max > 0)
        walk(&fuzzy);
    for (size_t i = 0; i < words_count && max > 0; i++) {
        const char *word = words[i] + 1;
        unsigned distance = prefix ? nearest_beginning(typed, word, max)
                                   : edit_between(typed, bytes_str(word), max);
        const struct pick *pick = pick_of(&picks, words[i]);

        if ((uint8_t)word[0] != typed.data[0])
            distance = max + 1; /* found by look-up, not by the walk */
        assert_int_equal(pick != NULL, distance <= max);
        if (pick != NULL)
            assert_int_equal(pick->cost, distance);
    }
    arena_free(arena);
}

static void a_walk_finds_what_brute_force_finds(void **state)
{
    unsigned seed = 43;

    (void)state;
    for (int i = 0; i < 60; i++) {
        char typed[ROOM];
        size_t len = 3 + (size_t)rand_r(&seed) % 8;

        for (size_t j = 0; j < len; j++)
            typed[j] = (char)('a' + rand_r(&seed) % 4);
        compare_with_brute_force(bytes_of(typed, len), i % 2 == 0);
    }
}

static void the_rules_of_length(void **state)
{
    static const unsigned edits[] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2};

    (void)state;
    for (uint32_t letters = 0; letters < 10; letters++)
        assert_int_equal(fuzzy_edits(letters), edits[letters]);
}

static void codes_numbers_and_cjk_are_not_corrected(void **state)
{
    static const char *const never[] = {"hg8245h", "123456", "打印机缺纸", "るーたー",
                                        "a-b-c-d", "",       "abc",        "เครื่องพิมพ์"};
    struct fuzzy fuzzy;

    (void)state;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_false(fuzzy_init(&fuzzy, bytes_str(never[i]), false, NULL));
    assert_true(fuzzy_init(&fuzzy, bytes_str("принтер"), false, NULL));
    assert_true(fuzzy_init(&fuzzy, bytes_str("drucker"), false, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_finds_what_brute_force_finds),
        cmocka_unit_test(the_rules_of_length),
        cmocka_unit_test(codes_numbers_and_cjk_are_not_corrected),
    };

    return cmocka_run_group_tests(tests, make_words, NULL);
}
