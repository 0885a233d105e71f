#include "tests/harness.h"

#include "data/base/utf8.h"

static bool is_scalar(uint32_t cp)
{
    return cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF);
}

static void every_scalar_value_comes_back(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        uint8_t at[4];
        struct reader r;

        if (!is_scalar(cp))
            continue;
        r = reader_of(bytes_of(at, utf8_encode(cp, at)));
        if (utf8_next(&r) != cp || reader_left(&r) != 0)
            fail_msg("U+%04X", cp);
    }
}

/* RFC 3629 as plainly as it can be written: all sequences of one to three bytes and their kin. */
static bool is_valid_naively(const uint8_t *s, size_t len)
{
    while (len > 0) {
        size_t n = s[0] < 0x80       ? 1
                   : s[0] >> 5 == 6  ? 2
                   : s[0] >> 4 == 14 ? 3
                   : s[0] >> 3 == 30 ? 4
                                     : 0;
        uint32_t cp = n == 1 ? s[0] : n == 0 ? 0 : s[0] & (0xFFu >> (n + 1));
        static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

        if (n == 0 || n > len)
            return false;
        for (size_t i = 1; i < n; i++) {
            if (s[i] >> 6 != 2)
                return false;
            cp = cp << 6 | (s[i] & 0x3Fu);
        }
        if (cp < least[n] || !is_scalar(cp))
            return false;
        s += n;
        len -= n;
    }
    return true;
}

static void validity_is_that_of_a_naive_reader(void **state)
{
    static const uint8_t interesting[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                          0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
                                          0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xF8, 0xFF};
    enum { N = sizeof interesting };

    (void)state;
    for (size_t i = 0; i < (size_t)N * N * N * N; i++) {
        const uint8_t s[4] = {interesting[i % N], interesting[i / N % N],
                              interesting[i / N / N % N], interesting[i / N / N / N]};

        for (size_t len = 1; len <= 4; len++)
            if ((utf8_valid_len(bytes_of(s, len)) == len) != is_valid_naively(s, len))
                fail_msg("%02x %02x %02x %02x, %zu bytes", s[0], s[1], s[2], s[3], len);
    }
}

/* Unicode Standard §3.9, table 3-8 and its neighbours. */
static void bad_parts_are_replaced_one_by_one(void **state)
{
#define BAD "\xEF\xBF\xBD"
    static const struct {
        struct bytes text;
        const char *clean;
    } rows[] = {
        {BYTES_LIT("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"), BAD BAD BAD BAD BAD BAD BAD BAD "A"},
        {BYTES_LIT("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"), BAD BAD BAD BAD BAD BAD BAD BAD "A"},
        {BYTES_LIT("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"), BAD BAD BAD BAD BAD "A" BAD BAD "B"},
        {BYTES_LIT("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), BAD BAD BAD BAD "A"                },
        {BYTES_LIT("a\0b"),                                 "a" BAD "b"                        },
        {BYTES_LIT("\xE6\x89\x93"),                         "\xE6\x89\x93"                     },
        {BYTES_LIT("\xE6\x89"),                             BAD                                },
        {BYTES_LIT(""),                                     ""                                 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf b = {0};

        utf8_add_clean(&b, rows[i].text);
        assert_string_equal(rows[i].clean, buf_str(&b));
        buf_release(&b);
    }
}

static void a_cut_is_between_characters(void **state)
{
    static const char text[] = "a\xC3\xA9\xE6\x89\x93\xF0\x9F\x96\xA8z";
    static const size_t wanted[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};

    (void)state;
    for (size_t max = 0; max < sizeof wanted / sizeof wanted[0]; max++)
        assert_int_equal(wanted[max], utf8_cut(bytes_str(text), max).len);
}

/* Eight bytes at a time, two characters at a time: at any place in a text, whatever is beside. */
static void the_short_ways_agree_with_one_character_at_a_time(void **state)
{
    static const struct bytes pieces[] = {
        BYTES_LIT("a"),
        BYTES_LIT("12345678"),
        BYTES_LIT("\xC3\xA9"),
        BYTES_LIT("\xE6\x89\x93"),
        BYTES_LIT("\xE6\x89\x93\xE5\x8D\xB0\xE6\x9C\xBA"),
        BYTES_LIT("\xE0\xA0\x80"),
        BYTES_LIT("\xED\x9F\xBF"),
        BYTES_LIT("\xEF\xBF\xBF"),
        BYTES_LIT("\xF0\x9F\x98\x80"),
        /* and what is no text: */
        BYTES_LIT("\x80"),
        BYTES_LIT("\xE0\x9F\x80"),
        BYTES_LIT("\xED\xA0\x80"),
        BYTES_LIT("\xE6\x89"),
        BYTES_LIT("\xE6\xC9\x93"),
        BYTES_LIT("\xF5\x80\x80\x80"),
    };
    struct test_random random = test_random_new();

    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint32_t count = 1 + test_random_below(&random, 12);
        struct buf text = {0};
        struct reader r;
        size_t good = SIZE_MAX;

        while (count-- > 0) /* mostly sound */
            buf_add(
                &text,
                pieces[test_random_below(&random, test_random_below(&random, 20) == 0 ? 15 : 9)]);
        r = reader_of(buf_bytes(&text));
        while (r.at < r.end && good == SIZE_MAX) {
            const uint8_t *start = r.at;

            if (utf8_next(&r) == UTF8_INVALID)
                good = (size_t)(start - text.data);
        }
        assert_int_equal(good == SIZE_MAX ? text.len : good, utf8_valid_len(buf_bytes(&text)));
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scalar_value_comes_back),
        cmocka_unit_test(validity_is_that_of_a_naive_reader),
        cmocka_unit_test(bad_parts_are_replaced_one_by_one),
        cmocka_unit_test(a_cut_is_between_characters),
        cmocka_unit_test(the_short_ways_agree_with_one_character_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
