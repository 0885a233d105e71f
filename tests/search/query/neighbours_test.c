#include "tests/harness.h"

#include "data/base/arena.h"
#include "search/query/neighbours.h"
#include "tests/search/edit_between.h"

#include <stdio.h>
#include <stdlib.h>

/* A few letters, so that all texts up to a length can be tried. */
static const struct alphabet abc = {{{'a', 'c'}}};

struct seen {
    char texts[400][16];
    uint32_t count, left;
};

static bool note(void *context, struct bytes text)
{
    struct seen *seen = context;

    assert_true(text.len < sizeof seen->texts[0] && seen->count < 400);
    for (uint32_t i = 0; i < seen->count; i++)
        if (bytes_equal(bytes_str(seen->texts[i]), text))
            fail_msg("%s came twice", seen->texts[i]);
    memcpy(seen->texts[seen->count], text.data, text.len);
    seen->texts[seen->count++][text.len] = '\0';
    return --seen->left > 0;
}

static bool has(const struct seen *seen, const char *text)
{
    for (uint32_t i = 0; i < seen->count; i++)
        if (strcmp(seen->texts[i], text) == 0)
            return true;
    return false;
}

/* Counts through all texts of the letters a to c of at most six letters. */
static bool next_text(char text[8])
{
    size_t at = 0;

    while (text[at] == 'c')
        text[at++] = 'a';
    if (text[at] == '\0') {
        text[at + 1] = '\0';
        text[at] = 'a';
        return at < 6;
    }
    text[at]++;
    return true;
}

static void all_texts_one_edit_away_come_once(void **state)
{
    static const char *const typed[] = {"a", "ab", "aa", "abcb", "aabbc", "ccaab", "aaaaa"};

    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct seen *seen = calloc(1, sizeof *seen);
        uint32_t near = 0;
        char text[8] = "";

        seen->left = UINT32_MAX;
        assert_true(neighbours_each(bytes_str(typed[i]), &abc, note, seen));
        while (next_text(text)) {
            if (edit_between(bytes_str(typed[i]), bytes_str(text), 1) != 1)
                continue;
            near++;
            if (!has(seen, text))
                fail_msg("%s is not found from %s", text, typed[i]);
        }
        assert_int_equal(seen->count, near);
        free(seen);
    }
}

static void letters_may_have_several_bytes(void **state)
{
    const struct alphabet *cyrillic = alphabet_of(0x43F);
    struct seen *seen = calloc(1, sizeof *seen);

    (void)state;
    assert_non_null(cyrillic);
    seen->left = UINT32_MAX;
    assert_true(neighbours_each(bytes_str("тонр"), cyrillic, note, seen));
    assert_true(has(seen, "тонер"));
    assert_true(has(seen, "торн"));
    assert_true(has(seen, "тон"));
    assert_true(has(seen, "донр"));
    assert_null(alphabet_of(0x6253)); /* 打 */
    free(seen);
}

static void a_visitor_may_stop(void **state)
{
    struct seen *seen = calloc(1, sizeof *seen);

    (void)state;
    seen->left = 5;
    assert_true(neighbours_each(bytes_str("abc"), &abc, note, seen));
    assert_int_equal(seen->count, 5);
    free(seen);
}

static void what_nobody_types_has_none(void **state)
{
    char text[NEIGHBOUR_LETTERS_MAX + 2];
    struct seen *seen = calloc(1, sizeof *seen);

    (void)state;
    memset(text, 'a', sizeof text);
    assert_false(neighbours_each(bytes_of(text, NEIGHBOUR_LETTERS_MAX + 1), &abc, note, seen));
    assert_false(neighbours_each(BYTES_NONE, &abc, note, seen));
    assert_false(neighbours_each(BYTES_LIT("a\xFF"), &abc, note, seen));
    assert_int_equal(seen->count, 0);
    free(seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_texts_one_edit_away_come_once),
        cmocka_unit_test(letters_may_have_several_bytes),
        cmocka_unit_test(a_visitor_may_stop),
        cmocka_unit_test(what_nobody_types_has_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
