#include "tests/harness.h"

#include "search/match/spread.h"

#define STEP 1e-4

/* Hits as letters: of which code each is, the best first; X to Z: a number; T: what was typed;
 * '-': of none. */
static void check(const char *codes, const char *expected)
{
    struct member members[128];
    struct ranked hits[32] = {0};
    uint32_t count = (uint32_t)strlen(codes);
    char order[32] = "";

    for (int c = 0; c < 128; c++)
        members[c] = (struct member){.weight = c == 'T' ? 1 : c >= 'a' ? 0.85f : 0.4f};
    for (uint32_t i = 0; i < count; i++) {
        hits[i].score = 0.9 - 0.01 * i;
        hits[i].e.code = codes[i] == '-' ? NULL : &members[(uint8_t)codes[i]];
    }
    spread_codes(hits, count, STEP);
    for (uint32_t place = 0; place < count; place++) {
        uint32_t best = 0;

        for (uint32_t i = 0; i < count; i++)
            if (hits[i].score > hits[best].score)
                best = i;
        assert_true(hits[best].score >= 0 && hits[best].score <= 0.9);
        order[place] = codes[best];
        hits[best].score = -1;
    }
    assert_string_equal(expected, order);
}

static void the_first_of_each_code_comes_first(void **state)
{
    (void)state;
    check("", "");
    check("a", "a");
    check("aaa", "aaa");
    check("abc", "abc");
    check("aaab", "abaa");
    check("aabbca", "abcaba");
}

static void what_has_no_code_never_goes_first(void **state)
{
    (void)state;
    check("-a", "a-");
    check("--", "--");
    check("a-ab-", "ab-a-");
}

static void numbers_go_first_only_without_codes(void **state)
{
    (void)state;
    check("XXY", "XYX");
    check("XaXaTT", "aTXXaT");
}

static void so_many_codes_go_first(void **state)
{
    (void)state;
    assert_int_equal(5, SPREAD_CODES);
    check("aabcdefe", "abcdeafe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_each_code_comes_first),
        cmocka_unit_test(what_has_no_code_never_goes_first),
        cmocka_unit_test(numbers_go_first_only_without_codes),
        cmocka_unit_test(so_many_codes_go_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
