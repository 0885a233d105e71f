#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "indexer/text/wordbreak.h"

static int open_wordbreak(void **state)
{
    return wordbreak_new((struct wordbreak **)state, NULL) == AF_OK ? 0 : -1;
}

static int close_wordbreak(void **state)
{
    wordbreak_free(*state);
    return 0;
}

static void check_ends(void **state, struct bytes text, const uint32_t *want, uint32_t want_count)
{
    const uint32_t *ends;
    uint32_t count;

    assert_int_equal(wordbreak_find(*state, text, &ends, &count, NULL), AF_OK);
    assert_int_equal(count, want_count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(ends[i], want[i]);
}

static void ends_are_byte_offsets(void **state)
{
    check_ends(state, BYTES_NONE, NULL, 0);
    check_ends(state, BYTES_LIT("ab cd"), (const uint32_t[]){2, 3, 5}, 3);
    check_ends(state, BYTES_LIT("ตรวจสอบ"), (const uint32_t[]){12, 21}, 2);
    check_ends(state, BYTES_LIT("无法连接"), (const uint32_t[]){6, 12}, 2);
    check_ends(state, BYTES_LIT("\xF0\x9F\x98\x80 a"), (const uint32_t[]){4, 5, 6}, 3);
}

static void bad_bytes_are_stepped_over(void **state)
{
    check_ends(state,
               BYTES_LIT("a\xFF"
                         "b"),
               (const uint32_t[]){1, 2, 3}, 3);
}

/* Words rise to the end of the text over all seams between pieces. */
static void long_text_is_cut_to_its_end(void **state)
{
    struct buf text = {0};
    const uint32_t *ends;
    uint32_t count;

    while (text.len < 200000)
        buf_add_str(&text, "ตรวจสอบ");
    assert_int_equal(wordbreak_find(*state, buf_bytes(&text), &ends, &count, NULL), AF_OK);
    assert_true(count > 10000);
    for (uint32_t i = 1; i < count; i++)
        assert_true(ends[i] > ends[i - 1] && ends[i] % 3 == 0);
    assert_int_equal(ends[count - 1], text.len);
    buf_release(&text);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_wordbreak, close_wordbreak)
    const struct CMUnitTest tests[] = {
        T(ends_are_byte_offsets),
        T(bad_bytes_are_stepped_over),
        T(long_text_is_cut_to_its_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
